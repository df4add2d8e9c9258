"""Which clocks start, stop, pause and end with the facts of other services."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from accountability.application.following import (
    corrections,
    duties,
    joining,
    letters,
    parkings,
    records,
    successions,
    ways_back,
    whistles,
)
from accountability.application.following.handlings import consequence_of
from accountability.application.following.reading import Effect, Handler, Reading
from accountability.application.publishing import CLOCK
from accountability.application.publishing_parkings import EXTENSION, HANDLING, PARKING
from accountability.application.rules import Rules
from accountability.domain.clock import VoidClock
from backbone.decider import Aggregate, CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import REGISTER, accountability, routing

HANDLERS: Final[Mapping[str, Handler]] = {
    **whistles.HANDLERS,
    **ways_back.HANDLERS,
    **duties.HANDLERS,
    **letters.HANDLERS,
    **successions.HANDLERS,
    **records.HANDLERS,
    **corrections.HANDLERS,
    **joining.HANDLERS,
}
"""Fact → what it calls for; the other facts call for nothing."""
_ENDINGS: Final = {
    routing.DispatchClosed.NAME: "whistle-closed",
    routing.DispatchWithdrawn.NAME: "withdrawn",
    routing.WhistleNotAccepted.NAME: "not-accepted",
    routing.WhistleMerged.NAME: "merged",
}
"""What ends a whistle, and why its clocks are void from then on."""
_FIRST_OF_CLOCKS: Final = 3
"""The first commands of a fact are those on handling, parking and extension."""


class Follower:
    """Turns foreign facts into commands, on clocks most of all; a fact that comes again changes nothing."""

    def __init__(self, store: EventStore, rules: Rules) -> None:
        self._store, self._rules = store, rules

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Carry out what a fact calls for; the clocks of one fact are independent streams."""
        await self._note(event, command)
        effects = await self._standing_still(event)
        handler = HANDLERS.get(event.type)
        if handler is not None:
            reading = Reading(event, await self._rules.current())
            effects += handler(reading, REGISTER[event.type].model_validate(event.data))
        if event.type in _ENDINGS:
            effects += await self._left_running(event, _ENDINGS[event.type])
        await asyncio.gather(
            *(
                execute(self._store, CLOCK, each.clock, each.command, command(number))
                for number, each in enumerate(effects, _FIRST_OF_CLOCKS)
            )
        )

    async def _note(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Where the whistle stands, and what that makes of an application that is open."""
        meant = consequence_of(event)
        wanted: tuple[tuple[Aggregate[Any, Any, Any], Any], ...] = (
            (HANDLING, meant.handling),
            (PARKING, meant.parking),
            (EXTENSION, meant.extension),
        )
        for number, (aggregate, noted) in enumerate(wanted):
            follows = noted is not None
            if follows and aggregate is not HANDLING:  # most whistles are never parked or extended
                follows = bool(await self._store.load(aggregate.stream(event.case_id)))
            if follows:
                await execute(self._store, aggregate, event.case_id, noted, command(number))

    async def _standing_still(self, event: Delivered) -> list[Effect]:
        """What parking does to clocks; how it was applied for is accountability's own to know."""
        if event.type not in (routing.DispatchParked.NAME, routing.DispatchUnparked.NAME):
            return []
        reading = Reading(event, await self._rules.current())
        parking = PARKING.fold(await self._store.load(PARKING.stream(event.case_id)))
        if event.type == routing.DispatchParked.NAME:
            return list(parkings.parked(reading, routing.DispatchParked.model_validate(event.data), parking))
        return list(parkings.unparked(reading, routing.DispatchUnparked.model_validate(event.data), parking))

    async def _left_running(self, event: Delivered, reason: str) -> list[Effect]:
        """What an ended whistle leaves running is void: nobody waits for it any more."""
        void = VoidClock(event.effective_at, reason)
        effects = []
        for row in await self._store.published(0, limit=10_000, case_id=event.case_id):
            if row.type == accountability.ClockStarted.NAME:
                started = accountability.ClockStarted.model_validate_json(row.data)
                effects.append(Effect(started.clock_id, void))
        return effects
