"""争议裁定: whose duty it is, by agreement, by ruling, or by the level above; and one reconsideration."""

from datetime import datetime

from routing.domain.dispute.commands import (
    AgreeOnDuty,
    Decided,
    DecideReconsideration,
    FileDispute,
    ReferUp,
    RequestReconsideration,
    RuleOnDuty,
)
from routing.domain.dispute.facts import (
    DisputeReferredUp,
    DutyAgreed,
    DutyRuled,
    Effect,
    Event,
    ListRevisionDrafted,
    ReconsiderationRefused,
    ReconsiderationRequested,
    Ruling,
    RulingExecuted,
)
from routing.domain.dispute.state import UNDECIDED, Dispute, Stage, evolve
from routing.domain.dispute.talking import file
from routing.domain.refusals import require


def settle_at_once(filing: FileDispute, agreement: AgreeOnDuty, dispute: Dispute) -> list[Event]:
    """One record for what a telephone call or a line of the list has settled."""
    require(agreement.way != "meeting", "meetings-take-the-long-way")
    filed = file(filing, dispute)
    for event in filed:
        dispute = evolve(dispute, event, agreement.decided.at)
    return [*filed, *agree(agreement, dispute)]


def agree(command: AgreeOnDuty, dispute: Dispute) -> list[Event]:
    """The units may agree at any time before a decision; the list is only cited as it reads."""
    decided = command.decided
    if isinstance(dispute.decided, DutyAgreed) and dispute.decided.ruling == decided.ruling:
        return []
    require(dispute.stage in UNDECIDED, "dispute-is-settled")
    _complete(decided)
    if command.way == "listed":
        item = decided.listed
        require(item is not None and item.lead == decided.ruling.lead, "list-says-otherwise")
    return [
        DutyAgreed(decided.ruling, command.way, decided.at, _blameless(decided, dispute)),
        *([] if command.way == "listed" else [_revision(decided.ruling)]),
    ]


def rule(command: RuleOnDuty, dispute: Dispute) -> list[Event]:
    """The county rules on its own units; the higher level's ruling is recorded where it was asked."""
    decided = command.decided
    if isinstance(dispute.decided, DutyRuled):
        require(dispute.decided.ruling == decided.ruling, "already-ruled")
        return []
    require(dispute.stage is not Stage.FILED, "accept-the-dispute-first")
    if dispute.stage is Stage.REFERRED_UP:
        require(command.by_higher_level, "referred-to-the-higher-level")
    else:
        require(dispute.stage in UNDECIDED, "dispute-is-settled")
        require(not command.by_higher_level, "not-referred-up")
        _the_countys(decided)
    _complete(decided)
    until = None if command.by_higher_level else command.reconsider_until
    return _ruled(decided, 1, command.by_higher_level, until, dispute)


def refer_up(command: ReferUp, dispute: Dispute) -> list[Event]:
    """Once; the expiry of the time finds what was decided meanwhile and changes nothing."""
    if dispute.stage is Stage.REFERRED_UP:
        return []
    if command.cause == "undecided-in-time":
        undecided = dispute.stage in UNDECIDED
        return [DisputeReferredUp(command.to, command.cause, None)] if undecided else []
    require(dispute.stage is not Stage.NONE, "unknown-case")
    require(dispute.stage in UNDECIDED, "dispute-is-settled")
    require(command.to != "", "referral-needs-an-addressee")
    require(command.reason != "", "referring-a-dispute-needs-a-reason")
    return [DisputeReferredUp(command.to, command.cause, command.reason)]


def request_reconsideration(command: RequestReconsideration, dispute: Dispute) -> list[Event]:
    """One for all parties together; the ruling holds meanwhile."""
    require(command.by in dispute.parties, "unknown-case")
    if dispute.request is not None:
        require(dispute.request.unit == command.by, "reconsideration-only-once")
        return []
    require(isinstance(dispute.decided, DutyRuled), "only-a-ruling-is-reconsidered")
    assert isinstance(dispute.decided, DutyRuled)
    until = dispute.decided.reconsider_until
    require(until is not None, "ruled-by-the-higher-level")
    assert until is not None
    in_time = command.at.replace(microsecond=0) <= until
    require(in_time, "reconsideration-too-late", until=until.isoformat())
    require(command.grounds != "", "reconsideration-needs-grounds")
    return [ReconsiderationRequested(command.by, command.grounds)]


def decide_reconsideration(command: DecideReconsideration, dispute: Dispute) -> list[Event]:
    """The ruling stands, or another takes its place; neither can be reconsidered again."""
    require(dispute.request is not None, "no-reconsideration-requested")
    if dispute.reconsidered:
        stands = dispute.ruling if not dispute.refused else None
        require(stands == (command.revised.ruling if command.revised else None), "already-reconsidered")
        return []
    require(command.reason != "", "reconsideration-needs-a-reason")
    if command.revised is None:
        return [ReconsiderationRefused(command.reason)]
    require(command.revised.ruling != dispute.ruling, "revision-changes-nothing")
    _the_countys(command.revised)
    _complete(command.revised)
    assert isinstance(dispute.decided, DutyRuled)
    return _ruled(command.revised, 2, False, dispute.decided.reconsider_until, dispute)


def note_execution(number: int, effect: Effect, dispute: Dispute) -> list[Event]:
    """Only the decision that holds, and once."""
    waiting = dispute.stage in (Stage.RULED, Stage.AGREED) and number == dispute.number
    return [RulingExecuted(number, effect)] if waiting else []


def _the_countys(decided: Decided) -> None:
    for unit in decided.ruling.units:
        require(unit not in decided.beyond_county, "not-the-countys-to-rule", unit=unit)


def _complete(decided: Decided) -> None:
    ruling = decided.ruling
    for unit in ruling.units:
        require(unit in decided.registered, "unknown-department", unit=unit)
    require(len(set(ruling.units)) == len(ruling.units), "unit-named-twice")
    require(ruling.duty != "", "ruling-names-the-duty")
    require(ruling.legal_basis != "", "ruling-needs-a-legal-basis")
    require(all(each.duty != "" for each in ruling.assists), "assist-needs-a-duty")
    begins, ends = ruling.valid_from, ruling.valid_until
    require(begins is None or ends is None or begins <= ends, "validity-ends-before-it-begins")


def _ruled(
    decided: Decided, number: int, by_higher_level: bool, until: datetime | None, dispute: Dispute
) -> list[Event]:
    blameless = _blameless(decided, dispute)
    return [
        DutyRuled(decided.ruling, number, by_higher_level, decided.at, until, blameless),
        _revision(decided.ruling),
    ]


def _blameless(decided: Decided, dispute: Dispute) -> tuple[str, ...]:
    """Who reported in for what was another's."""
    assert dispute.filed is not None
    first = dispute.filed.disputed_department
    return (first,) if decided.reported_in and first != decided.ruling.lead else ()


def _revision(ruling: Ruling) -> ListRevisionDrafted:
    return ListRevisionDrafted(
        replaces=ruling.item_code,
        duty=ruling.duty,
        lead=ruling.lead,
        assists=tuple(each.unit for each in ruling.assists),
        legal_basis=ruling.legal_basis,
    )
