"""Commands as a service would send them, in one line each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4, uuid5

import asyncpg
from sqlalchemy.engine import make_url

from backbone.eventstore import (
    Append,
    Checkpoint,
    Deadline,
    EventStore,
    Meta,
    NewEvent,
    Outgoing,
    StreamAppend,
    ddl,
)
from backbone.eventstore.memory import MemoryEventStore, Place
from backbone.eventstore.postgres import PostgresEventStore

CLERK = Meta(actor="clerk-7", role="township_clerk", unit="410923102", after={"routing": 4})
BODY, OTHER_BODY = b"b" * 32, b"o" * 32
RAISED = "sample.case.raised.v1"


def pair(stream: str, expected: int = 0, *data: str, occurred_at: datetime | None = None) -> StreamAppend:
    """A stream with the events to store in it, one for each text."""
    events = tuple(NewEvent(uuid4(), RAISED, each, occurred_at=occurred_at) for each in data)
    return StreamAppend(stream, expected, events)


def command(
    *pairs: StreamAppend,
    command_id: UUID | None = None,
    request_hash: bytes = BODY,
    publish: int = 0,
    case_id: str = "case-1",
    deadlines: tuple[Deadline, ...] = (),
    checkpoint: Checkpoint | None = None,
    answer: str = "{}",
    meta: Meta = CLERK,
) -> Append:
    """One command's effect with ``publish`` facts for others."""
    command_id = command_id or uuid4()
    facts = tuple(
        Outgoing(uuid5(command_id, str(n)), RAISED, case_id, f'{{"case_id":"{case_id}","n":{n}}}')
        for n in range(publish)
    )
    return Append(command_id, request_hash, pairs, meta, facts, deadlines, checkpoint, answer)


class Bed(Protocol):
    """A store with what only a test may do to it."""

    @property
    def store(self) -> EventStore: ...

    async def turn_clock(self, by: timedelta) -> None:
        """Set the store's clock forward or back."""
        ...

    async def enlist(self, consumer: str, source: str, seq: int, lease_epoch: int) -> None:
        """Give a consumer its position and its lease."""
        ...

    async def position(self, consumer: str, source: str) -> int:
        """Where the consumer is."""
        ...

    async def timers(self) -> dict[tuple[str, str], tuple[int, datetime]]:
        """(generation, due) by key and name."""
        ...


@dataclass(frozen=True)
class MemoryBed:
    """The fake."""

    store: MemoryEventStore

    async def turn_clock(self, by: timedelta) -> None:
        self.store.advance(by)

    async def enlist(self, consumer: str, source: str, seq: int, lease_epoch: int) -> None:
        self.store.consumers[consumer, source] = Place(seq, lease_epoch)

    async def position(self, consumer: str, source: str) -> int:
        return self.store.consumers[consumer, source].seq

    async def timers(self) -> dict[tuple[str, str], tuple[int, datetime]]:
        return {key: (timer.gen, timer.due_at) for key, timer in self.store.deadlines.items()}


@dataclass(frozen=True)
class PostgresBed:
    """The real one: ``store`` connects as the service's role, ``owner`` as the owner of the schema."""

    store: PostgresEventStore
    owner: "asyncpg.Connection[asyncpg.Record]"
    url: str
    schema: str

    async def turn_clock(self, by: timedelta) -> None:
        await self.owner.execute("UPDATE clock_offset SET shift = shift + $1", by)

    async def enlist(self, consumer: str, source: str, seq: int, lease_epoch: int) -> None:
        await self.owner.execute(
            "INSERT INTO projection (name, source, seq, lease_epoch) VALUES ($1, $2, $3, $4)",
            *(consumer, source, seq, lease_epoch),
        )

    async def position(self, consumer: str, source: str) -> int:
        found = await self.owner.fetchval(
            "SELECT seq FROM projection WHERE name = $1 AND source = $2", consumer, source
        )
        return int(found)

    async def timers(self) -> dict[tuple[str, str], tuple[int, datetime]]:
        rows = await self.owner.fetch("SELECT key, name, gen, due_at FROM deadline")
        return {(key, name): (gen, due_at) for key, name, gen, due_at in rows}


@asynccontextmanager
async def postgres_bed(database: str, *, patience: float = 10.0) -> AsyncIterator[PostgresBed]:
    """A store in a schema of its own, with a role of its own; both are gone afterwards."""
    name = f"sample_{uuid4().hex}"
    owner = await asyncpg.connect(database, server_settings={"search_path": name})
    await owner.execute(f"CREATE SCHEMA {name}; CREATE ROLE {name} LOGIN PASSWORD 'writer'")
    await owner.execute(ddl(name, name))
    url = make_url(database).set(username=name, password="writer").render_as_string(hide_password=False)
    try:
        async with await PostgresEventStore.open(
            url, service="sample", schema=name, patience=patience
        ) as store:
            yield PostgresBed(store, owner, url, name)
    finally:
        owner.terminate()
        # A connection of its own: the test may have killed the server under the owner's.
        last = await asyncpg.connect(database)
        await last.execute(f"DROP SCHEMA {name} CASCADE; DROP ROLE {name}")
        await last.close()
