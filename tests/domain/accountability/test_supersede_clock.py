"""SupersedeClock: two people correct a recorded time, and a breach it does not bear out is annulled."""

from dataclasses import replace

from accountability.domain.clock import (
    BreachAnnulled,
    ClockBreached,
    ClockSuperseded,
    FallDue,
    PauseClock,
    ResumeClock,
    ReturnClock,
    StopClock,
    SupersedeClock,
    VoidClock,
    timers,
)
from accountability.domain.moments import shown
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import after, at, book, running, started

MONDAY = "2026-03-02 10:00"
DUE = at("2026-03-03 10:00")
CORRECTION = SupersedeClock(at("2026-03-05 10:00"), "登记时间有误", "clerk", "leader", book())
LATE = FallDue(at("2026-03-03 10:00:01"))


def test_corrects_the_stop_and_annuls_the_breach() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(at("2026-03-03 11:00")))
    corrected = late.when(replace(CORRECTION, stopped_at=at("2026-03-03 09:40")))
    corrected.then_states(BreachAnnulled, ClockSuperseded)
    assert corrected.events[0] == BreachAnnulled(CORRECTION.at, DUE, "superseded")
    clock = running(corrected.before.given(*corrected.events))
    assert (clock.breached_at, clock.outcome) == (None, "on_time")


def test_keeps_the_old_times_in_its_fact() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(at("2026-03-03 11:00")))
    fact = late.when(replace(CORRECTION, stopped_at=at("2026-03-03 09:40"))).events[-1]
    assert isinstance(fact, ClockSuperseded)
    assert (fact.old_stopped_at, fact.stopped_at) == (at("2026-03-03 11:00"), at("2026-03-03 09:40"))
    assert (fact.by, fact.approved_by) == ("clerk", "leader")


def test_states_a_breach_when_the_true_stop_was_late() -> None:
    on_time = after(started(ClockKind.C1, MONDAY), StopClock(at("2026-03-03 09:00")))
    corrected = on_time.when(replace(CORRECTION, stopped_at=at("2026-03-03 12:00")))
    late = running(corrected.then_states(ClockSuperseded, ClockBreached))
    assert (late.breached_at, late.outcome) == (DUE, "late")


def test_corrects_the_start_of_a_running_clock_and_lets_it_run_on() -> None:
    breached = after(started(ClockKind.C1, MONDAY), LATE)
    later = replace(CORRECTION, at=at("2026-03-03 10:30"), started_at=at("2026-03-02 12:00"))
    corrected = breached.when(later).then_states(BreachAnnulled, ClockSuperseded)
    clock = running(corrected)
    assert (clock.breached_at, clock.due) == (None, at("2026-03-03 12:00"))
    rows = {
        timer.name: timer.at for timer in timers([BreachAnnulled(DUE, DUE, "superseded")], corrected.state)
    }
    assert rows["due"] == at("2026-03-03 12:00:01")


def test_moves_the_time_of_a_breach_that_stands() -> None:
    breached = after(started(ClockKind.C1, MONDAY), LATE)
    earlier = breached.when(replace(CORRECTION, started_at=at("2026-03-02 08:00")))
    clock = running(earlier.then_states(BreachAnnulled, ClockSuperseded, ClockBreached))
    assert clock.breached_at == at("2026-03-03 08:00")
    assert clock.reached == ("BLUE",)
    assert [rung.name for rung in clock.rungs] == ["ORANGE", "RED"]


def test_leaves_a_breach_alone_that_the_corrected_stop_still_bears_out() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(at("2026-03-03 11:00")))
    still = late.when(replace(CORRECTION, stopped_at=at("2026-03-03 10:30"))).then_states(ClockSuperseded)
    assert running(still).breached_at == DUE


def test_judges_a_paused_clock_by_its_pause() -> None:
    confirming = after(started(ClockKind.C5, MONDAY), PauseClock(at("2026-03-11 17:00"), "confirming"))
    stopped = after(confirming, StopClock(at("2026-03-13 10:00")))
    corrected = stopped.when(replace(CORRECTION, stopped_at=at("2026-03-12 09:00")))
    assert running(corrected.then_states(ClockSuperseded)).outcome == "on_time"


def test_leaves_a_returned_clock_returned() -> None:
    returned = after(started(ClockKind.C1, MONDAY), ReturnClock(at("2026-03-03 09:00")))
    corrected = returned.when(replace(CORRECTION, stopped_at=at("2026-03-03 12:00")))
    assert running(corrected.then_states(ClockSuperseded)).outcome == "returned"


def test_corrects_the_start_of_an_expiring_clock_without_blame() -> None:
    window = started(ClockKind.C7, MONDAY)
    earlier = replace(CORRECTION, at=at("2026-03-06 10:00"), started_at=at("2026-02-27 10:00"))
    clock = running(window.when(earlier).then_states(ClockSuperseded))
    assert (shown(clock.due), clock.breached_at) == ("2026-03-03 24:00", None)


def test_changes_nothing_when_the_times_are_the_same() -> None:
    late = after(started(ClockKind.C1, MONDAY), StopClock(at("2026-03-03 11:00")))
    late.when(replace(CORRECTION, stopped_at=at("2026-03-03 11:00"))).then_nothing()
    late.when(CORRECTION).then_nothing()


def test_needs_two_people_and_a_reason() -> None:
    clock = started(ClockKind.C1, MONDAY)
    clock.when(replace(CORRECTION, approved_by="clerk")).then_refused("second-person-needed")
    clock.when(replace(CORRECTION, reason="")).then_refused("reason-missing")


def test_refuses_what_cannot_have_been() -> None:
    clock = started(ClockKind.C5, MONDAY)
    clock.when(replace(CORRECTION, stopped_at=at(MONDAY))).then_refused("clock-still-running")
    stopped = after(clock, StopClock(at("2026-03-04 10:00")))
    before = replace(CORRECTION, stopped_at=at("2026-03-01 10:00"))
    stopped.when(before).then_refused("stopped-before-started")
    paused = after(
        clock, PauseClock(at("2026-03-03 10:00"), "parked"), ResumeClock(at("2026-03-04 10:00"), book())
    )
    after_pause = replace(CORRECTION, started_at=at("2026-03-03 11:00"))
    paused.when(after_pause).then_refused("started-after-a-pause")
    voided = after(clock, VoidClock(at("2026-03-04 10:00"), "withdrawn"))
    voided.when(CORRECTION).then_refused("clock-not-running")
