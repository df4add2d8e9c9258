"""部门办理: a department reports in, gives feedback and concludes (A1, A5, A7, W6)."""

from dataclasses import replace

from routing.domain.dispatch.commands import Conclude, GiveFeedback, ReportIn
from routing.domain.dispatch.desk import require_open
from routing.domain.dispatch.facts import (
    DepartmentReportedIn,
    Event,
    FeedbackGiven,
    IssueResult,
    LeadConcluded,
    PartConcluded,
)
from routing.domain.dispatch.parking import require_not_parked
from routing.domain.dispatch.state import Assignment, Dispatch
from routing.domain.refusals import require


def report_in(command: ReportIn, dispatch: Dispatch) -> list[Event]:
    """Late is accepted: the breach is accountability's to state. A colleague's second tap adds nothing."""
    assignment = require_own(command.unit, command.by, dispatch)
    if assignment.reported_in == command.mode:
        return []
    require(assignment.reported_in is None, "already-reported-in")
    return [_reported_in(command, assignment, dispatch)]


def give_feedback(command: GiveFeedback, dispatch: Dispatch) -> list[Event]:
    """Feedback has content and comes from a department that is at work."""
    assignment = require_own(command.unit, command.by, dispatch)
    if assignment.feedback == command.content and command.content != "":
        return []
    require_open(dispatch)
    require(assignment.reported_in is not None, "not-reported-in")
    require(not assignment.concluded, "already-concluded")
    require(command.content != "", "feedback-needs-content")
    first = assignment.feedback is None
    return [FeedbackGiven(assignment.assigned.assignment_id, first, command.content)]


def conclude(command: Conclude, dispatch: Dispatch) -> list[Event]:
    """An assist ends its part; the lead ends the whistle, also over an assist that has not finished."""
    assignment = require_own(command.unit, command.by, dispatch)
    if not assignment.concluded:
        require_open(dispatch)
        require(assignment.reported_in is not None, "not-reported-in")
    return _conclude(command, assignment, dispatch)


def report_in_and_conclude(arrival: ReportIn, ending: Conclude, dispatch: Dispatch) -> list[Event]:
    """Both at once when it is already done; who has reported in before only concludes."""
    assignment = require_own(arrival.unit, arrival.by, dispatch)
    require(arrival.unit == ending.unit and arrival.by == ending.by, "not-your-assignment")
    if assignment.reported_in is not None:
        return conclude(ending, dispatch)
    reported_in = _reported_in(arrival, assignment, dispatch)
    return [reported_in, *_conclude(ending, replace(assignment, reported_in=arrival.mode), dispatch)]


def _reported_in(command: ReportIn, assignment: Assignment, dispatch: Dispatch) -> Event:
    require_open(dispatch)
    require(assignment.return_request is None, "return-requested")
    require(command.handler != "", "handler-needs-a-name")
    require(command.phone != "", "handler-needs-a-phone")
    return DepartmentReportedIn(
        assignment.assigned.assignment_id,
        command.mode,
        command.handler,
        command.phone,
        command.first_step or None,
    )


def _conclude(command: Conclude, assignment: Assignment, dispatch: Dispatch) -> list[Event]:
    assigned = assignment.assigned
    if not assignment.is_lead:
        require(command.results == (), "only-the-lead-states-results")
        if assignment.concluded:
            return []
        require(command.sentence != "", "conclusion-needs-a-sentence")
        return [PartConcluded(assigned.assignment_id, command.sentence)]
    results = _for_every_issue(command.results, dispatch)
    if assignment.concluded:
        require(_kinds(results) == _kinds(dispatch.results), "already-concluded")
        return []
    require_not_parked(dispatch)
    require(command.sentence != "", "conclusion-needs-a-sentence")
    for each in results:
        require(each.result == "solved" or bool(each.details), "details-needed", issue=each.issue_id)
    return [LeadConcluded(assigned.assignment_id, command.sentence, results, dispatch.cycle)]


def _for_every_issue(named: tuple[IssueResult, ...], dispatch: Dispatch) -> tuple[IssueResult, ...]:
    by_issue = {each.issue_id: each for each in named}
    require(len(by_issue) == len(named), "issue-answered-twice")
    require(by_issue.keys() <= set(dispatch.issue_ids), "issue-not-dispatched")
    return tuple(by_issue.get(each, IssueResult(each, "solved")) for each in dispatch.issue_ids)


def _kinds(results: tuple[IssueResult, ...]) -> list[tuple[str, str]]:
    return [(each.issue_id, each.result) for each in results]


def require_own(unit: str, by: str, dispatch: Dispatch) -> Assignment:
    """A case without a part for one's unit is, to that unit, no case at all."""
    require(dispatch.assignment(by) is not None, "unknown-case")
    assignment = dispatch.assignment(unit)
    require(unit == by and assignment is not None, "not-your-assignment")
    assert assignment is not None
    return assignment
