"""A clock office in memory: facts of other services come in, clocks can be looked at."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from accountability.application.calendars import Calendars
from accountability.application.following import Follower
from accountability.application.latecomers import Latecomers
from accountability.application.policies import Policies
from accountability.application.publishing import CALENDAR_YEAR, CLOCK, POLICY, clock_id
from accountability.application.readings import Readings
from accountability.application.rules import Rules
from accountability.bootstrap import install_rules
from accountability.domain.clock import (
    ClockExpired,
    ClockRecomputed,
    ClockStarted,
    ClockStopped,
    ClockVoided,
    Running,
)
from backbone.decider import CommandContext
from backbone.eventstore import Head, Meta
from backbone.eventstore.memory import MemoryEventStore
from backbone.outbox import Delivered, envelope, read_envelope
from backbone.sealing import MemoryKeyRing, Sealer
from contracts.events import Published
from contracts.events.intake import LetterContent, WhistleContent, WhistleIssue
from contracts.events.routing import Assigned

SHANGHAI = ZoneInfo("Asia/Shanghai")
CASE = "5f0f6a52-0f58-5c0e-9d1c-3b7c1f1f6a01"
SPACE = UUID("11111111-1111-5111-8111-111111111111")
YUANCUN = "410923102"
WATER = Assigned(
    assignment_id="a0000000-0000-5000-8000-000000000001",
    unit="water-resources",
    part="lead",
    issue_ids=("i1",),
    provisional=False,
)
TRANSPORT = Assigned(
    assignment_id="a0000000-0000-5000-8000-000000000002",
    unit="transport",
    part="assist",
    issue_ids=("i1",),
    provisional=False,
)
SEALED = "sealed:v1:case/x:AAAA"
LETTER = {
    "case_id": CASE,
    "channel": "express",
    "number": "NL-XJ-2026-000001",
    "anonymous": False,
    "title_sealed": SEALED,
    "text_sealed": SEALED,
}
WHISTLE = {
    "case_id": CASE,
    "number": "NL-2026-000001",
    "township": YUANCUN,
    "village": "410923102201",
    "kind": "public_appeal",
    "ground": "cross_department",
    "text_sealed": SEALED,
    "issues": (WhistleIssue(issue_id="i1", text_sealed=SEALED),),
    "departments": ("water-resources",),
    "raised_by_sealed": SEALED,
}
assert LetterContent.model_fields.keys() >= LETTER.keys()
assert WhistleContent.model_fields.keys() >= WHISTLE.keys()


def at(text: str) -> datetime:
    """A moment on the clocks of China: ``at("2026-02-13 10:00")``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


class RuleStreamsOf:
    """Which rule streams a memory store has."""

    def __init__(self, store: MemoryEventStore) -> None:
        self._store = store

    async def versions(self) -> dict[str, int]:
        """Stream id → version."""
        versions: dict[str, int] = {}
        for event in await self._store.read(0, limit=100_000):
            if event.stream.startswith((f"{CALENDAR_YEAR.category}-", f"{POLICY.category}-")):
                versions[event.stream] = event.version
        return versions


class ClockStreamsOf:
    """Which clocks of a memory store read a year."""

    def __init__(self, store: MemoryEventStore) -> None:
        self._store = store

    async def touched_by(self, year: int) -> AsyncIterator[str]:
        """Keys of clocks whose deadline read this year."""
        versions = re.compile(rf'"calendar_version":"[^"]*\b{year}\.')
        found = {each.stream for each in self._store.events if versions.search(each.data)}
        for stream in sorted(found):
            if stream.startswith(f"{CLOCK.category}-"):
                yield stream.removeprefix(f"{CLOCK.category}-")

    async def recomputed_in(self, year: int) -> AsyncIterator[str]:
        """Keys of clocks that a published calendar had computed again."""
        versions = re.compile(rf'"calendar_version":"[^"]*\b{year}\.')
        for stream in sorted({each.stream for each in self._store.events if versions.search(each.data)}):
            if any(
                each.stream == stream and each.type == ClockRecomputed.name for each in self._store.events
            ):
                yield stream.removeprefix(f"{CLOCK.category}-")

    async def open_of(self, kind: str) -> AsyncIterator[str]:
        """Keys of the clocks of a kind that have not ended."""
        ended = {
            each.stream
            for each in self._store.events
            if each.type in (ClockStopped.name, ClockVoided.name, ClockExpired.name)
        }
        for event in sorted(self._store.events, key=lambda each: each.stream):
            started = event.type == ClockStarted.name and f'"kind":"{kind}"' in event.data
            if started and event.stream not in ended:
                yield event.stream.removeprefix(f"{CLOCK.category}-")


