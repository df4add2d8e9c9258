"""HTTP of the terms figures are weighed by: what holds, every version, and what one would change."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel

from accountability.application.figure_terms import FigureTermsRecord, TermsEntry
from accountability.domain.figures import Period
from accountability.domain.figures.terms import DEFAULT_TERMS, FigureTerms
from accountability.entrypoints.figure_bodies import Change, FiguresShown, Moment, Terms
from backbone.web import CurrentActor
from contracts.permissions import allowed

DEFAULT_SOURCE: Final = "基层吹哨、部门报到统计口径(默认)"


class WeightsShown(BaseModel):
    """What each part of the score weighs."""

    report_in: Decimal
    resolution: Decimal
    satisfaction: Decimal


class TermsView(BaseModel):
    """One version, and who did what when; number 0 are the default terms. Without ``score`` there is none."""

    number: int
    state: str
    in_force: bool
    """For a period that begins today."""
    effective_from: date | None
    source: str
    source_number: str
    source_issued: date | None
    partly: Decimal
    basically: Decimal
    few: int
    score: WeightsShown | None
    proposed_at: datetime | None = None
    decided_at: datetime | None = None
    proposed_by: str | None = None
    """The persons are named to those who may try policies."""
    decided_by: str | None = None


class TermsTried(BaseModel):
    """What a document would change in the figures of a period as they are now."""

    period: str
    moment: Moment
    changes: list[Change]


def figure_terms_router(record: FigureTermsRecord) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/figures/terms", tags=["figures"])

    @router.get("")
    async def versions(actor: CurrentActor) -> list[TermsView]:
        """The default terms and every version, oldest first."""
        current, entries = await record.entries(actor)
        names = allowed(actor.role, "try-policy")
        holding = 0 if current is None else current.number
        default = TermsView(
            number=0,
            state="default",
            in_force=holding == 0,
            effective_from=None,
            source=DEFAULT_SOURCE,
            source_number="",
            source_issued=None,
            **_weights(DEFAULT_TERMS),
        )
        return [default, *(_view(each, holding, names) for each in entries)]

    @router.post("/dry-run")
    async def dry_run(
        body: Terms, actor: CurrentActor, period: Annotated[str, Query(min_length=4, max_length=30)]
    ) -> TermsTried:
        """Which figures of a period would be others by the document; stores nothing."""
        table = await record.tried(body.command(actor.subject), Period.read(period), actor)
        shown = FiguresShown.of(table)
        return TermsTried(period=period, moment=shown.moment, changes=shown.changes)

    return router


def _view(entry: TermsEntry, holding: int, names: bool) -> TermsView:
    version = entry.version
    return TermsView(
        number=version.number,
        state=entry.state,
        in_force=version.number == holding,
        effective_from=version.effective_from,
        source=version.source.title,
        source_number=version.source.number,
        source_issued=version.source.issued,
        **_weights(version.terms),
        proposed_at=entry.proposed_at,
        decided_at=entry.decided_at,
        proposed_by=entry.proposed_by if names else None,
        decided_by=entry.decided_by if names else None,
    )


def _weights(terms: FigureTerms) -> dict[str, object]:
    score = terms.score
    weights = None
    if score is not None:
        weights = WeightsShown(
            report_in=score.report_in, resolution=score.resolution, satisfaction=score.satisfaction
        )
    return {"partly": terms.partly, "basically": terms.basically, "few": terms.few, "score": weights}
