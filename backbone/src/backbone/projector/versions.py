"""Versions of a read model: each in a schema of its own, one of them live, the next built beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backbone.eventstore.schema import quoted
from backbone.subscription import on_connection
from backbone.subscription.place import consumer_name


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the read model; ``fold`` is the version of the code that applied its facts."""

    number: int
    fold: int


class RebuildRunning(Exception):
    """Another process builds a version at this moment."""


def slots(service: str, name: str) -> tuple[str, str]:
    """The two schemas in which the versions of a read model take turns."""
    return f"{service}_{name}_a", f"{service}_{name}_b"


def slots_ddl(service: str, name: str, role: str) -> list[str]:
    """Statements for the service's migration, run by an owner who may create schemas; safe to repeat."""
    statements: list[str] = []
    for slot in slots(service, name):
        statements.append(f"CREATE SCHEMA IF NOT EXISTS {quoted(slot)}")
        statements.append(f"GRANT USAGE, CREATE ON SCHEMA {quoted(slot)} TO {quoted(role)}")
    return statements


class Versions:
    """The versions of one read model in the service's database."""

    def __init__(
        self, engine: AsyncEngine, service: str, name: str, sources: Sequence[str], metadata: MetaData
    ) -> None:
        """``metadata`` holds the tables under a stand-in schema, e.g. ``MetaData(schema="view")``."""
        if metadata.schema is None:
            raise ValueError("the tables of a read model need a stand-in schema")
        self._engine = engine
        self._name = name
        self._slots = slots(service, name)
        self._sources = list(sources)
        self._metadata = metadata
        self._stand_in = metadata.schema

    def engine(self, number: int) -> AsyncEngine:
        """Connections on which the stand-in schema means this version."""
        return self._engine.execution_options(schema_translate_map={self._stand_in: self.slot(number)})

    def slot(self, number: int) -> str:
        """The schema of a version."""
        return self._slots[number % 2]

    async def live(self) -> Version | None:
        """The version that is read; None before the first start."""
        async with self._engine.begin() as connection:
            return await self._live(connection)

    async def first(self, fold: int) -> Version:
        """The version that is read, made if there is none."""
        async with self._engine.begin() as connection:
            await self._lock(connection)
            live = await self._live(connection)
            if live is not None:
                return live
            await self._make(connection, 1, fold, "live")
            return Version(1, fold)

    async def begin(self, fold: int) -> Version:
        """An empty version beside the live one; an earlier attempt is thrown away.

        Raises ``RebuildRunning`` while another process is at it.
        """
        async with self._engine.begin() as connection:
            await self._lock(connection)
            run = on_connection(connection)
            rows = await run(
                "SELECT version, status, coalesce(lease_until >= clock_timestamp(), false) FROM projection"
                " WHERE name = $1",
                self._name,
            )
            if any(status == "building" and leased for _, status, leased in rows):
                raise RebuildRunning(self._name)
            live = max((number for number, status, _ in rows if status == "live"), default=0)
            number = max((number for number, _, _ in rows), default=0) + 1
            if number % 2 == live % 2:
                number += 1
            for gone in {gone for gone, status, _ in rows if status != "live"}:
                await run(
                    "DELETE FROM projection WHERE name = $1 AND version = $2 RETURNING 1", self._name, gone
                )
                await run(
                    "DELETE FROM parked WHERE consumer = $1 RETURNING 1", consumer_name(self._name, gone)
                )
            await self._make(connection, number, fold, "building")
            return Version(number, fold)

    async def switch(self, connection: AsyncConnection, live: int, built: int) -> None:
        """Let readers and the projector go over, in the caller's transaction; the old version stays."""
        run = on_connection(connection)
        await run(
            "UPDATE projection SET status = 'retired', lease_epoch = lease_epoch + 1, lease_until = NULL"
            " WHERE name = $1 AND version = $2 RETURNING 1",
            self._name,
            live,
        )
        await run(
            "UPDATE projection SET status = 'live', lease_until = NULL"
            " WHERE name = $1 AND version = $2 RETURNING 1",
            self._name,
            built,
        )

    async def hold_still(self, connection: AsyncConnection, number: int) -> dict[str, int]:
        """The positions of a version, which stay until the transaction ends."""
        rows = await on_connection(connection)(
            "SELECT source, seq FROM projection WHERE name = $1 AND version = $2 ORDER BY source FOR UPDATE",
            self._name,
            number,
        )
        return {row[0]: row[1] for row in rows}

    async def _live(self, connection: AsyncConnection) -> Version | None:
        run = on_connection(connection)
        rows = await run(
            "SELECT version FROM projection WHERE name = $1 AND status = 'live' LIMIT 1", self._name
        )
        if not rows:
            return None
        number = int(rows[0][0])
        (fold,) = (await run(f"SELECT fold FROM {quoted(self.slot(number))}.built"))[0]
        return Version(number, int(fold))

    async def _make(self, connection: AsyncConnection, number: int, fold: int, status: str) -> None:
        run = on_connection(connection)
        slot = quoted(self.slot(number))
        tables = await run("SELECT tablename FROM pg_tables WHERE schemaname = $1", self.slot(number))
        for (table,) in tables:
            await run(f"DROP TABLE {slot}.{quoted(table)} CASCADE")
        await run(f"CREATE TABLE {slot}.built (fold integer NOT NULL)")
        await run(f"INSERT INTO {slot}.built VALUES ($1)", fold)
        mapped = await connection.execution_options(schema_translate_map={self._stand_in: self.slot(number)})
        await mapped.run_sync(self._metadata.create_all, checkfirst=False)
        await run(
            "INSERT INTO projection (name, version, source, status)"
            " SELECT $1, $2, s, $4 FROM unnest($3::text[]) s RETURNING 1",
            self._name,
            number,
            self._sources,
            status,
        )

    async def _lock(self, connection: AsyncConnection) -> None:
        await on_connection(connection)(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{self._slots[0]} versions"
        )
