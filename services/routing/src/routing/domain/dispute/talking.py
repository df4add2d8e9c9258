"""争议受理与协商: a duty is disowned (A4), taken on, and talked about."""

from routing.domain.dispute.commands import FileDispute, RecordHearing
from routing.domain.dispute.facts import (
    CoordinationOpened,
    DisputeAccepted,
    DisputeFiled,
    DisputeNotAccepted,
    Event,
    HearingRecorded,
    NegotiationOpened,
    StatementGiven,
)
from routing.domain.dispute.state import TALKING, UNDECIDED, Dispute, Stage
from routing.domain.refusals import require


def file(command: FileDispute, dispute: Dispute) -> list[Event]:
    """A department files after reporting in (首接负责); township and office may file before that."""
    require(command.whistle is None or command.standing is not None, "unknown-case")
    assignment_id, township = None, None
    if command.standing is not None:
        _own(command)
        assignment_id, township = command.standing.assignment_id, command.standing.township
    elif command.filer == "township":
        township = command.filed_by
    if dispute.filed is not None:
        require(dispute.filed.filed_by == command.filed_by, "already-in-dispute")
        return []
    if command.standing is not None:
        require(command.standing.ongoing, "dispatch-closed")
        require(assignment_id is not None, "disputed-department-has-no-part")
        require(command.filer != "department" or command.standing.reported_in, "report-in-before-disputing")
    elif command.filer == "department":
        require(command.filed_by == command.disputed_department, "dispute-your-own-duty")
    for unit in (command.disputed_department, command.proposed_owner):
        require(unit is None or unit in command.registered, "unknown-department", unit=unit or "")
    require(command.proposed_owner != command.disputed_department, "propose-another-owner")
    require(command.legal_basis != "", "dispute-needs-a-legal-basis")
    require(command.matter != "", "dispute-needs-its-matter")
    return [
        DisputeFiled(
            disputed_department=command.disputed_department,
            filed_by=command.filed_by,
            filer=command.filer,
            legal_basis=command.legal_basis,
            matter=command.matter,
            whistle=command.whistle,
            assignment_id=assignment_id,
            township=township,
            proposed_owner=command.proposed_owner,
            letter=command.letter,
            issue_ids=command.issue_ids,
            named=command.named,
        )
    ]


def _own(command: FileDispute) -> None:
    """To a unit without a part in it, a whistle is no case at all."""
    assert command.standing is not None
    match command.filer:
        case "department":
            has_part = command.standing.assignment_id is not None
            require(has_part and command.filed_by == command.disputed_department, "unknown-case")
        case "township":
            require(command.filed_by == command.standing.township, "unknown-case")
        case "office":
            pass


def accept(dispute: Dispute) -> list[Event]:
    """The establishment office takes it on."""
    if dispute.stage in TALKING:
        return []
    require(dispute.stage is Stage.FILED, "dispute-is-settled")
    return [DisputeAccepted()]


def not_accept(reason: str, dispute: Dispute) -> list[Event]:
    """It is no dispute about a duty, and the parties are told why."""
    if dispute.stage is Stage.NOT_ACCEPTED:
        return []
    require(dispute.stage in UNDECIDED, "dispute-is-settled")
    require(reason != "", "declining-a-dispute-needs-a-reason")
    return [DisputeNotAccepted(reason)]


def negotiate(dispute: Dispute) -> list[Event]:
    """The units first, the office later."""
    if dispute.stage is Stage.NEGOTIATING:
        return []
    _talking(dispute)
    require(dispute.stage is Stage.ACCEPTED, "already-coordinating")
    return [NegotiationOpened()]


def coordinate(dispute: Dispute) -> list[Event]:
    """The office leads the talks, after negotiations or at once."""
    if dispute.stage is Stage.COORDINATING:
        return []
    _talking(dispute)
    return [CoordinationOpened()]


def give_statement(by: str, words: str, dispute: Dispute) -> list[Event]:
    """Each party may speak in as many written rounds as it takes."""
    require(by in dispute.parties, "unknown-case")
    last = next((each for each in dispute.statements if each.unit == by), None)
    if last is not None and last.words == words:
        return []
    _talking(dispute)
    require(words != "", "statement-needs-words")
    return [StatementGiven(by, last.round + 1 if last else 1, words)]


def record_hearing(command: RecordHearing, dispute: Dispute) -> list[Event]:
    """Who met, when, and what was said."""
    hearing = HearingRecorded(command.met_on, command.units, command.minutes)
    if dispute.hearing == hearing:
        return []
    _talking(dispute)
    require(len(set(command.units)) > 1, "hearing-needs-two-units")
    require(command.minutes != "", "hearing-needs-minutes")
    return [hearing]


def _talking(dispute: Dispute) -> None:
    require(dispute.stage is not Stage.FILED, "accept-the-dispute-first")
    require(dispute.stage in TALKING, "dispute-is-settled")
