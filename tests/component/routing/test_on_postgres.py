"""Routing on a real database: migrations, rights, a timer, and departments racing each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from backbone.eventstore import verify
from backbone.eventstore.postgres import PostgresEventStore
from backbone.sealing import MemoryKeyRing
from backbone.testing import eventually
from backbone.timers import Timers
from chuishao.database import create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from contracts.events import Published, intake
from contracts.events import routing as published
from routing.adapters.open_dispatches import PostgresOpenDispatches, ReadOpenDispatches
from routing.bootstrap import routing
from routing.entrypoints.http import application
from routing.migrations import migrate
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.routing.service import (
    ADMINISTRATOR,
    ARRIVAL,
    FARMING,
    FARMING_LIAISON,
    WATER,
    WATER_DUTY,
    WATER_LIAISON,
    Desk,
    OfficeHours,
)

PASSWORD = "only for this test"


@dataclass
class Ground:
    """A migrated database with routing's store on it."""

    store: PostgresEventStore
    owner_url: str


@pytest.fixture
async def ground(fresh_database: str) -> AsyncIterator[Ground]:
    """As the launcher prepares it: roles, schemas, migrations."""
    roles = (OWNER, *(role_of(service) for service in SERVICES))
    await create_roles(fresh_database, dict.fromkeys(roles, PASSWORD))
    owner_url = login(fresh_database, OWNER, PASSWORD)
    await migrate(owner_url)
    service_url = login(fresh_database, role_of("routing"), PASSWORD)
    async with await PostgresEventStore.open(service_url, service="routing", schema="routing") as store:
        yield Ground(store, owner_url)


@asynccontextmanager
async def desk_on(ground: Ground, identities: Identities) -> AsyncIterator[Desk]:
    keys = MemoryKeyRing()
    parts = routing(ground.store, keys, OfficeHours(), PostgresOpenDispatches(ground.store))
    async with client_of(application(parts, identities.verifier(), SECRET)) as client:
        yield Desk(client, identities, ground.store, keys, parts)


async def test_is_migrated_again_without_effect(ground: Ground) -> None:
    await migrate(ground.owner_url)
    assert await ground.store.read(0) == []


@pytest.mark.parametrize(
    "statement", ["DELETE FROM event", "UPDATE event SET data = '{}'", "DROP TABLE event"]
)
async def test_the_service_may_not_undo_what_was(ground: Ground, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ground.store.pool.execute(statement)


async def test_a_whistle_survives_a_restart(ground: Ground, identities: Identities) -> None:
    async with desk_on(ground, identities) as desk:
        await desk.prepared()
        case = await desk.dispatched("SL-01")
        await desk.done(WATER_LIAISON, f"/dispatches/{case}/assignments/{WATER}/report-in", ARRIVAL)
    async with desk_on(ground, identities) as desk:
        conclude = f"/dispatches/{case}/assignments/{WATER}/conclude"
        await desk.done(WATER_LIAISON, conclude, {"sentence": "沟渠已疏通"})
        names = [type(each) for each in await desk.published(case)]
    assert names == [published.DispatchIssued, published.DepartmentReportedIn, published.LeadConcluded]
    assert [broken async for broken in verify(ground.store)] == []


async def test_departments_that_act_at_once_all_get_through(ground: Ground, identities: Identities) -> None:
    async with desk_on(ground, identities) as desk:
        await desk.prepared()
        case = await desk.dispatched("SL-01")
        path, key = f"/dispatches/{case}/assignments", uuid4()
        answers = await asyncio.gather(
            *(desk.post(WATER_LIAISON, f"{path}/{WATER}/report-in", ARRIVAL, key) for _ in range(3)),
            *(desk.post(WATER_DUTY, f"{path}/{WATER}/report-in", ARRIVAL) for _ in range(3)),
            *(desk.post(FARMING_LIAISON, f"{path}/{FARMING}/report-in", ARRIVAL) for _ in range(3)),
        )
        assert {answer.status_code for answer in answers} == {200}, [each.text for each in answers]
        arrivals = [
            each for each in await desk.published(case) if isinstance(each, published.DepartmentReportedIn)
        ]
        assert sorted(each.unit for each in arrivals) == [FARMING, WATER]


async def test_a_scheduled_whistle_goes_out_at_its_hour(ground: Ground, identities: Identities) -> None:
    async with desk_on(ground, identities) as desk:
        await desk.prepared()
        soon = await ground.store.now() + timedelta(seconds=1)
        later = soon + timedelta(days=1)
        case = await desk.dispatched("SL-01", dispatch_at=soon)
        tomorrow = await desk.dispatched("SL-01", dispatch_at=later)

        async def both_facts() -> list[Published]:
            facts = await desk.published(case)
            return facts if len(facts) == 2 else []

        stop = asyncio.Event()
        timers = Timers(ground.store.pool, desk.routing.scheduled.fire, service="routing")
        running = asyncio.create_task(timers.run(stop))
        try:
            facts = await eventually(both_facts, timeout=10)
        finally:
            stop.set()
            await running
        issued = facts[-1]
        assert isinstance(issued, published.DispatchIssued)
        assert issued.scheduled
        [recorded] = [each for each in await ground.store.published(0, 500, case) if "issued" in each.type]
        assert recorded.recorded_at >= soon
        assert len(await desk.published(tomorrow)) == 1


async def test_finds_who_has_a_part(ground: Ground, identities: Identities) -> None:
    """The index and reading the whole log agree."""
    async with desk_on(ground, identities) as desk:
        await desk.prepared()
        cases = [await desk.dispatched("SL-01", departments=(WATER,)) for _ in range(3)]
        await desk.tell(
            intake.WhistleClosed(case_id=cases[0], appraised=True, verdicts=(), ratings=(), cycle=1)
        )
        for unit in (WATER, FARMING, "nobody"):
            found = await PostgresOpenDispatches(ground.store).naming(unit)
            assert found == await ReadOpenDispatches(ground.store).naming(unit)
        assert await PostgresOpenDispatches(ground.store).naming(WATER) == sorted(cases[1:])


async def test_moves_what_a_merged_unit_had_open(ground: Ground, identities: Identities) -> None:
    async with desk_on(ground, identities) as desk:
        await desk.prepared()
        case = await desk.dispatched("SL-01")
        timers = Timers(ground.store.pool, desk.routing.scheduled.fire, service="routing")
        stop = asyncio.Event()
        running = asyncio.create_task(timers.run(stop))
        try:
            body = {"into": FARMING, "source_document": "南编〔2026〕5号"}
            await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", body)

            async def moved() -> bool:
                return any(isinstance(each, published.AssignmentMoved) for each in await desk.published(case))

            await eventually(moved)
        finally:
            stop.set()
            await running
