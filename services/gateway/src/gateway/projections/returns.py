"""Returns and releases in the case view: who had an assignment, who has it, and whose time it took."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable

from contracts.events import Published, routing
from gateway.projections.facts import Fact, Handler, notice, state
from gateway.projections.whistles import assigned, assignment, dispatch_notice

OFFICE = "burden-reduction-office"
COUNTY_LEADER = "county-leadership"


def _settled(fact: Fact, settled: bool) -> Executable:
    return state(fact, None, provisional=False) if settled else state(fact, None)


def _requested(fact: Fact, it: routing.ReturnRequested) -> Sequence[Executable]:
    params = {"unit": it.unit, "proposed_owner": it.proposed_owner}
    return (
        assignment(
            it.assignment_id,
            state="return_requested",
            return_basis=it.legal_basis,
            proposed_owner=it.proposed_owner,
            return_requested_at=fact.at,
        ),
        state(fact, None),
        notice(str(fact.event.id), OFFICE, fact, "return-requested", params),
    )


def _returned(fact: Fact, it: routing.AssignmentReturned) -> Sequence[Executable]:
    return (
        assignment(it.assignment_id, state="returned", return_decided_at=fact.at),
        *(assigned(fact, each, it.cycle) for each in (*it.issued, *it.changed)),
        *(dispatch_notice(fact, each) for each in (*it.issued, *it.changed)),
        _settled(fact, it.settled),
    )


def _refused(fact: Fact, it: routing.ReturnRefused) -> Sequence[Executable]:
    return (
        assignment(it.assignment_id, state="awaiting_report_in", return_decided_at=fact.at),
        state(fact, None),
        notice(str(fact.event.id), it.unit, fact, "return-refused", {}),
    )


def _released(fact: Fact, it: routing.AssignmentReleased) -> Sequence[Executable]:
    return (
        assignment(it.assignment_id, state="released"),
        *(assignment(each.assignment_id, issue_ids=list(each.issue_ids)) for each in it.changed),
        _settled(fact, it.settled),
    )


def _moved(fact: Fact, it: routing.AssignmentMoved) -> Sequence[Executable]:
    kept = {"unit": it.to, "issue_ids": list(it.kept.issue_ids)}
    absorbed = () if it.absorbed is None else (assignment(it.absorbed.assignment_id, state="released"),)
    return (
        *absorbed,
        assignment(it.kept.assignment_id, **kept),
        state(fact, None),
        notice(str(fact.event.id), it.to, fact, "assignment-moved", {"unit": it.unit}),
    )


def _escalated(fact: Fact, it: routing.DispatchEscalated) -> Sequence[Executable]:
    params = {"cause": it.cause}
    return (
        state(fact, None, escalated=it.cause),
        notice(str(fact.event.id), COUNTY_LEADER, fact, "escalated", params),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    routing.ReturnRequested: _requested,
    routing.AssignmentReturned: _returned,
    routing.ReturnRefused: _refused,
    routing.AssignmentReleased: _released,
    routing.AssignmentMoved: _moved,
    routing.DispatchEscalated: _escalated,
}
"""Published fact → what it changes."""
