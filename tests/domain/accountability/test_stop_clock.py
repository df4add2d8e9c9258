"""StopClock, ReturnClock, VoidClock: how a clock ends, and that no end erases what had happened."""

import pytest

from accountability.domain.clock import (
    BreachAnnulled,
    ClockBreached,
    ClockExpired,
    ClockStarted,
    ClockStopped,
    ClockVoided,
    FallDue,
    PauseClock,
    ReturnClock,
    StopClock,
    VoidClock,
)
from accountability.domain.moments import SECOND
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import after, at, running, start, started, story

MONDAY = "2026-03-02 10:00"
DUE = "2026-03-03 10:00"


def stop(moment: str) -> StopClock:
    """The department reported in."""
    return StopClock(at(moment), "reported-in")


@pytest.mark.parametrize(
    "moment", ["2026-03-02 10:00", "2026-03-03 09:59:59", DUE, "2026-03-03 10:00:00.999999"]
)
def test_is_on_time_up_to_and_in_the_second_of_the_deadline(moment: str) -> None:
    outcome = started(ClockKind.C1, MONDAY).when(stop(moment))
    assert [event.outcome for event in outcome.events if isinstance(event, ClockStopped)] == ["on_time"]
    assert len(outcome.events) == 1


def test_is_late_one_second_after_and_states_the_breach_with_its_true_time() -> None:
    started(ClockKind.C1, MONDAY).when(stop("2026-03-03 10:00:01")).then(
        ClockBreached(at(DUE)), ClockStopped(at("2026-03-03 10:00:01"), "late", "reported-in")
    )


def test_is_accepted_late_and_stays_a_breach_for_ever() -> None:
    breached = after(started(ClockKind.C1, MONDAY), FallDue(at("2026-03-03 10:00:01")))
    stopped = breached.when(stop("2026-03-06 10:00")).then(
        ClockStopped(at("2026-03-06 10:00"), "late", "reported-in")
    )
    assert running(stopped).breached_at == at(DUE)


def test_corrects_a_breach_that_a_lagging_consumer_had_stated() -> None:
    breached = after(started(ClockKind.C1, MONDAY), FallDue(at("2026-03-03 10:00:01")))
    stopped = breached.when(stop("2026-03-03 09:58")).then(
        BreachAnnulled(at("2026-03-03 09:58"), at(DUE), "stopped-in-time"),
        ClockStopped(at("2026-03-03 09:58"), "on_time", "reported-in"),
    )
    assert running(stopped).breached_at is None


def test_changes_nothing_the_second_time() -> None:
    stopped = after(started(ClockKind.C1, MONDAY), stop("2026-03-03 09:00"))
    stopped.when(stop("2026-03-04 09:00")).then_nothing()
    stopped.when(ReturnClock(at("2026-03-04 09:00"))).then_nothing()
    stopped.when(VoidClock(at("2026-03-04 09:00"), "withdrawn")).then_nothing()


def test_means_nothing_for_a_clock_that_never_started() -> None:
    story().when(stop(MONDAY)).then_nothing()


def test_judges_a_paused_clock_by_the_moment_it_was_paused() -> None:
    """The township takes its time; the department had concluded in time."""
    concluded = after(
        started(ClockKind.C5, MONDAY), PauseClock(at("2026-03-11 17:00"), "awaiting-confirmation")
    )
    concluded.when(stop("2026-03-20 10:00")).then(
        ClockStopped(at("2026-03-20 10:00"), "on_time", "reported-in")
    )


def test_stays_late_when_it_was_paused_after_the_breach() -> None:
    late = after(started(ClockKind.C5, MONDAY), PauseClock(at("2026-03-12 17:00"), "awaiting-confirmation"))
    late.when(stop("2026-03-20 10:00")).then(ClockStopped(at("2026-03-20 10:00"), "late", "reported-in"))


def test_is_neither_on_time_nor_late_between_the_bounds_of_a_provisional_deadline() -> None:
    waiting = started(ClockKind.C3, "2026-12-29 10:00")
    earliest, latest = running(waiting).deadline.earliest, running(waiting).deadline.latest
    for moment, outcome in ((earliest, "on_time"), (latest, "provisional")):
        waiting.when(StopClock(moment)).then(ClockStopped(moment, outcome, ""))  # type: ignore[arg-type]
    late = waiting.when(StopClock(latest + SECOND)).then_states(ClockBreached, ClockStopped)
    assert running(late).breached_at == latest


def test_expires_when_the_act_came_after_an_unnoticed_end() -> None:
    started(ClockKind.C7, MONDAY).when(stop("2026-03-06 09:00")).then(ClockExpired(at("2026-03-05 24:00")))


def test_reopens_as_another_clock_after_close() -> None:
    """Raised again after the close: the next cycle has its own clock, the first one stays closed."""
    closed = after(started(ClockKind.C8, MONDAY), stop("2026-03-04 10:00"))
    closed.when(start(ClockKind.C8, "2026-03-20 10:00")).then_nothing()
    again = story().when(start(ClockKind.C8, "2026-03-20 10:00")).then_states(ClockStarted)
    assert running(again).due == at("2026-03-25 24:00")
    assert running(closed).outcome == "on_time"


def test_ends_returned_neither_on_time_nor_breached() -> None:
    asked = started(ClockKind.C1, MONDAY)
    asked.when(ReturnClock(at("2026-03-04 09:00"))).then(
        ClockStopped(at("2026-03-04 09:00"), "returned", "returned")
    )
    overdue = after(asked, FallDue(at("2026-03-03 10:00:01")))
    overdue.when(ReturnClock(at("2026-03-04 09:00"))).then(
        BreachAnnulled(at("2026-03-04 09:00"), at(DUE), "returned"),
        ClockStopped(at("2026-03-04 09:00"), "returned", "returned"),
    )


def test_is_voided_without_judgement() -> None:
    started(ClockKind.C1, MONDAY).when(VoidClock(at("2026-03-02 15:00"), "dispatch-error")).then(
        ClockVoided(at("2026-03-02 15:00"), "dispatch-error")
    )


def test_never_erases_an_earlier_breach_by_voiding() -> None:
    breached = after(started(ClockKind.C1, MONDAY), FallDue(at("2026-03-03 10:00:01")))
    voided = after(breached, VoidClock(at("2026-03-04 09:00"), "withdrawn"))
    assert running(voided).breached_at == at(DUE)
    unnoticed = started(ClockKind.C1, MONDAY).when(VoidClock(at("2026-03-04 09:00"), "withdrawn"))
    unnoticed.then(ClockBreached(at(DUE)), ClockVoided(at("2026-03-04 09:00"), "withdrawn"))


def test_voids_an_expiring_clock_without_its_effect() -> None:
    started(ClockKind.C7, MONDAY).when(VoidClock(at("2026-03-09 09:00"), "merged")).then(
        ClockVoided(at("2026-03-09 09:00"), "merged")
    )
