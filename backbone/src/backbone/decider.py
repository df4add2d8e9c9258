"""Running a pure decider against the event store: load, decide, append, and again on a conflict."""

import asyncio
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args
from uuid import UUID, uuid5

import orjson
from pydantic import TypeAdapter

from backbone.eventstore import (
    Append,
    Appended,
    Checkpoint,
    Conflict,
    Deadline,
    EventStore,
    Meta,
    NewEvent,
    Outgoing,
    Positions,
    StoredEvent,
    StreamAppend,
)

C = TypeVar("C")
E = TypeVar("E")
S = TypeVar("S")

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
ATTEMPTS = 8
"""How often a command is decided again after losing a race for its stream."""


class Codec(Generic[E]):
    """Turns event dataclasses into canonical JSON and back, by their explicit wire names.

    ``union`` is the aggregate's ``Event`` union; every member has ``name: ClassVar[str]``.
    ``upcasters`` maps an old wire name to (current wire name, function over the JSON object).
    """

    def __init__(self, union: Any, upcasters: Mapping[str, tuple[str, Upcaster]] | None = None) -> None:
        members: Sequence[type] = get_args(union) or (union,)
        self._adapters: dict[str, TypeAdapter[Any]] = {}
        for member in members:
            name = member.name  # type: ignore[attr-defined]
            if name in self._adapters:
                raise ValueError(f"two events are called {name}")
            self._adapters[name] = TypeAdapter(member)
        self._upcasters = dict(upcasters or {})

    @property
    def names(self) -> frozenset[str]:
        """The wire names this aggregate writes."""
        return frozenset(self._adapters)

    def encode(self, event: E) -> tuple[str, str]:
        """(wire name, canonical JSON text) of an event."""
        name: str = event.name  # type: ignore[attr-defined]
        value = self._adapters[name].dump_python(event, mode="json")
        return name, orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def decode(self, name: str, data: str) -> E:
        """The event of a stored row, lifted to its current version; unknown names raise ``KeyError``."""
        if name in self._upcasters:
            value = orjson.loads(data)
            while name in self._upcasters:
                name, lift = self._upcasters[name]
                value = lift(value)
            return self._adapters[name].validate_python(value)  # type: ignore[no-any-return]
        return self._adapters[name].validate_json(data)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Aggregate(Generic[C, E, S]):
    """A decider with its place in the log and what others learn of it."""

    category: str
    """The stream of case X is ``<category>-X``."""
    initial: S
    decide: Callable[[C, S], list[E]]
    evolve: Callable[[S, E, datetime], S]
    codec: Codec[E]
    publish: Callable[[E, S, str], Sequence[tuple[str, str, str]]]
    """(event, state after it, stream id without category) → published (type, case id, JSON text)."""
    deadlines: Callable[[Sequence[E], S, str], Sequence[Deadline]] = field(
        default=lambda _events, _state, _key: ()
    )
    """(new events, state after all, stream id without category) → timer rows to set or cancel."""

    def stream(self, key: str) -> str:
        """The stream id of a key."""
        return f"{self.category}-{key}"

    @cached_property
    def names(self) -> frozenset[str]:
        """Wire names of the private events."""
        return self.codec.names

    def fold(self, history: Sequence[StoredEvent], state: S | None = None) -> S:
        """The state after a history."""
        folded = self.initial if state is None else state
        for stored in history:
            folded = self.evolve(folded, self.codec.decode(stored.type, stored.data), stored.effective_at)
        return folded


@dataclass(frozen=True, slots=True)
class CommandContext:
    """Identity and cause of one command."""

    command_id: UUID
    request_hash: bytes
    meta: Meta
    at: datetime | None = None
    """The service's clock when the command came, for states that keep a time."""
    occurred_at: datetime | None = None
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True, slots=True)
class Handled(Generic[E]):
    """What a command did: its facts (none for a repeat without effect) and the stored answer."""

    events: tuple[E, ...]
    appended: Appended


def merge_positions(*positions: Positions) -> dict[str, int]:
    """The later position of each service."""
    merged: dict[str, int] = {}
    for each in positions:
        for service, seq in each.items():
            merged[service] = max(seq, merged.get(service, 0))
    return merged


def after_of(history: Sequence[StoredEvent]) -> dict[str, int]:
    """The foreign positions a stream's decisions had consumed (the last event carries them all)."""
    return dict(orjson.loads(history[-1].meta).get("after") or {}) if history else {}


