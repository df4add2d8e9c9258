"""Two services that state facts and one that follows them, on real servers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from backbone.jetstream import Broker
from tests.backbone.consumers.beds import Following, Source
from tests.backbone.consumers.model import Model, read_model
from tests.backbone.eventstore.appends import postgres_bed
from tests.backbone.messaging import new_service


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[Broker]:
    """A connection to the run's nats-server."""
    async with await Broker.open(nats_url, name="test") as opened:
        yield opened


@pytest.fixture
async def intake(module_database: str) -> AsyncIterator[Source]:
    """A service that states facts."""
    async with postgres_bed(module_database) as bed:
        yield Source(new_service(), bed)


@pytest.fixture
async def routing(module_database: str) -> AsyncIterator[Source]:
    """Another one."""
    async with postgres_bed(module_database) as bed:
        yield Source(new_service(), bed)


@pytest.fixture
async def following(
    module_database: str, intake: Source, routing: Source, broker: Broker
) -> AsyncIterator[Following]:
    """A service that follows both."""
    async with AsyncExitStack() as stack:
        bed = await stack.enter_async_context(postgres_bed(module_database))
        yield Following(new_service(), bed, (intake, routing), broker)


@pytest.fixture
async def model(
    module_database: str, intake: Source, routing: Source, broker: Broker
) -> AsyncIterator[Model]:
    """A service with a read model of both."""
    async with read_model(module_database, (intake, routing), broker) as opened:
        yield opened
