"""The hash chain: which bytes of a row are hashed after the row before it."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from backbone.eventstore.model import Meta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def event_hash(
    before: bytes,
    *,
    seq: int,
    stream: str,
    version: int,
    event_id: UUID,
    type: str,
    schema_version: int,
    occurred_at: datetime | None,
    recorded_at: datetime,
    meta: str,
    data: str,
) -> bytes:
    """SHA-256 of ``before``, the stream's last hash or nothing, and the event as ``event_bytes`` in SQL."""
    numbers = (seq, version, event_id, schema_version, _micros(occurred_at), _micros(recorded_at))
    return _hash(before, numbers, stream, type, meta, data)


def published_hash(
    before: bytes,
    *,
    seq: int,
    event_id: UUID,
    type: str,
    case_id: str,
    occurred_at: datetime | None,
    recorded_at: datetime,
    meta: str,
    data: str,
) -> bytes:
    """SHA-256 of ``before``, the hash of the fact before, and of the fact as ``published_bytes`` in SQL."""
    numbers = (seq, event_id, _micros(occurred_at), _micros(recorded_at))
    return _hash(before, numbers, type, case_id, meta, data)


def meta_text(meta: Meta) -> str:
    """Canonical JSON of a meta: keys sorted, absent values left out, ``after`` always there."""
    value = {
        "actor": meta.actor,
        "role": meta.role,
        "unit": meta.unit,
        "after": dict(meta.after),
        "causation": meta.causation,
        "correlation": meta.correlation,
        "traceparent": meta.traceparent,
        "policy": meta.policy,
    }
    present = {key: each for key, each in value.items() if each is not None}
    return orjson.dumps(present, option=orjson.OPT_SORT_KEYS).decode()


def _hash(before: bytes, numbers: tuple[object, ...], *texts: str) -> bytes:
    encoded = [each.encode() for each in texts]
    header = "\n".join(str(each) for each in (*numbers, *map(len, encoded), ""))
    return hashlib.sha256(b"".join((before, header.encode(), *encoded))).digest()


def _micros(moment: datetime | None) -> int | str:
    return "" if moment is None else (moment - _EPOCH) // _MICROSECOND
