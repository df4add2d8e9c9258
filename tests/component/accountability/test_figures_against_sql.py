"""Every figure of a random month is what a second implementation, in SQL alone, makes of the same facts."""

import random
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from accountability.application.figures import FigureTable
from accountability.domain.figures import Figure
from contracts.events import intake, routing
from tests.component.accountability.county import SEALED, WHISTLE, YUANCUN
from tests.component.accountability.figure_office import (
    POWER,
    ROADS,
    WATER,
    FigureOffice,
    opened,
)
from tests.component.accountability.test_when_figures_are_asked import MONDAY, Told, case_id, part
from tests.generators.figure_oracle import Expected, Place, excluded_by_sql, figures_by_sql

UNITS: Final = (WATER, ROADS, POWER)
KINDS: Final = ("public_appeal", "key_work", "joint_enforcement")
WHISTLES: Final = 60
SEEDS: Final = (1, 20_260_501)
PERIODS: Final = ("2026-05", "2026-05-04..2026-05-15", "19th:2026-06", "2026-Q2")


class Tale:
    """One whistle of a random county: what happens to it, and when."""

    def __init__(self, n: int, chance: random.Random) -> None:
        self.case, self.n, self.chance = case_id(n), n, chance
        self.at = MONDAY + timedelta(minutes=chance.randrange(20 * 24 * 60))
        self.lead, self.assist, self.other = chance.sample(UNITS, 3)
        self.cycle = 1

    def later(self, hours: float) -> datetime:
        """A moment up to so many hours on."""
        self.at += timedelta(seconds=self.chance.randrange(60, int(hours * 3600)))
        return self.at

    def likely(self, share: float) -> bool:
        return self.chance.random() < share

    def told(self) -> Iterator[Told]:
        """Everything that is recorded of it."""
        yield from self._sent()
        fate = self.chance.choice(
            [
                "worked",
                "worked",
                "worked",
                "worked",
                "withdrawn",
                "refused",
                "corrected",
                "returned",
                "silent",
            ]
        )
        match fate:
            case "withdrawn":
                if self.likely(0.5):
                    yield self._reported(self.lead)
                yield (
                    self.later(40),
                    routing.DispatchWithdrawn(
                        case_id=self.case, township=YUANCUN, reason_sealed=SEALED, consented=True
                    ),
                )
                return
            case "refused":
                yield from self._refused()
                return
            case "silent":
                return
            case "corrected":
                yield from self._corrected()
            case "returned":
                yield from self._returned()
            case _:
                pass
        yield from self._worked()

    def _sent(self) -> Iterator[Told]:
        content = {**WHISTLE, "case_id": self.case, "kind": self.chance.choice(KINDS)}
        yield self.at, intake.WhistleSigned(**content, emergency=False, signed_by_sealed=SEALED)
        yield (
            self.later(0.5),
            routing.DispatchIssued(
                case_id=self.case,
                township=YUANCUN,
                emergency=False,
                complex=self.likely(0.2),
                provisional=False,
                assignments=(part(self.n, self.lead), part(self.n, self.assist, "assist")),
                cycle=1,
                reason="清单",
            ),
        )

    def _reported(self, unit: str, hours: float = 30, role: str = "lead") -> Told:
        return self.later(hours), routing.DepartmentReportedIn.model_validate(
            {
                "case_id": self.case,
                "assignment_id": part(self.n, unit, cycle=self.cycle).assignment_id,
                "unit": unit,
                "part": role,
                "mode": "online",
                "handler_sealed": SEALED,
                "phone_sealed": SEALED,
            }
        )

    def _refused(self) -> Iterator[Told]:
        yield (
            self.later(20),
            routing.WhistleNotAccepted(
                case_id=self.case, township=YUANCUN, reason_code="own_duty", legal_basis="清单"
            ),
        )
        if self.likely(0.6):
            granted = self.likely(0.7)
            self.cycle = 2 if granted else 1
            yield (
                self.later(40),
                routing.AppealDecided(
                    case_id=self.case,
                    granted=granted,
                    reason_sealed=SEALED,
                    township=YUANCUN,
                    emergency=False,
                    complex=False,
                    cycle=self.cycle,
                    assignments=(part(self.n, self.lead, cycle=2),) if granted else (),
                ),
            )
            if granted:
                yield from self._worked(assist=False)

    def _corrected(self) -> Iterator[Told]:
        wrong, self.lead = self.lead, self.other
        if self.likely(0.5):
            yield self._reported(wrong, 3)
        yield (
            self.later(30),
            routing.DispatchCorrected(
                case_id=self.case,
                legal_basis="清单",
                emergency=False,
                complex=False,
                voided=(part(self.n, wrong),),
                issued=(part(self.n, self.lead),),
                cycle=1,
                township=YUANCUN,
            ),
        )

    def _returned(self) -> Iterator[Told]:
        asked = part(self.n, self.lead)
        who = {"case_id": self.case, "assignment_id": asked.assignment_id, "unit": self.lead}
        yield (
            self.later(6),
            routing.ReturnRequested(
                **who,
                part="lead",
                legal_basis="清单",
                proposed_owner=self.other,
                emergency=False,
                township=YUANCUN,
            ),
        )
        if self.likely(0.3):
            return
        if self.likely(0.4):
            yield self.later(30), routing.ReturnRefused(**who, reason_sealed=SEALED)
            return
        self.lead = self.other
        yield (
            self.later(30),
            routing.AssignmentReturned(
                **who,
                part="lead",
                to=self.other,
                dispatch_error=self.likely(0.5),
                legal_basis="清单",
                issued=(part(self.n, self.other),),
                transfers=1,
                emergency=False,
                complex=False,
                cycle=1,
                township=YUANCUN,
            ),
        )

    def _worked(self, *, assist: bool = True) -> Iterator[Told]:
        yield self._reported(self.lead)
        if assist and self.likely(0.7):
            yield self._reported(self.assist, 20, "assist")
        if assist and self.likely(0.2):
            yield (
                self.later(10),
                routing.AssignmentReleased(
                    case_id=self.case,
                    assignment_id=part(self.n, self.assist).assignment_id,
                    unit=self.assist,
                    by="township",
                    changed=(part(self.n, self.lead).model_copy(update={"issue_ids": ("i1", "i2")}),),
                ),
            )
        if self.likely(0.6):
            yield (
                self.later(60),
                routing.FeedbackGiven(
                    case_id=self.case,
                    assignment_id=part(self.n, self.lead, cycle=self.cycle).assignment_id,
                    unit=self.lead,
                    part="lead",
                    first=True,
                    content_sealed=SEALED,
                ),
            )
        while self.likely(0.85):
            yield from self._concluded()
            if self.likely(0.75):
                yield from self._closed()
                return
            self.cycle += 1
            yield (
                self.later(20),
                intake.WhistleReworked(case_id=self.case, reason_sealed=SEALED, cycle=self.cycle),
            )

    def _concluded(self) -> Iterator[Told]:
        results: list[Any] = [{"issue_id": each, "result": "solved"} for each in ("i1", "i2")]
        yield (
            self.later(160),
            routing.LeadConcluded.model_validate(
                {
                    "case_id": self.case,
                    "assignment_id": part(self.n, self.lead, cycle=self.cycle).assignment_id,
                    "unit": self.lead,
                    "township": YUANCUN,
                    "sentence_sealed": SEALED,
                    "results": results,
                    "cycle": self.cycle,
                }
            ),
        )

    def _closed(self) -> Iterator[Told]:
        appraised = self.likely(0.8)
        verdicts = [
            {"issue_id": each, "verdict": self.chance.choice(["solved", "solved", "partly", "unsolved"])}
            for each in ("i1", "i2")
        ]
        ratings = [
            {"unit": each, "rating": self.chance.choice(["satisfied", "basically", "dissatisfied"])}
            for each in (self.lead, self.assist)
        ]
        judged: dict[str, Any] = {"verdicts": verdicts, "ratings": ratings} if appraised else {}
        yield (
            self.later(30),
            intake.WhistleClosed.model_validate(
                {"case_id": self.case, "appraised": appraised, "cycle": self.cycle, **judged}
            ),
        )
        yield self.at, routing.DispatchClosed(case_id=self.case)


