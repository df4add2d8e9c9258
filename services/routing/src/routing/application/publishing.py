"""From routing's own facts to the published language."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from backbone.decider import Aggregate, Codec
from backbone.eventstore import Deadline
from contracts.catalogue import sentence
from contracts.events import routing as published
from routing.application.publishing_endings import publish_ending
from routing.application.publishing_joining import publish_joining
from routing.application.publishing_parkings import publish_parking
from routing.application.publishing_recorded import publish_recorded
from routing.application.publishing_returns import Outbound, assigned, out, publish_return
from routing.domain import dispatch, responsibility_list
from routing.domain.dispatch import facts

NAMES: Final = UUID("0d2f7f5e-6d2c-5d5d-8f0a-3f5b8c1e9a77")
"""Name space of the ids routing gives to what is no case."""
LIST_KEY: Final = str(uuid5(NAMES, "responsibility-list"))
"""The one list of the county: the key of its stream and its published ``case_id``."""
ISSUE_DISPATCH: Final = "issue-dispatch"
"""The timer of a scheduled dispatch."""
ASK_WHOSE: Final = "ask-whose-duty"
"""The timer that is due when the desk found no owner: the dispute is filed for certain."""


def publish_dispatch(event: dispatch.Event, state: dispatch.Dispatch, case_id: str) -> Outbound:
    """What others learn of a dispatch's fact; ``state`` is the one after it."""
    match event:
        case facts.DispatchScheduled(_, township):
            at = event.dispatch_at
            return [out(published.DispatchScheduled(case_id=case_id, township=township, dispatch_at=at))]
        case facts.DispatchIssued():
            return [out(_issued(event, state))]
        case facts.DispatchConfirmed(legal_basis, owner_found, complex_):
            confirmed = published.DispatchConfirmed(
                case_id=case_id, legal_basis=legal_basis, complex=complex_, owner_found=owner_found
            )
            return [out(confirmed)]
        case facts.DispatchCorrected():
            return [out(_corrected(event, state))]
        case facts.DepartmentReportedIn(assignment_id, mode, handler, phone, first_step):
            arrived = state.by_id(assignment_id).assigned
            reported_in = published.DepartmentReportedIn(
                case_id=case_id,
                assignment_id=assignment_id,
                unit=arrived.unit,
                part=arrived.part,
                mode=mode,
                handler_sealed=handler,
                phone_sealed=phone,
                first_step_sealed=first_step,
            )
            return [out(reported_in)]
        case facts.FeedbackGiven(assignment_id, first, content):
            speaking = state.by_id(assignment_id).assigned
            feedback = published.FeedbackGiven(
                case_id=case_id,
                assignment_id=assignment_id,
                unit=speaking.unit,
                part=speaking.part,
                first=first,
                content_sealed=content,
            )
            return [out(feedback)]
        case facts.PartConcluded(assignment_id, words):
            finished = published.PartConcluded(
                case_id=case_id,
                assignment_id=assignment_id,
                unit=state.by_id(assignment_id).assigned.unit,
                sentence_sealed=words,
            )
            return [out(finished)]
        case facts.LeadConcluded():
            return [out(_lead_concluded(event, state))]
        case (
            facts.ReturnWindowNoted()
            | facts.ReturnRequested()
            | facts.AssignmentReturned()
            | facts.ReturnRefused()
            | facts.AssignmentReleased()
            | facts.AssignmentMoved()
            | facts.DispatchEscalated()
        ):
            return publish_return(event, state, case_id)
        case (
            facts.WithdrawalRequested()
            | facts.WithdrawalRefused()
            | facts.DispatchWithdrawn()
            | facts.WhistleNotAccepted()
            | facts.AppealNoted()
            | facts.AppealDecided()
            | facts.CycleOpened()
        ):
            return publish_ending(event, state, case_id)
        case (
            facts.ChildAdopted()
            | facts.WhistleMerged()
            | facts.CountersigningAsked()
            | facts.DepartmentCountersigned()
        ):
            return publish_joining(event, state, case_id)
        case facts.DispatchParked() | facts.ParkingRefused() | facts.DispatchUnparked():
            return publish_parking(event, state, case_id)
        case facts.DispatchRecorded():
            return publish_recorded(event, case_id)
        case facts.DispatchReopened(cycle):
            reopened = published.DispatchReopened(
                case_id=case_id,
                emergency=state.emergency,
                complex=state.complex,
                cycle=cycle,
                township=state.township,
                assignments=tuple(assigned(each.assigned, state) for each in state.assignments),
            )
            return [out(reopened)]
        case facts.DispatchClosed():
            return [out(published.DispatchClosed(case_id=case_id))]


