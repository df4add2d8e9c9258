"""From the dispatch of a recorded whistle to the published language."""

from contracts.events import routing as published
from routing.application.publishing_returns import Outbound, out
from routing.domain.dispatch.facts.recording import DispatchRecorded


def publish_recorded(event: DispatchRecorded, case_id: str) -> Outbound:
    """What others learn: the parts with the times on paper."""
    fact = published.DispatchRecorded(
        case_id=case_id,
        township=event.township,
        emergency=event.emergency,
        complex=event.complex,
        assignments=tuple(
            published.RecordedAssignment(
                assignment_id=each.assigned.assignment_id,
                unit=each.assigned.unit,
                part=each.assigned.part,
                issue_ids=each.assigned.issue_ids,
                reported_in_at=each.reported_in_at,
                rating=each.rating,
            )
            for each in event.parts
        ),
        signed_at=event.signed_at,
        dispatched_at=event.dispatched_at,
        feedback_at=event.feedback_at,
        concluded_at=event.concluded_at,
        sentence_sealed=event.sentence,
        closed_at=event.closed_at,
    )
    return [out(fact)]