async def execute(
    store: EventStore,
    aggregate: Aggregate[C, E, S],
    key: str,
    command: C | Callable[[S], C],
    context: CommandContext,
    answer: Mapping[str, Any] | None = None,
) -> Handled[E]:
    """Decide a command on the current state and store its facts, published facts and timers in one append.

    Raises the domain's refusal, ``KeyReused`` or, after ``ATTEMPTS`` lost races, ``Conflict``. A repeat of
    the same command id answers as the first time and decides nothing.
    """
    return await execute_together(
        store,
        aggregate,
        (key,),
        lambda states: [command(states[0]) if callable(command) else command],
        context,
        answer,
    )


async def execute_together(
    store: EventStore,
    aggregate: Aggregate[C, E, S],
    keys: Sequence[str],
    commands: Callable[[Sequence[S]], Sequence[C]],
    context: CommandContext,
    answer: Mapping[str, Any] | None = None,
) -> Handled[E]:
    """As ``execute``, on several streams of one kind at once: all of it is stored, or none.

    ``commands`` gives the command of each key from the states of all, in the order of ``keys``. Whoever was
    quicker on any of the streams makes all of them be decided again.
    """
    streams = [aggregate.stream(key) for key in keys]
    prior, histories = await asyncio.gather(
        store.answered(context.command_id, context.request_hash),
        asyncio.gather(*(store.load(stream) for stream in streams)),
    )
    if prior is not None:
        return Handled((), prior)
    for attempt in range(ATTEMPTS):
        states = [aggregate.fold(history) for history in histories]
        try:
            wanted = commands(states)
            decided = [
                _Decided(key, state, tuple(history), tuple(aggregate.decide(each, state)))
                for key, state, history, each in zip(keys, states, histories, wanted, strict=True)
            ]
        except Exception:
            # A twin of this request may have been stored since it was looked for: its answer is ours.
            prior = await store.answered(context.command_id, context.request_hash)
            if prior is None:
                raise
            return Handled((), prior)
        try:
            appended = await store.append(_append(aggregate, decided, context, answer))
            events = tuple(event for each in decided for event in each.events)
            return Handled(events if not appended.repeated else (), appended)
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise
            for place, stream in enumerate(streams):
                known = histories[place]
                histories[place] = [*known, *await store.load(stream, after_version=len(known))]
    raise AssertionError("unreachable")


@dataclass(frozen=True, slots=True)
class _Decided(Generic[E, S]):
    """What a command made of one stream."""

    key: str
    state: S
    history: tuple[StoredEvent, ...]
    events: tuple[E, ...]


def _append(
    aggregate: Aggregate[C, E, S],
    decided: Sequence[_Decided[E, S]],
    context: CommandContext,
    answer: Mapping[str, Any] | None,
) -> Append:
    known = merge_positions(*(after_of(each.history) for each in decided), context.meta.after)
    meta = dataclasses.replace(context.meta, after=known)
    now = context.occurred_at or context.at or datetime.max.replace(tzinfo=UTC)
    streams: list[StreamAppend] = []
    outgoing: list[Outgoing] = []
    deadlines: list[Deadline] = []
    for each in decided:
        state, version = each.state, len(each.history)
        new: list[NewEvent] = []
        for number, event in enumerate(each.events, start=version + 1):
            name, data = aggregate.codec.encode(event)
            event_id = uuid5(context.command_id, f"{each.key}/{number}")
            new.append(NewEvent(event_id, name, data, occurred_at=context.occurred_at))
            state = aggregate.evolve(state, event, now)
            for n, (type_, case_id, text) in enumerate(aggregate.publish(event, state, each.key)):
                published_id = event_id if n == 0 else uuid5(event_id, str(n))
                outgoing.append(Outgoing(published_id, type_, case_id, text, context.occurred_at))
        if new:
            streams.append(StreamAppend(aggregate.stream(each.key), version, tuple(new)))
            deadlines += aggregate.deadlines(each.events, state, each.key)
    return Append(
        command_id=context.command_id,
        request_hash=context.request_hash,
        streams=tuple(streams),
        meta=meta,
        published=tuple(outgoing),
        deadlines=tuple(deadlines),
        checkpoint=context.checkpoint,
        answer=orjson.dumps(dict(answer or {}), option=orjson.OPT_SORT_KEYS).decode(),
    )
