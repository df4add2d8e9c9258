"""From the facts of returns and releases to the published language."""

from collections.abc import Sequence

from contracts.events import Published
from contracts.events import routing as published
from routing.domain.dispatch import Dispatch, facts

Outbound = Sequence[tuple[str, str, str]]
"""(type, case id, JSON text) of what others learn."""
ReturnFact = (
    facts.ReturnWindowNoted
    | facts.ReturnRequested
    | facts.AssignmentReturned
    | facts.ReturnRefused
    | facts.AssignmentReleased
    | facts.AssignmentMoved
    | facts.DispatchEscalated
)


def out(fact: Published) -> tuple[str, str, str]:
    """A published fact as the store takes it."""
    return fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True)


def assigned(each: facts.Assigned, state: Dispatch) -> published.Assigned:
    """A department's part, with whether it has reported in."""
    assignment = state.assignment(each.unit)
    return published.Assigned(
        assignment_id=each.assignment_id,
        unit=each.unit,
        part=each.part,
        issue_ids=each.issue_ids,
        provisional=each.provisional,
        reported_in=assignment is not None and assignment.reported_in is not None,
    )


def publish_return(event: ReturnFact, state: Dispatch, case_id: str) -> Outbound:
    """What others learn; how long the window is they know from the clock."""
    match event:
        case facts.ReturnWindowNoted():
            return []
        case facts.ReturnRequested(assignment_id, legal_basis, proposed_owner):
            asking = state.by_id(assignment_id).assigned
            requested = published.ReturnRequested(
                case_id=case_id,
                assignment_id=assignment_id,
                unit=asking.unit,
                part=asking.part,
                legal_basis=legal_basis,
                proposed_owner=proposed_owner,
                emergency=state.emergency,
                township=state.township,
            )
            return [out(requested)]
        case facts.AssignmentReturned():
            return [out(_returned(event, state, case_id))]
        case facts.ReturnRefused(assignment_id, reason):
            unit = state.by_id(assignment_id).assigned.unit
            refused = published.ReturnRefused(
                case_id=case_id, assignment_id=assignment_id, unit=unit, reason_sealed=reason
            )
            return [out(refused)]
        case facts.AssignmentReleased(released, by, reason, changed):
            gone = published.AssignmentReleased(
                case_id=case_id,
                assignment_id=released.assignment_id,
                unit=released.unit,
                by=by,
                reason_sealed=reason,
                changed=tuple(assigned(each, state) for each in changed),
                settled=not state.provisional,
            )
            return [out(gone)]
        case facts.AssignmentMoved(unit, kept, inherited, absorbed):
            moved = published.AssignmentMoved(
                case_id=case_id,
                unit=unit,
                to=kept.unit,
                kept=assigned(kept, state),
                inherited=inherited,
                absorbed=assigned(absorbed, state) if absorbed else None,
                cycle=state.cycle,
                township=state.township,
            )
            return [out(moved)]
        case facts.DispatchEscalated(cause, limit):
            escalated = published.DispatchEscalated(
                case_id=case_id, cause=cause, township=state.township, limit=limit
            )
            return [out(escalated)]


def _returned(event: facts.AssignmentReturned, state: Dispatch, case_id: str) -> published.AssignmentReturned:
    return published.AssignmentReturned(
        case_id=case_id,
        assignment_id=event.returned.assignment_id,
        unit=event.returned.unit,
        part=event.returned.part,
        to=event.to,
        dispatch_error=event.dispatch_error,
        legal_basis=event.legal_basis,
        issued=tuple(assigned(each, state) for each in event.issued),
        changed=tuple(assigned(each, state) for each in event.changed),
        transfers=event.transfers,
        emergency=state.emergency,
        complex=state.complex,
        cycle=state.cycle,
        township=state.township,
        settled=not state.provisional,
    )
