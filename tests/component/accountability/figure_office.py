"""An office with figures: facts of intake and routing go in, real clocks judge them, tables come out."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import asyncpg

from accountability.adapters.clock_streams import PostgresClockStreams
from accountability.adapters.rule_streams import PostgresRuleStreams
from accountability.adapters.sources import FollowedSource
from accountability.application.deadlines import Detector, LagGuard
from accountability.application.figures import Figures, FigureTable
from accountability.application.freezing import Freezing
from accountability.bootstrap import accountability, install_rules
from accountability.domain.figures import Cell, Figure, Period
from accountability.entrypoints.figure_service import figure_engine
from accountability.migrations import migrate
from accountability.projections.figures.projection import NAME, VERSION, apply, apply_many
from accountability.projections.figures.tables import metadata
from accountability.projections.figures.view import FigureView
from backbone.eventstore import Append, EventStore, Head, Meta, Outgoing
from backbone.eventstore.memory import MemoryEventStore
from backbone.eventstore.postgres import PostgresEventStore
from backbone.identity import Actor
from backbone.outbox import Delivered
from backbone.projector import Projector
from backbone.reactor import Reactor
from backbone.sealing import MemoryKeyRing, Sealer
from backbone.subscription import OwnerLog, StoreOwnerLog
from backbone.testing import eventually
from backbone.timers import Timers
from chuishao.database import create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from contracts.events import Published, routing
from tests.backbone.messaging import running
from tests.component.accountability.county import SPACE, at

PASSWORD = "only for this test"
BEGINNING = at("2026-05-04 09:00")
WATER, ROADS, POWER, OFFICE = "water-resources", "transport", "power-supply", "burden-reduction-office"
TIERS = {WATER: "busy", ROADS: "busy", POWER: "quiet", OFFICE: "office"}
SUPERVISOR = Actor("supervisor-1", "演示·赵", "office_supervisor", OFFICE)
SECOND = Actor("supervisor-2", "演示·钱", "office_supervisor", OFFICE)
COUNTY_LEADER = Actor("leader-1", "演示·孙", "county_leader", "county-leadership")
WATER_LEADER = Actor("water-leader", "演示·李", "department_leader", WATER)
POWER_LEADER = Actor("power-leader", "演示·周", "department_leader", POWER)
WAIT = 60.0


@dataclass
class FigureOffice:
    """Accountability on PostgreSQL; the logs it follows are in memory, and all three clocks in hand."""

    store: PostgresEventStore
    intake: MemoryEventStore
    routing: MemoryEventStore
    reactor: Reactor
    timers: Timers
    projector: Projector
    figures: Figures
    freezing: Freezing
    owner: "asyncpg.Connection[asyncpg.Record]"
    logs: dict[str, "SwitchedLog"]
    now: list[datetime]
    told: int = 0

    async def turn_clock(self, moment: datetime) -> None:
        """Let it be this moment for all services."""
        self.now[0] = moment
        await self.owner.execute(
            "UPDATE accountability.clock_offset SET shift = $1::timestamptz - clock_timestamp()", moment
        )

    async def hear(self, *facts: tuple[datetime, Published], until: datetime | None = None) -> None:
        """Facts are recorded by their services at their moments; then it is ``until`` and all caught up."""
        for moment, fact in sorted(facts, key=lambda each: each[0]):
            self.now[0] = max(moment, self.now[0])
            await self.record(fact)
        await self.turn_clock(until or self.now[0])
        await self.caught_up()

    async def record(self, fact: Published) -> None:
        """A service records a fact now."""
        self.told += 1
        store = self._stores[fact.NAME.partition(".")[0]]
        number = uuid5(SPACE, f"fact {self.told}")
        await store.append(
            Append(
                command_id=number,
                request_hash=bytes(32),
                streams=(),
                meta=Meta("somebody", "somebody", "somewhere"),
                published=(Outgoing(number, fact.NAME, fact.case_id, fact.model_dump_json()),),
            )
        )

    async def caught_up(self) -> None:
        """Every clock is judged by now, and every row is written."""
        for name, store in (("intake", self.intake), ("routing", self.routing)):
            assert await self.reactor.reached(name, len(store.facts), WAIT)
        async with running(self.timers.run):
            await eventually(self._no_timer_waits, WAIT)
        await self.rows_written()

    async def rows_written(self) -> None:
        """Everything published is in the tables."""
        for name, store in self._stores.items():
            assert await self.projector.reached(name, (await store.published_head()).seq, WAIT)
        # A table is of the earliest of the three clocks, and that of PostgreSQL has gone on meanwhile.
        self.now[0] = max(self.now[0], await self.store.now() + timedelta(seconds=1))

    async def table(
        self, label: str, as_of: datetime | None = None, actor: Actor = SUPERVISOR, boundary: str = "00:00"
    ) -> FigureTable:
        """The figures of a period."""
        return await self.figures.table(Period.read(label, boundary), as_of, actor)

    async def publish_for_sql(self) -> None:
        """The logs that are in memory, as the tables of services that keep theirs in this database."""
        for name, store in (("intake", self.intake), ("routing", self.routing)):
            await self.owner.execute(
                f"CREATE SCHEMA IF NOT EXISTS {name}; CREATE TABLE {name}.published (seq bigint, type text,"
                " case_id text, data text, occurred_at timestamptz, recorded_at timestamptz)"
            )
            await self.owner.copy_records_to_table(
                "published",
                schema_name=name,
                records=[
                    (each.seq, each.type, each.case_id, each.data, each.occurred_at, each.recorded_at)
                    for each in store.facts
                ],
            )

    @property
    def _stores(self) -> dict[str, EventStore]:
        return {"intake": self.intake, "routing": self.routing, "accountability": self.store}

    async def _no_timer_waits(self) -> bool:
        waiting: int = await self.store.pool.fetchval(
            "SELECT count(*) FROM deadline WHERE fired_at IS NULL AND due_at <= (SELECT chuishao_now())"
        )
        return waiting == 0


class SwitchedLog:
    """An owner's log that can be cut off."""

    def __init__(self, log: OwnerLog) -> None:
        self._log, self.cut = log, False

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> Sequence[Delivered]:
        """Its facts, unless it is cut off."""
        self._answer()
        return await self._log.published(after, limit, case_id)

    async def head(self) -> Head:
        """Its head, unless it is cut off."""
        self._answer()
        return await self._log.head()

    def _answer(self) -> None:
        if self.cut:
            raise ConnectionRefusedError("cut off")


