"""Figures over a real store: what clocks and judgements come to, as of any moment."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid5

import pytest

from accountability.application.publishing import clock_id
from accountability.domain.figures import Figure
from contracts.events import Published, accountability, intake, routing
from tests.component.accountability.county import SEALED, SPACE, WHISTLE, YUANCUN, at
from tests.component.accountability.figure_office import (
    BEGINNING,
    OFFICE,
    ROADS,
    WATER,
    FigureOffice,
    cell,
    counted,
    opened,
)

HOUR = timedelta(hours=1)
MONDAY = BEGINNING + HOUR
Told = tuple[datetime, Published]


@pytest.fixture
async def office(fresh_database: str) -> AsyncIterator[FigureOffice]:
    """An office at a Monday morning."""
    async with opened(fresh_database) as made:
        yield made


def case_id(n: int) -> str:
    return str(uuid5(SPACE, f"whistle {n}"))


def part(n: int, unit: str, role: str = "lead", cycle: int = 1) -> routing.Assigned:
    return routing.Assigned.model_validate(
        {
            "assignment_id": str(uuid5(SPACE, f"{n}/{unit}/{cycle}")),
            "unit": unit,
            "part": role,
            "issue_ids": ["i1"] if role == "lead" else ["i2"],
            "provisional": False,
        }
    )


def sent(n: int, when: datetime, lead: str = WATER, *assists: str) -> list[Told]:
    """A whistle was signed and went out."""
    content = {**WHISTLE, "case_id": case_id(n)}
    return [
        (when, intake.WhistleSigned(**content, emergency=False, signed_by_sealed=SEALED)),
        (
            when,
            routing.DispatchIssued(
                case_id=case_id(n),
                township=YUANCUN,
                emergency=False,
                complex=False,
                provisional=False,
                assignments=(part(n, lead), *(part(n, unit, "assist") for unit in assists)),
                cycle=1,
                reason="清单",
            ),
        ),
    ]


def reported(n: int, when: datetime, unit: str = WATER, role: str = "lead") -> Told:
    return when, routing.DepartmentReportedIn(
        case_id=case_id(n),
        assignment_id=part(n, unit).assignment_id,
        unit=unit,
        part=role,
        mode="on_site",
        handler_sealed=SEALED,
        phone_sealed=SEALED,
    )


def ended(n: int, when: datetime, verdict: str = "solved", rating: str = "satisfied") -> list[Told]:
    """The lead concluded, and the township closed an hour later."""
    concluded = routing.LeadConcluded(
        case_id=case_id(n),
        assignment_id=part(n, WATER).assignment_id,
        unit=WATER,
        township=YUANCUN,
        sentence_sealed=SEALED,
        results=(routing.IssueResult(issue_id="i1", result="solved"),),
        cycle=1,
    )
    closed = intake.WhistleClosed(
        case_id=case_id(n),
        appraised=True,
        cycle=1,
        verdicts=(intake.IssueVerdict(issue_id="i1", verdict=verdict),),
        ratings=(intake.DepartmentRating(unit=WATER, rating=rating),),
    )
    return [
        (when, concluded),
        (when + HOUR, closed),
        (when + HOUR, routing.DispatchClosed(case_id=case_id(n))),
    ]


async def test_counts_what_was_done_in_time_late_and_not_at_all(office: FigureOffice) -> None:
    facts = [told for n in range(7) for told in sent(n, MONDAY)]
    facts += [reported(n, MONDAY + (n + 1) * HOUR) for n in range(4)]
    facts += [reported(4, MONDAY + 30 * HOUR)]

    await office.hear(*facts, until=MONDAY + 40 * HOUR)
    table = await office.table("2026-05")

    assert counted(table, Figure.REPORT_IN, WATER) == (4, 7, 0, {})
    time = cell(table, Figure.REPORT_IN_TIME, WATER)
    assert time is not None
    assert (str(time.value), time.denominator, time.pending) == ("3.000000", 5, 2)
    assert table.standpoint.complete


async def test_counts_nothing_as_missed_before_it_is_due(office: FigureOffice) -> None:
    await office.hear(*(told for n in range(5) for told in sent(n, MONDAY)), until=MONDAY + 23 * HOUR)

    assert counted(await office.table("2026-05"), Figure.REPORT_IN, WATER) == (0, 0, 5, {})


async def test_shows_a_withdrawn_whistle_beside_the_rate_even_where_it_was_reported_in(
    office: FigureOffice,
) -> None:
    facts = [told for n in range(6) for told in sent(n, MONDAY)]
    facts += [reported(n, MONDAY + HOUR) for n in range(6)]
    withdrawn = routing.DispatchWithdrawn(
        case_id=case_id(0), township=YUANCUN, reason_sealed=SEALED, consented=True
    )

    await office.hear(*facts, (MONDAY + 2 * HOUR, withdrawn), until=MONDAY + 30 * HOUR)

    assert counted(await office.table("2026-05"), Figure.REPORT_IN, WATER) == (5, 5, 0, {"withdrawn": 1})


async def test_leaves_a_dispatch_error_out_of_every_rate_but_accuracy(office: FigureOffice) -> None:
    facts = [told for n in range(5) for told in sent(n, MONDAY)] + [reported(0, MONDAY + HOUR)]
    corrected = routing.DispatchCorrected(
        case_id=case_id(0),
        legal_basis="清单",
        emergency=False,
        complex=False,
        voided=(part(0, WATER),),
        issued=(part(0, ROADS),),
        cycle=1,
        township=YUANCUN,
    )

    await office.hear(*facts, (MONDAY + 2 * HOUR, corrected), until=MONDAY + 30 * HOUR)

    table = await office.table("2026-05")
    assert counted(table, Figure.REPORT_IN, WATER) == (0, 4, 0, {"dispatch-error": 1})
    assert counted(table, Figure.DISPATCH_ACCURACY, WATER) == (4, 5, 0, {})


async def test_judges_issues_by_who_answered_for_them(office: FigureOffice) -> None:
    facts = [*sent(1, MONDAY, WATER, ROADS), reported(1, MONDAY + HOUR), *ended(1, MONDAY + 5 * HOUR)]
    both = facts[-2][1]
    assert isinstance(both, intake.WhistleClosed)
    verdicts = (*both.verdicts, intake.IssueVerdict(issue_id="i2", verdict="unsolved"))
    facts[-2] = (facts[-2][0], both.model_copy(update={"verdicts": verdicts}))

    await office.hear(*facts, until=MONDAY + 8 * HOUR)

    table = await office.table("2026-05")
    assert counted(table, Figure.RESOLUTION, WATER) == (1, 1, 0, {})
    assert counted(table, Figure.RESOLUTION, ROADS) == (0, 1, 0, {})
    assert counted(table, Figure.RESOLUTION) == (1, 2, 0, {})
    assert counted(table, Figure.REWORK, WATER) == (0, 1, 0, {})


async def test_counts_an_issue_once_that_its_own_township_judges_after_the_closing(
    office: FigureOffice,
) -> None:
    facts = [*sent(1, MONDAY, WATER, ROADS), reported(1, MONDAY + HOUR), *ended(1, MONDAY + 5 * HOUR)]
    judged = intake.AdoptedIssuesJudged(
        case_id=case_id(1),
        unit="410923104",
        verdicts=(intake.IssueVerdict(issue_id="i1", verdict="unsolved"),),
        ratings=(intake.DepartmentRating(unit=WATER, rating="dissatisfied"),),
        cycle=1,
    )
    await office.hear(*facts, (MONDAY + 9 * HOUR, judged), until=MONDAY + 10 * HOUR)

    table = await office.table("2026-05")
    assert counted(table, Figure.RESOLUTION, WATER) == (0, 1, 0, {})
    assert counted(table, Figure.SATISFACTION, WATER) == (1, 2, 0, {})


async def test_leaves_a_breach_in_good_faith_out_and_shows_it(office: FigureOffice) -> None:
    facts = [told for n in range(6) for told in sent(n, MONDAY)]
    facts += [reported(n, MONDAY + HOUR) for n in range(5)]
    await office.hear(*facts, until=MONDAY + 30 * HOUR)
    before = await office.table("2026-05")
    assert counted(before, Figure.REPORT_IN, WATER) == (5, 6, 0, {})

    exempted = accountability.GoodFaithExemptionGranted(
        case_id=case_id(5),
        clock_id=clock_id(case_id(5), "C1", part(5, WATER).assignment_id, 1),
        kind="C1",
        unit=WATER,
        ground="force_majeure",
        decided_by=OFFICE,
        reason_sealed=SEALED,
    )
    await office.record(exempted)
    await office.rows_written()

    assert counted(await office.table("2026-05"), Figure.REPORT_IN, WATER) == (5, 5, 0, {"exemption": 1})
    past = await office.table("2026-05", before.standpoint.as_of)
    assert counted(past, Figure.REPORT_IN, WATER) == (5, 6, 0, {})


@pytest.mark.parametrize("cycle", [None, 1])
async def test_a_failed_spot_check_overrides_what_the_township_judged(
    office: FigureOffice, cycle: int | None
) -> None:
    facts = [told for n in (1, 2) for told in [*sent(n, MONDAY), reported(n, MONDAY + HOUR)]]
    ends = [told for n in (1, 2) for told in ended(n, MONDAY + 5 * HOUR)]
    await office.hear(*facts, *ends, until=MONDAY + 8 * HOUR)
    before = await office.table("2026-05")
    assert counted(before, Figure.RESOLUTION, WATER) == (2, 2, 0, {})

    failed = accountability.SpotCheckFailed(
        case_id=case_id(1), check_id="check-1", finding_sealed=SEALED, unit=OFFICE, cycle=cycle
    )
    for again in (failed, failed.model_copy(update={"check_id": "check-2"})):
        await office.record(again)
        await office.rows_written()

    assert counted(await office.table("2026-05"), Figure.RESOLUTION, WATER) == (1, 2, 0, {})
    past = await office.table("2026-05", before.standpoint.as_of)
    assert counted(past, Figure.RESOLUTION, WATER) == (2, 2, 0, {})
    assert past.standpoint.complete


async def test_a_past_moment_answers_the_same_for_ever(office: FigureOffice) -> None:
    await office.hear(*(told for n in range(6) for told in sent(n, MONDAY)), until=MONDAY + HOUR)
    first = await office.table("2026-05")
    await office.hear(*(reported(n, MONDAY + 2 * HOUR) for n in range(6)), until=MONDAY + 3 * HOUR)
    second = await office.table("2026-05")
    assert first.lines != second.lines

    later = [told for n in range(3) for told in ended(n, MONDAY + 10 * HOUR)]
    gone = routing.DispatchWithdrawn(
        case_id=case_id(5), township=YUANCUN, reason_sealed=SEALED, consented=True
    )
    await office.hear(*later, (MONDAY + 20 * HOUR, gone), until=MONDAY + 100 * HOUR)

    assert (await office.table("2026-05", first.standpoint.as_of)).lines == first.lines
    assert (await office.table("2026-05", second.standpoint.as_of)).lines == second.lines
    assert (await office.table("2026-05")).lines != second.lines


async def test_a_past_moment_answers_the_same_after_the_rows_were_built_anew(office: FigureOffice) -> None:
    await office.hear(*(told for n in range(6) for told in sent(n, MONDAY)), until=MONDAY + HOUR)
    first = await office.table("2026-05")
    facts = [reported(n, MONDAY + 2 * HOUR) for n in range(6)]
    await office.hear(*facts, *ended(0, MONDAY + 9 * HOUR), until=MONDAY + 30 * HOUR)
    second = await office.table("2026-05")

    await office.projector.rebuild()

    assert (await office.table("2026-05", first.standpoint.as_of)).lines == first.lines
    assert (await office.table("2026-05", second.standpoint.as_of)).lines == second.lines


async def test_says_which_service_it_could_not_ask(office: FigureOffice) -> None:
    await office.hear(*(told for n in range(5) for told in sent(n, MONDAY)), until=MONDAY + HOUR)

    office.logs["routing"].cut = True
    standpoint = (await office.table("2026-05")).standpoint

    assert (standpoint.complete, standpoint.behind) == (False, ("routing",))
    office.logs["routing"].cut = False
    assert (await office.table("2026-05")).standpoint.complete


async def test_a_moment_to_come_is_refused(office: FigureOffice) -> None:
    with pytest.raises(Exception, match="as-of-in-the-future"):
        await office.table("2026-05", at("2026-06-01 00:00"))


async def test_a_deadline_at_24_00_of_the_last_day_belongs_to_its_month(office: FigureOffice) -> None:
    friday = at("2026-05-29 00:00")  # C1 is due at 24:00 of that day, C13 at 24:00 of Wednesday 3 June
    await office.hear(*(told for n in range(5) for told in sent(n, friday - 24 * HOUR)), until=friday - HOUR)

    may, june = await office.table("2026-05"), await office.table("2026-06")

    assert cell(may, Figure.REPORT_IN, WATER) is not None
    assert cell(june, Figure.REPORT_IN, WATER) is None
    assert cell(june, Figure.FEEDBACK, WATER) is not None


async def test_days_may_begin_at_noon(office: FigureOffice) -> None:
    await office.hear(
        *(told for n in range(5) for told in sent(n, at("2026-05-07 10:00"))), until=at("2026-05-09 00:00")
    )

    at_midnight = await office.table("2026-05-08..2026-05-08")
    at_noon = await office.table("2026-05-07..2026-05-07", boundary="12:00")

    # due 8 May 10:00: by midnights it is the 8th, by noons still the 7th
    assert cell(at_midnight, Figure.REPORT_IN, WATER) == cell(at_noon, Figure.REPORT_IN, WATER) is not None
    assert (
        cell(await office.table("2026-05-08..2026-05-08", boundary="12:00"), Figure.REPORT_IN, WATER) is None
    )
