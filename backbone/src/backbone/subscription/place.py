"""Where a consumer stands in its sources' logs, who may move it, and the cases it had to leave waiting."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID, uuid4

import orjson
from prometheus_client import Gauge

from backbone.eventstore import Fenced

if TYPE_CHECKING:
    import asyncpg
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Run = Callable[..., Awaitable[Sequence[Any]]]
"""Runs one statement with ``$1`` arguments in a transaction of its own and gives its rows."""
Reason = Literal["parked", "waiting", "replay"]

HELD_CASES = Gauge("chuishao_held_cases", "Cases parked or waiting", ["consumer", "source"])

LEASE_SECONDS = 3.0
"""How long a consumer stays with a process that no longer answers."""


def on_pool(pool: "asyncpg.Pool[asyncpg.Record]") -> Run:
    """Statements on a pool of asyncpg."""

    async def run(sql: str, *arguments: object) -> Sequence[Any]:
        return await pool.fetch(sql, *arguments)

    return run


def on_engine(engine: "AsyncEngine") -> Run:
    """Statements on an engine of SQLAlchemy with asyncpg."""

    async def run(sql: str, *arguments: object) -> Sequence[Any]:
        async with engine.begin() as connection:
            return await on_connection(connection)(sql, *arguments)

    return run


def on_connection(connection: "AsyncConnection") -> Run:
    """Statements inside the transaction of a connection of SQLAlchemy with asyncpg."""

    async def run(sql: str, *arguments: object) -> Sequence[Any]:
        result = await connection.exec_driver_sql(sql, arguments)
        return result.fetchall() if result.returns_rows else ()

    return run


@dataclass(frozen=True, slots=True)
class Place:
    """A consumer's position in one source under one lease."""

    seq: int
    epoch: UUID | None
    lease_epoch: int


@dataclass(frozen=True, slots=True)
class Held:
    """A case whose facts from ``from_seq`` on wait: parked with an error, for another log, or for replay."""

    source: str
    case_id: str
    from_seq: int
    reason: Reason
    waits_for: Mapping[str, int]
    """Foreign positions, for ``waiting``."""
    error: str | None
    attempts: int
    """How often the case was given up with an error."""


@dataclass(frozen=True, slots=True)
class ParkedCase:
    """A held case as an operator sees it."""

    consumer: str
    held: Held
    since: datetime


_HELD = "source, case_id, from_seq, reason, waits_for, error, attempts"


def instance() -> str:
    """A name for this process that no other one has."""
    return uuid4().hex


