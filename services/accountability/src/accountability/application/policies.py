"""Policies: proposed by one person, tried over the open clocks, decided by another, and applied to them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final, Literal, Protocol

import structlog

from accountability.application.moves import Move, loaded, moved, on_clock
from accountability.application.publishing import CLOCK, POLICY, policy_key
from accountability.application.rules import Rules
from accountability.domain.clock import Recompute, Running
from accountability.domain.moments import on
from accountability.domain.policy import (
    ApprovePolicy,
    Command,
    DeclinePolicy,
    PolicyApproved,
    PolicyDeclined,
    PolicyProposed,
    ProposePolicy,
    decide,
)
from accountability.domain.policy_change import PolicyChange
from accountability.domain.refusals import Refused, require
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, PolicyBook, PolicyVersion
from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.outbox import Delivered
from backbone.sealing import Sealer, key_id, sealed
from contracts.events import accountability as published
from contracts.permissions import permit

AT_ONCE: Final = 16
"""Clocks read or moved side by side; as many as the store's pool serves well."""
FORGOTTEN: Final = "〔已删除〕"
State = Literal["proposed", "approved", "declined"]
log = structlog.get_logger("chuishao.policies")


class OpenClocks(Protocol):
    """Which clocks a policy can move."""

    def open_of(self, kind: str) -> AsyncIterator[str]:
        """Keys of the clocks of a kind that have not ended."""
        ...