def _issued(event: facts.DispatchIssued, state: dispatch.Dispatch) -> published.DispatchIssued:
    return published.DispatchIssued(
        case_id=event.case_id,
        township=event.township,
        emergency=event.emergency,
        complex=event.complex,
        provisional=event.provisional,
        scheduled=event.scheduled,
        assignments=tuple(assigned(each, state) for each in event.assignments),
        cycle=event.cycle,
        reason=_reason(event),
    )


def _reason(event: facts.DispatchIssued) -> str:
    """Why these departments, in the Chinese words of the catalogue."""
    items = "、".join(f"《{item.title}》（{item.code}）" for item in event.cited)
    words = [sentence(event.reason, "zh", {"version": event.list_version or 0, "items": items})]
    if event.left_out:
        words.append(sentence("dispatched-leaving-out", "zh", {"units": "、".join(event.left_out)}))
    return "；".join(words)


def _corrected(event: facts.DispatchCorrected, state: dispatch.Dispatch) -> published.DispatchCorrected:
    return published.DispatchCorrected(
        case_id=state.case_id,
        legal_basis=event.legal_basis,
        emergency=state.emergency,
        complex=event.complex,
        voided=tuple(assigned(each, state) for each in event.voided),
        issued=tuple(assigned(each, state) for each in event.issued),
        changed=tuple(assigned(each, state) for each in event.changed),
        cycle=state.cycle,
        township=state.township,
    )


def _lead_concluded(event: facts.LeadConcluded, state: dispatch.Dispatch) -> published.LeadConcluded:
    return published.LeadConcluded(
        case_id=state.case_id,
        township=state.township,
        assignment_id=event.assignment_id,
        unit=state.by_id(event.assignment_id).assigned.unit,
        sentence_sealed=event.sentence,
        results=tuple(
            published.IssueResult(issue_id=each.issue_id, result=each.result, details_sealed=each.details)
            for each in event.results
        ),
        cycle=event.cycle,
    )


def dispatch_deadlines(
    events: Sequence[dispatch.Event], state: dispatch.Dispatch, case_id: str
) -> Sequence[Deadline]:
    """The timers of a scheduled dispatch, and of one without an owner."""
    deadlines = []
    for event in events:
        match event:
            case facts.DispatchScheduled():
                deadlines.append(Deadline(case_id, ISSUE_DISPATCH, event.dispatch_at))
            case facts.DispatchConfirmed(owner_found=False, at=datetime() as at):
                deadlines.append(Deadline(case_id, ASK_WHOSE, at))
    return deadlines


def publish_list(
    event: responsibility_list.Event, state: responsibility_list.ResponsibilityList, key: str
) -> Outbound:
    """Every version goes out whole: readers suggest items and show them without asking."""
    fact = published.ResponsibilityListPublished(
        case_id=key,
        version=event.version,
        effective_from=event.effective_from.isoformat(),
        source_document=event.source_document,
        items=tuple(published.ResponsibilityItem(**asdict(item)) for item in event.items),
    )
    return [out(fact)]


DISPATCH: Final[Aggregate[dispatch.Command, dispatch.Event, dispatch.Dispatch]] = Aggregate(
    category="dispatch",
    initial=dispatch.INITIAL,
    decide=dispatch.decide,
    evolve=dispatch.evolve,
    codec=Codec(dispatch.Event),
    publish=publish_dispatch,
    deadlines=dispatch_deadlines,
)
RESPONSIBILITY_LIST: Final[
    Aggregate[responsibility_list.Command, responsibility_list.Event, responsibility_list.ResponsibilityList]
] = Aggregate(
    category="responsibility-list",
    initial=responsibility_list.INITIAL,
    decide=responsibility_list.decide,
    evolve=responsibility_list.evolve,
    codec=Codec(responsibility_list.Event),
    publish=publish_list,
)
