"""派单演进: what each fact makes of a dispatch; never a refusal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from routing.domain.dispatch.facts import (
    AppealDecided,
    AppealNoted,
    Assigned,
    AssignmentMoved,
    AssignmentReleased,
    AssignmentReturned,
    ChildAdopted,
    CountersigningAsked,
    CycleOpened,
    DepartmentCountersigned,
    DepartmentReportedIn,
    DispatchClosed,
    DispatchConfirmed,
    DispatchCorrected,
    DispatchEscalated,
    DispatchIssued,
    DispatchParked,
    DispatchRecorded,
    DispatchReopened,
    DispatchScheduled,
    DispatchUnparked,
    DispatchWithdrawn,
    Event,
    FeedbackGiven,
    LeadConcluded,
    ParkingRefused,
    PartConcluded,
    ReturnRefused,
    ReturnRequested,
    ReturnWindowNoted,
    WhistleMerged,
    WhistleNotAccepted,
    WithdrawalRefused,
    WithdrawalRequested,
)
from routing.domain.dispatch.state import Assignment, Countersigning, Dispatch, Stage


def evolve(dispatch: Dispatch, event: Event, at: datetime) -> Dispatch:
    """The dispatch after a fact; never refuses."""
    match event:
        case DispatchScheduled():
            return replace(
                dispatch,
                stage=Stage.SCHEDULED,
                case_id=event.case_id,
                township=event.township,
                scheduled=event,
                signed_at=event.signed_at or at,
                issue_ids=tuple(issue.issue_id for issue in event.issues),
            )
        case DispatchIssued():
            return replace(
                dispatch,
                stage=Stage.OUT,
                case_id=event.case_id,
                township=event.township,
                emergency=event.emergency,
                complex=event.complex,
                cycle=event.cycle,
                signed_at=dispatch.signed_at if dispatch.scheduled else event.signed_at or at,
                issue_ids=event.issue_ids,
                assignments=tuple(Assignment(each) for each in event.assignments),
                given_ids=dispatch.given_ids | {each.assignment_id for each in event.assignments},
            )
        case DispatchRecorded():
            return _recorded(event)
        case DispatchConfirmed():
            confirmed = replace(dispatch, complex=event.complex, desk=event)
            return _settled(confirmed) if event.owner_found else confirmed
        case DispatchCorrected():
            return _corrected(dispatch, event)
        case DepartmentReportedIn(assignment_id, mode):
            return _with(dispatch, assignment_id, lambda each: replace(each, reported_in=mode))
        case FeedbackGiven(assignment_id, _, content):
            return _with(dispatch, assignment_id, lambda each: replace(each, feedback=content))
        case PartConcluded(assignment_id):
            return _with(dispatch, assignment_id, lambda each: replace(each, concluded=True))
        case LeadConcluded(assignment_id, _, results):
            concluded = replace(
                dispatch, stage=Stage.CONCLUDED, results=results, withdrawal=None, countersigning=None
            )
            return _with(concluded, assignment_id, lambda each: replace(each, concluded=True))
        case ReturnWindowNoted(assignment_id, until):
            return _with(dispatch, assignment_id, lambda each: replace(each, return_until=until))
        case ReturnRequested(assignment_id):
            return _with(dispatch, assignment_id, lambda each: replace(each, return_request=event))
        case ReturnRefused(assignment_id):
            return _with(
                dispatch, assignment_id, lambda each: replace(each, return_request=None, return_refused=True)
            )
        case AssignmentReturned():
            returned = _moved_on(dispatch, (event.returned,), event.issued, event.changed)
            handed_over = dispatch.handed_over | {(event.returned.unit, event.to)}
            return replace(returned, transfers=event.transfers, handed_over=handed_over)
        case AssignmentReleased(released, _, _, changed):
            kept = _moved_on(dispatch, (released,), (), changed)
            return replace(kept, released=dispatch.released | {released.unit})
        case AssignmentMoved():
            return moved(dispatch, event)
        case DispatchEscalated(cause):
            return replace(dispatch, escalated=dispatch.escalated | {cause})
        case DispatchReopened(cycle):
            reopened = tuple(replace(each, feedback=None, concluded=False) for each in dispatch.assignments)
            return replace(dispatch, stage=Stage.OUT, cycle=cycle, assignments=reopened, results=())
        case DispatchClosed():
            return replace(dispatch, stage=Stage.CLOSED)
        case WithdrawalRequested(reason):
            return replace(dispatch, withdrawal=reason)
        case WithdrawalRefused():
            return replace(dispatch, withdrawal=None)
        case DispatchWithdrawn():
            return replace(dispatch, stage=Stage.WITHDRAWN, withdrawal=None)
        case WhistleNotAccepted():
            return replace(dispatch, stage=Stage.NOT_ACCEPTED, not_accepted=event, withdrawal=None)
        case AppealNoted():
            return replace(dispatch, appealed=True)
        case AppealDecided(granted, _, assignments, cycle):
            decided = replace(dispatch, appeal=event)
            return _sent_again(decided, assignments, cycle) if granted else decided
        case DispatchParked(number):
            return replace(dispatch, parked=number, parking_answered=number)
        case ParkingRefused(number):
            return replace(dispatch, parking_answered=number)
        case DispatchUnparked():
            return replace(dispatch, parked=None)
        case CycleOpened(assignments, cycle):
            return _sent_again(dispatch, assignments, cycle)
        case ChildAdopted():
            return _with_child(dispatch, event)
        case WhistleMerged(parent):
            return replace(dispatch, stage=Stage.MERGED, merged_into=parent, withdrawal=None)
        case CountersigningAsked(_, unit, round_, kind, proposal):
            asked = Countersigning(round_, unit, kind, proposal)
            return replace(dispatch, proposals=round_, countersigning=asked)
        case DepartmentCountersigned(_, unit, _, agrees):
            return _countersigned(dispatch, unit, agrees)
        case _:
            assert_never(event)


def moved(dispatch: Dispatch, event: AssignmentMoved) -> Dispatch:
    """A part is in an heir's hands."""
    return _moved_on(dispatch, (event.absorbed,) if event.absorbed else (), (), (event.kept,))


