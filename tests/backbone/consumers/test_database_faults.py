"""PostgreSQL is killed under relay, followers, read models and timers: nothing is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from uuid import uuid4

import pytest

from backbone.decider import CommandContext
from backbone.eventstore import Deadline
from backbone.jetstream import Broker
from backbone.testing import eventually
from backbone.timers import Timers
from chuishao.servers import PostgresServer
from tests.backbone.consumers.beds import Following, Source
from tests.backbone.consumers.model import Model, read_model
from tests.backbone.consumers.test_reactor import has_noted
from tests.backbone.eventstore.appends import command, pair, postgres_bed
from tests.backbone.messaging import new_service, running

CASES = [f"case-{n}" for n in range(6)]
ROUNDS = 12


@pytest.fixture
async def beds(
    postgres_server: PostgresServer, broker: Broker
) -> AsyncIterator[tuple[Source, Following, Model]]:
    """A source, its follower and its read model on a PostgreSQL of the test's own."""
    async with AsyncExitStack() as stack:
        url = postgres_server.url()
        intake = Source(new_service(), await stack.enter_async_context(postgres_bed(url, patience=30)))
        bed = await stack.enter_async_context(postgres_bed(url, patience=30))
        model = await stack.enter_async_context(read_model(url, (intake,), broker))
        yield intake, Following(new_service(), bed, (intake,), broker), model


async def test_everything_goes_on_where_it_was(
    beds: tuple[Source, Following, Model], broker: Broker, postgres_server: PostgresServer
) -> None:
    intake, following, model = beds
    projector = model.projector()
    await projector.prepare()
    fired: list[str] = []

    async def fire(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        fired.append(key)

    async def write(case_id: str) -> None:
        for n in range(1, ROUNDS + 1):
            await intake.state(case_id, n)
            due = Deadline(f"{case_id}/{n}", "due", await intake.store.now())
            await intake.store.append(command(pair(f"set-{uuid4()}", 0, "{}"), deadlines=(due,)))

    async with running(
        intake.relay(broker),
        following.reactor().run,
        projector.run,
        Timers(intake.store.pool, fire, service=intake.name, lease=1.0).run,
    ):
        writing = asyncio.gather(*(write(case_id) for case_id in CASES))
        for share in (3, 7):
            await eventually(at_least(intake, len(CASES) * share), 30)
            await asyncio.to_thread(postgres_server.kill)
            await asyncio.to_thread(postgres_server.start)
        await writing

        await eventually(lambda: has_noted(following, "intake", CASES, ROUNDS), 30)
        assert await projector.reached(intake.name, len(CASES) * ROUNDS, 30)
        everyone = {f"{case_id}/{n}" for case_id in CASES for n in range(1, ROUNDS + 1)}
        await eventually(lambda: set(fired) == everyone, 30)

    rows = [(case, seq) for case, _, _, seq in await model.lines(projector)]
    assert rows == sorted((row.case_id, row.seq) for row in await intake.store.published(0, 1000))


def at_least(source: Source, seq: int) -> Callable[[], object]:
    """Whether so much is published; no answer while the database is away."""

    async def published() -> bool:
        return (await source.store.published_head()).seq >= seq

    return published
