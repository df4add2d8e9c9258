"""CorrectClock: a fact of another service happened at another time, and only what rests on it moves."""

from dataclasses import replace

from accountability.domain.clock import (
    INITIAL,
    BreachAnnulled,
    ClockBreached,
    ClockSuperseded,
    CorrectClock,
    FallDue,
    PauseClock,
    ResumeClock,
    StopClock,
    VoidClock,
    decide,
)
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import after, at, book, running, started

MONDAY = "2026-03-02 10:00"
LATE, IN_TIME = at("2026-03-03 11:00"), at("2026-03-03 09:40")
DUE = at("2026-03-03 10:00")
CALLED = CorrectClock(at("2026-03-05 10:00"), LATE, IN_TIME, "correction/1", "clerk", "leader", book())
"""The department had telephoned before it was recorded."""
AWAITING = PauseClock(at("2026-03-12 16:00"), "awaiting-confirmation")


def test_moves_the_stop_that_rests_on_it_and_annuls_the_breach() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(LATE))
    corrected = late.when(CALLED).then_states(BreachAnnulled, ClockSuperseded)
    clock = running(corrected)
    assert (clock.breached_at, clock.outcome, clock.stopped_at) == (None, "on_time", IN_TIME)


def test_states_a_breach_when_it_was_late_in_truth() -> None:
    in_time = after(started(ClockKind.C1, MONDAY), StopClock(IN_TIME))
    corrected = in_time.when(replace(CALLED, old_at=IN_TIME, new_at=LATE))
    clock = running(corrected.then_states(ClockSuperseded, ClockBreached))
    assert (clock.breached_at, clock.outcome) == (DUE, "late")


def test_leaves_a_clock_alone_that_does_not_rest_on_it() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(LATE))
    late.when(replace(CALLED, old_at=at("2026-03-03 11:01"))).then_nothing()
    started(ClockKind.C1, MONDAY).when(CALLED).then_nothing()
    started(ClockKind.C1, MONDAY).when(replace(CALLED, old_at=at(MONDAY))).then_nothing()


def test_moves_the_pause_that_began_with_it_and_judges_by_that() -> None:
    breached = after(started(ClockKind.C5, MONDAY), FallDue(at("2026-03-12 00:00:01")), AWAITING)
    assert running(breached).breached_at == at("2026-03-12 00:00")
    done = replace(CALLED, at=at("2026-03-13 10:00"), old_at=AWAITING.at, new_at=at("2026-03-11 17:00"))
    corrected = breached.when(done).then_states(BreachAnnulled, ClockSuperseded)
    clock = running(corrected)
    assert (clock.breached_at, clock.paused_at) == (None, at("2026-03-11 17:00"))
    closed = after(corrected, StopClock(at("2026-03-13 12:00")))
    assert running(closed).outcome == "on_time"


def test_moves_a_pause_that_is_over_and_the_deadline_with_it() -> None:
    resumed = after(
        started(ClockKind.C5, MONDAY),
        PauseClock(at("2026-03-05 16:00"), "awaiting-confirmation"),
        ResumeClock(at("2026-03-09 09:00"), book()),
    )
    before = running(resumed).due
    earlier = replace(
        CALLED, at=at("2026-03-10 10:00"), old_at=at("2026-03-05 16:00"), new_at=at("2026-03-04 16:00")
    )
    clock = running(resumed.when(earlier).then_states(ClockSuperseded))
    assert clock.pauses[0].begin == at("2026-03-04 16:00")
    assert clock.due > before


def test_goes_no_further_than_the_clock_itself() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(LATE))
    far_too_early = replace(CALLED, new_at=at("2026-03-01 10:00"))
    clock = running(late.when(far_too_early).then_states(BreachAnnulled, ClockSuperseded))
    assert clock.stopped_at == clock.started_at == at(MONDAY)


def test_is_never_refused() -> None:
    assert decide(CALLED, INITIAL) == []
    void = after(started(ClockKind.C1, MONDAY), VoidClock(LATE, "withdrawn"))
    void.when(CALLED).then_nothing()
    expired = after(started(ClockKind.C7, MONDAY), FallDue(at("2026-03-06 10:00")))
    expired.when(CALLED).then_nothing()


def test_changes_nothing_when_delivered_twice() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(LATE))
    corrected = late.when(CALLED).then_states(BreachAnnulled, ClockSuperseded)
    corrected.when(CALLED).then_nothing()


def test_moves_a_pause_and_a_stop_that_rest_on_the_same_moment_together() -> None:
    both = after(started(ClockKind.C1, MONDAY), PauseClock(LATE, "awaiting-confirmation"), StopClock(LATE))
    corrected = both.when(CALLED).then_states(BreachAnnulled, ClockSuperseded)
    clock = running(corrected)
    assert (clock.paused_at, clock.stopped_at, clock.outcome) == (IN_TIME, IN_TIME, "on_time")
    corrected.when(CALLED).then_nothing()
