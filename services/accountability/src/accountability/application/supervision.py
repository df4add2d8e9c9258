"""What people ask of supervision (督办, W14), exemptions (容错), instructions and trace-backs."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from accountability.application.casework import Casework, above, of_the_office
from accountability.application.following.reading import OFFICE
from accountability.application.moves import loaded
from accountability.application.publishing_supervision import (
    EXEMPTION,
    INSTRUCTION,
    SUPERVISION,
    TRACE_BACK,
    matter_key,
)
from accountability.domain.clock import Running
from accountability.domain.exemption import Breach, ClaimExemption, DecideExemption, Ground
from accountability.domain.handling import Stage
from accountability.domain.instruction import GiveInstruction
from accountability.domain.refusals import Refused, require
from accountability.domain.supervision import Command
from accountability.domain.supervision.commands import (
    ClearName,
    CloseOrder,
    DeclineOrder,
    GiveHint,
    HearUnit,
    IssueOrder,
    ReferToDiscipline,
    ReplyToOrder,
    Supervise,
    WithdrawOrder,
)
from accountability.domain.supervision.facts import Authority, Color, Matter
from accountability.domain.supervision.replying import reply_by
from accountability.domain.trace_back import ReleaseTraceBack
from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended
from backbone.identity import Actor
from backbone.sealing import key_id
from contracts.events import accountability as published

DISCIPLINE: Final = "discipline-inspection"
_OWN_UNITS: Final = frozenset({OFFICE, "establishment-office"})
"""Units whose lateness is the county leader's to pursue."""


@dataclass(frozen=True, slots=True)
class _TakenUp:
    """What a person takes up: the key of its stream, the units of the case, and who is only to confirm."""

    key: str
    matter: Matter
    concerned: frozenset[str]
    confirming: str


