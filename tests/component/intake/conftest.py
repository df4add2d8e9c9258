"""A desk at intake, on fakes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backbone.eventstore.memory import MemoryEventStore
from intake.application.attachments import Rules
from intake.bootstrap import intake
from intake.entrypoints.http import application
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.intake.service import BlobsInMemory, Calendar, Desk, KeysInMemory, NumbersInMemory

MONDAY_NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    """Tokens for everybody."""
    return Identities(tmp_path)


@pytest.fixture
async def desk(identities: Identities) -> AsyncIterator[Desk]:
    """The service in memory; it is Monday noon."""
    store = MemoryEventStore(clock=lambda: MONDAY_NOON)
    numbers, calendar = NumbersInMemory(), Calendar()
    blobs = BlobsInMemory()
    parts = intake(
        store, KeysInMemory(), numbers, calendar, blobs, rules=Rules(bytes=2 * 1_048_576, per_case=3)
    )
    app = application(parts, identities.verifier(), SECRET)
    async with client_of(app) as client:
        yield Desk(client, identities, store, parts, numbers, calendar, blobs)
