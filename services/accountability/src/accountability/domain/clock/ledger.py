"""时限台账: where a clock stands, folded from its facts alone."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from accountability.domain.clock.events import (
    BreachAnnulled,
    ClockBreached,
    ClockExpired,
    ClockExtended,
    ClockOverdueUnconfirmed,
    ClockPaused,
    ClockRecomputed,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    ClockSuperseded,
    ClockVoided,
    Event,
    LadderRungReached,
    Outcome,
    ReminderDue,
    Schedule,
)
from accountability.domain.moments import instant
from accountability.domain.reminders import Notice
from accountability.domain.terms import ClockKind, Ending, Profile
from accountability.domain.working_time import Deadline, Limit, Pause


@dataclass(frozen=True, slots=True)
class Extension:
    """A granted extension."""

    at: datetime
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Running:
    """What a started clock is and where it stands."""

    kind: ClockKind
    case_id: str
    subject: str
    unit: str
    cycle: int
    profile: Profile
    started_at: datetime
    base: Limit
    """The limit without extensions."""
    limit_decided: bool
    ending: Ending
    cap: datetime | None
    schedule: Schedule
    reminders: tuple[Notice, ...]
    """Still to come."""
    rungs: tuple[Notice, ...]
    """Not reached yet."""
    timer_names: frozenset[str]
    """Every timer that may have been set."""
    silent: bool
    """Neither reminders nor ladder."""
    recorded: bool
    scope: str = ""
    pauses: tuple[Pause, ...] = ()
    pause_reasons: tuple[str, ...] = ()
    paused_at: datetime | None = None
    extensions: tuple[Extension, ...] = ()
    reached: tuple[str, ...] = ()
    breached_at: datetime | None = None
    unconfirmed: bool = False
    expired_at: datetime | None = None
    stopped_at: datetime | None = None
    outcome: Outcome | None = None
    voided_at: datetime | None = None

    @property
    def deadline(self) -> Deadline:
        """The deadline as last computed; while the clock is paused, as it stood when the pause began."""
        return self.schedule.deadline

    @property
    def due(self) -> datetime:
        """The instant after whose second a breach is stated."""
        return self.schedule.deadline.due

    @property
    def limit(self) -> Limit:
        """The limit with its extensions."""
        return Limit(self.base.unit, self.base.amount + sum(each.amount for each in self.extensions))

    @property
    def ended(self) -> bool:
        """Stopped, expired or voided."""
        return not (self.stopped_at is None and self.expired_at is None and self.voided_at is None)

    @property
    def runs(self) -> bool:
        """Neither ended nor paused; a breached clock runs on until it is stopped."""
        return not self.ended and self.paused_at is None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock; ``running`` is None before its start."""

    running: Running | None = None


INITIAL = Clock()


def evolve(clock: Clock, event: Event, at: datetime) -> Clock:
    """The clock after a fact; the facts carry their own times, ``at`` is not needed."""
    if isinstance(event, ClockStarted):
        return Clock(_started(event))
    assert clock.running is not None, "a clock's first fact is its start"
    return Clock(_after(clock.running, event))


def _started(event: ClockStarted) -> Running:
    return Running(
        kind=event.kind,
        case_id=event.case_id,
        subject=event.subject,
        unit=event.unit,
        cycle=event.cycle,
        profile=event.profile,
        started_at=event.started_at,
        base=event.limit,
        limit_decided=event.limit_decided,
        ending=event.ending,
        cap=event.cap,
        schedule=event.schedule,
        reminders=event.schedule.reminders,
        rungs=event.schedule.rungs,
        timer_names=_names(event.schedule),
        silent=event.recorded,
        recorded=event.recorded,
        scope=event.scope,
    )


def _after(clock: Running, event: Event) -> Running:
    match event:
        case ClockStarted():
            return clock
        case ClockPaused(at, reason):
            return replace(clock, paused_at=at, pause_reasons=(*clock.pause_reasons, reason))
        case ClockResumed(at, _, schedule, figures_only):
            begin = clock.paused_at or at
            clock = replace(clock, pauses=(*clock.pauses, Pause(begin, at)), paused_at=None)
            return replace(_scheduled(clock, schedule), silent=clock.silent or figures_only)
        case ClockExtended(at, amount, reason, _, schedule):
            extensions = (*clock.extensions, Extension(at, amount, reason))
            return _scheduled(replace(clock, extensions=extensions), schedule)
        case ClockSuperseded():
            pauses, paused_at = paused_from(clock, event.pause)
            corrected = replace(
                clock,
                started_at=event.started_at,
                stopped_at=event.stopped_at,
                outcome=event.outcome,
                pauses=pauses,
                paused_at=paused_at,
            )
            return _scheduled(corrected, event.schedule)
        case ClockRecomputed(_, _, _, limit, schedule, outcome, profile, unit):
            computed = replace(
                clock,
                base=limit,
                outcome=outcome or clock.outcome,
                profile=profile or clock.profile,
                unit=unit or clock.unit,
            )
            return _scheduled(computed, schedule)
        case ClockStopped(at, outcome, _):
            return replace(clock, stopped_at=at, outcome=outcome)
        case ClockVoided(at, _):
            return replace(clock, voided_at=at)
        case ClockBreached(breached_at):
            return replace(clock, breached_at=breached_at, unconfirmed=False, reminders=())
        case BreachAnnulled():
            return replace(clock, breached_at=None)
        case ClockExpired(expired_at):
            return replace(clock, expired_at=expired_at, unconfirmed=False)
        case ClockOverdueUnconfirmed():
            return replace(clock, unconfirmed=True)
        case ReminderDue(reminder):
            return replace(clock, reminders=tuple(each for each in clock.reminders if each.name != reminder))
        case LadderRungReached(rung):
            rungs = tuple(each for each in clock.rungs if each.name != rung)
            return replace(clock, rungs=rungs, reached=(*clock.reached, rung))
        case _:
            assert_never(event)


def paused_from(
    clock: Running, pause: tuple[datetime, datetime] | None
) -> tuple[tuple[Pause, ...], datetime | None]:
    """The pauses, and since when it stands still, with the begin of one of them corrected."""
    if pause is None:
        return clock.pauses, clock.paused_at
    old, new = (instant(each) for each in pause)
    pauses = tuple(Pause(new, each.end) if each.begin == old else each for each in clock.pauses)
    return pauses, new if clock.paused_at == old else clock.paused_at


def _scheduled(clock: Running, schedule: Schedule) -> Running:
    return replace(
        clock,
        schedule=schedule,
        reminders=schedule.reminders,
        rungs=tuple(rung for rung in schedule.rungs if rung.name not in clock.reached),
        timer_names=clock.timer_names | _names(schedule),
        unconfirmed=False,
    )


def _names(schedule: Schedule) -> frozenset[str]:
    return frozenset(notice.name for notice in (*schedule.reminders, *schedule.rungs))