@pytest.fixture(params=SEEDS)
async def office(request: pytest.FixtureRequest, fresh_database: str) -> AsyncIterator[FigureOffice]:
    """A month of a random county."""
    chance = random.Random(request.param)
    async with opened(fresh_database) as made:
        told = sorted(
            (each for n in range(WHISTLES) for each in Tale(n, chance).told()), key=lambda each: each[0]
        )
        middle = told[len(told) // 2][0]
        await made.hear(*(each for each in told if each[0] <= middle))
        await made.hear(*(each for each in told if each[0] > middle), until=told[-1][0] + timedelta(days=20))
        yield made


def shown(table: FigureTable) -> dict[Place, Expected]:
    """The cells of units and kinds that have something in them, as the oracle tells them."""
    found = {}
    for line in table.lines:
        cell = line.cell
        if line.unit is None or line.kind is None or not cell.denominator:
            continue
        timed = line.figure is Figure.REPORT_IN_TIME and cell.value is not None
        hours = (float(cell.value or 0), float(cell.p90 or 0)) if timed else (None, None)
        place = (line.figure.value, line.unit, line.kind)
        found[place] = Expected(cell.numerator.normalize(), cell.denominator, *hours)
    return found


def outside(table: FigureTable) -> dict[Place, int]:
    """How many clocks stand outside."""
    timed = {"report-in", "first-feedback", "handling", "letter-response", "letter-resolution", "dispute"}
    return {
        (line.figure.value, line.unit, line.kind): sum(count for _, count in line.cell.excluded)
        for line in table.lines
        if line.figure.value in timed
        and line.unit is not None
        and line.kind is not None
        and line.cell.excluded
    }


def enough(expected: dict[Place, Expected]) -> dict[Place, Expected]:
    """The report-in time is told only where there are enough."""
    return {
        place: each if each.denominator >= 5 else Expected(each.numerator, each.denominator)
        for place, each in expected.items()
    }


async def test_is_the_same_as_in_sql(office: FigureOffice) -> None:
    await office.publish_for_sql()
    for period in PERIODS:
        for boundary in ("00:00", "12:00"):
            await same_as_in_sql(office, await office.table(period, boundary=boundary))
    whole = await office.table("2026-Q2")
    assert len(shown(whole)) > 60, "the county is too quiet to tell anything"
    pools_its_units(whole)

    moments = await office.owner.fetch(
        "SELECT DISTINCT recorded_at FROM accountability.published WHERE seq % 50 = 0 ORDER BY 1 DESC LIMIT 5"
    )
    tables = [await office.table("2026-Q2", row["recorded_at"]) for row in moments]
    for table in tables:
        await same_as_in_sql(office, table)
    assert len({str(table.lines) for table in tables}) > 1, "the moments do not differ"


async def same_as_in_sql(office: FigureOffice, table: FigureTable) -> None:
    """Counts, times and what stands outside."""
    bounds = (table.period.begin, table.period.end, table.standpoint.as_of)
    assert shown(table) == enough(await figures_by_sql(office.owner, *bounds))
    assert outside(table) == await excluded_by_sql(office.owner, *bounds)


def pools_its_units(table: FigureTable) -> None:
    """Every total is the sum of its units' counts."""
    lines = [line for line in table.lines if line.figure is not Figure.REPORT_IN_TIME]
    for pooled in (line for line in lines if line.unit is None):
        units = [
            line.cell
            for line in lines
            if line.unit is not None
            and (line.figure, line.kind) == (pooled.figure, pooled.kind)
            and pooled.tier in (None, line.tier)
        ]
        assert pooled.cell.denominator == sum(each.denominator for each in units)
        assert pooled.cell.numerator == sum(each.numerator for each in units)