class Places:
    """The rows of one consumer, a reactor or a projector's version, in ``projection`` and ``parked``."""

    def __init__(
        self,
        run: Run,
        name: str,
        sources: Sequence[str],
        *,
        version: int = 1,
        owner: str | None = None,
        lease: float = LEASE_SECONDS,
    ) -> None:
        """``owner`` names the process; the same name takes its own lease back at once after a restart."""
        self.run = run
        self.name = name
        self.version = version
        self.sources = tuple(sources)
        self.owner = owner or instance()
        self.lease = lease

    @property
    def consumer(self) -> str:
        """The name under which cases are held: versions of a projector hold their own."""
        return consumer_name(self.name, self.version)

    async def ensure(self, status: str = "live") -> None:
        """Make the rows that are missing, at position 0."""
        await self.run(
            "INSERT INTO projection (name, version, source, status)"
            " SELECT $1, $2, s, $4 FROM unnest($3::text[]) s ON CONFLICT DO NOTHING RETURNING source",
            self.name,
            self.version,
            list(self.sources),
            status,
        )

    async def claim(self) -> dict[str, Place] | None:
        """Take the lease of all sources; None while another process holds one of them."""
        rows = await self.run(
            "UPDATE projection p SET owner = $4, lease_epoch = p.lease_epoch + 1,"
            " lease_until = clock_timestamp() + make_interval(secs => $5::float8)"
            " WHERE p.name = $1 AND p.version = $2 AND p.source = ANY($3::text[]) AND p.status <> 'retired'"
            " AND (p.lease_until IS NULL OR p.lease_until < clock_timestamp() OR p.owner = $4)"
            " AND NOT EXISTS (SELECT FROM projection o WHERE o.name = $1 AND o.version = $2"
            " AND o.source = ANY($3::text[]) AND o.owner <> $4 AND o.lease_until >= clock_timestamp())"
            " RETURNING p.source, p.seq, p.epoch, p.lease_epoch",
            self.name,
            self.version,
            list(self.sources),
            self.owner,
            self.lease,
        )
        places = {source: Place(seq, epoch, lease_epoch) for source, seq, epoch, lease_epoch in rows}
        if len(places) == len(self.sources):
            return places
        if places:
            await self.release(places)
        return None

    async def renew(self, places: Mapping[str, Place]) -> None:
        """Keep the lease; ``Fenced`` if another process has taken it."""
        rows = await self.run(
            "UPDATE projection p SET lease_until = clock_timestamp() + make_interval(secs => $5::float8)"
            " FROM unnest($3::text[], $4::bigint[]) l(source, lease_epoch)"
            " WHERE p.name = $1 AND p.version = $2 AND p.source = l.source AND p.lease_epoch = l.lease_epoch"
            " AND p.status <> 'retired' RETURNING p.source",
            self.name,
            self.version,
            list(places),
            [place.lease_epoch for place in places.values()],
            self.lease,
        )
        if len(rows) != len(places):
            raise Fenced(f"{self.consumer}: another process has the lease")

    async def release(self, places: Mapping[str, Place]) -> None:
        """Let the next process take over at once."""
        await self.run(
            "UPDATE projection p SET lease_until = NULL"
            " FROM unnest($3::text[], $4::bigint[]) l(source, lease_epoch)"
            " WHERE p.name = $1 AND p.version = $2 AND p.source = l.source AND p.lease_epoch = l.lease_epoch"
            " RETURNING p.source",
            self.name,
            self.version,
            list(places),
            [place.lease_epoch for place in places.values()],
        )

    async def advance(self, source: str, old: Place, new: Place, *, run: Run | None = None) -> None:
        """Move from ``old`` to ``new`` under the lease; ``Fenced`` if the row is not as ``old`` says.

        ``run`` is the transaction of the effect, if there is one.
        """
        rows = await (run or self.run)(
            "UPDATE projection SET seq = $6, epoch = $7, updated_at = clock_timestamp()"
            " WHERE name = $1 AND version = $2 AND source = $3 AND lease_epoch = $4 AND seq = $5"
            " AND status <> 'retired' RETURNING seq",
            self.name,
            self.version,
            source,
            old.lease_epoch,
            old.seq,
            new.seq,
            new.epoch,
        )
        if not rows:
            raise Fenced(f"{self.consumer}: another process is at work on {source}")

    async def positions(self) -> dict[str, int]:
        """The committed position in each source."""
        rows = await self.run(
            "SELECT source, seq FROM projection WHERE name = $1 AND version = $2", self.name, self.version
        )
        return {row[0]: row[1] for row in rows}

    async def held(self) -> dict[tuple[str, str], Held]:
        """The held cases by source and case."""
        rows = await self.run(f"SELECT {_HELD} FROM parked WHERE consumer = $1", self.consumer)
        return {(row[0], row[1]): _held(row) for row in rows}

    async def hold(self, held: Held, lease_epoch: int, *, run: Run | None = None) -> None:
        """Keep a case back, or keep it back further on; ``Fenced`` without the lease."""
        rows = await (run or self.run)(
            "INSERT INTO parked"
            " (consumer, source, case_id, from_seq, reason, waits_for, error, attempts, since)"
            " SELECT $4, $3, $6, $7, $8, $9, $10, $11, clock_timestamp() FROM ("
            "SELECT FROM projection p WHERE p.name = $1 AND p.version = $2 AND p.source = $3"
            " AND p.lease_epoch = $5 FOR SHARE) fence"
            " ON CONFLICT (consumer, source, case_id) DO UPDATE SET from_seq = excluded.from_seq,"
            " reason = excluded.reason, waits_for = excluded.waits_for, error = excluded.error,"
            " attempts = excluded.attempts RETURNING case_id",
            self.name,
            self.version,
            held.source,
            self.consumer,
            lease_epoch,
            held.case_id,
            held.from_seq,
            held.reason,
            orjson.dumps(dict(held.waits_for)).decode() if held.waits_for else None,
            held.error,
            held.attempts,
        )
        if not rows:
            raise Fenced(f"{self.consumer}: another process is at work on {held.source}")

    async def let_go(self, held: Held, lease_epoch: int, *, run: Run | None = None) -> None:
        """A held case has caught up; ``Fenced`` without the lease."""
        rows = await (run or self.run)(
            "WITH fence AS (SELECT 1 FROM projection p WHERE p.name = $1 AND p.version = $2 AND p.source = $3"
            " AND p.lease_epoch = $5 FOR SHARE), gone AS (DELETE FROM parked"
            " WHERE consumer = $4 AND source = $3 AND case_id = $6 AND EXISTS (SELECT FROM fence))"
            " SELECT 1 FROM fence",
            self.name,
            self.version,
            held.source,
            self.consumer,
            lease_epoch,
            held.case_id,
        )
        if not rows:
            raise Fenced(f"{self.consumer}: another process is at work on {held.source}")


def consumer_name(name: str, version: int) -> str:
    """``follow`` for a reactor or a first version, ``cases@2`` for a later one."""
    return name if version == 1 else f"{name}@{version}"


async def parked(run: Run, consumer: str | None = None) -> list[ParkedCase]:
    """The held cases of a service, oldest first, for its operator."""
    rows = await run(
        f"SELECT consumer, since, {_HELD} FROM parked WHERE consumer = coalesce($1::text, consumer)"
        " ORDER BY since, consumer, case_id",
        consumer,
    )
    return [ParkedCase(row[0], _held(tuple(row)[2:]), row[1]) for row in rows]


async def replay(run: Run, case_id: str, consumer: str | None = None) -> int:
    """Ask for another try of a held case by whoever reads now; gives how many consumers will try."""
    rows = await run(
        "UPDATE parked SET reason = 'replay' WHERE case_id = $1 AND consumer = coalesce($2::text, consumer)"
        " RETURNING consumer",
        case_id,
        consumer,
    )
    return len(rows)


def _held(row: Any) -> Held:
    source, case_id, from_seq, reason, waits_for, error, attempts = row
    return Held(source, case_id, from_seq, reason, orjson.loads(waits_for or "{}"), error, attempts)
