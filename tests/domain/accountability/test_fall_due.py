"""FallDue and MarkOverdueUnconfirmed: one breach with its true time, or an expiry, or no statement yet."""

from datetime import timedelta

import pytest

from accountability.domain.clock import (
    ClockBreached,
    ClockExpired,
    ClockOverdueUnconfirmed,
    ClockStopped,
    FallDue,
    LadderRungReached,
    MarkOverdueUnconfirmed,
    StopClock,
)
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import after, at, running, started, story

MONDAY = "2026-03-02 10:00"
DUE = "2026-03-03 10:00"
LATE = FallDue(at("2026-03-03 10:00:01"))


def test_breaches_once_with_the_first_rung_at_once() -> None:
    breached = started(ClockKind.C1, MONDAY).when(LATE)
    assert list(breached.events) == [
        ClockBreached(at(DUE)),
        LadderRungReached("BLUE", at(DUE), "unit", proposed=False),
    ]
    breached.then_states(ClockBreached, LadderRungReached).when(LATE).then_nothing()


@pytest.mark.parametrize("downtime", [timedelta(0), timedelta(hours=5), timedelta(days=3)])
def test_carries_the_true_time_after_any_downtime(downtime: timedelta) -> None:
    late = started(ClockKind.C1, MONDAY).when(FallDue(LATE.at + downtime))
    assert late.events[0] == ClockBreached(at(DUE))


@pytest.mark.parametrize("early", ["2026-03-03 09:59:59", DUE, "2026-03-03 10:00:00.900"])
def test_states_nothing_before_the_second_of_the_deadline_is_over(early: str) -> None:
    started(ClockKind.C1, MONDAY).when(FallDue(at(early))).then_nothing()


@pytest.mark.parametrize("kind", [ClockKind.C7, ClockKind.C10, ClockKind.C16])
def test_expires_without_breach_or_ladder(kind: ClockKind) -> None:
    story_ = started(kind, MONDAY)
    due = running(story_).due
    expired = story_.when(FallDue(due + timedelta(days=9))).then(ClockExpired(due))
    assert running(expired).breached_at is None
    expired.when(FallDue(due + timedelta(days=10))).then_nothing()


def test_breaches_a_provisional_deadline_by_its_latest_bound() -> None:
    waiting = started(ClockKind.C3, "2026-12-29 10:00")
    bounds = running(waiting).deadline
    waiting.when(FallDue(bounds.earliest + timedelta(days=1))).then_nothing()
    late = waiting.when(FallDue(bounds.latest + timedelta(seconds=1)))
    assert late.events[0] == ClockBreached(bounds.latest)


def test_states_no_breach_while_a_source_cannot_be_asked() -> None:
    mark = MarkOverdueUnconfirmed(LATE.at, ("routing",))
    unconfirmed = started(ClockKind.C1, MONDAY).when(mark)
    waiting = unconfirmed.then(ClockOverdueUnconfirmed(LATE.at, at(DUE), ("routing",)))
    waiting.when(MarkOverdueUnconfirmed(at("2026-03-03 10:05"), ("routing",))).then_nothing()
    assert running(waiting).breached_at is None
    in_time = waiting.when(StopClock(at("2026-03-03 09:50"), "reported-in"))
    in_time.then(ClockStopped(at("2026-03-03 09:50"), "on_time", "reported-in"))
    confirmed = waiting.when(FallDue(at("2026-03-03 11:00")))
    assert confirmed.events[0] == ClockBreached(at(DUE))


def test_marks_nothing_before_the_deadline() -> None:
    started(ClockKind.C1, MONDAY).when(MarkOverdueUnconfirmed(at(DUE), ("routing",))).then_nothing()


def test_means_nothing_before_the_start_and_after_the_end() -> None:
    story().when(LATE).then_nothing()
    after(started(ClockKind.C1, MONDAY), StopClock(at(MONDAY))).when(LATE).then_nothing()
