"""A log with timers, and a clock the test turns."""

from collections.abc import AsyncIterator

import pytest

from tests.backbone.eventstore.appends import PostgresBed, postgres_bed


@pytest.fixture
async def bed(module_database: str) -> AsyncIterator[PostgresBed]:
    """A service's log with its owner's means."""
    async with postgres_bed(module_database) as opened:
        yield opened
