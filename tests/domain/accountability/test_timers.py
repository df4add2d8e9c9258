"""定时: the rows a clock wants, derived from its facts alone, and the commands they fire."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from accountability.domain.clock import (
    ClimbRung,
    Clock,
    ClockPaused,
    Command,
    Event,
    ExtendClock,
    FallDue,
    MarkOverdueUnconfirmed,
    PauseClock,
    Remind,
    ResumeClock,
    StopClock,
    VoidClock,
    decide,
    evolve,
    fired,
    timers,
)
from accountability.domain.refusals import Refused
from accountability.domain.terms import ClockKind
from backbone.testing import Scenario
from tests.domain.accountability.stories import after, at, book, running, started, story

MONDAY = "2026-03-02 10:00"
FACT = ClockPaused(at(MONDAY), "any fact that may move rows")


def rows(scenario: Scenario[Command, Event, Clock], command: Command) -> dict[str, datetime | None]:
    """The rows a command sets or cancels."""
    events = decide(command, scenario.state)
    return {timer.name: timer.at for timer in timers(events, after(scenario, command).state)}


def wanted(scenario: Scenario[Command, Event, Clock], last: Sequence[Event]) -> dict[str, datetime | None]:
    """The rows that stand."""
    return {timer.name: timer.at for timer in timers(last, scenario.state) if timer.at}


def test_waits_for_the_deadline_and_the_reminders_after_the_start() -> None:
    clock = started(ClockKind.C5, MONDAY)
    assert wanted(clock, [FACT]) == {"due": at("2026-03-12 00:00:01"), "remind-1": at("2026-03-10 09:00")}


def test_cancels_everything_with_pause_stop_and_void() -> None:
    clock = started(ClockKind.C5, MONDAY)
    for command in (
        PauseClock(at("2026-03-04 10:00"), "parked"),
        StopClock(at("2026-03-04 10:00")),
        VoidClock(at("2026-03-04 10:00"), "withdrawn"),
    ):
        found = rows(clock, command)
        assert found == dict.fromkeys(("due", "remind-1", "rung-BLUE", "rung-ORANGE", "rung-RED"))


def test_moves_with_resume_and_extension() -> None:
    paused = after(started(ClockKind.C5, MONDAY), PauseClock(at("2026-03-04 10:00"), "parked"))
    assert rows(paused, ResumeClock(at("2026-03-09 10:00"), book()))["due"] == at("2026-03-17 00:00:01")
    extended = rows(started(ClockKind.C5, MONDAY), ExtendClock(at("2026-03-04 10:00"), 1, "雨季", book()))
    assert (extended["due"], extended["remind-1"]) == (at("2026-03-13 00:00:01"), at("2026-03-11 09:00"))


def test_waits_for_the_rungs_only_after_a_breach() -> None:
    found = rows(started(ClockKind.C1, MONDAY), FallDue(at("2026-03-03 10:00:01")))
    assert found["due"] is None
    assert found["rung-BLUE"] is None
    assert (found["rung-ORANGE"], found["rung-RED"]) == (at("2026-03-04 10:00"), at("2026-03-06 10:00"))


def test_leaves_the_other_rows_alone_when_one_fired() -> None:
    reminded = rows(started(ClockKind.C5, MONDAY), Remind("remind-1", at("2026-03-10 09:00")))
    breached = after(started(ClockKind.C1, MONDAY), FallDue(at("2026-03-03 10:00:01")))
    climbed = rows(breached, ClimbRung("ORANGE", at("2026-03-04 10:00")))
    unconfirmed = rows(
        started(ClockKind.C1, MONDAY), MarkOverdueUnconfirmed(at("2026-03-03 10:00:01"), ("intake",))
    )
    assert (reminded, climbed, unconfirmed) == ({}, {}, {})


def test_has_none_before_the_start() -> None:
    assert timers([], story().state) == ()


@pytest.mark.parametrize("kind", list(ClockKind))
def test_fires_every_row_into_an_effect_after_downtime(kind: ClockKind) -> None:
    """Whatever was due during the downtime happens in due order, each thing once."""
    clock = started(kind, MONDAY).state
    now = at("2026-12-01 10:00")
    pending: dict[str, datetime] = {}
    for timer in timers([FACT], clock):
        if timer.at is not None:
            pending[timer.name] = timer.at
    seen: list[str] = []
    while pending:
        name = min(pending, key=lambda each: (pending[each], each))
        del pending[name]
        events = decide(fired(name, now), clock)
        for event in events:
            clock = evolve(clock, event, now)
            seen.append(event.name.split(".")[2])
        for timer in timers(events, clock):
            pending.pop(timer.name, None)
            if timer.at is not None:
                pending[timer.name] = timer.at
    assert clock.running is not None
    ended = clock.running.expired_at or clock.running.breached_at
    assert ended == running(started(kind, MONDAY)).due
    assert seen.count("clock-breached") + seen.count("clock-expired") == 1
    assert seen.count("ladder-rung-reached") == len(running(started(kind, MONDAY)).rungs)


def test_knows_no_other_timer() -> None:
    assert fired("due", at(MONDAY)) == FallDue(at(MONDAY))
    assert fired("remind-2", at(MONDAY)) == Remind("remind-2", at(MONDAY))
    assert fired("rung-RED", at(MONDAY)) == ClimbRung("RED", at(MONDAY))
    with pytest.raises(Refused) as refusal:
        fired("tick", at(MONDAY))
    assert (refusal.value.slug, refusal.value.params) == ("unknown-timer", {"timer": "tick"})