class Supervisions(Casework):
    """Each command raises ``NotPermitted``, ``Refused`` or what the store raises."""

    async def supervise(
        self,
        case: str,
        unit: str,
        color: Color,
        reason: str,
        clock_id: str | None,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """督办, by a person: of a breach where a clock is named, else of what the unit does in the case."""
        if repeated := await self._begin(actor, "supervise", context):
            return repeated
        taken_up = await self._taken_up(case, unit, clock_id)
        [sealed] = await self._seal(case, [reason])
        now = await self._store.now()
        command = Supervise(
            matter=taken_up.matter,
            county_leader=above(actor),
            concerned=taken_up.concerned,
            confirming=taken_up.confirming,
            color=color,
            reason=sealed,
            at=now,
            reply_due=await self._reply_due(now),
        )
        return await self._on_matter(taken_up.key, case, command, context)

    async def hint(
        self, case: str, unit: str, reason: str, clock_id: str | None, actor: Actor, context: CommandContext
    ) -> Appended:
        """蓝色提示, by a person, of what ``supervise`` is of: it wants no reply."""
        if repeated := await self._begin(actor, "give-hint", context):
            return repeated
        taken_up = await self._taken_up(case, unit, clock_id)
        [sealed] = await self._seal(case, [reason])
        command = GiveHint(
            matter=taken_up.matter,
            county_leader=above(actor),
            concerned=taken_up.concerned,
            confirming=taken_up.confirming,
            reason=sealed,
            at=await self._store.now(),
        )
        return await self._on_matter(taken_up.key, case, command, context)

    async def hear(
        self, key: str, at: datetime, speaker: str, words: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """听取陈述: what the unit said, before an order is issued."""
        if repeated := await self._begin(actor, "hear-unit", context):
            return repeated
        case = await self._case_of(key)
        [sealed] = await self._seal(case, [words])
        [who] = await self._seal_under(key_id("case", case), [speaker])
        command = HearUnit(above(actor), at, await self._store.now(), who, sealed)
        return await self._on_matter(key, case, command, context)

    async def issue(self, key: str, actor: Actor, context: CommandContext) -> Appended:
        """签发督查单."""
        if repeated := await self._begin(actor, "issue-order", context):
            return repeated
        now = await self._store.now()
        command = IssueOrder(above(actor), now, await self._reply_due(now))
        return await self._on_matter(key, await self._case_of(key), command, context)

    async def decline(self, key: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """不予签发."""
        if repeated := await self._begin(actor, "decline-order", context):
            return repeated
        case = await self._case_of(key)
        [sealed] = await self._seal(case, [reason])
        command = DeclineOrder(above(actor), sealed, await self._store.now())
        return await self._on_matter(key, case, command, context)

    async def reply(self, key: str, reply: str, actor: Actor, context: CommandContext) -> Appended:
        """督查单回复, by the unit's leader."""
        if repeated := await self._begin(actor, "reply-to-order", context):
            return repeated
        case = await self._case_of(key)
        [sealed] = await self._seal(case, [reply])
        return await self._on_matter(key, case, ReplyToOrder(actor.unit, sealed), context)

    async def close(self, key: str, words: str, actor: Actor, context: CommandContext) -> Appended:
        """督查单销号."""
        if repeated := await self._begin(actor, "close-order", context):
            return repeated
        case = await self._case_of(key)
        [sealed] = await self._seal(case, [words])
        return await self._on_matter(
            key, case, CloseOrder(above(actor), sealed, await self._store.now()), context
        )

    async def withdraw(self, key: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """撤回督查单."""
        if repeated := await self._begin(actor, "withdraw-order", context):
            return repeated
        case = await self._case_of(key)
        [sealed] = await self._seal(case, [reason])
        return await self._on_matter(key, case, WithdrawOrder(above(actor), sealed), context)

    async def refer(self, key: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """移送: hand a breach to the discipline body."""
        if repeated := await self._begin(actor, "refer-to-discipline", context):
            return repeated
        matter, stands = await self._matter(key)
        [sealed] = await self._seal(matter.case_id, [reason])
        command = ReferToDiscipline(matter, stands, DISCIPLINE, sealed, await self._store.now())
        return await self._on_matter(key, matter.case_id, command, context)

    async def clear_name(self, key: str, statement: str, actor: Actor, context: CommandContext) -> Appended:
        """澄清正名."""
        if repeated := await self._begin(actor, "clear-name", context):
            return repeated
        matter, stands = await self._matter(key)
        [sealed] = await self._seal(matter.case_id, [statement])
        return await self._on_matter(key, matter.case_id, ClearName(matter, stands, sealed), context)

    async def claim_exemption(
        self, clock_id: str, ground: Ground, evidence: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """申请容错, by the unit whose breach it is, or by the office for it."""
        if repeated := await self._begin(actor, "claim-exemption", context):
            return repeated
        breach = await self._breach(clock_id)
        if breach is None or not (of_the_office(actor) or breach.unit == actor.unit):
            raise Refused("unknown-matter")
        settled = SUPERVISION.fold(await self._store.load(SUPERVISION.stream(clock_id))).settled
        [sealed] = await self._seal(breach.case_id, [evidence])
        now = await self._store.now()
        command = ClaimExemption(
            breach=breach,
            unit=actor.unit,
            by=actor.subject,
            by_office=of_the_office(actor),
            ground=ground,
            evidence=sealed,
            admitted=frozenset((await self._case_rules.at(now)).exemption_grounds),
            referred=settled is not None and settled.result == "referred",
            rules_version=await self._case_rules.version_at(now),
        )
        return await self._on_exemption(clock_id, breach.case_id, command, context)

    async def decide_exemption(
        self, clock_id: str, granted: bool, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """决定容错: by another person, of another unit."""
        if repeated := await self._begin(actor, "decide-exemption", context):
            return repeated
        breach = await self._breach(clock_id)
        if breach is None:
            raise Refused("no-exemption-claimed")
        [sealed] = await self._seal(breach.case_id, [reason])
        command = DecideExemption(breach, actor.unit, actor.subject, granted, sealed)
        return await self._on_exemption(clock_id, breach.case_id, command, context)

    async def instruct(
        self, case: str, to: tuple[str, ...], words: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """批示, by the county leader."""
        if repeated := await self._begin(actor, "instruct", context):
            return repeated
        concerned = await self._concerned(case)
        require(len(concerned) > 0, "unknown-case")
        [sealed] = await self._seal(case, [words])
        command = GiveInstruction(actor.subject, concerned | {OFFICE}, to, sealed)
        return await self._run(INSTRUCTION, case, command, context)

    async def release_trace_back(
        self, case: str, document: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """倒查材料发布: ``document`` is the case as it is shown at this moment."""
        if repeated := await self._begin(actor, "release-trace-back", context):
            return repeated
        known = len(await self._concerned(case)) > 0
        require(known, "unknown-case")
        sealed_reason, sealed = await self._seal(case, [reason, document])
        digest = sha256(document.encode()).hexdigest()
        command = ReleaseTraceBack(known, digest, sealed, sealed_reason, actor.subject)
        return await self._run(TRACE_BACK, case, command, context)

    async def _concerned(self, case: str) -> frozenset[str]:
        """The township and the departments of a whistle; of another case the units it is timed for."""
        handling = await self._handling(case)
        if handling.stage is not Stage.NONE:
            return handling.departments | {handling.township}
        rows = await self._store.published(0, limit=10_000, case_id=case)
        started = (row for row in rows if row.type == published.ClockStarted.NAME)
        return frozenset(published.ClockStarted.model_validate_json(row.data).unit for row in started)

    async def _taken_up(self, case: str, unit: str, clock_id: str | None) -> _TakenUp:
        """The breach of a clock where one is named, else what the unit does in the case."""
        handling = await self._handling(case)
        concerned = await self._concerned(case)
        key, kind = matter_key(case, unit, handling.cycle), None
        if clock_id is not None:
            clock = await self._breached_in(case, clock_id)
            key, kind, concerned = clock_id, clock.kind, frozenset({clock.unit})
        matter = Matter(case, unit, authority_over(unit), kind)
        confirming = handling.township if handling.stage is Stage.CONCLUDED else ""
        return _TakenUp(key, matter, concerned, confirming)

    async def _reply_due(self, now: datetime) -> datetime:
        days = (await self._case_rules.at(now)).reply_days
        return reply_by(days, now, (await self._rules.current()).calendar)

    async def _breached_in(self, case: str, clock_id: str) -> Running:
        clock = await loaded(self._store, clock_id)
        if clock is None or clock.case_id != case or clock.breached_at is None:
            raise Refused("unknown-matter")
        return clock

    async def _breach(self, clock_id: str) -> Breach | None:
        clock = await loaded(self._store, clock_id)
        if clock is None:
            return None
        return Breach(clock.case_id, clock.unit, clock.kind, clock.breached_at is not None)

    async def _matter(self, key: str) -> tuple[Matter, bool]:
        """A matter that was taken up or is a clock, and whether there is a breach that holds."""
        breach = await self._breach(key)
        known = SUPERVISION.fold(await self._store.load(SUPERVISION.stream(key))).matter
        if breach is not None:
            matter = known or Matter(breach.case_id, breach.unit, authority_over(breach.unit), breach.kind)
            return matter, breach.stands
        if known is None:
            raise Refused("unknown-matter")
        return known, False

    async def _case_of(self, key: str) -> str:
        matter = SUPERVISION.fold(await self._store.load(SUPERVISION.stream(key))).matter
        if matter is None:
            raise Refused("unknown-matter")
        return matter.case_id

    async def _on_matter(self, key: str, case: str, command: Command, context: CommandContext) -> Appended:
        return (await execute(self._store, SUPERVISION, key, command, context, {"id": case})).appended

    async def _on_exemption(
        self, key: str, case: str, command: ClaimExemption | DecideExemption, context: CommandContext
    ) -> Appended:
        return (await execute(self._store, EXEMPTION, key, command, context, {"id": case})).appended


def authority_over(unit: str) -> Authority:
    """Who pursues a unit."""
    return "county-leader" if unit in _OWN_UNITS else "office"
