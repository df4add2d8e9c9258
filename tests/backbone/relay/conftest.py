"""A log and a broker for the relay."""

from collections.abc import AsyncIterator

import pytest

from backbone.eventstore.postgres import PostgresEventStore
from backbone.jetstream import Broker
from tests.backbone.eventstore.appends import PostgresBed, postgres_bed
from tests.backbone.messaging import new_service


@pytest.fixture
async def bed(module_database: str) -> AsyncIterator[PostgresBed]:
    """A service's log with its owner's means."""
    async with postgres_bed(module_database) as opened:
        yield opened


@pytest.fixture
def log(bed: PostgresBed) -> PostgresEventStore:
    """A service's log."""
    return bed.store


@pytest.fixture
def service() -> str:
    """The service whose log it is."""
    return new_service()


@pytest.fixture
async def broker(nats_url: str) -> AsyncIterator[Broker]:
    """A connection to the run's nats-server."""
    async with await Broker.open(nats_url, name="test") as opened:
        yield opened
