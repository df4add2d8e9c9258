"""Which cases changed, told to every listener of this replica and to the other replicas."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import orjson

from backbone.jetstream import Broker
from backbone.signals import signal, signals

SUBJECT: Final = "signal.gateway.case-changed"
WAITING: Final = 256
"""Changed cases that wait for one slow listener; a case that waits already is not queued twice."""


class Listener:
    """One subscription's queue: bounded, and filtered by unit before anything is queued."""

    def __init__(self, unit: str | None) -> None:
        self._unit = unit
        self._cases: dict[str, None] = {}
        self._wake = asyncio.Event()

    def tell(self, case_id: str, units: Sequence[str]) -> None:
        """Queue a case if its units concern this listener; the oldest gives way when the queue is full."""
        if self._unit is not None and self._unit not in units:
            return
        self._cases[case_id] = None
        if len(self._cases) > WAITING:
            self._cases.pop(next(iter(self._cases)))
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
    """Fans changes out to the listeners of this replica."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
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

    async def announce(self, changed: Mapping[str, Sequence[str]]) -> None:
        """Tell of changed cases (case id → units that may see it), here at once and elsewhere by signal."""
        self._tell(changed)
        if changed:
            await signal(
                self._broker, SUBJECT, orjson.dumps({case: list(units) for case, units in changed.items()})
            )

    async def run(self, stop: asyncio.Event) -> None:
        """Pass on what other replicas announce, until ``stop`` is set."""
        task = asyncio.create_task(self._follow())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
        finally:
            task.cancel()
            stopping.cancel()
            await asyncio.gather(task, stopping, return_exceptions=True)

    async def _follow(self) -> None:
        async for body in signals(self._broker, SUBJECT):
            self._tell(orjson.loads(body))

    def _tell(self, changed: Mapping[str, Sequence[str]]) -> None:
        for case_id, units in changed.items():
            for listener in self._listeners:
                listener.tell(case_id, units)
