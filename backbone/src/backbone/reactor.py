"""The reactor: turns other services' facts into commands of this one, each exactly once in effect.

Cases run in parallel, the facts of one case in order. A command's id follows from the fact, so a fact that
is delivered again decides nothing again; the position is the low-water mark below which all is dealt with.
A case that fails is parked with its error, one that waits for another log waits, and all others go on.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import structlog
from prometheus_client import Counter

from backbone.decider import CommandContext, merge_positions
from backbone.eventstore import Meta
from backbone.eventstore.postgres import PostgresEventStore
from backbone.jetstream import Broker
from backbone.outbox import Delivered
from backbone.reading import TogetherReader
from backbone.subscription import (
    HELD_CASES,
    LEASE_SECONDS,
    EpochChanged,
    Feed,
    Held,
    OwnerLog,
    Place,
    Places,
    end,
    on_pool,
    patiently,
    rest,
    transient,
)

log = structlog.get_logger()

Contexts = Callable[[int], CommandContext]
"""The context of the n-th command a fact calls for, n from 0."""
React = Callable[[Delivered, Contexts], Awaitable[None]]

PARALLEL = 16
"""Most facts reacted to at the same time, per source."""
WINDOW = 1000
"""Most facts read but not yet dealt with, per source."""
ATTEMPTS = 3
GRACE_SECONDS = 1.0
"""How long a fact waits in memory for another log before its case is set aside."""
SAVE_SECONDS = 0.1
HELD_SECONDS = 0.25
LOOK_SECONDS = 0.02
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
_PAGE = 200
_NAMESPACE = UUID("6f9b6a0e-5d3f-5b8e-9a56-1f0c7d1a52c4")

_reacted = Counter("chuishao_reactions", "Facts reacted to", ["consumer", "source"])


def command_context(consumer: str, service: str, event: Delivered, n: int, at: datetime) -> CommandContext:
    """Identity and cause of the n-th command of a reaction; the same for every delivery of the fact."""
    command_id = uuid5(_NAMESPACE, f"{service}/{consumer}/{event.service}/{event.epoch}/{event.seq}/{n}")
    known = {source: seq for source, seq in event.after.items() if source != service}
    return CommandContext(
        command_id=command_id,
        request_hash=hashlib.sha256(command_id.bytes).digest(),
        meta=Meta(
            actor=f"service:{service}",
            role="service",
            unit=service,
            after=merge_positions(known, {event.service: event.seq}),
            causation=str(event.id),
            correlation=event.correlation or str(event.id),
            traceparent=event.traceparent,
        ),
        at=at,
    )


class Reactor:
    """Follows other services' logs with one ``react`` function; any number of processes may run it.

    Each source is read by the one process that holds its lease.
    """

    def __init__(
        self,
        name: str,
        *,
        service: str,
        sources: Mapping[str, OwnerLog],
        store: PostgresEventStore,
        broker: Broker | None,
        react: React,
        types: frozenset[str] | None = None,
        owner: str | None = None,
        lease: float = LEASE_SECONDS,
        parallel: int = PARALLEL,
        grace: float = GRACE_SECONDS,
    ) -> None:
        """``sources`` gives the log of each followed service; facts of other ``types`` are passed over.

        ``react(event, command)`` performs its effects by ``execute(..., context=command(n))``, n = 0, 1, …
        in a fixed order. A refusal it does not handle parks the case.
        """
        self.name = name
        self.service = service
        self.store = store
        self.broker = broker
        self.react = react
        self.types = types
        self.parallel = parallel
        self.grace = grace
        self._run = on_pool(store.pool)
        self._parked = TogetherReader(self._are_parked)
        self._followers = {
            source: _Follower(
                self,
                source,
                owner_log,
                Places(self._run, name, [source], owner=owner, lease=lease),
            )
            for source, owner_log in sources.items()
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; comes through every failure of broker, database and other services."""
        async with asyncio.TaskGroup() as group:
            for follower in self._followers.values():
                group.create_task(follower.run(stop), name=f"{self.service} {self.name} {follower.source}")

    async def consumed_up_to(self, source: str) -> int:
        """Every fact of ``source`` up to here was reacted to, or its case is held back (``has_parked``)."""
        follower = self._followers[source]
        if follower.position is not None:
            return follower.position
        rows = await self._run(
            "SELECT seq FROM projection WHERE name = $1 AND version = 1 AND source = $2", self.name, source
        )
        return int(rows[0][0]) if rows else 0

    async def reached(self, source: str, seq: int, timeout: float) -> bool:
        """Whether ``source`` is consumed up to ``seq`` within ``timeout`` seconds."""
        deadline = asyncio.get_running_loop().time() + timeout
        while await self.consumed_up_to(source) < seq:
            if asyncio.get_running_loop().time() >= deadline:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True

    async def has_parked(self, case_id: str) -> bool:
        """Whether a fact of the case waits, with an error or for another log."""
        return await self._parked.get(case_id)

    async def _are_parked(self, case_ids: Sequence[str]) -> list[bool]:
        rows = await self._run(
            "SELECT DISTINCT case_id FROM parked WHERE consumer = $1 AND case_id = ANY($2)",
            self.name,
            list(case_ids),
        )
        parked = {case_id for (case_id,) in rows}
        return [case_id in parked for case_id in case_ids]

    async def unmet(self, event: Delivered) -> dict[str, int]:
        """The positions an event waits for: its decision had consumed them, this reactor has not."""
        # The service's own facts count as known, and those of the event's source come before it anyway.
        foreign = {s: seq for s, seq in event.after.items() if s not in (self.service, event.service)}
        return await self.behind(foreign, event.case_id)

    async def behind(self, positions: Mapping[str, int], case_id: str) -> dict[str, int]:
        """Those of the positions that are not consumed, or whose facts of the case are held back."""
        waits: dict[str, int] = {}
        for source, seq in positions.items():
            if source not in self._followers:
                continue
            if await self.consumed_up_to(source) < seq or await self._holds(source, case_id, seq):
                waits[source] = seq
        return waits

    async def _holds(self, source: str, case_id: str, seq: int) -> bool:
        follower = self._followers[source]
        if follower.position is not None:
            held = follower.held.get(case_id)
            return held is not None and held.from_seq <= seq
        rows = await self._run(
            "SELECT 1 FROM parked WHERE consumer = $1 AND source = $2 AND case_id = $3 AND from_seq <= $4",
            self.name,
            source,
            case_id,
            seq,
        )
        return bool(rows)


