"""What an event store takes and gives: events, appends, answers, published facts and deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Positions = Mapping[str, int]
"""Foreign log positions by service name, e.g. ``{"intake": 17}``."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to be stored; ``data`` is the canonical JSON text that is hashed and kept."""

    id: UUID
    type: str
    data: str
    schema_version: int = 1
    occurred_at: datetime | None = None
    """The time on paper, for records after the fact; live facts have none."""


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Events for one stream that is expected to be at version ``expected`` (0 = does not exist)."""

    stream: str
    expected: int
    events: tuple[NewEvent, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A fact for other services; ``data`` is the JSON text of the published model."""

    id: UUID
    type: str
    case_id: str
    data: str
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A timer row: ``key`` names its owner (a clock, a case), ``at`` is None to cancel it."""

    key: str
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Advance of a consumer from ``old`` to ``new`` in the statement of its effect."""

    consumer: str
    source: str
    old: int
    new: int
    lease_epoch: int


@dataclass(frozen=True, slots=True)
class Meta:
    """Who and why; stored beside each event as canonical JSON and covered by the hash."""

    actor: str
    role: str
    unit: str
    after: Positions = field(default_factory=dict)
    causation: str | None = None
    correlation: str | None = None
    traceparent: str | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Append:
    """One command's whole effect: all of it is stored, or none."""

    command_id: UUID
    request_hash: bytes
    """32 bytes; the same command id with another hash is refused."""
    streams: tuple[StreamAppend, ...]
    meta: Meta
    published: tuple[Outgoing, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    checkpoint: Checkpoint | None = None
    answer: str = "{}"
    """JSON text returned to a repeat of the command; never holds plaintext personal data."""


@dataclass(frozen=True, slots=True)
class Appended:
    """The stored answer of a command, the first time or repeated."""

    seq: int
    published_seq: int
    """The published head after this command: what a reader waits for."""
    answer: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One row of the log."""

    seq: int
    stream: str
    version: int
    id: UUID
    type: str
    schema_version: int
    data: str
    meta: str
    occurred_at: datetime | None
    recorded_at: datetime
    hash: bytes

    @property
    def effective_at(self) -> datetime:
        """The time of the fact: on paper if given, else when it was recorded."""
        return self.occurred_at or self.recorded_at


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """One row of the published log; ``envelope()`` in ``backbone.outbox`` makes its CloudEvent."""

    seq: int
    id: UUID
    type: str
    case_id: str
    data: str
    meta: str
    occurred_at: datetime | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The published head with the database's clock, read under the head lock."""

    epoch: UUID
    seq: int
    now: datetime


class Conflict(Exception):
    """A stream is at another version than expected; load again and decide again."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(f"{stream}: expected version {expected}, is {actual}")
        self.stream, self.expected, self.actual = stream, expected, actual


class KeyReused(Exception):
    """The same command id came with another request."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"command {command_id} was answered for another request")
        self.command_id = command_id


class Fenced(Exception):
    """The consumer's position or lease has moved on; another owner is at work."""


class StoreUnavailable(Exception):
    """No answer of the database in time; asking with the same id tells whether the command was taken."""
