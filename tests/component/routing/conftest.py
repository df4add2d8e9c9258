"""A desk at routing, on fakes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone.eventstore.memory import MemoryEventStore
from backbone.sealing import MemoryKeyRing
from routing.adapters.open_dispatches import ReadOpenDispatches
from routing.bootstrap import routing
from routing.entrypoints.http import application
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.routing.service import Desk, OfficeHours

MONDAY_NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    """Tokens for everybody."""
    return Identities(tmp_path)


@pytest.fixture
def store() -> MemoryEventStore:
    """A log in memory; it is Monday noon."""
    return MemoryEventStore(clock=lambda: MONDAY_NOON)


@pytest.fixture
async def empty_desk(identities: Identities, store: MemoryEventStore) -> AsyncIterator[Desk]:
    """The service in memory, before anything was said."""
    keys = MemoryKeyRing()
    parts = routing(store, keys, OfficeHours(), ReadOpenDispatches(store))
    async with client_of(application(parts, identities.verifier(), SECRET)) as client:
        yield Desk(client, identities, store, keys, parts)


@pytest.fixture
async def desk(empty_desk: Desk) -> Desk:
    """The service in memory with its units and the responsibility list."""
    await empty_desk.prepared()
    return empty_desk
