"""A group of commands as the columns of one ``append_batch`` call."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from backbone.eventstore.chain import meta_text
from backbone.eventstore.model import Append

APPEND = f"SELECT * FROM append_batch({', '.join(f'${n}' for n in range(1, 35))})"
"""Answers a row per command: outcome, seq, published seq, answer, a conflict's stream place and version."""


@dataclass(slots=True)
class Group:
    """What ``append_batch`` takes, column by column; names as in the SQL function."""

    c_id: list[UUID] = field(default_factory=list)
    c_hash: list[bytes] = field(default_factory=list)
    c_answer: list[str] = field(default_factory=list)
    c_meta: list[str] = field(default_factory=list)
    c_twin: list[int] = field(default_factory=list)
    c_consumer: list[int] = field(default_factory=list)
    c_old: list[int | None] = field(default_factory=list)
    c_new: list[int | None] = field(default_factory=list)
    c_lease: list[int | None] = field(default_factory=list)
    c_pairs: list[int] = field(default_factory=list)
    c_events: list[int] = field(default_factory=list)
    c_outgoing: list[int] = field(default_factory=list)
    s_head: list[int] = field(default_factory=list)
    s_expected: list[int] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    outgoing: list[tuple[Any, ...]] = field(default_factory=list)
    deadlines: list[tuple[Any, ...]] = field(default_factory=list)
    streams: dict[str, int] = field(default_factory=dict)
    consumers: dict[tuple[str, str], int] = field(default_factory=dict)
    places: dict[UUID, int] = field(default_factory=dict)

    def add(self, append: Append) -> None:
        """Put a command at the end of the group."""
        self.c_id.append(append.command_id)
        place = len(self.c_id)
        self.c_hash.append(append.request_hash)
        self.c_answer.append(append.answer)
        self.c_meta.append(meta_text(append.meta))
        self.c_twin.append(self.places.get(append.command_id, 0))
        self.places[append.command_id] = place
        at = append.checkpoint
        if at is None:
            self.c_consumer.append(0)
        else:
            consumer = (at.consumer, at.source)
            self.c_consumer.append(self.consumers.setdefault(consumer, len(self.consumers) + 1))
        self.c_old.append(at.old if at else None)
        self.c_new.append(at.new if at else None)
        self.c_lease.append(at.lease_epoch if at else None)
        for pair in append.streams:
            head = self.streams.setdefault(pair.stream, len(self.streams) + 1)
            self.s_head.append(head)
            self.s_expected.append(pair.expected)
            for e in pair.events:
                self.events.append((place, head, e.id, e.type, e.schema_version, e.data, e.occurred_at))
        for p in append.published:
            self.outgoing.append((place, p.id, p.type, p.case_id, p.data, p.occurred_at))
        for d in append.deadlines:
            self.deadlines.append((place, d.key, d.name, d.at))
        self.c_pairs.append(len(self.s_head))
        self.c_events.append(len(self.events))
        self.c_outgoing.append(len(self.outgoing))

    def arguments(self) -> list[Sequence[Any]]:
        """The arguments of ``APPEND``."""
        return [
            self.c_id,
            self.c_hash,
            self.c_answer,
            self.c_meta,
            self.c_twin,
            self.c_consumer,
            self.c_old,
            self.c_new,
            self.c_lease,
            self.c_pairs,
            self.c_events,
            self.c_outgoing,
            [consumer for consumer, _ in self.consumers],
            [source for _, source in self.consumers],
            list(self.streams),
            self.s_head,
            self.s_expected,
            *_columns(self.events, 7),
            *_columns(self.outgoing, 6),
            *_columns(self.deadlines, 4),
        ]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width
