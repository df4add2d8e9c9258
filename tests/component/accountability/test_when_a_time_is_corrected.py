"""更正: a breach falls or comes with the true time, and an unrelated clock never moves."""

from datetime import datetime

import pytest

from contracts.events import accountability, intake, routing
from tests.component.accountability.county import CASE, LETTER, SEALED, TRANSPORT, WATER, County, at
from tests.component.accountability.test_when_facts_arrive import CONCLUDED, FRIDAY, ISSUED, REPORTED_IN

RECORDED, CALLED = at("2026-05-09 11:00"), at("2026-05-09 09:00")
"""Recorded an hour late; the telephone call came in time."""


def corrected(fact: str, old_at: datetime, new_at: datetime, part: str = "lead") -> routing.FactCorrected:
    """What two people of the office agreed on."""
    return routing.FactCorrected.model_validate(
        {
            "case_id": CASE,
            "correction_id": "one",
            "fact": fact,
            "assignment_id": WATER.assignment_id,
            "unit": WATER.unit,
            "part": part,
            "cycle": 1,
            "old_at": old_at,
            "new_at": new_at,
            "reason_sealed": SEALED,
            "by": "dispatcher-1",
            "approved_by": "supervisor-1",
        }
    )


async def others(county: County) -> list[object]:
    """The clocks of the other department."""
    return [await county.clock(kind, TRANSPORT.assignment_id) for kind in ("C1", "C10")]


async def test_a_report_in_by_telephone_annuls_the_breach_of_c1_alone(county: County) -> None:
    await county.hears(ISSUED, FRIDAY)
    await county.hears(REPORTED_IN, RECORDED)
    assert (await county.clock("C1", WATER.assignment_id)).breached_at == at("2026-05-09 10:00")
    untouched = [*await others(county), await county.clock("C5"), await county.clock("C6")]

    await county.hears(corrected("report-in", RECORDED, CALLED))

    report_in = await county.clock("C1", WATER.assignment_id)
    assert (report_in.breached_at, report_in.outcome) == (None, "on_time")
    assert untouched == [*await others(county), await county.clock("C5"), await county.clock("C6")]
    annulled = [
        each
        for each in await county.store.published(0, 1_000)
        if each.type == accountability.BreachAnnulled.NAME
    ]
    assert len(annulled) == 1


async def test_a_report_in_that_was_late_in_truth_is_a_breach(county: County) -> None:
    await county.hears(ISSUED, FRIDAY)
    await county.hears(REPORTED_IN, CALLED)
    await county.hears(corrected("report-in", CALLED, RECORDED))
    report_in = await county.clock("C1", WATER.assignment_id)
    assert (report_in.breached_at, report_in.outcome) == (at("2026-05-09 10:00"), "late")


async def test_a_conclusion_is_judged_by_its_true_time(county: County) -> None:
    recorded, done = at("2026-05-20 09:00"), at("2026-05-18 17:00")
    await county.hears(ISSUED, FRIDAY)
    await county.hears(REPORTED_IN, CALLED)
    await county.hears(CONCLUDED, recorded)
    handling = await county.clock("C5")
    assert handling.breached_at == at("2026-05-19 00:00")
    confirming = await county.clock("C7")

    await county.hears(corrected("conclusion", recorded, done))

    handling = await county.clock("C5")
    assert (handling.breached_at, handling.paused_at) == (None, done)
    assert (await county.clock("C13", WATER.assignment_id)).stopped_at == done
    assert await county.clock("C7") == confirming, "the township was asked when it was asked"


@pytest.mark.parametrize(("fact", "kind", "other"), [("response", "C3", "C4"), ("resolution", "C4", "C3")])
async def test_a_letter_is_judged_by_its_true_times(county: County, fact: str, kind: str, other: str) -> None:
    recorded, called = at("2026-05-25 10:00"), at("2026-05-11 10:00")
    await county.hears(intake.LetterSubmitted(**LETTER), FRIDAY)
    await county.hears(intake.LetterResolved(case_id=CASE, content_sealed=SEALED), recorded)
    before = await county.clock(other)
    assert (await county.clock(kind)).breached_at is not None
    correction = {
        "case_id": CASE,
        "correction_id": "one",
        "fact": fact,
        "old_at": recorded,
        "new_at": called,
        "reason_sealed": SEALED,
        "by": "supervisor-1",
        "approved_by": "supervisor-2",
    }
    await county.hears(intake.FactCorrected.model_validate(correction))
    clock = await county.clock(kind)
    assert (clock.breached_at, clock.outcome) == (None, "on_time")
    assert await county.clock(other) == before


async def test_a_correction_that_comes_twice_changes_nothing(county: County) -> None:
    await county.hears(ISSUED, FRIDAY)
    await county.hears(REPORTED_IN, RECORDED)
    fact = corrected("report-in", RECORDED, CALLED)
    await county.hears(fact)
    before = len(await county.store.read(0, 100_000))
    await county.hears(fact)
    assert len(await county.store.read(0, 100_000)) == before
