"""Whatever befalls JetStream, followers and read models end in the same state."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from backbone.jetstream import Broker, stream_name
from backbone.testing import eventually
from chuishao.servers import NatsServer
from tests.backbone.consumers.beds import Following, Source
from tests.backbone.consumers.model import Model, read_model
from tests.backbone.consumers.test_feed import relayed
from tests.backbone.consumers.test_reactor import has_noted
from tests.backbone.messaging import running, state_facts

CASES = [f"case-{n}" for n in range(8)]
ROUNDS = 12


@pytest.fixture
async def broker(nats_server: NatsServer) -> AsyncIterator[Broker]:
    """A connection to a nats-server of the test's own."""
    async with await Broker.open(nats_server.url(), name="test") as opened:
        yield opened


@pytest.fixture
async def model(
    module_database: str, intake: Source, routing: Source, broker: Broker
) -> AsyncIterator[Model]:
    """A service with a read model of both."""
    async with read_model(module_database, (intake, routing), broker) as opened:
        yield opened


async def test_the_servers_folder_is_deleted_and_it_is_killed_while_everything_runs(
    nats_server: NatsServer,
    broker: Broker,
    following: Following,
    model: Model,
    intake: Source,
    routing: Source,
) -> None:
    projector = model.projector()
    await projector.prepare()
    async with running(intake.relay(broker), routing.relay(broker), following.reactor().run, projector.run):
        await state_facts(intake.store, CASES, 1)
        assert await projector.reached(intake.name, len(CASES), 10)

        for harm in (wipe, kill, kill_and_wipe):
            writing = asyncio.create_task(more_facts(intake))
            await asyncio.to_thread(harm, nats_server)
            await writing

        await eventually(lambda: has_noted(following, "intake", CASES, ROUNDS + 1), 30)
        assert await projector.reached(intake.name, len(CASES) * (ROUNDS + 1), 30)

    await same_as_the_log(model, projector_lines=len(CASES) * (ROUNDS + 1), source=intake)


async def test_a_stream_is_deleted_and_another_purged_while_everything_runs(
    broker: Broker, following: Following, model: Model, intake: Source, routing: Source
) -> None:
    projector = model.projector()
    await projector.prepare()
    async with running(intake.relay(broker), routing.relay(broker), following.reactor().run, projector.run):
        await state_facts(intake.store, CASES, 1)
        assert await projector.reached(intake.name, len(CASES), 10)
        await eventually(lambda: relayed(broker, intake, len(CASES)))

        writing = asyncio.create_task(more_facts(intake))
        await broker.jetstream.purge_stream(stream_name(intake.name))
        await writing
        writing = asyncio.create_task(more_facts(intake))
        await broker.jetstream.delete_stream(stream_name(intake.name))
        await writing
        await eventually(lambda: relayed(broker, intake, len(CASES)))
        writing = asyncio.create_task(more_facts(intake))
        await broker.jetstream.purge_stream(stream_name(intake.name), keep=3)
        await writing

        await eventually(lambda: has_noted(following, "intake", CASES, ROUNDS + 1), 30)
        assert await projector.reached(intake.name, len(CASES) * (ROUNDS + 1), 30)

    await same_as_the_log(model, projector_lines=len(CASES) * (ROUNDS + 1), source=intake)


async def test_nothing_is_served_at_all(
    nats_server: NatsServer, broker: Broker, following: Following, model: Model, intake: Source
) -> None:
    await asyncio.to_thread(nats_server.kill)
    projector = model.projector()
    await projector.prepare()
    async with running(intake.relay(broker), following.reactor().run, projector.run):
        await state_facts(intake.store, CASES, 3)

        await eventually(lambda: has_noted(following, "intake", CASES, 3), 10)
        assert await projector.reached(intake.name, len(CASES) * 3, 10)


def wipe(server: NatsServer) -> None:
    server.wipe()


def kill(server: NatsServer) -> None:
    server.kill()
    server.start()


def kill_and_wipe(server: NatsServer) -> None:
    server.kill()
    server.wipe()
    server.start()


async def more_facts(source: Source) -> None:
    """A third of the facts that follow each case's first."""
    done = (await source.store.published_head()).seq // len(CASES)
    for n in range(done + 1, done + 1 + ROUNDS // 3):
        await asyncio.gather(*(source.state(case_id, n) for case_id in CASES))


async def same_as_the_log(model: Model, *, projector_lines: int, source: Source) -> None:
    """Whether the read model has each fact once, those of a case in order."""
    projector = model.projector()
    await projector.prepare()
    rows = [(case, seq) for case, _, name, seq in await model.lines(projector) if name == source.name]
    log = [(row.case_id, row.seq) for row in await source.store.published(0, 10_000)]
    assert len(rows) == projector_lines
    assert rows == sorted(log)
