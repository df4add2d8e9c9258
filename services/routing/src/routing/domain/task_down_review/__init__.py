"""责任下派审核: a department wants to pass a task down to townships, and the office says whether it may."""

from routing.domain.task_down_review.commands import Command
from routing.domain.task_down_review.decisions import decide, own_duty
from routing.domain.task_down_review.facts import Event
from routing.domain.task_down_review.state import INITIAL, Stage, TaskDownReview, evolve

__all__ = ["INITIAL", "Command", "Event", "Stage", "TaskDownReview", "decide", "evolve", "own_duty"]
