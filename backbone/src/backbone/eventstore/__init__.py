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
    StreamAppend,
)
from backbone.eventstore.port import EventStore

__all__ = [
    "Append",
    "Appended",
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
    "StoredEvent",
    "StreamAppend",
]
