"""RecordClock: a case recorded after the fact starts, stops and is judged in one append, in silence."""

import pytest

from accountability.domain.clock import (
    ClimbRung,
    ClockBreached,
    ClockExpired,
    ClockStarted,
    ClockStopped,
    FallDue,
    RecordClock,
    Remind,
    timers,
)
from accountability.domain.terms import ClockKind
from tests.domain.accountability.stories import at, running, start, story


def record(kind: ClockKind, started: str, stopped: str) -> RecordClock:
    """A letter of old with its answer."""
    return RecordClock(start(kind, started), at(stopped))


@pytest.mark.parametrize(
    ("stopped", "outcome"),
    [("2011-10-08 09:00", "on_time"), ("2011-10-09 24:00", "on_time"), ("2011-10-10 00:00:01", "late")],
)
def test_judges_a_letter_of_2011_by_the_days_decreed_then(stopped: str, outcome: str) -> None:
    """National Day 2011 was made up on Saturday 8 and Sunday 9 October."""
    facts = story().when(record(ClockKind.C3, "2011-09-29 16:00", stopped))
    clock = running(facts.before.given(*facts.events))
    assert clock.outcome == outcome
    assert (clock.breached_at is not None) is (outcome == "late")


def test_starts_and_stops_in_one_append() -> None:
    facts = story().when(record(ClockKind.C4, "2011-09-29 16:00", "2011-10-08 09:00"))
    facts.then_states(ClockStarted, ClockStopped)
    late = story().when(record(ClockKind.C4, "2011-09-29 16:00", "2011-12-08 09:00"))
    late.then_states(ClockStarted, ClockBreached, ClockStopped)


def test_sets_no_timer_and_reminds_and_supervises_nobody() -> None:
    facts = story().when(record(ClockKind.C4, "2011-09-29 16:00", "2011-12-08 09:00"))
    late = facts.before.given(*facts.events)
    assert timers(facts.events, late.state) == ()
    assert (running(late).reminders, running(late).rungs) == ((), ())
    for command in (
        FallDue(at("2026-03-02 10:00")),
        Remind("remind-1", at("2026-03-02 10:00")),
        ClimbRung("BLUE", at("2026-03-02 10:00")),
    ):
        late.when(command).then_nothing()


def test_stays_provisional_between_the_bounds() -> None:
    facts = story().when(record(ClockKind.C3, "2026-12-29 10:00", "2027-01-06 10:00"))
    assert running(facts.before.given(*facts.events)).outcome == "provisional"


def test_changes_nothing_the_second_time() -> None:
    command = record(ClockKind.C3, "2011-09-29 16:00", "2011-10-08 09:00")
    facts = story().when(command)
    facts.before.given(*facts.events).when(command).then_nothing()


def test_expires_a_recorded_confirmation_that_never_came_in_time() -> None:
    story().when(record(ClockKind.C7, "2026-03-02 10:00", "2026-03-09 10:00")).then_states(
        ClockStarted, ClockExpired
    )


def test_refuses_an_answer_before_the_question() -> None:
    story().when(record(ClockKind.C3, "2011-09-29 16:00", "2011-09-29 15:59:59")).then_refused(
        "stopped-before-started"
    )
