"""ExtendClock: the deadline moves, the original one stays visible, and there are limits to it."""

from dataclasses import replace

from accountability.domain.clock import (
    ClockExtended,
    ExtendClock,
    FallDue,
    PauseClock,
    ResumeClock,
    StopClock,
)
from accountability.domain.moments import shown
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import after, at, book, running, started, story

MONDAY = "2026-03-02 10:00"
FIRST = ExtendClock(at("2026-03-10 10:00"), 5, "雨季停工", book())
SECOND = ExtendClock(at("2026-03-17 10:00"), 7, "设备到货晚", book())


def test_moves_the_deadline_and_keeps_the_original() -> None:
    extended = started(ClockKind.C5, MONDAY).when(FIRST).then_states(ClockExtended)
    clock = running(extended)
    assert shown(clock.due) == "2026-03-18 24:00"
    assert shown(clock.schedule.original_due) == "2026-03-11 24:00"
    assert clock.base.amount == 7
    assert clock.limit.amount == 12


def test_changes_nothing_when_delivered_twice() -> None:
    after(started(ClockKind.C5, MONDAY), FIRST).when(FIRST).then_nothing()


def test_moves_the_original_deadline_only_with_pauses() -> None:
    extended = after(started(ClockKind.C5, MONDAY), FIRST)
    parked = after(extended, PauseClock(at("2026-03-11 10:00"), "parked"))
    clock = running(after(parked, ResumeClock(at("2026-03-16 10:00"), book())))
    assert shown(clock.schedule.original_due) == "2026-03-16 24:00"
    assert shown(clock.due) == "2026-03-23 24:00"


def test_is_granted_as_often_as_the_rules_let_it() -> None:
    extended = after(started(ClockKind.C5, MONDAY), FIRST)
    twice = extended.when(SECOND).then_states(ClockExtended)
    assert running(twice).limit.amount == 19
    again = replace(SECOND, at=at("2026-03-18 10:00"))
    assert running(twice.when(again).then_states(ClockExtended)).limit.amount == 26


def test_is_as_long_as_was_decided() -> None:
    longer = started(ClockKind.C5, MONDAY).when(replace(FIRST, amount=8)).then_states(ClockExtended)
    assert running(longer).limit.amount == 15


def test_adds_something_and_says_why() -> None:
    started(ClockKind.C5, MONDAY).when(replace(FIRST, amount=0)).then_refused("limit-must-be-positive")
    started(ClockKind.C5, MONDAY).when(replace(FIRST, reason=" ")).then_refused("reason-missing")


def test_is_refused_once_the_deadline_has_passed() -> None:
    """Undecided is not granted, whether the breach was noticed yet or not."""
    handling = started(ClockKind.C5, MONDAY)
    late = replace(FIRST, at=at("2026-03-12 00:00:01"))
    handling.when(late).then_refused("extension-after-the-deadline")
    breached = after(handling, FallDue(at("2026-03-12 00:00:01")))
    breached.when(late).then_refused("extension-after-the-deadline")


def test_is_refused_for_a_clock_that_has_ended() -> None:
    stopped = after(started(ClockKind.C5, MONDAY), StopClock(at("2026-03-09 10:00")))
    stopped.when(FIRST).then_refused("clock-not-running")


def test_means_nothing_before_the_start() -> None:
    story().when(FIRST).then_nothing()
