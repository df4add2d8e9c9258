"""A read model for the tests of the projector: every fact in the order of its case."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from backbone.jetstream import Broker
from backbone.outbox import Delivered
from backbone.projector import Projector, slots, slots_ddl
from tests.backbone.consumers.beds import Source
from tests.backbone.eventstore.appends import PostgresBed, postgres_bed
from tests.backbone.messaging import new_service

METADATA = MetaData(schema="view")

LINES = Table(
    "lines",
    METADATA,
    Column("case_id", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    PrimaryKeyConstraint("case_id", "line"),
)
"""A fact applied twice or not behind the one before it would break the key or the numbering."""


@dataclass
class Model:
    """A service with a read model of two sources."""

    service: str
    bed: PostgresBed
    engine: AsyncEngine
    sources: tuple[Source, ...]
    broker: Broker | None
    poison: set[tuple[str, int]] = field(default_factory=set)
    """(case, n) that cannot be applied."""
    told: list[tuple[str, int]] = field(default_factory=list)
    """What the hook was told: (source, seq)."""
    failing: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while the world fails."""
    tries: int = 0

    def projector(self, **settings: Any) -> Projector:
        settings.setdefault("broker", self.broker)
        settings.setdefault("version", 1)
        settings.setdefault("apply", self.apply)
        settings.setdefault("on_applied", self.hear)
        return Projector(
            "lines",
            service=self.service,
            sources={source.name: source.log for source in self.sources},
            engine=self.engine,
            metadata=METADATA,
            **settings,
        )

    async def apply(self, connection: AsyncConnection, event: Delivered) -> None:
        self.tries += 1
        if self.failing.is_set():
            raise ConnectionError
        number = (
            select(func.count() + 1)
            .select_from(LINES)
            .where(LINES.c.case_id == event.case_id)
            .scalar_subquery()
        )
        await connection.execute(
            insert(LINES).values(
                case_id=event.case_id,
                line=number.scalar_subquery(),
                source=event.service,
                seq=event.seq,
                n=event.data["n"],
            )
        )
        if (event.case_id, event.data["n"]) in self.poison:
            raise ValueError(f"cannot apply {event.case_id} {event.data['n']}")

    async def hear(self, events: Sequence[Delivered]) -> None:
        self.told += [(event.service, event.seq) for event in events]

    async def lines(self, projector: Projector) -> list[tuple[str, int, str, int]]:
        """(case, line, source, seq) of the live version, by case and line."""
        async with projector.engine.connect() as connection:
            rows = await connection.execute(
                select(LINES.c.case_id, LINES.c.line, LINES.c.source, LINES.c.seq).order_by(
                    LINES.c.case_id, LINES.c.line
                )
            )
            return [tuple(row) for row in rows]

    async def numbers(self, projector: Projector) -> list[int]:
        """The numbers of all lines of the live version, in the order of lines."""
        async with projector.engine.connect() as connection:
            return list((await connection.execute(select(LINES.c.n).order_by(LINES.c.line))).scalars())

    async def story(self, projector: Projector, case_id: str) -> list[tuple[str, int]]:
        """(source, seq) of a case's lines in their order."""
        return [(source, seq) for case, _, source, seq in await self.lines(projector) if case == case_id]


@asynccontextmanager
async def read_model(
    database: str, sources: tuple[Source, ...], broker: Broker | None
) -> AsyncIterator[Model]:
    """A service with an empty read model; its schemas are gone afterwards."""
    async with postgres_bed(database) as bed:
        service = new_service()
        for statement in slots_ddl(service, "lines", bed.schema):
            await bed.owner.execute(statement)
        url = make_url(bed.url).set(drivername="postgresql+asyncpg")
        engine = create_async_engine(url, connect_args={"server_settings": {"search_path": bed.schema}})
        try:
            yield Model(service, bed, engine, sources, broker)
        finally:
            await engine.dispose()
            # A connection of its own: the test may have killed the server under the owner's.
            last = await asyncpg.connect(database)
            for slot in slots(service, "lines"):
                await last.execute(f"DROP SCHEMA {slot} CASCADE")
            await last.close()
