"""From the facts of task-down reviews to the published language."""

from collections.abc import Sequence
from typing import Final

from backbone.decider import Aggregate, Codec
from contracts.events import Published
from contracts.events import routing as published
from routing.domain import task_down_review
from routing.domain.task_down_review import facts


def publish_review(
    event: task_down_review.Event, state: task_down_review.TaskDownReview, case_id: str
) -> Sequence[tuple[str, str, str]]:
    """What others learn of a review's fact; ``state`` is the one after it."""
    fact = _published(event, case_id)
    return [(fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True))]


def _published(event: task_down_review.Event, case_id: str) -> Published:
    match event:
        case facts.TaskDownProposed():
            return published.TaskDownProposed(
                case_id=case_id,
                department=event.department,
                measure=event.measure,
                townships=event.townships,
                resources_sealed=event.resources,
                capacity_sealed=event.capacity,
                item_code=event.item_code,
                cites=event.cites,
            )
        case facts.ReviewStarted(item_code):
            return published.ReviewStarted(case_id=case_id, item_code=item_code)
        case facts.TaskHearingRecorded(met_on, representatives, units, minutes):
            return published.TaskHearingRecorded(
                case_id=case_id,
                met_on=met_on,
                representatives=representatives,
                units=units,
                content_sealed=minutes,
            )
        case facts.TaskDownDecided():
            return published.TaskDownDecided(
                case_id=case_id,
                decision=event.decision,
                automatic=event.automatic,
                resources_attached=event.resources_attached,
                beyond_capacity=event.beyond_capacity,
                reason_sealed=event.reason,
                conditions_sealed=event.conditions,
            )
        case facts.TaskIssued(document):
            return published.TaskIssued(case_id=case_id, document=document)
        case facts.TaskEvaluated(by, evaluation, words):
            return published.TaskEvaluated(
                case_id=case_id, unit=by, evaluation=evaluation, content_sealed=words
            )
        case facts.ReviewCited(cited_by):
            return published.ReviewCited(case_id=case_id, cited_by=cited_by)


TASK_DOWN_REVIEW: Final[
    Aggregate[task_down_review.Command, task_down_review.Event, task_down_review.TaskDownReview]
] = Aggregate(
    category="task-down-review",
    initial=task_down_review.INITIAL,
    decide=task_down_review.decide,
    evolve=task_down_review.evolve,
    codec=Codec(task_down_review.Event),
    publish=publish_review,
)
