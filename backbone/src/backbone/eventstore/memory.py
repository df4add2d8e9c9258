"""The event store in memory, for tests: the behaviour of the real one, with a clock the test turns."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from backbone.eventstore.admission import admit
from backbone.eventstore.chain import event_hash, meta_text
from backbone.eventstore.model import (
    Append,
    Appended,
    Checkpoint,
    Conflict,
    Fenced,
    Head,
    KeyReused,
    PublishedEvent,
    StoredEvent,
)

_EPOCH = uuid5(UUID(int=0), "memory")


@dataclass(frozen=True, slots=True)
class Timer:
    """A row of the deadline table."""

    gen: int
    due_at: datetime
    fired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A consumer's row: its position and its lease."""

    seq: int
    lease_epoch: int


class MemoryEventStore:
    """A fake that passes the suite of the port; ``deadlines`` and ``consumers`` lie open."""

    def __init__(self, clock: Callable[[], datetime] | None = None, *, epoch: UUID = _EPOCH) -> None:
        """``clock`` gives zone-aware times; without it time stands at 2026-01-01 UTC until advanced."""
        self._clock = clock or (lambda: datetime(2026, 1, 1, tzinfo=UTC))
        self._shift = timedelta(0)
        self._recorded_at = datetime(1970, 1, 1, tzinfo=UTC)
        self.epoch = epoch
        self.events: list[StoredEvent] = []
        self.facts: list[PublishedEvent] = []
        self.deadlines: dict[tuple[str, str], Timer] = {}
        """By key and name, as the deadline table."""
        self.consumers: dict[tuple[str, str], Place] = {}
        """By consumer and source, as the projection table."""
        self._streams: dict[str, list[StoredEvent]] = {}
        self._commands: dict[UUID, tuple[bytes, Appended]] = {}
        self._news = asyncio.Event()

    def advance(self, by: timedelta) -> None:
        """Turn the clock; a negative step sets it back."""
        self._shift += by

    async def append(self, append: Append) -> Appended:
        """Store all of it or none; raises ``Conflict``, ``KeyReused`` or ``Fenced``."""
        admit(append)
        prior = await self.answered(append.command_id, append.request_hash)
        at = append.checkpoint
        if at is not None and not self._may_move(at, repeated=prior is not None):
            raise Fenced(f"{at} is not the place or the lease of the consumer")
        if prior is None:
            for pair in append.streams:
                actual = len(self._streams.get(pair.stream, ()))
                if actual != pair.expected:
                    raise Conflict(pair.stream, pair.expected, actual)
            self._store(append)
        if at is not None:
            place = self.consumers[at.consumer, at.source]
            self.consumers[at.consumer, at.source] = replace(place, seq=max(place.seq, at.new))
        return prior or self._commands[append.command_id][1]

    async def answered(self, command_id: UUID, request_hash: bytes) -> Appended | None:
        """The stored answer of a command already taken; raises ``KeyReused`` for another body."""
        if command_id not in self._commands:
            return None
        stored, appended = self._commands[command_id]
        if stored != request_hash:
            raise KeyReused(command_id)
        return replace(appended, repeated=True)

    async def load(self, stream: str, after_version: int = 0) -> list[StoredEvent]:
        """The stream's events in version order; empty if it does not exist."""
        return self._streams.get(stream, [])[after_version:]

    async def read(self, after: int, limit: int = 500) -> list[StoredEvent]:
        """Log rows with ``seq > after`` in order, without gaps."""
        return self.events[after : after + limit]

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> list[PublishedEvent]:
        """Published rows with ``seq > after`` in order, of one case if given."""
        return [each for each in self.facts[after:] if case_id in (None, each.case_id)][:limit]

    async def published_head(self) -> Head:
        """Epoch, last published seq and the clock; later facts are recorded later than ``now``."""
        now = await self.now()
        if now >= self._recorded_at:
            self._recorded_at = now + timedelta(microseconds=1)
        return Head(self.epoch, len(self.facts), now)

    async def new_epoch(self, old: UUID) -> None:
        """Begin a new epoch unless another one than ``old`` has begun."""
        if self.epoch == old:
            self.epoch = uuid5(old, "next")

    async def now(self) -> datetime:
        """The store's clock in UTC."""
        return (self._clock() + self._shift).astimezone(UTC)

    async def wake(self, seen: int, timeout: float) -> None:
        """Return when something beyond ``seen`` was published, or after the timeout (seconds)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while len(self.facts) <= seen:
                    await self._news.wait()

    def _may_move(self, at: Checkpoint, *, repeated: bool) -> bool:
        place = self.consumers.get((at.consumer, at.source))
        if place is None or place.lease_epoch != at.lease_epoch:
            return False
        return place.seq == at.old or (repeated and place.seq >= at.new)

    def _store(self, append: Append) -> None:
        now = max(self._recorded_at, (self._clock() + self._shift).astimezone(UTC))
        meta = meta_text(append.meta)
        for pair in append.streams:
            stream = self._streams.setdefault(pair.stream, []) if pair.events else []
            for event in pair.events:
                seq, version = len(self.events) + 1, len(stream) + 1
                hashed = event_hash(
                    stream[-1].hash if stream else b"",
                    seq=seq,
                    stream=pair.stream,
                    version=version,
                    event_id=event.id,
                    type=event.type,
                    schema_version=event.schema_version,
                    occurred_at=event.occurred_at,
                    recorded_at=now,
                    meta=meta,
                    data=event.data,
                )
                stored = StoredEvent(
                    seq,
                    pair.stream,
                    version,
                    event.id,
                    event.type,
                    event.schema_version,
                    event.data,
                    meta,
                    event.occurred_at,
                    now,
                    hashed,
                )
                stream.append(stored)
                self.events.append(stored)
        for n, fact in enumerate(append.published, start=len(self.facts) + 1):
            self.facts.append(
                PublishedEvent(n, fact.id, fact.type, fact.case_id, fact.data, meta, fact.occurred_at, now)
            )
        seq = len(self.events)
        for deadline in append.deadlines:
            if deadline.at is None:
                self.deadlines.pop((deadline.key, deadline.name), None)
            else:
                self.deadlines[deadline.key, deadline.name] = Timer(seq, deadline.at)
        if append.published or any(pair.events for pair in append.streams):
            self._recorded_at = now
        appended = Appended(seq, len(self.facts), append.answer)
        self._commands[append.command_id] = (append.request_hash, appended)
        if append.published:
            self._news.set()
            self._news = asyncio.Event()
