"""Published facts as CloudEvents 1.0: the bytes that travel, and what a consumer is given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from backbone.eventstore import PublishedEvent

BATCH_TYPE = "application/cloudevents-batch+json"
"""Media type of ``envelopes()``."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A published fact as its consumer gets it; ``data`` is the JSON object of the published model."""

    service: str
    epoch: UUID
    seq: int
    id: UUID
    type: str
    case_id: str
    recorded_at: datetime
    occurred_at: datetime | None
    after: Mapping[str, int]
    """Foreign positions the decision had consumed; the fact is to be applied past them only."""
    actor: str
    unit: str
    data: dict[str, Any]
    traceparent: str | None = None
    causation: str | None = None
    correlation: str | None = None

    @property
    def effective_at(self) -> datetime:
        """The time of the fact: on paper if given, else when it was recorded."""
        return self.occurred_at or self.recorded_at


class BadEnvelope(ValueError):
    """The bytes are no envelope of ours."""


def envelope(service: str, epoch: UUID, event: PublishedEvent) -> bytes:
    """The CloudEvent of a published row; the same row always gives the same bytes.

    ``data`` goes in as it is stored, so nothing is parsed or written anew on the way.
    """
    meta = orjson.loads(event.meta)
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": f"/chuishao/{service}/{epoch}",
        "type": event.type,
        "subject": event.case_id,
        "time": _time(event.recorded_at),
        "datacontenttype": "application/json",
        "seq": event.seq,
    }
    if event.occurred_at is not None:
        attributes["occurredat"] = _time(event.occurred_at)
    attributes["after"] = meta.get("after") or {}
    attributes["actor"] = meta.get("actor") or ""
    attributes["unit"] = meta.get("unit") or ""
    for name in ("traceparent", "causation", "correlation"):
        if meta.get(name) is not None:
            attributes[name] = meta[name]
    attributes["data"] = orjson.Fragment(event.data)
    return orjson.dumps(attributes)


def envelopes(service: str, epoch: UUID, events: Iterable[PublishedEvent]) -> bytes:
    """A page of the published log as a CloudEvents batch: the JSON array of the envelopes."""
    return b"[" + b",".join(envelope(service, epoch, event) for event in events) + b"]"


def read_envelope(body: bytes) -> Delivered:
    """The fact in an envelope; ``BadEnvelope`` if it is none. Unknown attributes are ignored."""
    try:
        return _delivered(orjson.loads(body))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadEnvelope("not an envelope") from error


def read_envelopes(body: bytes) -> Sequence[Delivered]:
    """The facts of a batch in their order; ``BadEnvelope`` if it is none."""
    try:
        return [_delivered(each) for each in orjson.loads(body)]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadEnvelope("not a batch of envelopes") from error


def _delivered(value: dict[str, Any]) -> Delivered:
    if value["specversion"] != "1.0" or not isinstance(value["data"], dict):
        raise BadEnvelope("not an envelope")
    service, epoch = _origin(value["source"])
    occurred = value.get("occurredat")
    return Delivered(
        service=service,
        epoch=epoch,
        seq=int(value["seq"]),
        id=UUID(value["id"]),
        type=str(value["type"]),
        case_id=str(value["subject"]),
        recorded_at=datetime.fromisoformat(value["time"]),
        occurred_at=None if occurred is None else datetime.fromisoformat(occurred),
        after={str(name): int(seq) for name, seq in value.get("after", {}).items()},
        actor=str(value.get("actor", "")),
        unit=str(value.get("unit", "")),
        data=value["data"],
        traceparent=value.get("traceparent"),
        causation=value.get("causation"),
        correlation=value.get("correlation"),
    )


@lru_cache(maxsize=64)
def _origin(source: str) -> tuple[str, UUID]:
    empty, system, service, epoch = source.split("/")
    if empty or system != "chuishao":
        raise BadEnvelope("not an envelope")
    return service, UUID(epoch)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
