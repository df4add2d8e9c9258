"""Open clocks that other rules would move, from what to what."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import uuid5

from accountability.application.publishing import CLOCK
from accountability.domain.clock import Clock, ClockRecomputed, Recompute, Running
from accountability.domain.clock import decide as decide_clock
from accountability.domain.moments import instant
from accountability.domain.terms import Ending
from backbone.decider import CommandContext
from backbone.eventstore import EventStore


@dataclass(frozen=True, slots=True)
class Move:
    """An open clock that would move, or has moved."""

    clock_id: str
    case_id: str
    kind: str
    unit: str
    old_due: datetime
    due: datetime
    provisional: bool
    would_breach: bool = False
    """Still in time as it is, but its new deadline has passed."""


async def loaded(store: EventStore, clock_id: str) -> Running | None:
    """Where a clock stands."""
    return CLOCK.fold(await store.load(CLOCK.stream(clock_id))).running


def moved(clock_id: str, clock: Running, recompute: Recompute) -> Move | None:
    """What a recomputation would move; None if the deadline stays. Raises ``Refused``."""
    for event in decide_clock(recompute, Clock(clock)):
        if isinstance(event, ClockRecomputed):
            return _described(clock_id, clock, event)
    return None


async def moved_at(store: EventStore, clock_id: str, at: datetime) -> list[Move]:
    """What a calendar published at a moment has moved of a clock."""
    clock, found = CLOCK.initial, []
    for stored in await store.load(CLOCK.stream(clock_id)):
        event = CLOCK.codec.decode(stored.type, stored.data)
        if isinstance(event, ClockRecomputed) and (event.cause, event.at) == ("calendar", at):
            assert clock.running is not None, "a clock's first fact is its start"
            found.append(_described(clock_id, clock.running, event))
        clock = CLOCK.evolve(clock, event, stored.effective_at)
    return [move for move in found if move is not None]


def on_clock(context: CommandContext, clock_id: str) -> CommandContext:
    """The command of one clock among those that one fact moves.

    Named by the clock and not counted: clocks start and end while a reaction is repeated after a crash.
    """
    command_id = uuid5(context.command_id, clock_id)
    return replace(context, command_id=command_id, request_hash=sha256(command_id.bytes).digest())


def _described(clock_id: str, clock: Running, event: ClockRecomputed) -> Move | None:
    deadline = event.schedule.deadline
    if deadline.due == event.old_due and deadline.provisional == clock.deadline.provisional:
        return None  # only the version it rests on is newer
    now = instant(event.at)
    return Move(
        clock_id,
        clock.case_id,
        clock.kind.value,
        clock.unit,
        event.old_due,
        deadline.due,
        deadline.provisional,
        would_breach=clock.runs and clock.ending is Ending.BREACH and deadline.due < now <= event.old_due,
    )
