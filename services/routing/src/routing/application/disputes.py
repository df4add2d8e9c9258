"""What people ask of disputes: permitted, sealed, then decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer
from contracts.permissions import DEPARTMENT_LEADER, TOWNSHIP_LEADER
from routing.application.casework import Casework
from routing.application.directory import SHANGHAI, Directory
from routing.application.disputes_publishing import DISPUTE, dispute_about
from routing.application.ports import OpeningHours
from routing.application.publishing import NAMES
from routing.application.standing import standing_of
from routing.domain.dispute import Command, Dispute
from routing.domain.dispute.commands import (
    AcceptDispute,
    AgreeOnDuty,
    Decided,
    DecideReconsideration,
    FileDispute,
    GiveStatement,
    NotAcceptDispute,
    OpenCoordination,
    OpenNegotiation,
    RecordHearing,
    ReferUp,
    RequestReconsideration,
    RuleOnDuty,
    SettleAtOnce,
    Standing,
)
from routing.domain.dispute.facts import Filer, Ruling, Way
from routing.domain.refusals import require

_FILERS: Final[dict[str, Filer]] = {DEPARTMENT_LEADER: "department", TOWNSHIP_LEADER: "township"}


@dataclass(frozen=True, slots=True)
class DisputeWords:
    """What is disputed, in plain words; ``department`` and ``proposed_owner`` are unit codes."""

    department: str
    legal_basis: str
    matter: str
    whistle: str | None = None
    proposed_owner: str | None = None
    letter: str | None = None


class Disputes(Casework):
    """The commands on disputes. Each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, directory: Directory, hours: OpeningHours) -> None:
        super().__init__(store, sealer, directory)
        self._hours = hours

    async def file(self, words: DisputeWords, actor: Actor, context: CommandContext) -> Appended:
        """A4 提出争议: of a department's assignment, or of a duty without a whistle."""
        if repeated := await self._begin(actor, "file-dispute", context):
            return repeated
        case, filing = await self._filing(words, actor, context)
        return await self._run(case, filing, context)

    async def settle(
        self, words: DisputeWords, ruling: Ruling, way: Way, actor: Actor, context: CommandContext
    ) -> Appended:
        """简易办理: one record of what a telephone call or a line of the list has settled."""
        if repeated := await self._begin(actor, "settle-dispute", context):
            return repeated
        case, filing = await self._filing(words, actor, context)
        reported_in = filing.standing is not None and filing.standing.reported_in
        decided = await self._decided(ruling, reported_in)
        return await self._run(case, SettleAtOnce(filing, AgreeOnDuty(decided, way)), context)

    async def accept(self, case: str, actor: Actor, context: CommandContext) -> Appended:
        """受理."""
        return await self._plain(case, AcceptDispute(), "accept-dispute", actor, context)

    async def negotiate(self, case: str, actor: Actor, context: CommandContext) -> Appended:
        """交双方协商."""
        return await self._plain(case, OpenNegotiation(), "open-negotiation", actor, context)

    async def coordinate(self, case: str, actor: Actor, context: CommandContext) -> Appended:
        """编办协调."""
        return await self._plain(case, OpenCoordination(), "open-coordination", actor, context)

    async def not_accept(self, case: str, reason: str, actor: Actor, context: CommandContext) -> Appended:
        """不予受理."""
        return await self._said(case, reason, NotAcceptDispute, "not-accept-dispute", actor, context)

    async def give_statement(self, case: str, words: str, actor: Actor, context: CommandContext) -> Appended:
        """书面意见, by a party."""
        unit = await self._speaks_as(case, actor)
        return await self._said(
            case, words, lambda sealed: GiveStatement(unit, sealed), "give-statement", actor, context, unit
        )

    async def record_hearing(
        self,
        case: str,
        met_on: date,
        units: tuple[str, ...],
        minutes: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """协调会纪要."""
        return await self._said(
            case,
            minutes,
            lambda sealed: RecordHearing(met_on, units, sealed),
            "record-hearing",
            actor,
            context,
        )

    async def agree(
        self, case: str, ruling: Ruling, way: Way, actor: Actor, context: CommandContext
    ) -> Appended:
        """商定."""
        if repeated := await self._begin(actor, "agree-on-duty", context):
            return repeated
        decided = await self._decided(ruling, await self._reported_in(await self._known(case)))
        return await self._run(case, AgreeOnDuty(decided, way), context)

    async def rule(
        self, case: str, ruling: Ruling, by_higher_level: bool, actor: Actor, context: CommandContext
    ) -> Appended:
        """裁定, or the higher level's ruling of what was referred up."""
        if repeated := await self._begin(actor, "rule-on-duty", context):
            return repeated
        decided = await self._decided(ruling, await self._reported_in(await self._known(case)))
        days = (await self._directory.case_rules(decided.at)).reconsideration_days
        until = decided.at if by_higher_level else await self._working_days(decided.at, days)
        return await self._run(case, RuleOnDuty(decided, until, by_higher_level), context)

    async def refer_up(
        self, case: str, to: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """报请上级."""
        if repeated := await self._begin(actor, "refer-dispute-up", context):
            return repeated
        parties = (await self._known(case)).parties
        entries = await self._directory.entries(parties)
        beyond = any(not each.ruled_by_county for each in entries.values())
        [sealed] = await self._seal(case, [reason])
        command = ReferUp(to, "not-the-countys" if beyond else "referred-by-the-office", sealed)
        return await self._run(case, command, context)

    async def request_reconsideration(
        self, case: str, grounds: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """申请复议."""
        now, unit = await self._store.now(), await self._speaks_as(case, actor)
        return await self._said(
            case,
            grounds,
            lambda sealed: RequestReconsideration(unit, sealed, now),
            "request-reconsideration",
            actor,
            context,
            unit,
        )

    async def decide_reconsideration(
        self, case: str, reason: str, revised: Ruling | None, actor: Actor, context: CommandContext
    ) -> Appended:
        """复议结论."""
        if repeated := await self._begin(actor, "decide-reconsideration", context):
            return repeated
        reported_in = await self._reported_in(await self._known(case))
        decided = await self._decided(revised, reported_in) if revised is not None else None
        [sealed] = await self._seal(case, [reason])
        return await self._run(case, DecideReconsideration(sealed, decided), context)

    async def _plain(
        self, case: str, command: Command, operation: str, actor: Actor, context: CommandContext
    ) -> Appended:
        return await self._begin(actor, operation, context) or await self._run(case, command, context)

    async def _said(
        self,
        case: str,
        words: str,
        command: Callable[[str], Command],
        operation: str,
        actor: Actor,
        context: CommandContext,
        party: str | None = None,
    ) -> Appended:
        """Sealed only for a dispute that exists and is open to who speaks."""
        if repeated := await self._begin(actor, operation, context):
            return repeated
        dispute = await self._known(case)
        require(party is None or party in dispute.parties, "unknown-case")
        [sealed] = await self._seal(case, [words])
        return await self._run(case, command(sealed), context)

    async def _speaks_as(self, case: str, actor: Actor) -> str:
        """The party somebody speaks for: the own unit, or the merged one in whose place it stands."""
        dispute = DISPUTE.fold(await self._store.load(DISPUTE.stream(case)))
        return await self._directory.speaks_as(actor.unit, dispute.parties)

    async def _run(self, case: str, command: Command, context: CommandContext) -> Appended:
        return (await execute(self._store, DISPUTE, case, command, context, {"id": case})).appended

    async def _known(self, case: str) -> Dispute:
        dispute = DISPUTE.fold(await self._store.load(DISPUTE.stream(case)))
        require(dispute.filed is not None, "unknown-case")
        return dispute

    async def _filing(
        self, words: DisputeWords, actor: Actor, context: CommandContext
    ) -> tuple[str, FileDispute]:
        """One dispute per assignment: whoever files it again is led to the one there is."""
        standing = await self._standing(words.whistle, words.department) if words.whistle else None
        disputed = standing.assignment_id if standing else None
        case = str(uuid5(NAMES, f"dispute/{context.command_id}"))
        if words.whistle and disputed:
            case = dispute_about(words.whistle, disputed)
        named = [each for each in (words.department, words.proposed_owner) if each]
        filer = _FILERS.get(actor.role, "office")
        require(words.whistle is None or standing is not None, "unknown-case")
        if standing is not None:
            own = {"department": words.department, "township": standing.township}.get(filer, actor.unit)
            require(own == actor.unit, "unknown-case")
        [matter] = await self._seal(case, [words.matter])
        filing = FileDispute(
            disputed_department=words.department,
            filed_by=actor.unit,
            filer=filer,
            legal_basis=words.legal_basis,
            matter=matter,
            registered=frozenset(await self._directory.entries(named)),
            whistle=words.whistle,
            standing=standing,
            proposed_owner=words.proposed_owner,
            letter=words.letter,
        )
        return case, filing

    async def _standing(self, whistle: str, unit: str) -> Standing | None:
        return standing_of(await self._dispatch(whistle), unit)

    async def _reported_in(self, dispute: Dispute) -> bool:
        filed = dispute.filed
        if filed is None or filed.whistle is None:
            return False
        [disputed] = (await self._directory.succession()).named([filed.disputed_department])
        standing = await self._standing(filed.whistle, disputed)
        return standing is not None and standing.reported_in

    async def _decided(self, ruling: Ruling, reported_in: bool) -> Decided:
        now = await self._store.now()
        entries = await self._directory.entries(ruling.units)
        duties = await self._directory.duties(now)
        return Decided(
            ruling=ruling,
            registered=frozenset(entries),
            beyond_county=frozenset(code for code, each in entries.items() if not each.ruled_by_county),
            reported_in=reported_in,
            listed=duties.item(ruling.item_code) if duties and ruling.item_code else None,
            at=now,
        )

    async def _working_days(self, at: datetime, days: int) -> datetime:
        """24:00 of the last of so many working days after the day of ``at``."""
        midnight = _midnight_after(at)
        for _ in range(days):
            midnight = _midnight_after(await self._hours.next_opening(midnight) or midnight)
        return midnight


def _midnight_after(at: datetime) -> datetime:
    day = at.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(day, time(), SHANGHAI)
