"""补录: the clocks of a whistle of the past are judged by the times on paper, and nobody is told."""

from typing import Any

import pytest

from contracts.events import routing
from tests.component.accountability.county import CASE, SEALED, County, at

WATER, FARMING, YUANCUN = "water-resources", "agriculture-rural", "410923102"


def recorded(**changes: Any) -> routing.DispatchRecorded:
    """Signed on Tuesday 3 June 2025 at 09:00, all of it in time."""
    story: dict[str, Any] = {
        "case_id": CASE,
        "township": YUANCUN,
        "emergency": False,
        "complex": False,
        "assignments": (
            routing.RecordedAssignment(
                assignment_id="a-water",
                unit=WATER,
                part="lead",
                issue_ids=("i1",),
                reported_in_at=at("2025-06-03 15:00"),
            ),
            routing.RecordedAssignment(assignment_id="a-farming", unit=FARMING, part="assist", issue_ids=()),
        ),
        "signed_at": at("2025-06-03 09:00"),
        "dispatched_at": at("2025-06-03 09:30"),
        "concluded_at": at("2025-06-05 16:00"),
        "sentence_sealed": SEALED,
        "closed_at": at("2025-06-06 10:00"),
    }
    return routing.DispatchRecorded.model_validate(story | changes)


@pytest.fixture
async def county() -> County:
    """In the spring of 2026, long after."""
    return await County.opened(at("2026-03-02 12:00"))


async def nobody_is_told(county: County) -> bool:
    """No timer, no reminder, no rung."""
    told = [each.type for each in await county.store.read(0, 100_000)]
    return not county.store.deadlines and not [each for each in told if "reminder" in each or "rung" in each]


async def test_every_clock_is_judged_and_none_runs(county: County) -> None:
    await county.hears(recorded())
    subjects = {"C0": CASE, "C1": "a-water", "C13": "a-water", "C5": CASE, "C7": CASE}
    clocks = {kind: await county.clock(kind, subject) for kind, subject in subjects.items()}
    assert {kind: each.outcome for kind, each in clocks.items()} == dict.fromkeys(subjects, "on_time")
    assert all(each.recorded for each in clocks.values())
    assert clocks["C0"].started_at == at("2025-06-03 09:00")
    assert clocks["C1"].due == at("2025-06-04 09:30")
    assert await nobody_is_told(county)


async def test_a_time_that_paper_does_not_tell_is_nobodys_breach(county: County) -> None:
    await county.hears(recorded())
    assert await county.kinds() == {"C0": 1, "C1": 1, "C13": 1, "C5": 1, "C7": 1}


async def test_what_was_late_is_late_with_its_true_time(county: County) -> None:
    await county.hears(recorded(concluded_at=at("2025-06-20 10:00"), closed_at=at("2025-06-30 10:00")))
    handling, confirming = await county.clock("C5"), await county.clock("C7")
    assert (handling.outcome, handling.breached_at) == ("late", at("2025-06-13 00:00"))
    assert confirming.expired_at == at("2025-06-26 00:00")
    assert (await county.clock("C13", "a-water")).breached_at == at("2025-06-07 00:00")
    assert await nobody_is_told(county)


async def test_the_promise_counts_from_the_opening_hour_when_it_was_held_until_then(county: County) -> None:
    at_night = {"signed_at": at("2025-06-02 21:00"), "dispatched_at": at("2025-06-03 08:30")}
    await county.hears(recorded(**at_night))
    assert (await county.clock("C0")).started_at == at("2025-06-03 08:30")


async def test_the_promise_counts_from_the_signature_when_it_went_out_at_night(county: County) -> None:
    at_night = {"signed_at": at("2025-06-02 21:00"), "dispatched_at": at("2025-06-02 21:05")}
    await county.hears(recorded(**at_night))
    promise = await county.clock("C0")
    assert (promise.started_at, promise.outcome) == (at("2025-06-02 21:00"), "on_time")


async def test_an_emergency_is_judged_by_its_own_hours_from_when_it_went_out(county: County) -> None:
    soon = {"emergency": True, "dispatched_at": at("2025-06-03 08:00"), "feedback_at": at("2025-06-03 16:00")}
    await county.hears(recorded(**soon))
    promise = await county.clock("C0")
    assert (promise.started_at, promise.breached_at) == (at("2025-06-03 08:00"), at("2025-06-03 10:00"))
    assert (await county.clock("C1", "a-water")).outcome == "late"


async def test_a_record_that_comes_twice_changes_nothing(county: County) -> None:
    await county.hears(recorded(), seq=1)
    before = len(await county.store.read(0, 100_000))
    await county.hears(recorded(), seq=1)
    await county.hears(recorded(), seq=2)
    assert len(await county.store.read(0, 100_000)) == before
