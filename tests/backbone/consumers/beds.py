"""What the tests of consumers follow, and what the followers do: they note what they were told."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from backbone.decider import Aggregate, Codec, execute
from backbone.eventstore import Head
from backbone.eventstore.postgres import PostgresEventStore
from backbone.jetstream import Broker
from backbone.outbox import Delivered
from backbone.reactor import Contexts, Reactor
from backbone.relay import Relay
from backbone.subscription import OwnerUnavailable, StoreOwnerLog
from tests.backbone.eventstore.appends import PostgresBed
from tests.backbone.messaging import state_fact


@dataclass(frozen=True, slots=True)
class Note:
    """Note a fact of another service."""

    told: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact was noted."""

    name: ClassVar[str] = "sample.note.noted.v1"
    told: str


NOTES: Aggregate[Note, Noted, int] = Aggregate(
    category="note",
    initial=0,
    # Adds each time it is asked: a repeated command would show.
    decide=lambda command, _count: [Noted(command.told)],
    evolve=lambda count, _event, _at: count + 1,
    codec=Codec(Noted),
    publish=lambda _event, _state, _key: (),
)


class SwitchedLog:
    """An owner's log that can be cut off, and that counts what is read."""

    def __init__(self, store: PostgresEventStore, service: str) -> None:
        self._log = StoreOwnerLog(store, service)
        self.cut = False
        self.pages = 0
        self.refusals = 0

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> Sequence[Delivered]:
        self._answer()
        self.pages += 1
        return await self._log.published(after, limit, case_id)

    async def head(self) -> Head:
        self._answer()
        return await self._log.head()

    def _answer(self) -> None:
        if self.cut:
            self.refusals += 1
            raise OwnerUnavailable("cut off")


class Source:
    """A service whose facts are followed."""

    def __init__(self, name: str, bed: PostgresBed) -> None:
        self.name = name
        self.bed = bed
        self.store = bed.store
        self.log = SwitchedLog(bed.store, name)

    def relay(self, broker: Broker) -> Callable[[asyncio.Event], Awaitable[None]]:
        return Relay(self.store, broker, self.name).run

    async def state(self, case_id: str, n: int, **more: Any) -> int:
        """State the n-th fact of a case; its seq."""
        return (await state_fact(self.store, case_id, n, **more)).published_seq


@dataclass
class Following:
    """A service that notes every fact in the stream of its case."""

    name: str
    bed: PostgresBed
    sources: tuple[Source, ...]
    broker: Broker
    poison: set[str] = field(default_factory=set)
    """What cannot be noted, as ``<source>:<case>:<n>``."""
    tries: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def store(self) -> PostgresEventStore:
        return self.bed.store

    def reactor(self, **settings: Any) -> Reactor:
        settings.setdefault("react", self.note)
        settings.setdefault("broker", self.broker)
        return Reactor(
            "follow",
            service=self.name,
            sources={source.name: source.log for source in self.sources},
            store=self.store,
            **settings,
        )

    def told(self, event: Delivered) -> str:
        number = [source.name for source in self.sources].index(event.service)
        return f"{('intake', 'routing')[number]}:{event.case_id}:{event.data['n']}"

    async def note(self, event: Delivered, command: Contexts) -> None:
        told = self.told(event)
        self.tries[told] += 1
        if told in self.poison:
            raise ValueError(f"cannot note {told}")
        await execute(self.store, NOTES, event.case_id, Note(told), command(0))

    async def notes(self, case_id: str) -> list[str]:
        """What is noted of a case, in order."""
        stored = await self.store.load(f"note-{case_id}")
        return [NOTES.codec.decode(each.type, each.data).told for each in stored]

    async def all_notes(self, cases: Sequence[str]) -> Mapping[str, list[str]]:
        """What is noted of each case."""
        return {case_id: await self.notes(case_id) for case_id in cases}