def cell(table: FigureTable, figure: Figure, unit: str | None = None, kind: str | None = None) -> Cell | None:
    """A figure of a unit, else pooled over the county."""
    for line in table.lines:
        place = (line.figure, line.unit, line.kind)
        if place == (figure, unit, kind) and (unit is not None or line.tier is None):
            return line.cell
    return None


def counted(
    table: FigureTable, figure: Figure, unit: str | None = None, kind: str | None = None
) -> tuple[float, int, int, dict[str, int]] | None:
    """Numerator, denominator, open and excluded of a figure; None where nothing was counted."""
    found = cell(table, figure, unit, kind)
    if found is None:
        return None
    return float(found.numerator), found.denominator, found.pending, dict(found.excluded)


def units() -> Iterable[Published]:
    """The units of the county and the tiers they are compared in."""
    for code, tier in TIERS.items():
        yield routing.UnitRegistered(
            case_id=str(uuid5(SPACE, code)),
            code=code,
            name=f"南乐县{code}",
            short_name=code.upper(),
            unit_class="department",
            tier=tier,
        )


@asynccontextmanager
async def opened(database: str) -> AsyncIterator[FigureOffice]:
    """An office at a Monday morning, with its units registered."""
    roles = (OWNER, *(role_of(service) for service in SERVICES))
    await create_roles(database, dict.fromkeys(roles, PASSWORD))
    await migrate(login(database, OWNER, PASSWORD))
    url = login(database, role_of("accountability"), PASSWORD)
    now = [BEGINNING]
    async with AsyncExitStack() as stack:
        owner = await asyncpg.connect(database)
        stack.push_async_callback(owner.close)
        await owner.execute(
            "UPDATE accountability.clock_offset SET shift = $1::timestamptz - clock_timestamp()", BEGINNING
        )
        store = await stack.enter_async_context(
            await PostgresEventStore.open(url, service="accountability", schema="accountability")
        )
        await install_rules(store)
        intake, routed = (MemoryEventStore(lambda: now[0], epoch=UUID(int=n)) for n in (7, 8))
        keys = MemoryKeyRing()
        service = accountability(store, PostgresRuleStreams(store), PostgresClockStreams(store), keys)
        logs = {
            "intake": SwitchedLog(StoreOwnerLog(intake, "intake")),
            "routing": SwitchedLog(StoreOwnerLog(routed, "routing")),
            "accountability": SwitchedLog(StoreOwnerLog(store, "accountability")),
        }
        followed = {name: logs[name] for name in ("intake", "routing")}
        reactor = Reactor(
            "clocks",
            service="accountability",
            sources=followed,
            store=store,
            broker=None,
            react=service.follower.react,
        )
        sources = {name: FollowedSource(name, each, reactor) for name, each in followed.items()}
        guard = LagGuard(sources)
        timers = Timers(store.pool, Detector(store, guard).fire, service="accountability")
        engine = figure_engine(url)
        stack.push_async_callback(engine.dispose)
        projector = Projector(
            NAME,
            service="accountability",
            version=VERSION,
            sources=logs,
            engine=engine,
            broker=None,
            metadata=metadata,
            apply=apply,
            apply_many=apply_many,
        )
        await projector.prepare()
        figures = Figures(store, FigureView(projector, logs, wait=1.0))
        freezing = Freezing(store, figures, Sealer(keys))
        office = FigureOffice(
            store, intake, routed, reactor, timers, projector, figures, freezing, owner, logs, now
        )
        await stack.enter_async_context(running(reactor.run, projector.run))
        await office.hear(*((BEGINNING, fact) for fact in units()))
        yield office
