"""Nothing is called a breach before every source was asked and its facts consumed."""

import itertools

import pytest

from accountability.application.deadlines import Detector, LagGuard, SourcesUnconfirmed
from accountability.application.publishing import clock_id
from contracts.events import routing
from tests.component.accountability.county import CASE, HOUR, WATER, County, StubbornSource, at, context
from tests.component.accountability.test_when_facts_arrive import ISSUED, REPORTED_IN

DUE = at("2026-05-09 10:00:01")
"""The timer of a deadline fires when the second of the deadline is over."""
C1 = clock_id(CASE, "C1", WATER.assignment_id, 1)


@pytest.fixture
async def running(county: County) -> County:
    """A department was called and has not reported in; its 24 hours are over since an hour."""
    await county.hears(ISSUED)
    county.now[0] = DUE + HOUR
    return county


def detector(county: County, **sources: StubbornSource) -> Detector:
    """A detector over these sources, which asks again each time."""
    seconds = itertools.count(step=10)
    return Detector(county.store, LagGuard(sources, lambda: float(next(seconds))))


async def test_the_breach_carries_the_time_of_the_deadline(running: County) -> None:
    sources = {name: StubbornSource(DUE + HOUR) for name in ("intake", "routing")}

    await detector(running, **sources).fire(C1, "due", 1, DUE, context("fire"))

    clock = await running.clock("C1", WATER.assignment_id)
    assert clock.breached_at == at("2026-05-09 10:00")
    assert clock.reached == ("BLUE",)


async def test_firing_again_states_nothing_more(running: County) -> None:
    fires = detector(running, routing=StubbornSource(DUE + HOUR))
    await fires.fire(C1, "due", 1, DUE, context("fire"))
    before = len(await running.store.read(0, 100_000))

    await fires.fire(C1, "due", 1, DUE, context("fire"))
    await fires.fire(C1, "due", 1, DUE, context("fire by another replica"))

    assert len(await running.store.read(0, 100_000)) == before


@pytest.mark.parametrize(
    "source",
    [
        StubbornSource(DUE + HOUR, down=True),
        StubbornSource(DUE + HOUR, consumed=False),
        StubbornSource(DUE + HOUR, held=True),
        StubbornSource(at("2026-05-09 10:00")),
    ],
    ids=["down", "not-consumed", "case-parked", "clock-behind"],
)
async def test_a_source_that_cannot_vouch_gives_no_breach(running: County, source: StubbornSource) -> None:
    fires = detector(running, routing=source, intake=StubbornSource(DUE + HOUR))

    with pytest.raises(SourcesUnconfirmed, match="routing"):
        await fires.fire(C1, "due", 1, DUE, context("fire"))

    clock = await running.clock("C1", WATER.assignment_id)
    assert clock.breached_at is None
    assert clock.unconfirmed


async def test_the_breach_follows_when_the_source_is_back(running: County) -> None:
    source = StubbornSource(DUE + HOUR, down=True)
    fires = detector(running, routing=source)
    with pytest.raises(SourcesUnconfirmed):
        await fires.fire(C1, "due", 1, DUE, context("fire"))

    source.down = False
    await fires.fire(C1, "due", 1, DUE, context("fire"))

    clock = await running.clock("C1", WATER.assignment_id)
    assert (clock.breached_at, clock.unconfirmed) == (at("2026-05-09 10:00"), False)


async def test_a_report_in_that_was_late_to_arrive_is_no_breach(running: County) -> None:
    source = StubbornSource(DUE + HOUR, consumed=False)
    fires = detector(running, routing=source)
    with pytest.raises(SourcesUnconfirmed):
        await fires.fire(C1, "due", 1, DUE, context("fire"))

    await running.hears(REPORTED_IN, at("2026-05-09 10:00"))
    source.consumed = True
    await fires.fire(C1, "due", 1, DUE, context("fire"))

    clock = await running.clock("C1", WATER.assignment_id)
    assert (clock.outcome, clock.breached_at) == ("on_time", None)


async def test_one_answer_vouches_for_every_clock_before_it(running: County) -> None:
    source = StubbornSource(DUE + HOUR)
    fires = detector(running, routing=source)
    other = clock_id(CASE, "C1", "a0000000-0000-5000-8000-000000000002", 1)

    await fires.fire(C1, "due", 1, DUE, context("one"))
    await fires.fire(other, "due", 1, DUE, context("two"))

    assert source.asked == 1


async def test_a_source_that_is_down_is_not_asked_for_every_clock(running: County) -> None:
    source = StubbornSource(DUE + HOUR, down=True)
    fires = Detector(running.store, LagGuard({"routing": source}, lambda: 0.0))

    for name in ("one", "two", "three"):
        with pytest.raises(SourcesUnconfirmed):
            await fires.fire(C1, "due", 1, DUE, context(name))

    assert source.asked == 1


async def test_a_reminder_comes_once_and_never_after_the_deadline(county: County) -> None:
    await county.hears(ISSUED)
    fires = detector(county, routing=StubbornSource(DUE))
    last = max(name for key, name in county.store.deadlines if key == C1 and name.startswith("remind"))

    county.now[0] = DUE + HOUR
    await fires.fire(C1, last, 1, DUE, context("late reminder"))
    assert await _facts(county, "reminder-due") == 0

    county.now[0] = at("2026-05-09 09:30")
    await fires.fire(C1, last, 1, county.now[0], context("reminder"))
    await fires.fire(C1, last, 1, county.now[0], context("reminder again"))
    assert await _facts(county, "reminder-due") == 1


async def test_an_expired_confirmation_is_nobodys_breach(county: County) -> None:
    await county.hears(ISSUED)
    await county.hears(
        routing.LeadConcluded(
            case_id=CASE,
            assignment_id=WATER.assignment_id,
            unit=WATER.unit,
            township="410923102",
            sentence_sealed="sealed:v1:case/x:AAAA",
            results=(),
            cycle=1,
        )
    )
    confirmation = await county.clock("C7")
    county.now[0] = confirmation.due + HOUR
    fires = detector(county, routing=StubbornSource(county.now[0]))

    await fires.fire(clock_id(CASE, "C7", CASE, 1), "due", 1, confirmation.due, context("expire"))

    expired = await county.clock("C7")
    assert (expired.expired_at, expired.breached_at) == (confirmation.due, None)


async def _facts(county: County, word: str) -> int:
    return sum(word in event.type for event in await county.store.read(0, 100_000))
