"""The event store: one append-only log per service, dense and in commit order."""

from backbone.eventstore.model import (
    Append,
    Appended,
    Checkpoint,
    Conflict,
    Deadline,
    Fenced,
    Head,
    KeyReused,
    Meta,
    NewEvent,
    Outgoing,
    Positions,
    PublishedEvent,
    StoredEvent,
    StoreUnavailable,
    StreamAppend,
)
from backbone.eventstore.port import EventStore
from backbone.eventstore.schema import ddl, statements
from backbone.eventstore.verification import Broken, verify

__all__ = [
    "Append",
    "Appended",
    "Broken",
    "Checkpoint",
    "Conflict",
    "Deadline",
    "EventStore",
    "Fenced",
    "Head",
    "KeyReused",
    "Meta",
    "NewEvent",
    "Outgoing",
    "Positions",
    "PublishedEvent",
    "StoreUnavailable",
    "StoredEvent",
    "StreamAppend",
    "ddl",
    "statements",
    "verify",
]
