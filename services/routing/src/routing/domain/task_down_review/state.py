"""责任下派审核状态: how far a review is, folded from its facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from routing.domain.task_down_review.facts import (
    Event,
    ReviewCited,
    ReviewStarted,
    TaskDownDecided,
    TaskDownProposed,
    TaskEvaluated,
    TaskHearingRecorded,
    TaskIssued,
)


class Stage(StrEnum):
    """Where it stands."""

    NONE = "none"
    PROPOSED = "proposed"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REFUSED = "refused"
    ISSUED = "issued"
    EVALUATED = "evaluated"


@dataclass(frozen=True, slots=True)
class TaskDownReview:
    """What the next decision, or the next published fact, needs to know."""

    stage: Stage = Stage.NONE
    proposed: TaskDownProposed | None = None
    started: ReviewStarted | None = None
    hearing: TaskHearingRecorded | None = None
    decided: TaskDownDecided | None = None
    issued: TaskIssued | None = None
    evaluated: TaskEvaluated | None = None
    cited_by: frozenset[str] = frozenset()

    @property
    def let_through(self) -> bool:
        """Whether the office said yes, with or without conditions; silence never does."""
        return self.decided is not None and self.decided.decision != "refused"


INITIAL = TaskDownReview()


def evolve(review: TaskDownReview, event: Event, at: datetime) -> TaskDownReview:
    """The review after a fact; never refuses."""
    match event:
        case TaskDownProposed():
            return replace(review, stage=Stage.PROPOSED, proposed=event)
        case ReviewStarted():
            return replace(review, stage=Stage.UNDER_REVIEW, started=event)
        case TaskHearingRecorded():
            return replace(review, hearing=event)
        case TaskDownDecided(decision):
            return replace(review, stage=Stage(decision), decided=event)
        case TaskIssued():
            return replace(review, stage=Stage.ISSUED, issued=event)
        case TaskEvaluated():
            return replace(review, stage=Stage.EVALUATED, evaluated=event)
        case ReviewCited(cited_by):
            return replace(review, cited_by=review.cited_by | {cited_by})
        case _:
            assert_never(event)
