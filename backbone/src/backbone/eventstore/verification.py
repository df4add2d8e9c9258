"""Checking a log as an auditor would: every number there, every hash the hash of the stored bytes."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Literal

import asyncpg

from backbone.eventstore.chain import event_hash, published_hash
from backbone.eventstore.postgres import PostgresEventStore

PAGE = 500
"""Rows per read; nothing else is kept in memory."""

_HEAD = """
    SELECT h.seq, h.published_seq, h.published_tip,
        (SELECT coalesce(max(seq), 0) FROM event) AS last,
        (SELECT coalesce(max(seq), 0) FROM published) AS last_published
    FROM log_head h
"""
_EVENTS = """
    SELECT e.*, coalesce(before.hash, '') AS before, coalesce(before.seq, 0) AS before_seq,
        coalesce(h.version, 0) AS head_version
    FROM event e
    LEFT JOIN event before ON before.stream = e.stream AND before.version = e.version - 1
    LEFT JOIN stream_head h ON h.stream = e.stream
    WHERE e.seq > $1 AND e.seq <= $2 ORDER BY e.seq LIMIT $3
"""
_PUBLISHED = """
    SELECT p.*, coalesce(before.hash, '') AS before
    FROM published p LEFT JOIN published before ON before.seq = p.seq - 1
    WHERE p.seq > $1 AND p.seq <= $2 ORDER BY p.seq LIMIT $3
"""
_STREAMS = """
    SELECT h.stream, h.version, h.tip, last.version AS last_version, last.hash, coalesce(last.seq, 0) AS seq
    FROM stream_head h LEFT JOIN LATERAL (
        SELECT version, hash, seq FROM event WHERE stream = h.stream ORDER BY version DESC LIMIT 1
    ) last ON true
    WHERE h.stream > $1 ORDER BY h.stream LIMIT $2
"""

Log = Literal["event", "published"]
Reason = Literal["missing", "hash-differs", "out-of-order", "head-differs"]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that is not as it was written, or a number without a row."""

    log: Log
    seq: int
    reason: Reason
    detail: str


async def verify(store: PostgresEventStore) -> AsyncIterator[Broken]:
    """Every broken row of the log as it is now, in order; nothing if all is whole.

    May run while the service writes. ``missing`` names the first number of a gap.
    """
    head = await store.pool.fetchrow(_HEAD)
    assert head is not None
    if head["last"] != head["seq"]:
        yield Broken("event", head["seq"], "head-differs", f"the last row is {head['last']}")
    if head["last_published"] != head["published_seq"]:
        yield Broken(
            "published", head["published_seq"], "head-differs", f"the last row is {head['last_published']}"
        )
    async for row, gap in _rows(store, "event", _EVENTS, head["seq"]):
        if gap is not None:
            yield gap
        if row is None:
            continue
        for reason, detail in _event_faults(row):
            yield Broken("event", row["seq"], reason, detail)
    tip = b""
    async for row, gap in _rows(store, "published", _PUBLISHED, head["published_seq"]):
        if gap is not None:
            yield gap
        if row is None:
            continue
        tip = row["hash"]
        if tip != _published_hash(row):
            yield Broken("published", row["seq"], "hash-differs", row["case_id"])
    if tip != head["published_tip"]:
        yield Broken("published", head["published_seq"], "head-differs", "the last hash is another")
    async for broken in _streams(store):
        yield broken


async def _rows(
    store: PostgresEventStore, log: Log, query: str, head: int
) -> "AsyncIterator[tuple[asyncpg.Record | None, Broken | None]]":
    """Each row up to ``head``, with the gap before it; at last the gap before the head."""
    after = 0
    while page := await store.pool.fetch(query, after, head, PAGE):
        for row in page:
            yield row, _gap(log, after, row["seq"])
            after = row["seq"]
    yield None, _gap(log, after, head + 1)


def _gap(log: Log, before: int, after: int) -> Broken | None:
    if after == before + 1:
        return None
    return Broken(log, before + 1, "missing", f"{after - before - 1} rows")


def _event_faults(row: "asyncpg.Record") -> Iterator[tuple[Reason, str]]:
    stream, version = row["stream"], row["version"]
    expected = event_hash(
        row["before"],
        seq=row["seq"],
        stream=stream,
        version=version,
        event_id=row["event_id"],
        type=row["type"],
        schema_version=row["schema_version"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        meta=row["meta"],
        data=row["data"],
    )
    if row["hash"] != expected:
        yield "hash-differs", f"{stream} version {version}"
    if (version > 1) != (row["before_seq"] > 0) or row["before_seq"] >= row["seq"]:
        yield "out-of-order", f"{stream} version {version} follows seq {row['before_seq']}"
    if row["head_version"] < version:
        yield "head-differs", f"the head of {stream} is at version {row['head_version']}, this is {version}"


def _published_hash(row: "asyncpg.Record") -> bytes:
    return published_hash(
        row["before"],
        seq=row["seq"],
        event_id=row["event_id"],
        type=row["type"],
        case_id=row["case_id"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        meta=row["meta"],
        data=row["data"],
    )


async def _streams(store: PostgresEventStore) -> AsyncIterator[Broken]:
    after = ""
    while page := await store.pool.fetch(_STREAMS, after, PAGE):
        for row in page:
            after = row["stream"]
            if (row["version"], row["tip"]) != (row["last_version"], row["hash"]):
                detail = f"{after} is at version {row['version']}, its last row at {row['last_version']}"
                yield Broken("event", row["seq"], "head-differs", detail)