def _recorded(event: DispatchRecorded) -> Dispatch:
    """Closed from the first; it may be raised again."""
    given = tuple(each.assigned for each in event.parts)
    return Dispatch(
        stage=Stage.CLOSED,
        case_id=event.case_id,
        township=event.township,
        emergency=event.emergency,
        complex=event.complex,
        issue_ids=event.issue_ids,
        assignments=tuple(Assignment(each, concluded=True) for each in given),
        given_ids=frozenset(each.assignment_id for each in given),
        results=event.results,
    )


def _sent_again(dispatch: Dispatch, assignments: tuple[Assigned, ...], cycle: int) -> Dispatch:
    return replace(
        dispatch,
        stage=Stage.OUT,
        cycle=cycle,
        assignments=tuple(Assignment(each) for each in assignments),
        given_ids=dispatch.given_ids | {each.assignment_id for each in assignments},
        results=(),
        countersigning=None,
    )


def _with_child(dispatch: Dispatch, event: ChildAdopted) -> Dispatch:
    """A department that had finished its part has more to do now."""
    joined = _moved_on(dispatch, (), event.issued, event.changed)
    for each in event.changed:
        joined = _with(joined, each.assignment_id, lambda has: replace(has, concluded=False))
    issue_ids = [issue_id for each in event.adopted for issue_id in each.issue_ids]
    return replace(
        joined,
        issue_ids=(*joined.issue_ids, *issue_ids),
        adopted=(*joined.adopted, *event.adopted),
    )


def _countersigned(dispatch: Dispatch, unit: str, agrees: bool) -> Dispatch:
    asked = dispatch.countersigning
    assert asked is not None, "an answer follows its question"
    return replace(dispatch, countersigning=replace(asked, answers=(*asked.answers, (unit, agrees))))


def _with(dispatch: Dispatch, assignment_id: str, change: Callable[[Assignment], Assignment]) -> Dispatch:
    return replace(
        dispatch,
        assignments=tuple(
            change(each) if each.assigned.assignment_id == assignment_id else each
            for each in dispatch.assignments
        ),
    )


def _settled(dispatch: Dispatch) -> Dispatch:
    """Nothing is provisional any more."""
    return replace(
        dispatch,
        assignments=tuple(
            replace(each, assigned=replace(each.assigned, provisional=False)) for each in dispatch.assignments
        ),
    )


def _corrected(dispatch: Dispatch, event: DispatchCorrected) -> Dispatch:
    moved = _moved_on(dispatch, event.voided, event.issued, event.changed)
    return _settled(replace(moved, complex=event.complex, desk=event))


def _moved_on(
    dispatch: Dispatch,
    gone: tuple[Assigned, ...],
    issued: tuple[Assigned, ...],
    changed: tuple[Assigned, ...],
) -> Dispatch:
    """Some assignments are gone, some are new, some kept ones have another part or other issues."""
    gone_ids = {each.assignment_id for each in gone}
    changes = {each.assignment_id: each for each in changed}
    kept = tuple(
        _moved(each, changes.get(each.assigned.assignment_id, each.assigned))
        for each in dispatch.assignments
        if each.assigned.assignment_id not in gone_ids
    )
    return replace(
        dispatch,
        assignments=(*kept, *(Assignment(each) for each in issued)),
        given_ids=dispatch.given_ids | {each.assignment_id for each in issued},
    )


def _moved(assignment: Assignment, assigned: Assigned) -> Assignment:
    """An assist that had finished its part and becomes the lead still has the whistle to conclude."""
    same_part = assignment.assigned.part == assigned.part
    return replace(assignment, assigned=assigned, concluded=assignment.concluded and same_part)
