"""Clocks that fall due: nothing is called a breach before every source was asked and consumed."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol
from uuid import uuid5

from accountability.application.publishing import CLOCK
from accountability.application.publishing_parkings import PARKING
from accountability.application.publishing_supervision import SUPERVISION
from accountability.domain.clock import DUE, FallDue, MarkOverdueUnconfirmed, Running, fired
from accountability.domain.supervision.commands import NoteReplyDue
from accountability.domain.supervision.replying import PREFIX, color_of
from accountability.domain.terms import ClockKind
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore, Head

CATCH_UP_SECONDS: Final = 5.0
"""How long a due clock waits for facts that were recorded before it fell due."""
PAUSE_SECONDS: Final = 0.5
"""How long a source that did not vouch is left alone, however many clocks are due."""


class Source(Protocol):
    """A service whose facts stop clocks."""

    async def head(self) -> Head:
        """Its published head and its clock; raises when it cannot be asked."""
        ...

    async def reached(self, seq: int, timeout: float) -> bool:
        """Whether its facts up to ``seq`` have been consumed here within the timeout (seconds)."""
        ...

    async def parked(self, case_id: str) -> bool:
        """Whether a fact of this case waits unconsumed."""
        ...


_STAND_STILL: Final = (ClockKind.C5, ClockKind.C8)
"""The clocks that parking pauses."""
_PARKS: Final = "routing"
"""Who answers whether a whistle whose parking is approved stands still."""


class SourcesUnconfirmed(Exception):
    """A source could not be asked or its facts are not consumed yet; the timer tries again later."""

    def __init__(self, sources: tuple[str, ...]) -> None:
        super().__init__(", ".join(sources))
        self.sources = sources


class LagGuard:
    """Knows until when the facts of each source are certainly consumed."""

    def __init__(self, sources: Mapping[str, Source], clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` counts seconds between questions to a source that did not vouch."""
        self._sources, self._clock = sources, clock
        self._confirmed: dict[str, datetime] = {}
        self._ask_again: dict[str, float] = {}
        self._locks = {name: asyncio.Lock() for name in sources}

    async def confirm(self, case_id: str, moment: datetime) -> tuple[str, ...]:
        """The sources that cannot vouch for all facts up to ``moment``; empty when all can.

        One question to a source vouches for every clock that fell due before its answer.
        """
        lacking = await asyncio.gather(
            *(self._lacks(name, source, case_id, moment) for name, source in self._sources.items())
        )
        return tuple(name for name, lacks in zip(self._sources, lacking, strict=True) if lacks)

    async def _lacks(self, name: str, source: Source, case_id: str, moment: datetime) -> bool:
        async with self._locks[name]:
            known = self._confirmed.get(name)
            if known is None or known < moment:
                if self._clock() < self._ask_again.get(name, float("-inf")):
                    return True
                confirmed = await self._ask(source)
                if confirmed is None or confirmed < moment:
                    self._ask_again[name] = self._clock() + PAUSE_SECONDS
                    return True
                self._confirmed[name] = confirmed
        return await source.parked(case_id)

    async def _ask(self, source: Source) -> datetime | None:
        """Until when the source's facts are consumed here; None if it cannot be said."""
        try:
            head = await source.head()
            return head.now if await source.reached(head.seq, CATCH_UP_SECONDS) else None
        except Exception:
            return None  # whatever keeps it from answering: no answer, no breach


class Detector:
    """Fires the timers of clocks through their ledger, and those of replies through their matter."""

    def __init__(self, store: EventStore, guard: LagGuard) -> None:
        self._store, self._guard = store, guard

    async def fire(self, key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        """Carry out a timer of clock or matter ``key``; ``SourcesUnconfirmed`` has it come again.

        ``gen`` is part of the context's command id already.
        """
        if name == DUE:
            await self._fall_due(key, due_at, context)
        elif name.startswith(PREFIX):
            noted = NoteReplyDue(color_of(name), await self._store.now())
            await execute(self._store, SUPERVISION, key, noted, context)
        else:
            await execute(self._store, CLOCK, key, fired(name, await self._store.now()), context)

    async def _fall_due(self, key: str, due_at: datetime, context: CommandContext) -> None:
        clock = CLOCK.fold(await self._store.load(CLOCK.stream(key)))
        if clock.running is None or not clock.running.runs:
            return
        lacking = await self._guard.confirm(clock.running.case_id, due_at)
        if not lacking and await self._may_stand_still(clock.running):
            lacking = (_PARKS,)
        if not lacking:
            await execute(self._store, CLOCK, key, FallDue(await self._store.now()), context)
            return
        # A command of its own: the firing itself keeps its id for when the sources have answered.
        unconfirmed = replace(context, command_id=uuid5(context.command_id, "unconfirmed"))
        mark = MarkOverdueUnconfirmed(due_at, lacking)
        await execute(self._store, CLOCK, key, mark, unconfirmed)
        raise SourcesUnconfirmed(lacking)

    async def _may_stand_still(self, clock: Running) -> bool:
        """Whether it would have been paused before it fell due, if only routing has not been too late."""
        if clock.kind not in _STAND_STILL:
            return False
        history = await self._store.load(PARKING.stream(clock.case_id))
        return bool(history) and PARKING.fold(history).unanswered
