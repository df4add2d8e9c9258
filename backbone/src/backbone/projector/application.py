"""Applying the facts of several logs to one version of a read model, in an order that causes never break."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backbone.jetstream import Broker
from backbone.outbox import Delivered
from backbone.subscription import (
    HELD_CASES,
    Feed,
    Held,
    OwnerLog,
    Place,
    Places,
    end,
    on_connection,
    patiently,
    transient,
)
from backbone.subscription.patience import FIRST_PAUSE, LONGEST_PAUSE

log = structlog.get_logger()

Apply = Callable[[AsyncConnection, Delivered], Awaitable[None]]
"""Writes what a fact means, on a connection inside the transaction that moves the position."""
ApplyMany = Callable[[AsyncConnection, Sequence[Delivered]], Awaitable[None]]
"""The same for several facts in order, in fewer statements; when it fails they are applied one by one."""
Applied = Callable[[Sequence[Delivered]], Awaitable[None]]
"""Told what has become visible, outside the transaction."""

BATCH = 500
"""Most facts per transaction."""
BATCH_SECONDS = 0.02
"""No further fact is applied in a transaction that is as old as this."""
BUFFER = 1000
"""Most facts read ahead per source."""
ATTEMPTS = 3
TOGETHER = 100
"""Most facts handed over at once."""
GRACE_SECONDS = 1.0
"""How long a source waits for another one before the case of its next fact is set aside."""
HELD_SECONDS = 0.25
_PAGE = 200


class _Failed(Exception):
    """Applying a fact failed."""

    def __init__(self, event: Delivered, error: Exception) -> None:
        super().__init__(event.seq)
        self.event, self.error = event, error


class _FailedTogether(Exception):
    """Applying several facts at once failed; which of them it was is not known yet."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


@dataclass(slots=True)
class _Step:
    """A fact that is next, and why its case is set aside with it, if it is."""

    event: Delivered
    hold: Held | None = None
    skip: bool = False
    """Its case waits already: only the position moves."""


