"""The rules in force: the calendar and the policies, kept ready for every decision about a clock."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Final, Protocol
from uuid import uuid5

from accountability.application.publishing import CALENDAR_YEAR, IDS, POLICY, policy_key, year_key
from accountability.domain.calendar import Calendar, SourceDocument, YearPlan
from accountability.domain.decree import read_decree
from accountability.domain.default_policies import default_proposals
from accountability.domain.policy import ApprovePolicy
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import PolicyBook, PolicyVersion
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore, Meta, StoredEvent

FRESH_SECONDS: Final = 1.0
"""How long another replica's change of the rules may go unnoticed."""
INSTALLATION: Final = "installation"


class RuleStreams(Protocol):
    """Which streams hold rules, and their versions: one cheap question to notice a change."""

    async def versions(self) -> dict[str, int]:
        """Stream id → version, of all calendar years and policies."""
        ...


class Rules:
    """Gives the rulebook in force; rebuilt when one of its streams has moved."""

    def __init__(
        self, store: EventStore, streams: RuleStreams, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._streams, self._clock = store, streams, clock
        self._lock = asyncio.Lock()
        self._versions: dict[str, int] = {}
        self._book: Rulebook | None = None
        self._asked = float("-inf")

    async def current(self, *, fresh: bool = False) -> Rulebook:
        """The rulebook, at most ``FRESH_SECONDS`` old, or ``fresh``: not older than this question."""
        least = self._clock() - (0 if fresh else FRESH_SECONDS)
        if self._book is not None and self._asked > least:
            return self._book
        async with self._lock:
            if self._book is not None and self._asked > least:
                return self._book
            asked = self._clock()
            versions = await self._streams.versions()
            if self._book is None or versions != self._versions:
                self._book = await self._read(versions)
                self._versions = versions
            self._asked = asked
            return self._book

    def forget(self) -> None:
        """Ask again at once: this process changed the rules."""
        self._asked = float("-inf")

    async def as_of(self, moment: datetime) -> Rulebook:
        """The rulebook as it was known at a past moment: the same for ever."""
        return await self._read(await self._streams.versions(), until=moment)

    async def _read(self, streams: Iterable[str], until: datetime | None = None) -> Rulebook:
        plans: list[YearPlan] = []
        versions: list[PolicyVersion] = []
        for stream in sorted(streams):
            history = recorded_until(await self._store.load(stream), until)
            if stream.startswith(f"{CALENDAR_YEAR.category}-"):
                plans.extend(CALENDAR_YEAR.fold(history).versions)
            else:
                versions.extend(POLICY.fold(history).versions)
        return Rulebook(Calendar.of(plans), PolicyBook.of(versions))


def recorded_until(history: Sequence[StoredEvent], until: datetime | None) -> Sequence[StoredEvent]:
    """What had been recorded of a stream at a moment; all of it without one."""
    return history if until is None else [each for each in history if each.recorded_at <= until]


def installation_context(what: str) -> CommandContext:
    """The context of a command that every start of the service repeats without effect."""
    meta = Meta(actor=INSTALLATION, role="service", unit="accountability")
    return CommandContext(uuid5(IDS, what), sha256(what.encode()).digest(), meta)


async def install(store: EventStore, decrees: Sequence[str], source: SourceDocument) -> None:
    """Publish the decreed years and the default policies; a repeat changes nothing.

    ``decrees`` are the texts of decree files. The design proposes the policies and the installation approves
    them: whoever runs the county replaces them by two of its own people.
    """
    for text in decrees:
        for number, command in enumerate(read_decree(text)):
            context = installation_context(
                f"decree/{command.year}/{number}/{sha256(text.encode()).hexdigest()}"
            )
            current = CALENDAR_YEAR.fold(await store.load(CALENDAR_YEAR.stream(year_key(command.year))))
            if len(current.versions) > number:
                continue  # published before; what the office changed since stays
            await execute(store, CALENDAR_YEAR, year_key(command.year), command, context)
    for proposal in default_proposals(source, by="design"):
        key = policy_key(proposal.kind, proposal.scope)
        if POLICY.fold(await store.load(POLICY.stream(key))).proposed:
            continue
        await execute(store, POLICY, key, proposal, installation_context(f"propose/{proposal.kind}"))
        approval = ApprovePolicy(1, by=INSTALLATION)
        await execute(store, POLICY, key, approval, installation_context(f"approve/{proposal.kind}"))


DESIGN: Final = SourceDocument("基层吹哨、部门报到时限规则(默认)", "", date(2025, 1, 1))
"""The source of the default policies: the published rules of 2025 and our readings of them."""
