"""What accountability's own facts call for: clocks of its decisions, and decisions of its clocks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from accountability.application.following.parkings import review
from accountability.application.following.reading import OFFICE, Effect, Reading
from accountability.application.publishing import CLOCK, clock_id
from accountability.application.publishing_parkings import EXTENSION, HANDLING, PARKING
from accountability.application.rules import Rules
from accountability.domain.clock import ExtendClock, VoidClock
from accountability.domain.extension.commands import NoteOvertaken, NoteUndecided
from accountability.domain.moments import SECOND
from accountability.domain.parking.commands import EndAtSunset
from accountability.domain.refusals import Refused
from accountability.domain.terms import ClockKind
from backbone.decider import Aggregate, CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import REGISTER
from contracts.events import accountability as published

FOLLOWED: Final = frozenset(
    {
        published.ClockExpired.NAME,
        published.ClockBreached.NAME,
        published.ParkingReviewed.NAME,
        published.ExtensionAppliedFor.NAME,
        published.ExtensionGranted.NAME,
        published.ExtensionRefused.NAME,
        published.ExtensionLeftUndecided.NAME,
        published.ExtensionLapsed.NAME,
    }
)
"""The types that may call for a command."""
Contexts = Callable[[int], CommandContext]


class Decisions:
    """Follows accountability's own log; a fact that comes again changes nothing."""

    def __init__(self, store: EventStore, rules: Rules) -> None:
        self._store, self._rules = store, rules

    async def react(self, event: Delivered, command: Contexts) -> None:
        """Carry out what a fact calls for, if anything."""
        if event.type not in FOLLOWED:
            return
        fact: Any = REGISTER[event.type].model_validate(event.data)
        reading = Reading(event, await self._rules.current())
        match fact:
            case published.ClockExpired():
                await self._expired(fact, command)
            case published.ClockBreached():
                await self._breached(fact, command)
            case published.ParkingReviewed():
                await self._reviewed(fact, reading, command)
            case published.ExtensionAppliedFor(number=number):
                await self._carry_out(reading.start(ClockKind.C11, OFFICE, cycle=number), command(0))
            case published.ExtensionGranted():
                await self._granted(fact, reading, command)
            case published.ExtensionRefused(number=number):
                await self._carry_out(reading.stop(ClockKind.C11, cycle=number), command(0))
            case published.ExtensionLeftUndecided():
                await self._carry_out(_undecided(fact, reading), command(0))
            case published.ExtensionLapsed(number=number):
                void = reading.on(ClockKind.C11, VoidClock(reading.at, "extension-lapsed"), cycle=number)
                await self._carry_out(void, command(0))

    async def _expired(self, fact: published.ClockExpired, command: Contexts) -> None:
        """C16: the parking has reached its day."""
        if fact.kind == "C16":
            ended = EndAtSunset(fact.cycle, fact.expired_at)
            await execute(self._store, PARKING, fact.case_id, ended, command(0))

    async def _breached(self, fact: published.ClockBreached, command: Contexts) -> None:
        """Nobody decided before C11 ran out, or before the clock did that was to be longer."""
        if fact.kind not in ("C5", "C11"):
            return
        extension = await self._load(EXTENSION, fact.case_id)
        if extension.applied is None:
            return
        deciding = clock_id(fact.case_id, ClockKind.C11, fact.case_id, extension.number)
        if fact.clock_id == deciding:
            undecided = NoteUndecided("decision-overdue", fact.breached_at)
        elif fact.clock_id == extension.applied.clock_id:
            undecided = NoteUndecided("clock-overdue", fact.breached_at)
        else:
            return
        await execute(self._store, EXTENSION, fact.case_id, undecided, command(0))

    async def _reviewed(self, fact: published.ParkingReviewed, reading: Reading, command: Contexts) -> None:
        parking, handling = await self._load(PARKING, fact.case_id), await self._load(HANDLING, fact.case_id)
        await self._carry_out(reading.stop(ClockKind.C9, cycle=fact.round), command(0))
        if parking.number != fact.number or parking.round != fact.round + 1:
            return  # it has ended, or was reviewed again
        for effect in review(reading, parking, fact.round + 1, handling.lead):
            await self._carry_out(effect, command(1))

    async def _granted(self, fact: published.ExtensionGranted, reading: Reading, command: Contexts) -> None:
        """More time, unless there is no clock left to give it to."""
        await self._carry_out(reading.stop(ClockKind.C11, cycle=fact.number), command(0))
        reason = "extension-granted-above" if fact.second else "extension-granted"
        longer = ExtendClock(fact.at, fact.amount, reason, reading.book)
        try:
            await self._carry_out(Effect(fact.clock_id, longer), command(1))
        except Refused:
            lapsed = NoteOvertaken("clock-stopped", fact.number)
            await execute(self._store, EXTENSION, fact.case_id, lapsed, command(2))

    async def _carry_out(self, effect: Effect, context: CommandContext) -> None:
        await execute(self._store, CLOCK, effect.clock, effect.command, context)

    async def _load(self, aggregate: Aggregate[Any, Any, Any], case: str) -> Any:
        return aggregate.fold(await self._store.load(aggregate.stream(case)))


def _undecided(fact: published.ExtensionLeftUndecided, reading: Reading) -> Effect:
    """C11 counts against the office only where it had run out itself."""
    if fact.cause == "decision-overdue":
        return reading.stop(ClockKind.C11, cycle=fact.number)
    moot: datetime = fact.at + SECOND
    return reading.on(ClockKind.C11, VoidClock(moot, "extension-lapsed"), cycle=fact.number)
