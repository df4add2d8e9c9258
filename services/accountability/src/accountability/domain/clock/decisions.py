"""时限裁量: what a clock answers to a command; a breach is stated once, with the time of the deadline."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from accountability.domain.clock.commands import (
    ClimbRung,
    Command,
    CorrectClock,
    ExtendClock,
    FallDue,
    HandOverClock,
    MarkOverdueUnconfirmed,
    PauseClock,
    Recompute,
    RecordClock,
    Remind,
    ResumeClock,
    ReturnClock,
    StartClock,
    StopClock,
    SupersedeClock,
    VoidClock,
)
from accountability.domain.clock.corrections import correct, hand_over, recompute, supersede
from accountability.domain.clock.events import (
    BreachAnnulled,
    ClockBreached,
    ClockExpired,
    ClockExtended,
    ClockOverdueUnconfirmed,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    ClockVoided,
    Event,
    LadderRungReached,
    ReminderDue,
)
from accountability.domain.clock.extending import require_extendable
from accountability.domain.clock.ledger import Clock, Running
from accountability.domain.clock.schedules import History, compute, judge, pinned, start
from accountability.domain.moments import instant
from accountability.domain.refusals import require
from accountability.domain.reminders import Notice
from accountability.domain.terms import Ending
from accountability.domain.working_time import Limit, Pause


def decide(command: Command, clock: Clock) -> list[Event]:
    """The facts a command makes, none if it changes nothing, or its refusal."""
    if isinstance(command, StartClock):
        return [] if clock.running else [_start(command, recorded=False)]
    if isinstance(command, RecordClock):
        return [] if clock.running else _record(command)
    running = clock.running
    if running is None:
        return []
    match command:
        case PauseClock():
            return _pause(command, running)
        case ResumeClock():
            return _resume(command, running)
        case ExtendClock():
            return _extend(command, running)
        case SupersedeClock():
            return supersede(command, running)
        case CorrectClock():
            return correct(command, running)
        case StopClock():
            return _stop(command, running)
        case ReturnClock(at):
            return _return(instant(at), running)
        case VoidClock(at, reason):
            if running.ended:
                return []
            at = _not_before(running, at)
            return [*_overdue(running, at), ClockVoided(at, reason)]
        case Recompute():
            return recompute(command, running)
        case HandOverClock():
            return hand_over(command, running)
        case FallDue(at):
            return _fall_due(running, instant(at))
        case MarkOverdueUnconfirmed(at, waiting_for):
            if running.unconfirmed or not _due_passed(running, instant(at)):
                return []
            return [ClockOverdueUnconfirmed(instant(at), running.due, waiting_for)]
        case Remind(reminder, at):
            return _remind(running, reminder, instant(at))
        case ClimbRung(rung, at):
            return _climb(running, rung, instant(at))
        case _:
            assert_never(command)


def _start(command: StartClock, recorded: bool) -> ClockStarted:
    policy, history, schedule = start(command, silent=recorded)
    return ClockStarted(
        kind=command.kind,
        case_id=command.case_id,
        subject=command.subject,
        unit=command.unit,
        cycle=command.cycle,
        profile=command.profile,
        started_at=history.started_at,
        limit=history.base,
        limit_decided=command.amount is not None,
        ending=policy.terms.ending,
        cap=history.cap,
        schedule=schedule,
        recorded=recorded,
        scope=command.scope,
    )


def _record(command: RecordClock) -> list[Event]:
    stopped_at = instant(command.stopped_at)
    require(instant(command.start.at) <= stopped_at, "stopped-before-started")
    started = _start(command.start, recorded=True)
    due = started.schedule.deadline
    outcome = judge(stopped_at, due)
    stopped = ClockStopped(stopped_at, outcome, "recorded")
    if outcome != "late":
        return [started, stopped]
    if started.ending is Ending.EXPIRE:
        return [started, ClockExpired(due.due)]
    return [started, ClockBreached(due.due), stopped]


def _pause(command: PauseClock, clock: Running) -> list[Event]:
    if not clock.runs:
        return []
    at = _not_before(clock, command.at)
    if clock.ending is Ending.EXPIRE and at > clock.due:
        return [ClockExpired(clock.due)]
    return [*_overdue(clock, at), ClockPaused(at, command.reason)]


def _resume(command: ResumeClock, clock: Running) -> list[Event]:
    if clock.ended or clock.paused_at is None:
        return []
    at = max(instant(command.at), clock.paused_at)
    silent = clock.silent or command.figures_only
    if clock.breached_at is not None:
        kept = replace(clock.schedule, reminders=(), rungs=() if silent else clock.rungs)
        return [ClockResumed(at, clock.due, kept, command.figures_only)]
    pauses = (*clock.pauses, Pause(clock.paused_at, at))
    history = replace(History.of(clock), pauses=pauses, silent=silent)
    schedule = compute(history, *pinned(clock, command.rulebook), since=at)
    return [ClockResumed(at, clock.due, schedule, command.figures_only)]


def _extend(command: ExtendClock, clock: Running) -> list[Event]:
    at = _not_before(clock, command.at)
    if any((each.at, each.amount) == (at, command.amount) for each in clock.extensions):
        return []
    require_extendable(clock, command.amount, at)
    require(bool(command.reason.strip()), "reason-missing")
    longer = Limit(clock.base.unit, clock.limit.amount + command.amount)
    schedule = compute(replace(History.of(clock), limit=longer), *pinned(clock, command.rulebook), since=at)
    return [ClockExtended(at, command.amount, command.reason, clock.due, schedule)]


def _stop(command: StopClock, clock: Running) -> list[Event]:
    if clock.ended:
        return []
    at = _not_before(clock, command.at)
    if clock.breached_at is not None and clock.paused_at is not None:
        return [ClockStopped(at, "late", command.reason)]
    outcome = judge(clock.paused_at or at, clock.deadline)
    stopped = ClockStopped(at, outcome, command.reason)
    if outcome != "late":
        if clock.breached_at is None:
            return [stopped]
        return [BreachAnnulled(at, clock.breached_at, "stopped-in-time"), stopped]
    if clock.ending is Ending.EXPIRE:
        return [ClockExpired(clock.due)]
    return [*_overdue(clock, at), stopped]


def _return(at: datetime, clock: Running) -> list[Event]:
    if clock.ended:
        return []
    stopped = ClockStopped(_not_before(clock, at), "returned", "returned")
    if clock.breached_at is None:
        return [stopped]
    return [BreachAnnulled(stopped.at, clock.breached_at, "returned"), stopped]


def _fall_due(clock: Running, at: datetime) -> list[Event]:
    if not _due_passed(clock, at):
        return []
    if clock.ending is Ending.EXPIRE:
        return [ClockExpired(clock.due)]
    first = [_reached(rung) for rung in clock.rungs if rung.at <= clock.due]
    return [ClockBreached(clock.due), *first]


def _remind(clock: Running, reminder: str, at: datetime) -> list[Event]:
    if not clock.runs or clock.breached_at is not None or at > clock.due:
        return []
    return [
        ReminderDue(notice.name, notice.at, clock.due, notice.to, notice.duty_desk)
        for notice in clock.reminders
        if notice.name == reminder and notice.at <= at
    ]


def _climb(clock: Running, rung: str, at: datetime) -> list[Event]:
    if not clock.runs or clock.silent or clock.breached_at is None:
        return []
    ripe = [each for each in clock.rungs if each.at <= at]
    if rung not in [each.name for each in ripe]:
        return []
    wanted = [each.name for each in ripe].index(rung)
    return [_reached(each) for each in ripe[: wanted + 1]]


def _reached(notice: Notice) -> LadderRungReached:
    return LadderRungReached(notice.name, notice.at, notice.to, notice.proposed)  # type: ignore[arg-type]


def _overdue(clock: Running, at: datetime) -> list[Event]:
    if clock.ending is Ending.EXPIRE or not _due_passed(clock, at):
        return []
    return [ClockBreached(clock.due)]


def _due_passed(clock: Running, at: datetime) -> bool:
    return clock.runs and clock.breached_at is None and at > clock.due


def _not_before(clock: Running, at: datetime) -> datetime:
    """The moment of a fact, never before the clock last began to run: another service's clock may lag."""
    return max(instant(at), clock.pauses[-1].end if clock.pauses else clock.started_at)