@dataclass(frozen=True, slots=True)
class _Replay:
    """A held case is tried again with its facts up to ``upto``; those after it are queued behind."""

    upto: int


class _Lane:
    """The facts of one case that are to be dealt with, in order."""

    __slots__ = ("items", "replays", "task")

    def __init__(self) -> None:
        self.items: deque[Delivered | _Replay] = deque()
        self.replays = 0
        self.task: asyncio.Task[None] | None = None


class _Follower:
    """One source of a reactor, read by this process while it holds the lease."""

    def __init__(self, reactor: Reactor, source: str, owner_log: OwnerLog, places: Places) -> None:
        self.source = source
        self.position: int | None = None
        """The low-water mark; None while another process reads."""
        self.held: dict[str, Held] = {}
        self._reactor = reactor
        self._log = owner_log
        self._places = places
        self._place = Place(0, None, 0)
        self._feed: Feed | None = None
        self._moving = asyncio.Lock()
        self._failed: asyncio.Future[None] | None = None
        self._dispatched = 0
        self._done: set[int] = set()
        self._room = asyncio.Semaphore(WINDOW)
        self._parallel = asyncio.Semaphore(reactor.parallel)
        self._lanes: dict[str, _Lane] = {}

    async def run(self, stop: asyncio.Event) -> None:
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                await self._places.ensure()
                claimed = await self._places.claim()
                if claimed is None:
                    await rest(stop, self._places.lease / 4)
                    continue
                await self._lead(claimed[self.source], stop)
                pause = FIRST_PAUSE
            except Exception as error:
                log.warning(
                    "reactor begins again", consumer=self._places.name, source=self.source, exc_info=error
                )
                await rest(stop, pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _lead(self, place: Place, stop: asyncio.Event) -> None:
        """Read and react until ``stop`` is set or something fails; then nothing is left running."""
        self._place = place
        failed = self._failed = asyncio.get_running_loop().create_future()
        self._dispatched = place.seq
        self._done.clear()
        self._room = asyncio.Semaphore(WINDOW)
        self.held = {
            case_id: held
            for (source, case_id), held in (await self._places.held()).items()
            if source == self.source
        }
        self.position = place.seq
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._read()),
            asyncio.create_task(self._save()),
            asyncio.create_task(self._mind_held()),
            asyncio.create_task(stop.wait()),
        ]
        try:
            done, _ = await asyncio.wait([*tasks, failed], return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                ended.result()
        finally:
            await end(*tasks, *(lane.task for lane in self._lanes.values() if lane.task is not None))
            self._lanes.clear()
            if failed.done():
                failed.exception()
            with suppress(Exception):
                await self._save_once()
                await self._places.release({self.source: self._place})
            self.position = None

    async def _read(self) -> None:
        while True:
            self._feed = feed = Feed(
                self._reactor.broker,
                self._log,
                self.source,
                consumer=self._places.name,
                position=self._dispatched,
                epoch=self._place.epoch,
            )
            try:
                while True:
                    events = await feed.next()
                    if self._place.epoch is None:
                        await self._move(epoch=feed.epoch)
                    for event in events:
                        await self._room.acquire()
                        self._dispatch(event)
            except EpochChanged as changed:
                await self._branch_off(changed)
            finally:
                await feed.close()

    async def _branch_off(self, changed: EpochChanged) -> None:
        """The owner was restored: what came after the branch is gone there, and its successors are read."""
        await asyncio.gather(*(lane.task for lane in self._lanes.values() if lane.task is not None))
        assert self.position is not None
        await self._move(seq=min(self.position, changed.branch), epoch=changed.epoch)
        self._done.clear()
        self._dispatched = self.position = self._place.seq
        for held in list(self.held.values()):
            if held.from_seq > changed.branch:
                await self._drop(held)

    def _dispatch(self, event: Delivered) -> None:
        self._dispatched = event.seq
        types = self._reactor.types
        if types is not None and event.type not in types:
            self._finish(event.seq)
        else:
            self._queue(event.case_id, event)

    def _queue(self, case_id: str, item: Delivered | _Replay) -> None:
        lane = self._lanes.setdefault(case_id, _Lane())
        lane.items.append(item)
        if lane.task is None:
            lane.task = asyncio.create_task(self._work(case_id, lane))

    async def _work(self, case_id: str, lane: _Lane) -> None:
        try:
            while lane.items:
                item = lane.items.popleft()
                if isinstance(item, _Replay):
                    await self._replay(case_id, item.upto)
                    lane.replays -= 1
                else:
                    # A held case keeps its later facts back: they are read again when it is let go.
                    if case_id not in self.held:
                        await self._perform(item)
                    self._finish(item.seq)
            del self._lanes[case_id]
        except Exception as error:
            # The lane stays, so that no later fact of the case passes this one until all is begun anew.
            if self._failed is not None and not self._failed.done():
                self._failed.set_exception(error)

    def _finish(self, seq: int) -> None:
        assert self.position is not None
        self._room.release()
        self._done.add(seq)
        while self.position + 1 in self._done:
            self.position += 1
            self._done.remove(self.position)

    async def _perform(self, event: Delivered) -> bool:
        """React to a fact, or hold its case back; whether the case may go on."""
        waits = await self._wait(event)
        if waits:
            await self._hold(Held(self.source, event.case_id, event.seq, "waiting", waits, None, 0))
            return False
        error = await self._attempt(event)
        if error is None:
            return True
        before = self.held.get(event.case_id)
        attempts = 1 + (before.attempts if before is not None else 0)
        told = f"{type(error).__name__}: {error}"[:2000]
        await self._hold(Held(self.source, event.case_id, event.seq, "parked", {}, told, attempts))
        return False

    async def _wait(self, event: Delivered) -> dict[str, int]:
        waits = await patiently(lambda: self._reactor.unmet(event))
        deadline = asyncio.get_running_loop().time() + self._reactor.grace
        while waits and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
            waits = await patiently(lambda: self._reactor.unmet(event))
        return waits

    async def _attempt(self, event: Delivered) -> Exception | None:
        """The error that came three times, or None; failures of the world are waited out."""
        tried, pause = 0, FIRST_PAUSE
        while True:
            try:
                async with self._parallel:
                    await self._reactor.react(event, await self._contexts(event))
                _reacted.labels(self._places.name, self.source).inc()
                return None
            except Exception as error:
                if not transient(error):
                    tried += 1
                    if tried == ATTEMPTS:
                        log.error(
                            "case parked",
                            consumer=self._places.name,
                            source=self.source,
                            case=event.case_id,
                            seq=event.seq,
                            type=event.type,
                            exc_info=error,
                        )
                        return error
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _contexts(self, event: Delivered) -> Contexts:
        at = await self._reactor.store.now()
        return lambda n: command_context(self._places.name, self._reactor.service, event, n, at)

    async def _replay(self, case_id: str, upto: int) -> None:
        """Go on with a held case from where it stopped; the facts behind ``upto`` are in the lane."""
        while (held := self.held.get(case_id)) is not None:
            after = held.from_seq - 1
            try:
                events = await self._log.published(after, _PAGE, case_id)
            except Exception as error:
                if transient(error):
                    return
                raise
            for event in events:
                if event.seq > upto:
                    break
                wanted = self._reactor.types is None or event.type in self._reactor.types
                if wanted and not await self._perform(event):
                    return
                after = event.seq
            if len(events) < _PAGE or events[-1].seq > upto:
                await self._drop(held)
            else:
                await self._hold(replace(held, from_seq=after + 1, reason="replay", waits_for={}))

    async def _hold(self, held: Held) -> None:
        await patiently(lambda: self._places.hold(held, self._place.lease_epoch))
        self.held[held.case_id] = held
        HELD_CASES.labels(self._places.name, self.source).set(len(self.held))

    async def _drop(self, held: Held) -> None:
        await patiently(lambda: self._places.let_go(held, self._place.lease_epoch))
        self.held.pop(held.case_id, None)
        HELD_CASES.labels(self._places.name, self.source).set(len(self.held))

    async def _mind_held(self) -> None:
        """Try held cases again when what they wait for has come, or when the operator says so."""
        while True:
            HELD_CASES.labels(self._places.name, self.source).set(len(self.held))
            await asyncio.sleep(HELD_SECONDS)
            if not self.held:
                continue
            stored = await patiently(self._places.held)
            for case_id, held in list(self.held.items()):
                lane = self._lanes.get(case_id)
                if lane is not None and lane.replays:
                    continue
                now = stored.get((self.source, case_id))
                asked = now is not None and now.reason == "replay"
                if asked or (held.reason == "waiting" and not await self._behind(held)):
                    self._queue(case_id, _Replay(self._dispatched))
                    self._lanes[case_id].replays += 1

    async def _behind(self, held: Held) -> dict[str, int]:
        return await patiently(lambda: self._reactor.behind(held.waits_for, held.case_id))

    async def _save(self) -> None:
        """Store the low-water mark and keep the lease; ends with ``Fenced`` when it is lost."""
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while True:
            await asyncio.sleep(SAVE_SECONDS)
            await patiently(self._save_once)
            if self._feed is not None and self.position is not None:
                self._feed.count_lag(self.position)
            if loop.time() - renewed > self._places.lease / 3:
                await patiently(lambda: self._places.renew({self.source: self._place}))
                renewed = loop.time()

    async def _save_once(self) -> None:
        position = self.position
        if position is not None and position > self._place.seq:
            await self._move(seq=position)

    async def _move(self, *, seq: int | None = None, epoch: UUID | None = None) -> None:
        async with self._moving:
            old = self._place
            new = replace(old, seq=old.seq if seq is None else seq, epoch=epoch or old.epoch)
            await self._places.advance(self.source, old, new)
            self._place = new
