"""机构合并: a clock is the heir's from now on, and its deadline stays where it was."""

from accountability.domain.clock import (
    ClimbRung,
    ClockRecomputed,
    FallDue,
    HandOverClock,
    LadderRungReached,
    PauseClock,
    StopClock,
    timers,
)
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import after, at, running, started

MONDAY = "2026-03-02 10:00"
HEIR = HandOverClock(at("2026-03-02 15:00"), "agriculture-rural")


def test_leaves_the_deadline_and_every_timer() -> None:
    clock = started(ClockKind.C1, MONDAY)
    before = running(clock)
    outcome = clock.when(HEIR)
    after_it = outcome.then_states(ClockRecomputed)
    assert running(after_it).unit == "agriculture-rural"
    assert (running(after_it).due, running(after_it).started_at) == (before.due, before.started_at)
    wanted = {timer.name: timer.at for timer in timers(outcome.events, after_it.state)}
    assert wanted["due"] is not None
    assert {wanted[notice.name] for notice in before.reminders} == {each.at for each in before.reminders}


def test_changes_nothing_when_delivered_twice() -> None:
    after(started(ClockKind.C1, MONDAY), HEIR).when(HEIR).then_nothing()


def test_leaves_a_clock_that_has_ended() -> None:
    after(started(ClockKind.C1, MONDAY), StopClock(at("2026-03-02 11:00"))).when(HEIR).then_nothing()


def test_leaves_a_paused_clock_paused() -> None:
    paused = after(started(ClockKind.C5, MONDAY), PauseClock(at("2026-03-02 11:00"), "parked"))
    assert running(after(paused, HEIR)).paused_at == at("2026-03-02 11:00")


def test_sends_the_rungs_after_a_breach_to_the_heir() -> None:
    breached = after(started(ClockKind.C1, MONDAY), FallDue(at("2026-03-03 10:00:01")))
    before = running(breached)
    assert before.breached_at is not None
    handed_over = after(breached, HEIR)
    now = running(handed_over)
    assert (now.breached_at, now.rungs, now.unit) == (before.breached_at, before.rungs, "agriculture-rural")
    rung = now.rungs[0]
    handed_over.when(ClimbRung(rung.name, rung.at)).then_states(LadderRungReached)
