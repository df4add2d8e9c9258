"""Which clocks start, stop, pause and end with the facts of other services."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from accountability.application.following import duties, letters, records, ways_back, whistles
from accountability.application.following.reading import Effect, Handler, Reading
from accountability.application.publishing import CLOCK
from accountability.application.rules import Rules
from accountability.domain.clock import VoidClock
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import REGISTER, accountability, routing

HANDLERS: Final[Mapping[str, Handler]] = {
    **whistles.HANDLERS,
    **ways_back.HANDLERS,
    **duties.HANDLERS,
    **letters.HANDLERS,
    **records.HANDLERS,
}
"""Fact → what it calls for; the other facts call for nothing."""
_ENDINGS: Final = {
    routing.DispatchClosed.NAME: "whistle-closed",
    routing.DispatchWithdrawn.NAME: "withdrawn",
    routing.WhistleNotAccepted.NAME: "not-accepted",
}
"""What ends a whistle, and why its clocks are void from then on."""


class Follower:
    """Turns foreign facts into commands on clocks; a fact that comes again changes nothing."""

    def __init__(self, store: EventStore, rules: Rules) -> None:
        self._store, self._rules = store, rules

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Carry out what a fact calls for; the clocks of one fact are independent streams."""
        effects: list[Effect] = []
        handler = HANDLERS.get(event.type)
        if handler is not None:
            reading = Reading(event, await self._rules.current())
            effects += handler(reading, REGISTER[event.type].model_validate(event.data))
        if event.type in _ENDINGS:
            effects += await self._left_running(event, _ENDINGS[event.type])
        await asyncio.gather(
            *(
                execute(self._store, CLOCK, each.clock, each.command, command(number))
                for number, each in enumerate(effects)
            )
        )

    async def _left_running(self, event: Delivered, reason: str) -> list[Effect]:
        """What an ended whistle leaves running is void: nobody waits for it any more."""
        void = VoidClock(event.effective_at, reason)
        effects = []
        for row in await self._store.published(0, limit=10_000, case_id=event.case_id):
            if row.type == accountability.ClockStarted.NAME:
                started = accountability.ClockStarted.model_validate_json(row.data)
                effects.append(Effect(started.clock_id, void))
        return effects