class Application:
    """One version under one lease: reads the sources ahead and applies them, one transaction at a time."""

    def __init__(
        self,
        places: Places,
        claimed: Mapping[str, Place],
        held: Mapping[tuple[str, str], Held],
        engine: AsyncEngine,
        logs: Mapping[str, OwnerLog],
        broker: Broker | None,
        apply: Apply,
        applied: Applied | None,
        grace: float = GRACE_SECONDS,
        apply_many: ApplyMany | None = None,
    ) -> None:
        """``engine`` leads to the version's tables; without ``broker`` the owners' logs alone are read."""
        self.positions = {source: place.seq for source, place in claimed.items()}
        """Committed positions."""
        self._places = places
        self._place = dict(claimed)
        self._held = dict(held)
        self._engine = engine
        self._logs = logs
        self._apply = apply
        self._apply_many = apply_many
        self._applied = applied
        self._grace = grace
        self._feeds = {
            source: Feed(
                broker,
                owner_log,
                source,
                consumer=places.consumer,
                position=claimed[source].seq,
                epoch=claimed[source].epoch,
            )
            for source, owner_log in logs.items()
        }
        self._buffers: dict[str, deque[Delivered]] = {source: deque() for source in logs}
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._moved = asyncio.Event()
        self._blocked: dict[str, float] = {}
        self._tried: dict[tuple[str, int], int] = {}
        self._poison: dict[tuple[str, int], str] = {}
        self._one_by_one: set[tuple[str, int]] = set()

    @property
    def places(self) -> Mapping[str, Place]:
        """The committed places, with the lease."""
        return self._place

    @property
    def held_cases(self) -> int:
        """Cases that are set aside."""
        return len(self._held)

    @property
    def catching_up(self) -> bool:
        """Whether a case that was set aside can go on with what is here already."""
        now = {key: each.from_seq for key, each in self._held.items()}
        return any(each.reason != "parked" and self._met(each, now) for each in self._held.values())

    def expect(self, source: str, seq: int) -> None:
        """Note that a source has published up to ``seq``."""
        feed = self._feeds[source]
        feed.head = max(feed.head, seq)

    @property
    def heads(self) -> dict[str, int]:
        """The last published seq known of each source."""
        return {source: max(feed.head, self.positions[source]) for source, feed in self._feeds.items()}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; raises ``EpochChanged``, ``Fenced`` and what is not transient."""
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(stop.wait()),
            asyncio.create_task(self._work()),
            asyncio.create_task(self._keep()),
            *(asyncio.create_task(self._read(source)) for source in self._feeds),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await end(*tasks)
            for feed in self._feeds.values():
                await feed.close()

    async def moved(self, timeout: float) -> None:
        """Return when a position has moved, or after ``timeout`` seconds."""
        event = self._moved
        try:
            async with asyncio.timeout(timeout):
                await event.wait()
        except TimeoutError:
            return

    async def _read(self, source: str) -> None:
        feed, buffer = self._feeds[source], self._buffers[source]
        while True:
            events = await feed.next()
            while len(buffer) >= BUFFER:
                self._room.clear()
                await self._room.wait()
            buffer.extend(events)
            self._news.set()

    async def _keep(self) -> None:
        while True:
            self._count_lag()
            await asyncio.sleep(self._places.lease / 3)
            await patiently(lambda: self._places.renew(self._place))

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        held_at = 0.0
        for source in self._logs:
            self._count_held(source)
        while True:
            if self._held and loop.time() >= held_at:
                await self._mind_held()
                held_at = loop.time() + HELD_SECONDS
            self._news.clear()
            steps = self._choose()
            if steps:
                await self._transact(steps)
                continue
            waiting = bool(self._held or self._blocked)
            try:
                async with asyncio.timeout(HELD_SECONDS if waiting else None):
                    await self._news.wait()
            except TimeoutError:
                continue

    def _choose(self) -> list[_Step]:
        """The next facts whose causes come before them, from all sources together."""
        now = asyncio.get_running_loop().time()
        positions = dict(self.positions)
        held = {key: each.from_seq for key, each in self._held.items()}
        steps: list[_Step] = []
        progress = True
        while progress and len(steps) < BATCH:
            progress = False
            for source, buffer in self._buffers.items():
                while buffer and len(steps) < BATCH:
                    step = self._step(buffer[0], positions, held, now)
                    if step is None:
                        break
                    buffer.popleft()
                    self._blocked.pop(source, None)
                    if step.hold is not None:
                        held[source, step.event.case_id] = step.hold.from_seq
                    positions[source] = step.event.seq
                    steps.append(step)
                    progress = True
        self._room.set()
        return steps

    def _step(
        self, event: Delivered, positions: Mapping[str, int], held: Mapping[tuple[str, str], int], now: float
    ) -> _Step | None:
        if (event.service, event.case_id) in held:
            return _Step(event, skip=True)
        if (event.service, event.seq) in self._poison:
            return _Step(event, hold=self._parked(event))
        waits, parked = self._behind(event, positions, held)
        if not waits:
            return _Step(event)
        since = self._blocked.setdefault(event.service, now)
        if parked or now - since >= self._grace:
            return _Step(event, hold=Held(event.service, event.case_id, event.seq, "waiting", waits, None, 0))
        return None

    def _behind(
        self, event: Delivered, positions: Mapping[str, int], held: Mapping[tuple[str, str], int]
    ) -> tuple[dict[str, int], bool]:
        """The positions a fact waits for, and whether the case itself is set aside there."""
        waits: dict[str, int] = {}
        parked = False
        for source, seq in event.after.items():
            if source == event.service or source not in positions:
                continue
            if positions[source] < seq:
                waits[source] = seq
            elif held.get((source, event.case_id), seq + 1) <= seq:
                waits[source] = seq
                parked = True
        return waits, parked

    def _parked(self, event: Delivered, attempts: int = 0) -> Held:
        error = self._poison[event.service, event.seq]
        return Held(event.service, event.case_id, event.seq, "parked", {}, error, attempts + 1)

    async def _transact(self, steps: list[_Step]) -> None:
        """Apply in one transaction; what fails with an error of its own three times is set aside."""
        pause = FIRST_PAUSE
        while steps:
            try:
                count = await self._transaction(steps)
            except _FailedTogether as failed:
                if transient(failed.error):
                    log.warning("projector waits", consumer=self._places.consumer, exc_info=failed.error)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
                else:
                    self._one_by_one = {(step.event.service, step.event.seq) for step in steps}
                continue
            except _Failed as failed:
                if not transient(failed.error):
                    if self._note(failed):
                        # Chosen anew, because what follows from this fact has to wait too.
                        self._put_back(steps)
                        return
                    continue
                log.warning("projector waits", consumer=self._places.consumer, exc_info=failed.error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            done, steps = steps[:count], steps[count:]
            await self._visible([step.event for step in done if step.hold is None and not step.skip])

    def _note(self, failed: _Failed) -> bool:
        """Whether the fact has failed as often as it may."""
        event = failed.event
        key = (event.service, event.seq)
        self._tried[key] = self._tried.get(key, 0) + 1
        if self._tried[key] < ATTEMPTS:
            return False
        del self._tried[key]
        self._poison[key] = f"{type(failed.error).__name__}: {failed.error}"[:2000]
        log.error(
            "case parked",
            consumer=self._places.consumer,
            source=event.service,
            case=event.case_id,
            seq=event.seq,
            type=event.type,
            exc_info=failed.error,
        )
        return True

    def _put_back(self, steps: Sequence[_Step]) -> None:
        for step in reversed(steps):
            self._buffers[step.event.service].appendleft(step.event)

    async def _transaction(self, steps: Sequence[_Step]) -> int:
        """Apply as many of the steps as fit the time; how many."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        places = dict(self._place)
        held: list[Held] = []
        count = 0
        async with self._engine.begin() as connection:
            run = on_connection(connection)
            while count < len(steps):
                group = self._group(steps, count)
                await self._apply_group(connection, group)
                for step in group:
                    if step.hold is not None:
                        held.append(step.hold)
                    event = step.event
                    places[event.service] = replace(places[event.service], seq=event.seq, epoch=event.epoch)
                count += len(group)
                if loop.time() - began >= BATCH_SECONDS:
                    break
            for each in held:
                await self._places.hold(each, places[each.source].lease_epoch, run=run)
            for source, place in places.items():
                if place is not self._place[source]:
                    await self._places.advance(source, self._place[source], place, run=run)
        self._place = places
        self.positions = {source: place.seq for source, place in places.items()}
        for each in held:
            self._held[each.source, each.case_id] = each
            self._poison.pop((each.source, each.from_seq), None)
            self._count_held(each.source)
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        self._count_lag()
        return count

    def _group(self, steps: Sequence[_Step], first: int) -> Sequence[_Step]:
        """The steps from ``first`` on that are applied at once: one, or several that nothing sets apart."""
        last = first
        while self._apply_many is not None and last < min(first + TOGETHER, len(steps)):
            step = steps[last]
            alone = (step.event.service, step.event.seq) in self._one_by_one
            if alone or step.skip or step.hold is not None:
                break
            last += 1
        return steps[first : max(last, first + 1)]

    async def _apply_group(self, connection: AsyncConnection, group: Sequence[_Step]) -> None:
        if self._apply_many is not None and len(group) > 1:
            try:
                await self._apply_many(connection, [step.event for step in group])
            except Exception as error:
                raise _FailedTogether(error) from error
            return
        for step in group:
            if step.hold is None and not step.skip:
                try:
                    await self._apply(connection, step.event)
                except Exception as error:
                    raise _Failed(step.event, error) from error

    async def _visible(self, events: Sequence[Delivered]) -> None:
        if self._applied is not None and events:
            try:
                await self._applied(events)
            except Exception as error:
                log.error("hook failed", consumer=self._places.consumer, exc_info=error)

    async def _mind_held(self) -> None:
        """Go on with cases whose wait is over, or for which the operator asked."""
        stored = await patiently(self._places.held)
        now = {key: each.from_seq for key, each in self._held.items()}
        for key, held in list(self._held.items()):
            asked = key in stored and stored[key].reason == "replay"
            if asked or (held.reason == "waiting" and self._met(held, now)):
                await self._replay(held)

    def _met(self, held: Held, now: Mapping[tuple[str, str], int]) -> bool:
        return all(
            self.positions[source] >= seq and now.get((source, held.case_id), seq + 1) > seq
            for source, seq in held.waits_for.items()
        )

    async def _replay(self, held: Held) -> None:
        """Apply the facts of a held case that were passed over, in one transaction per page."""
        key = (held.source, held.case_id)
        upto = self.positions[held.source]
        while True:
            try:
                page = await self._logs[held.source].published(held.from_seq - 1, _PAGE, held.case_id)
            except Exception as error:
                if transient(error):
                    return
                raise
            events = [event for event in page if event.seq <= upto]
            last = len(page) < _PAGE or len(events) < len(page)
            stopped, done = await self._replayed(held, events, last)
            await self._visible(done)
            if stopped is None:
                del self._held[key]
            else:
                self._held[key] = held = stopped
            self._count_held(held.source)
            if stopped is None or stopped.reason != "replay":
                return

    async def _replayed(
        self, held: Held, events: Sequence[Delivered], last: bool
    ) -> tuple[Held | None, Sequence[Delivered]]:
        """(where the case stops again, facts applied) of one page; it is let go after the last page."""
        others = {key: each.from_seq for key, each in self._held.items() if key[0] != held.source}
        tried = 0
        while True:
            done: list[Delivered] = []
            stopped: Held | None = None if last else replace(held, reason="replay", waits_for={})
            try:
                async with self._engine.begin() as connection:
                    run = on_connection(connection)
                    for event in events:
                        waits, _ = self._behind(event, self.positions, others)
                        if waits:
                            stopped = replace(held, from_seq=event.seq, reason="waiting", waits_for=waits)
                            break
                        if (event.service, event.seq) in self._poison:
                            stopped = self._parked(event, held.attempts)
                            break
                        try:
                            await self._apply(connection, event)
                        except Exception as error:
                            raise _Failed(event, error) from error
                        done.append(event)
                    lease_epoch = self._place[held.source].lease_epoch
                    if stopped is None:
                        await self._places.let_go(held, lease_epoch, run=run)
                    else:
                        if stopped.reason == "replay":
                            stopped = replace(stopped, from_seq=events[-1].seq + 1)
                        await self._places.hold(stopped, lease_epoch, run=run)
            except _Failed as failed:
                if not transient(failed.error):
                    self._note(failed)
                    continue
                tried += 1
                await asyncio.sleep(min(FIRST_PAUSE * 2**tried, LONGEST_PAUSE))
                continue
            if stopped is not None:
                self._poison.pop((held.source, stopped.from_seq), None)
            return stopped, done

    def _count_lag(self) -> None:
        for source, feed in self._feeds.items():
            feed.count_lag(self.positions[source])

    def _count_held(self, source: str) -> None:
        cases = sum(1 for each, _ in self._held if each == source)
        HELD_CASES.labels(self._places.consumer, source).set(cases)
