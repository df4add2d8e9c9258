"""Which cases changed, told to every console of this replica that may see them."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from backbone.outbox import Delivered
from gateway.projections.case_queries import units_that_see
from gateway.projections.case_view import CaseView

WAITING: Final = 256
"""Changed cases that wait for one slow console; a case that waits already is not queued twice."""


class Listener:
    """One subscription's queue: bounded, and filtered by unit and kind of fact before anything is queued."""

    def __init__(self, unit: str | None, types: Collection[str] | None) -> None:
        self._unit, self._types = unit, types
        self._cases: dict[str, None] = {}
        self._wake = asyncio.Event()
        self.missed = False
        """The console was too slow and a change gave way; whoever reads this sets it back."""

    def tell(self, case_id: str, units: frozenset[str], types: Collection[str]) -> None:
        """Queue a case if it concerns this listener; the oldest gives way when the queue is full."""
        if self._unit is not None and self._unit not in units:
            return
        if self._types is not None and not any(each in self._types for each in types):
            return
        self._cases[case_id] = None
        if len(self._cases) > WAITING:
            del self._cases[next(iter(self._cases))]
            self.missed = True
        self._wake.set()

    @property
    def idle(self) -> bool:
        """Whether nothing waits."""
        return not self._cases

    async def cases(self) -> AsyncIterator[str]:
        """Changed cases, as they come."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._cases:
                case_id = next(iter(self._cases))
                del self._cases[case_id]
                yield case_id


class CaseChanges:
    """Fans changes out; every replica follows the logs, so nobody has to tell another."""

    def __init__(self, view: CaseView) -> None:
        self._view = view
        self._listeners: set[Listener] = set()

    @contextmanager
    def listening(self, unit: str | None, types: Collection[str] | None = None) -> Iterator[Listener]:
        """A listener for a unit's cases (all, if None) and some types of fact, until the end of the block."""
        listener = Listener(unit, types)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    @property
    def listeners(self) -> int:
        """How many subscriptions are open on this replica."""
        return len(self._listeners)

    async def applied(self, events: Sequence[Delivered]) -> None:
        """Facts have become visible."""
        if not self._listeners:
            return
        types: dict[str, set[str]] = {}
        for event in events:
            types.setdefault(event.case_id, set()).add(event.type)
        async with self._view.connect() as connection:
            units: Mapping[str, frozenset[str]] = await units_that_see(connection, list(types))
        for case_id, told in types.items():
            for listener in self._listeners:
                listener.tell(case_id, units[case_id], told)
