"""The stores the suite of the port runs over."""

from collections.abc import AsyncIterator
from typing import cast

import pytest

from backbone.eventstore import EventStore
from backbone.eventstore.memory import MemoryEventStore
from tests.backbone.eventstore.appends import Bed, MemoryBed, PostgresBed, postgres_bed


@pytest.fixture(params=["memory", "postgres"])
async def bed(request: pytest.FixtureRequest) -> AsyncIterator[Bed]:
    """Each store in turn, with a test's means."""
    if request.param == "memory":
        yield MemoryBed(MemoryEventStore())
    else:
        async with postgres_bed(cast(str, request.getfixturevalue("module_database"))) as opened:
            yield opened


@pytest.fixture
async def store(bed: Bed) -> EventStore:
    """Each store in turn."""
    return bed.store


@pytest.fixture
async def postgres(module_database: str) -> AsyncIterator[PostgresBed]:
    """The store on PostgreSQL."""
    async with postgres_bed(module_database) as opened:
        yield opened
