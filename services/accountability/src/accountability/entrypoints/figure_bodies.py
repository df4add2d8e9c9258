"""What the routes of the figures take and give."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from accountability.application.figure_facts import Counted, Standpoint
from accountability.application.figures import FigureTable
from accountability.domain.calendar import SourceDocument
from accountability.domain.figure_policy import ProposeFigureTerms
from accountability.domain.figures import Cell, Figure, FigureTerms, Line, ScoreWeights
from accountability.domain.figures.sheet import Difference
from accountability.domain.frozen_period import Version
from accountability.entrypoints.rules_http import Document

Reason = Annotated[str, Field(min_length=1, max_length=2_000)]
Weight = Annotated[Decimal, Field(ge=0, le=1)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Appealed(_Body):
    """Against which counted thing, and why."""

    item: Annotated[str, Field(min_length=1, max_length=300)]
    reason: Reason


class AppealDecision(_Body):
    """Whether the item stands outside from now on."""

    item: Annotated[str, Field(min_length=1, max_length=300)]
    accepted: bool
    reason: Reason


class Restatement(_Body):
    """Why other figures are to stand."""

    reason: Reason


class Weights(_Body):
    """What the three parts of the composite score weigh; they sum to 1."""

    report_in: Weight = Decimal("0.10")
    resolution: Weight = Decimal("0.50")
    satisfaction: Weight = Decimal("0.40")


class Terms(_Body):
    """How figures are weighed in periods that begin on a day or later; without ``score`` there is none."""

    source: Document
    effective_from: date
    partly: Weight = Decimal(0)
    basically: Weight = Decimal("0.9")
    few: Annotated[int, Field(ge=1, le=1_000)] = 5
    score: Weights | None = None

    def command(self, by: str) -> ProposeFigureTerms:
        """As the domain is asked."""
        score = None
        if self.score is not None:
            score = ScoreWeights(self.score.report_in, self.score.resolution, self.score.satisfaction)
        terms = FigureTerms(self.partly, self.basically, self.few, score)
        source: SourceDocument = self.source.value()
        return ProposeFigureTerms(terms, self.effective_from, source, by)


class Moment(BaseModel):
    """The moment an answer is of. ``complete``: it is the same for ever."""

    as_of: datetime
    complete: bool
    behind: list[str]
    held: int

    @classmethod
    def of(cls, standpoint: Standpoint) -> "Moment":
        """As it travels."""
        return cls(
            as_of=standpoint.as_of,
            complete=standpoint.complete,
            behind=list(standpoint.behind),
            held=standpoint.held,
        )


class Value(BaseModel):
    """One figure: counts, and a value unless there are too few.

    ``value`` is a share of 1, for the report-in time its median in hours, for the score points of 100.
    """

    numerator: float
    denominator: int
    value: float | None
    p90: float | None
    too_few: bool
    pending: int
    provisional: int
    extended: int
    excluded: dict[str, int]

    @classmethod
    def of(cls, cell: Cell) -> "Value":
        """As it travels."""
        return cls(
            numerator=float(cell.numerator),
            denominator=cell.denominator,
            value=_float(cell.value),
            p90=_float(cell.p90),
            too_few=cell.too_few,
            pending=cell.pending,
            provisional=cell.provisional,
            extended=cell.extended,
            excluded=dict(cell.excluded),
        )


class Place(BaseModel):
    """Where a value stands: ``unit`` None pools a tier, ``tier`` None all; ``kind`` None is every kind."""

    figure: Figure
    tier: str | None
    unit: str | None
    unit_name: str | None
    kind: str | None

    @staticmethod
    def parts(place: Line | Difference, table: FigureTable) -> Mapping[str, object]:
        """The fields of a place."""
        member = table.members.get(place.unit) if place.unit is not None else None
        return {
            "figure": place.figure,
            "tier": place.tier,
            "unit": place.unit,
            "unit_name": None if member is None else member.short_name,
            "kind": place.kind,
        }


class Row(Place, Value):
    """A value in its place."""


class Change(Place):
    """A value that is another than the frozen one."""

    was: Value | None
    now: Value | None


class Frozen(BaseModel):
    """The version of a frozen period that stands; number 0 is the first."""

    number: int
    as_of: datetime
    at: datetime
    digest: str
    by: str
    approved_by: str | None

    @classmethod
    def of(cls, version: Version) -> "Frozen":
        """As it travels."""
        return cls(
            number=version.number,
            as_of=version.table.as_of,
            at=version.at,
            digest=version.table.digest,
            by=version.by,
            approved_by=version.approved_by,
        )


class PeriodShown(BaseModel):
    """A period: acts from ``begin`` to before ``end``, deadlines from after ``begin`` to ``end``."""

    label: str
    boundary: str
    begin: datetime
    end: datetime


class FiguresShown(BaseModel):
    """The figures of a period."""

    period: PeriodShown
    moment: Moment
    few: int
    score: bool
    terms: str
    """Source of the terms in force; empty for the default ones."""
    frozen: Frozen | None
    changes: list[Change]
    rows: list[Row]

    @classmethod
    def of(cls, table: FigureTable) -> "FiguresShown":
        """As it travels."""
        terms = FigureTerms() if table.terms is None else table.terms.terms
        stands = table.frozen
        return cls(
            period=PeriodShown(
                label=table.period.label,
                boundary=table.period.boundary.strftime("%H:%M"),
                begin=table.period.begin,
                end=table.period.end,
            ),
            moment=Moment.of(table.standpoint),
            few=terms.few,
            score=terms.score is not None,
            terms="" if table.terms is None else table.terms.source.title,
            frozen=None if stands is None else Frozen.of(stands),
            changes=[
                Change.model_validate(
                    {
                        **Place.parts(each, table),
                        "was": None if each.was is None else Value.of(each.was),
                        "now": None if each.now is None else Value.of(each.now),
                    }
                )
                for each in table.changes
            ],
            rows=[
                Row.model_validate({**Place.parts(line, table), **Value.of(line.cell).model_dump()})
                for line in table.lines
            ],
        )


class ItemShown(BaseModel):
    """One counted thing. ``at`` is the due of a clock, else the moment of the act."""

    item: str
    case_id: str
    measure: str
    unit: str
    kind: str
    at: datetime
    original_due: datetime | None
    done_at: datetime | None
    outcome: str | None
    breached: bool
    ended: str | None
    excluded: str | None

    @classmethod
    def of(cls, counted: Counted) -> "ItemShown":
        """As it travels."""
        it = counted.item
        return cls(
            item=counted.key,
            case_id=counted.case_id,
            measure=it.measure.value,
            unit=it.unit,
            kind=it.kind,
            at=counted.at,
            original_due=counted.original_due,
            done_at=counted.done_at,
            outcome=it.outcome,
            breached=it.breached,
            ended=it.ended,
            excluded=it.excluded,
        )


class ItemsShown(BaseModel):
    """A page of counted things; ``next`` asks for what follows."""

    moment: Moment
    items: list[ItemShown]
    next: str | None


class RestatementShown(BaseModel):
    """A restatement that waits for a second person."""

    number: int
    as_of: datetime
    digest: str
    by: str


class VersionsShown(BaseModel):
    """Every table of a period that stood, and what waits."""

    versions: list[Frozen]
    waiting: RestatementShown | None


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