class PolicyStreams(Protocol):
    """Which streams hold policies."""

    async def versions(self) -> dict[str, int]:
        """Stream id → version, of all calendar years and policies."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """An open clock the policy cannot move, and the slug of why."""

    clock_id: str
    case_id: str
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What approving would do to the open clocks; ``looked_at`` counts those of its days and scope."""

    version: PolicyVersion
    looked_at: int
    moves: Sequence[Move]
    kept: Sequence[Kept]

    @property
    def would_breach(self) -> int:
        """How many clocks that are in time would be breached by it."""
        return sum(move.would_breach for move in self.moves)


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One version with who did what; ``reason`` is why it was declined."""

    version: PolicyVersion
    state: State
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class Policies:
    """Commands and questions on policies; they raise ``NotPermitted``, ``Refused`` or as the store."""

    def __init__(
        self, store: EventStore, streams: PolicyStreams, rules: Rules, clocks: OpenClocks, sealer: Sealer
    ) -> None:
        self._store, self._streams, self._rules = store, streams, rules
        self._clocks, self._sealer = clocks, sealer

    async def propose(self, change: PolicyChange, actor: Actor, context: CommandContext) -> Appended:
        """Propose what a document says; it is no policy yet."""
        permit(actor, "propose-policy")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        proposal = await self._proposal(change, actor.subject)
        return await self._run(change.kind, change.scope, proposal, context)

    async def approve(
        self, kind: ClockKind, scope: str, number: int, actor: Actor, context: CommandContext
    ) -> Appended:
        """Put a proposal in force; never by whoever proposed it. Open clocks follow on the published fact."""
        permit(actor, "approve-policy")
        appended = await self._run(kind, scope, ApprovePolicy(number, actor.subject), context)
        self._rules.forget()
        return appended

    async def decline(
        self, kind: ClockKind, scope: str, number: int, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """Turn a proposal down for a reason."""
        permit(actor, "approve-policy")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        key = key_id("case", policy_key(kind, scope))
        words = await self._sealer.seal(key, reason) if reason.strip() else ""
        return await self._run(kind, scope, DeclinePolicy(number, actor.subject, words), context)

    async def try_change(self, change: PolicyChange, actor: Actor) -> DryRun:
        """Which open clocks a document would move if it were approved now; nothing is stored."""
        permit(actor, "try-policy")
        proposal = await self._proposal(change, actor.subject)
        record = POLICY.fold(await self._store.load(POLICY.stream(policy_key(change.kind, change.scope))))
        for fact in decide(proposal, record):
            if isinstance(fact, PolicyProposed):
                return await self._tried(fact.version)
        return await self._tried(record.proposed[len(record.proposed)][0])  # the same was proposed last

    async def try_proposal(self, kind: ClockKind, scope: str, number: int, actor: Actor) -> DryRun:
        """As ``try_change``, of what was proposed."""
        permit(actor, "try-policy")
        record = POLICY.fold(await self._store.load(POLICY.stream(policy_key(kind, scope))))
        require(number in record.proposed, "unknown-policy-proposal", number=number)
        require(number not in record.declined, "policy-proposal-declined", number=number)
        return await self._tried(record.proposed[number][0])

    async def entries(self, actor: Actor, kind: ClockKind | None = None) -> Sequence[PolicyEntry]:
        """Every version there ever was, by clock and scope, oldest first."""
        permit(actor, "read-directory")
        prefix = POLICY.stream("")
        found: list[PolicyEntry] = []
        for stream in sorted(each for each in await self._streams.versions() if each.startswith(prefix)):
            found.extend(await self._history(stream))
        wanted = [each for each in found if kind in (None, each.version.kind)]
        order = list(ClockKind)
        wanted.sort(key=lambda it: (order.index(it.version.kind), it.version.scope, it.version.number))
        reasons = [each.reason for each in wanted if each.reason and sealed(each.reason)]
        opened = dict(zip(reasons, await self._sealer.open_all(reasons, FORGOTTEN), strict=True))
        return [replace(each, reason=opened.get(each.reason or "", each.reason)) for each in wanted]

    async def in_force_now(self) -> frozenset[str]:
        """The labels of the versions that clocks starting now get, in whatever scope."""
        book, now = (await self._rules.current()).policies, await self._store.now()
        pairs = {(each.kind, each.scope) for each in book.versions}
        labels = (label_in_force(book, kind, now, scope) for kind, scope in pairs)
        return frozenset(label for label in labels if label is not None)

    async def follow(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """A policy was approved: move the open clocks for whose start it is in force now."""
        if event.type != published.PolicyApproved.NAME:
            return
        approved = published.PolicyApproved.model_validate(event.data)
        self._rules.forget()
        book = await self._rules.current()
        context = command(0)
        async for clocks in self._open(ClockKind(approved.kind)):
            await asyncio.gather(
                *(
                    self.apply(clock_id, clock, book, event.effective_at, on_clock(context, clock_id))
                    for clock_id, clock in clocks.items()
                )
            )

    async def apply(
        self, clock_id: str, clock: Running, book: Rulebook, at: datetime, context: CommandContext
    ) -> None:
        """Give a clock the version in force for its start, if it has pinned another one."""
        label = label_in_force(book.policies, clock.kind, clock.started_at, clock.scope)
        if label in (None, clock.schedule.policy_version):
            return
        try:
            recompute = Recompute(at, "policy", book, policy_version=label)
            await execute(self._store, CLOCK, clock_id, recompute, context)
        except Refused as refused:
            # The clock keeps the version it has pinned, as the dry run said.
            log.warning("clock keeps its policy", clock=clock_id, policy=label, reason=refused.slug)

    async def _tried(self, version: PolicyVersion) -> DryRun:
        book = await self._rules.current()
        versions = [each for each in book.policies.versions if each.label != version.label]
        changed = Rulebook(book.calendar, PolicyBook.of([*versions, version]))
        now = await self._store.now()
        looked_at = 0
        moves: list[Move] = []
        kept: list[Kept] = []
        async for clocks in self._open(version.kind):
            for clock_id, clock in clocks.items():
                label = label_in_force(changed.policies, clock.kind, clock.started_at, clock.scope)
                if label != version.label:
                    continue
                looked_at += 1
                try:
                    recompute = Recompute(now, "policy", changed, policy_version=version.label)
                    move = moved(clock_id, clock, recompute)
                except Refused as refused:
                    kept.append(Kept(clock_id, clock.case_id, clock.unit, refused.slug))
                    continue
                if move is not None:
                    moves.append(move)
        return DryRun(version, looked_at, sorted(moves, key=lambda it: (it.due, it.clock_id)), kept)

    async def _open(self, kind: ClockKind) -> AsyncIterator[Mapping[str, Running]]:
        """The open clocks of a kind, so many at a time."""
        page: list[str] = []
        async for clock_id in self._clocks.open_of(kind.value):
            page.append(clock_id)
            if len(page) == AT_ONCE:
                yield await self._running(page)
                page = []
        if page:
            yield await self._running(page)

    async def _running(self, clock_ids: Sequence[str]) -> Mapping[str, Running]:
        clocks = await asyncio.gather(*(loaded(self._store, clock_id) for clock_id in clock_ids))
        found = zip(clock_ids, clocks, strict=True)
        return {clock_id: clock for clock_id, clock in found if clock and not clock.ended}

    async def _proposal(self, change: PolicyChange, by: str) -> ProposePolicy:
        begin = on(change.effective_from, time(0))
        in_force = (await self._rules.current()).policies.in_force(change.kind, begin, change.scope)
        return change.proposal(in_force.terms, by)

    async def _run(self, kind: ClockKind, scope: str, command: Command, context: CommandContext) -> Appended:
        key = policy_key(kind, scope)
        return (await execute(self._store, POLICY, key, command, context, {"id": key})).appended

    async def _history(self, stream: str) -> list[PolicyEntry]:
        entries: dict[int, PolicyEntry] = {}
        for stored in await self._store.load(stream):
            fact = POLICY.codec.decode(stored.type, stored.data)
            at = stored.effective_at
            match fact:
                case PolicyProposed(version, by):
                    entries[version.number] = PolicyEntry(version, "proposed", by, at)
                case PolicyApproved(number, by):
                    entries[number] = replace(entries[number], state="approved", decided_by=by, decided_at=at)
                case PolicyDeclined(number, by, reason):
                    entries[number] = replace(
                        entries[number], state="declined", decided_by=by, decided_at=at, reason=reason
                    )
        return list(entries.values())


def label_in_force(book: PolicyBook, kind: ClockKind, at: datetime, scope: str) -> str | None:
    """The version in force for a clock that starts then; None where the book has none."""
    try:
        return book.in_force(kind, at, scope).label
    except Refused:
        return None
