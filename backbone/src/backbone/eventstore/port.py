"""The event store port; one behavioural suite in the tests runs over every implementation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from backbone.eventstore.model import Append, Appended, Head, PublishedEvent, StoredEvent


class EventStore(Protocol):
    """Append-only log of one service, with its published facts and timers."""

    async def append(self, append: Append) -> Appended:
        """Store all of it or none; raises ``Conflict``, ``KeyReused`` or ``Fenced``.

        Appends taken together act as if one came after another. ``StoreUnavailable`` leaves open whether it
        was stored: the same command id may be sent again. ``ValueError`` for what no log can hold.
        """
        ...

    async def answered(self, command_id: UUID, request_hash: bytes) -> Appended | None:
        """The stored answer of a command already taken; raises ``KeyReused`` for another body."""
        ...

    async def load(self, stream: str, after_version: int = 0) -> list[StoredEvent]:
        """The stream's events in version order; empty if it does not exist."""
        ...

    async def read(self, after: int, limit: int = 500) -> list[StoredEvent]:
        """Log rows with ``seq > after`` in order, without gaps."""
        ...

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> list[PublishedEvent]:
        """Published rows with ``seq > after`` in order, of one case if given."""
        ...

    async def published_head(self) -> Head:
        """Epoch, last published seq and the clock, read under the head lock.

        Every fact recorded at or before ``now`` has a seq at or before ``seq``, also when clocks go back.
        """
        ...

    async def now(self) -> datetime:
        """The database's clock (UTC-aware), the only clock of the service."""
        ...

    async def wake(self, seen: int, timeout: float) -> None:
        """Return when this process published something beyond ``seen``, or after the timeout (seconds)."""
        ...


async def load_all(store: EventStore, after: int = 0) -> Sequence[StoredEvent]:
    """The whole log after a position; for checks and tests of bounded size."""
    events: list[StoredEvent] = []
    while page := await store.read(after):
        events.extend(page)
        after = page[-1].seq
    return events
