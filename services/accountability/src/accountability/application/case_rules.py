"""Case rules: proposed by one person, decided by another, and read by every decision they bind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal

from accountability.application.case_rules_publishing import (
    CASE_RULES,
    DEFAULTS,
    RULES_KEY,
    rules_from,
    rules_out,
)
from accountability.domain.calendar import SourceDocument
from accountability.domain.case_rules import (
    ApproveCaseRules,
    CaseRules,
    CaseRulesApproved,
    CaseRulesDeclined,
    CaseRulesProposed,
    Command,
    DeclineCaseRules,
    ProposeCaseRules,
    RulesRecord,
    RulesVersion,
)
from accountability.domain.moments import day_of
from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id, sealed
from contracts.events import accountability as published
from contracts.permissions import permit

FORGOTTEN: Final = "〔已删除〕"
State = Literal["proposed", "approved", "declined"]


@dataclass(frozen=True, slots=True)
class RulesChange:
    """What a document changes from a day on; whatever ``changed`` does not name stays as it is then."""

    effective_from: date
    effective_to: date | None
    source: SourceDocument
    changed: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RulesEntry:
    """One version with who did what; ``reason`` is why it was declined."""

    version: RulesVersion
    state: State
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


class RulesInForce:
    """Reads the record; only what is new of it."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._record, self._read = CASE_RULES.initial, 0

    async def record(self) -> RulesRecord:
        """All versions as of now."""
        known, read = self._record, self._read
        news = await self._store.load(CASE_RULES.stream(RULES_KEY), after_version=read)
        if news:
            known, read = CASE_RULES.fold(news, known), read + len(news)
            self._record, self._read = known, read
        return known

    async def at(self, moment: datetime) -> CaseRules:
        """The rules for a command at a moment: the record's, or the default ones."""
        return in_force(await self.record(), day_of(moment))

    async def version_at(self, moment: datetime) -> int:
        """The number of their version; 0 for the default ones."""
        version = (await self.record()).in_force(day_of(moment))
        return 0 if version is None else version.number


class CaseRulesDesk:
    """Commands and questions on case rules; they raise ``NotPermitted``, ``Refused`` or as the store."""

    def __init__(self, store: EventStore, sealer: Sealer) -> None:
        self._store, self._rules, self._sealer = store, RulesInForce(store), sealer

    async def propose(self, change: RulesChange, actor: Actor, context: CommandContext) -> Appended:
        """Propose what a document says over the rules that hold on its first day."""
        permit(actor, "propose-policy")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        holding = rules_out(in_force(await self._rules.record(), change.effective_from))
        changed = published.CaseRules.model_validate({**holding.model_dump(), **change.changed})
        proposal = ProposeCaseRules(
            rules_from(changed), change.effective_from, change.effective_to, change.source, actor.subject
        )
        return await self._run(proposal, context)

    async def approve(self, number: int, actor: Actor, context: CommandContext) -> Appended:
        """Put a proposal in force; never by whoever proposed it."""
        permit(actor, "approve-policy")
        return await self._run(ApproveCaseRules(number, actor.subject), context)

    async def decline(self, number: int, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """Turn a proposal down for a reason."""
        permit(actor, "approve-policy")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        words = await self._sealer.seal(key_id("case", RULES_KEY), reason) if reason.strip() else ""
        return await self._run(DeclineCaseRules(number, actor.subject, words), context)

    async def entries(self, actor: Actor) -> tuple[RulesVersion | None, Sequence[RulesEntry]]:
        """The version in force now, None where the default rules are; and every version, oldest first."""
        permit(actor, "read-directory")
        entries: dict[int, RulesEntry] = {}
        for stored in await self._store.load(CASE_RULES.stream(RULES_KEY)):
            at = stored.effective_at
            match CASE_RULES.codec.decode(stored.type, stored.data):
                case CaseRulesProposed(version, by):
                    entries[version.number] = RulesEntry(version, "proposed", by, at)
                case CaseRulesApproved(number, by):
                    entries[number] = replace(entries[number], state="approved", decided_by=by, decided_at=at)
                case CaseRulesDeclined(number, by, reason):
                    words = await self._sealer.open(reason, FORGOTTEN) if sealed(reason) else reason
                    entries[number] = replace(
                        entries[number], state="declined", decided_by=by, decided_at=at, reason=words
                    )
        today = day_of(await self._store.now())
        return (await self._rules.record()).in_force(today), list(entries.values())

    async def _run(self, command: Command, context: CommandContext) -> Appended:
        answer = {"id": RULES_KEY}
        return (await execute(self._store, CASE_RULES, RULES_KEY, command, context, answer)).appended


def in_force(record: RulesRecord, day: date) -> CaseRules:
    """The rules of a day: the record's, or the default ones."""
    version = record.in_force(day)
    return DEFAULTS if version is None else version.rules
