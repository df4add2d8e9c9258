"""退派: a department says it is another's duty and the office decides; or it is let go (A2, A3, A6).

The window of a return (C10) is accountability's clock. Its deadline is noted here when the clock starts, so
a request is judged to the second by the database's clock, and not by when word of its expiry arrives. A
request made before the window is known is in time: nobody is refused because another service lags.
"""

from dataclasses import replace

from routing.domain.dispatch.commands import (
    AcceptReturn,
    NoteReturnWindow,
    RefuseReturn,
    ReleaseAssignment,
    RequestReturn,
)
from routing.domain.dispatch.desk import require_dispatched, require_open
from routing.domain.dispatch.facts import (
    Assigned,
    AssignmentReleased,
    AssignmentReturned,
    DispatchEscalated,
    Event,
    ReturnRefused,
    ReturnRequested,
    ReturnWindowNoted,
)
from routing.domain.dispatch.opening import assignment_id
from routing.domain.dispatch.state import Assignment, Dispatch, Stage
from routing.domain.dispatch.work import require_own
from routing.domain.refusals import require


def note_window(command: NoteReturnWindow, dispatch: Dispatch) -> list[Event]:
    """Only of use to a department that may still ask."""
    if dispatch.stage is not Stage.OUT:
        return []
    for each in dispatch.assignments:
        if each.assigned.assignment_id == command.assignment_id and each.reported_in is None:
            known = each.return_until == command.until
            return [] if known else [ReturnWindowNoted(command.assignment_id, command.until)]
    return []


def request(command: RequestReturn, dispatch: Dispatch) -> list[Event]:
    """Before reporting in, inside the window, once; C1 runs on."""
    assignment = require_own(command.unit, command.by, dispatch)
    asked = ReturnRequested(assignment.assigned.assignment_id, command.legal_basis, command.proposed_owner)
    if assignment.return_request == asked:
        return []
    require_open(dispatch)
    _not_concluded(dispatch)
    require(assignment.reported_in is None, "return-after-report-in")
    require(assignment.return_request is None, "return-requested")
    require(not assignment.return_refused, "return-only-once")
    until = assignment.return_until
    require(until is None or command.at.replace(microsecond=0) <= until, "return-window-over")
    require(command.legal_basis != "", "return-needs-a-basis")
    require(command.proposed_owner != "", "return-needs-a-proposed-owner")
    require(command.proposed_owner != command.unit, "return-proposes-itself")
    require(command.proposed_owner in command.registered, "unknown-department", unit=command.proposed_owner)
    return [asked]


def accept(command: AcceptReturn, dispatch: Dispatch) -> list[Event]:
    """Another department has it from now on; many transfers of a whistle escalate."""
    require_dispatched(dispatch)
    assignment = dispatch.assignment(command.unit)
    if assignment is None or assignment.return_request is None:
        gone = {to for unit, to in dispatch.handed_over if unit == command.unit}
        require(bool(gone) and command.to in ("", *gone), "no-return-requested")
        return []
    to = command.to or assignment.return_request.proposed_owner
    require_open(dispatch)
    _not_concluded(dispatch)
    require(command.legal_basis != "", "desk-needs-a-legal-basis")
    require(to != command.unit, "return-proposes-itself")
    require(to in command.registered, "unknown-department", unit=to)
    issued, changed = hand_over(assignment, to, dispatch)
    transfers = dispatch.transfers + 1
    returned = AssignmentReturned(
        assignment.assigned,
        to,
        command.dispatch_error,
        command.legal_basis,
        issued,
        changed,
        transfers,
    )
    if transfers < command.escalating_transfer or "third-transfer" in dispatch.escalated:
        return [returned]
    return [returned, DispatchEscalated("third-transfer", command.escalating_transfer)]


def refuse(command: RefuseReturn, dispatch: Dispatch) -> list[Event]:
    """It stays where it is, and may not be asked again."""
    require_dispatched(dispatch)
    assignment = dispatch.assignment(command.unit)
    if assignment is not None and assignment.return_request is None and assignment.return_refused:
        return []
    require(assignment is not None and assignment.return_request is not None, "no-return-requested")
    assert assignment is not None
    require_open(dispatch)
    require(command.reason != "", "refusing-a-return-needs-a-reason")
    return [ReturnRefused(assignment.assigned.assignment_id, command.reason)]


def release(command: ReleaseAssignment, dispatch: Dispatch) -> list[Event]:
    """An assist goes; a lead never does, because a whistle always has one."""
    township = command.by == "township"
    require(not township or dispatch.township == command.by_unit, "unknown-case")
    require_dispatched(dispatch)
    assignment = dispatch.assignment(command.unit)
    if assignment is None and command.unit in dispatch.released:
        return []
    require_open(dispatch)
    require(assignment is not None, "department-has-no-part", unit=command.unit)
    assert assignment is not None
    require(not assignment.is_lead, "lead-cannot-be-released")
    _not_concluded(dispatch)
    require(not assignment.concluded, "part-already-concluded")
    require(township or command.reason != "", "release-needs-a-reason")
    lead = dispatch.lead
    assert lead is not None, "what is dispatched has a lead"
    changed = (
        (with_issues(lead.assigned, assignment.assigned, dispatch),) if assignment.assigned.issue_ids else ()
    )
    return [AssignmentReleased(assignment.assigned, command.by, command.reason or None, changed)]


def hand_over(
    assignment: Assignment, to: str, dispatch: Dispatch
) -> tuple[tuple[Assigned, ...], tuple[Assigned, ...]]:
    """The fresh assignment of ``to``, or the one it has already with the part and issues added to it."""
    gone, has = assignment.assigned, dispatch.assignment(to)
    if has is None:
        fresh = assignment_id(dispatch.case_id, to, dispatch.cycle, dispatch.given_ids)
        return (replace(gone, assignment_id=fresh, unit=to, provisional=False),), ()
    require(assignment.is_lead or not has.concluded, "part-already-concluded")
    part = "lead" if assignment.is_lead else has.assigned.part
    return (), (replace(with_issues(has.assigned, gone, dispatch), part=part, provisional=False),)


def with_issues(has: Assigned, gone: Assigned, dispatch: Dispatch) -> Assigned:
    """A part with the issues of another added to it."""
    answers = {*has.issue_ids, *gone.issue_ids}
    return replace(has, issue_ids=tuple(each for each in dispatch.issue_ids if each in answers))


def _not_concluded(dispatch: Dispatch) -> None:
    require(dispatch.stage is not Stage.CONCLUDED, "lead-already-concluded")