@dataclass
class County:
    """Accountability over a memory store, with its clock in hand."""

    store: MemoryEventStore
    follower: Follower
    readings: Readings
    calendars: Calendars
    policies: Policies
    latecomers: Latecomers
    keys: MemoryKeyRing
    rules: Rules
    now: list[datetime] = field(default_factory=list)
    delivered: int = 0

    @classmethod
    async def opened(cls, now: datetime) -> "County":
        """With the decree list and the default policies, at a moment."""
        moment = [now]
        store = MemoryEventStore(clock=lambda: moment[0])
        await install_rules(store)
        streams, keys = RuleStreamsOf(store), MemoryKeyRing()
        rules = Rules(store, streams)
        policies = Policies(store, streams, rules, ClockStreamsOf(store), Sealer(keys))
        return cls(
            store,
            Follower(store, rules),
            Readings(store, rules),
            Calendars(store, rules, ClockStreamsOf(store)),
            policies,
            Latecomers(store, rules, policies),
            keys,
            rules,
            moment,
        )

    async def apply_rules(self, after: int) -> None:
        """What was published after so many facts reaches the clocks, as in the service."""
        for row in self.store.facts[after:]:
            event = read_envelope(envelope("accountability", self.store.epoch, row))
            for part in (self.calendars.follow, self.policies.follow, self.latecomers.react):
                await part(event, lambda n, seq=row.seq: context(f"rules/{seq}/{n}"))  # type: ignore[misc]

    def replica(self) -> "County":
        """Another process of the service, with rules of its own read."""
        rules = Rules(self.store, RuleStreamsOf(self.store))
        return replace(self, rules=rules, follower=Follower(self.store, rules))

    async def hears(
        self, fact: Published, when: datetime | None = None, *, seq: int | None = None
    ) -> Delivered:
        """A fact of another service arrives; ``when`` is its time, now if left out."""
        if seq is None:
            self.delivered += 1
        event = Delivered(
            service=fact.NAME.split(".")[0],
            epoch=SPACE,
            seq=seq or self.delivered,
            id=uuid5(SPACE, str(seq or self.delivered)),
            type=fact.NAME,
            case_id=fact.case_id,
            recorded_at=when or self.now[0],
            occurred_at=None,
            after={},
            actor="somebody",
            unit="somewhere",
            data=fact.model_dump(mode="json"),
        )
        await self.follower.react(event, lambda n: context(f"{event.type}/{event.seq}/{n}"))
        return event

    async def clock(self, kind: str, subject: str = CASE, cycle: int = 1) -> Running:
        """A clock of the case."""
        key = clock_id(CASE, kind, subject, cycle)
        running = CLOCK.fold(await self.store.load(CLOCK.stream(key))).running
        assert running is not None, f"{kind} never started"
        return running

    async def kinds(self) -> Mapping[str, int]:
        """How many clocks of each kind were started."""
        counts: dict[str, int] = {}
        for event in await self.store.read(0, limit=100_000):
            if event.type == "accountability.clock.clock-started.v1":
                kind = CLOCK.codec.decode(event.type, event.data).kind.value  # type: ignore[union-attr]
                counts[kind] = counts.get(kind, 0) + 1
        return counts


def context(name: str) -> CommandContext:
    """A command's identity by name."""
    return CommandContext(uuid5(SPACE, name), sha256(name.encode()).digest(), Meta("test", "service", "test"))


@dataclass
class StubbornSource:
    """A source whose answers a test decides."""

    clock: datetime
    consumed: bool = True
    down: bool = False
    held: bool = False
    asked: int = 0

    async def head(self) -> Head:
        """Its head, unless it is down."""
        self.asked += 1
        if self.down:
            raise ConnectionError("down")
        return Head(SPACE, 7, self.clock)

    async def reached(self, seq: int, timeout: float) -> bool:
        """Whether its facts were consumed."""
        return self.consumed and seq == 7 and timeout > 0

    async def parked(self, case_id: str) -> bool:
        """Whether a fact of the case waits."""
        return self.held and case_id == CASE


HOUR = timedelta(hours=1)
