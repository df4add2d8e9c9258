"""PauseClock and ResumeClock: what remains stays, a breach is neither undone nor repeated."""

from dataclasses import replace

import pytest

from accountability.domain.calendar import Calendar
from accountability.domain.clock import (
    ClockBreached,
    ClockExpired,
    ClockPaused,
    ClockResumed,
    FallDue,
    PauseClock,
    ResumeClock,
    StopClock,
)
from accountability.domain.moments import shown
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import after, at, book, calendar, plain, running, started, with_year

MONDAY = "2026-03-02 10:00"


def pause(moment: str, reason: str = "awaiting-confirmation") -> PauseClock:
    """Pause at a moment."""
    return PauseClock(at(moment), reason)


def resume(moment: str, on_calendar: Calendar | None = None, figures_only: bool = False) -> ResumeClock:
    """Resume at a moment."""
    return ResumeClock(at(moment), book(on_calendar), figures_only)


def test_stands_still_while_the_township_confirms() -> None:
    handling = after(started(ClockKind.C5, MONDAY), pause("2026-03-04 16:00"), resume("2026-03-09 09:00"))
    assert shown(running(handling).due) == "2026-03-16 24:00"
    assert shown(running(started(ClockKind.C5, MONDAY)).due) == "2026-03-11 24:00"


def test_pauses_across_a_holiday_and_a_make_up_saturday() -> None:
    handling = started(ClockKind.C5, "2026-09-21 10:00")
    assert shown(running(handling).due) == "2026-10-08 24:00"
    parked = after(handling, pause("2026-09-30 11:00"), resume("2026-10-10 09:00"))
    assert shown(running(parked).due) == "2026-10-12 24:00"


def test_keeps_the_seconds_that_remained() -> None:
    paused = after(started(ClockKind.C1, MONDAY), pause("2026-03-02 12:30:15"), resume("2026-03-04 08:00"))
    assert running(paused).due == at("2026-03-05 05:29:45")


def test_changes_nothing_when_paused_or_resumed_twice() -> None:
    paused = after(started(ClockKind.C5, MONDAY), pause("2026-03-04 16:00"))
    paused.when(pause("2026-03-04 17:00")).then_nothing()
    resumed = after(paused, resume("2026-03-05 09:00"))
    resumed.when(resume("2026-03-05 10:00")).then_nothing()


def test_never_undoes_a_breach() -> None:
    """Pause while breached: the breach stays, stays one, and the deadline does not move."""
    breached = after(started(ClockKind.C5, MONDAY), FallDue(at("2026-03-12 00:00:01")))
    parked = breached.when(pause("2026-03-12 10:00")).then_states(ClockPaused)
    back = parked.when(resume("2026-03-20 10:00")).then_states(ClockResumed)
    assert running(back).breached_at == at("2026-03-11 24:00")
    assert shown(running(back).due) == "2026-03-11 24:00"
    back.when(FallDue(at("2026-03-23 10:00"))).then_nothing()


def test_states_a_breach_that_happened_before_the_pause_but_went_unnoticed() -> None:
    late = started(ClockKind.C5, MONDAY).when(pause("2026-03-12 00:00:01"))
    assert list(late.events) == [
        ClockBreached(at("2026-03-11 24:00")),
        ClockPaused(at("2026-03-12 00:00:01"), "awaiting-confirmation"),
    ]


def test_is_in_time_in_the_second_of_the_deadline() -> None:
    started(ClockKind.C5, MONDAY).when(pause("2026-03-11 24:00")).then_states(ClockPaused)


def test_expires_instead_of_pausing_when_the_time_had_run_out() -> None:
    confirming = started(ClockKind.C7, MONDAY)
    confirming.when(pause("2026-03-06 09:00")).then(ClockExpired(at("2026-03-05 24:00")))


def test_does_not_breach_while_it_stands_still() -> None:
    paused = after(started(ClockKind.C5, MONDAY), pause("2026-03-04 16:00"))
    paused.when(FallDue(at("2026-04-01 10:00"))).then_nothing()


def test_resumes_with_the_calendar_it_had_pinned() -> None:
    """An unrelated edit never moves a deadline: a new version of the year waits for an explicit recompute."""
    paused = after(started(ClockKind.C5, MONDAY), pause("2026-03-04 16:00"))
    year = [plan for plan in calendar().plans if plan.year == 2026][-1]
    edited = Calendar.of((*calendar().plans, replace(year, version=2, make_up_days=())))
    same = after(paused, resume("2026-05-07 09:00", edited))
    assert running(same).due == running(after(paused, resume("2026-05-07 09:00"))).due
    assert running(same).schedule.calendar_version == "2026.1"


def test_reads_years_it_had_not_touched_as_they_are_now() -> None:
    paused = after(started(ClockKind.C5, "2026-12-07 10:00"), pause("2026-12-09 10:00"))
    assert running(paused).schedule.calendar_version == "2026.1"
    resumed = running(after(paused, resume("2027-01-11 09:00", with_year(2027))))
    assert (shown(resumed.due), resumed.deadline.provisional) == ("2027-01-18 24:00", False)
    assert resumed.schedule.calendar_version == "2026.1 2027.1"
    assert plain(2027).year == 2027


@pytest.mark.parametrize("figures_only", [True, False])
def test_reminds_nobody_when_it_resumes_for_the_figures_only(figures_only: bool) -> None:
    paused = after(started(ClockKind.C5, MONDAY), pause("2026-03-04 16:00"))
    clock = running(after(paused, resume("2026-03-09 09:00", figures_only=figures_only)))
    assert (clock.reminders == ()) is figures_only
    assert (clock.rungs == ()) is figures_only
    assert clock.silent is figures_only


def test_stays_silent_over_later_pauses() -> None:
    silent = after(
        started(ClockKind.C5, MONDAY),
        pause("2026-03-04 16:00"),
        resume("2026-03-09 09:00", figures_only=True),
        pause("2026-03-10 09:00"),
        resume("2026-03-11 09:00"),
    )
    assert (running(silent).reminders, running(silent).silent) == ((), True)


def test_never_begins_before_the_clock_last_ran() -> None:
    """Another service's clock may lag a little."""
    paused = after(started(ClockKind.C5, MONDAY), pause("2026-03-02 09:59:59"))
    assert running(paused).paused_at == at(MONDAY)
    resumed = after(paused, resume("2026-03-02 09:00"))
    assert [each.end for each in running(resumed).pauses] == [at(MONDAY)]


def test_means_nothing_before_the_start_and_after_the_end() -> None:
    stopped = after(started(ClockKind.C5, MONDAY), StopClock(at("2026-03-04 16:00")))
    stopped.when(pause("2026-03-04 17:00")).then_nothing()
    stopped.when(resume("2026-03-04 17:00")).then_nothing()
