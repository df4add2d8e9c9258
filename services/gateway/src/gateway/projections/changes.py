"""Which cases changed, told to every console of this replica that may see them."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from backbone.outbox import Delivered
from gateway.projections.case_queries import units_that_see
from gateway.projections.case_view import CaseView

WAITING: Final = 256
"""Changed cases that wait for one slow console; a case that waits already is not queued twice."""


class Listener:
    """One subscription's queue: bounded, and filtered by unit before anything is queued."""

    def __init__(self, unit: str | None) -> None:
        self._unit = unit
        self._cases: dict[str, None] = {}
        self._wake = asyncio.Event()

    def tell(self, case_id: str, units: frozenset[str]) -> None:
        """Queue a case if it concerns this listener; the oldest gives way when the queue is full."""
        if self._unit is not None and self._unit not in units:
            return
        self._cases[case_id] = None
        if len(self._cases) > WAITING:
            del self._cases[next(iter(self._cases))]
        self._wake.set()

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
    def listening(self, unit: str | None) -> Iterator[Listener]:
        """A listener for a unit's cases (all, if None), from now until the end of the block."""
        listener = Listener(unit)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def applied(self, events: Sequence[Delivered]) -> None:
        """Facts have become visible."""
        if not self._listeners:
            return
        changed = list(dict.fromkeys(event.case_id for event in events))
        async with self._view.connect() as connection:
            units: Mapping[str, frozenset[str]] = await units_that_see(connection, changed)
        for case_id in changed:
            for listener in self._listeners:
                listener.tell(case_id, units[case_id])
