"""责任下派审核裁量: nothing is passed down unreviewed, and a department keeps its own duties."""

from typing import Final, assert_never

from routing.domain.refusals import require
from routing.domain.responsibility_list import Item
from routing.domain.task_down_review.commands import (
    CiteReview,
    Command,
    DecideTaskDown,
    EvaluateTask,
    IssueTask,
    ProposeTaskDown,
    RecordTaskHearing,
    StartReview,
)
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
from routing.domain.task_down_review.state import Stage, TaskDownReview

_COMES_WITH: Final = (("人员", "编制", "people"), ("经费", "资金", "funds"), ("技术", "设备", "technology"))
"""What a devolved duty brings, in any of these words."""


def decide(command: Command, review: TaskDownReview) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    if isinstance(command, ProposeTaskDown):
        return _propose(command, review)
    require(review.stage is not Stage.NONE, "unknown-case")
    match command:
        case StartReview():
            return _start(command, review)
        case RecordTaskHearing():
            return _hear(command, review)
        case DecideTaskDown():
            return _decide(command, review)
        case IssueTask():
            return _issue(command, review)
        case EvaluateTask():
            return _evaluate(command, review)
        case CiteReview(cited_by):
            if cited_by in review.cited_by:
                return []
            require(review.decided is not None, "cite-only-what-is-decided")
            return [ReviewCited(cited_by)]
        case _:
            assert_never(command)


def own_duty(department: str, item: Item | None) -> bool:
    """Whether the list leaves it with the department alone.

    Not so where townships support it (配合履职), nor where it was devolved with people, funds and technology.
    """
    if item is None or item.lead != department or item.kind == "supporting":
        return False
    came = " ".join(item.devolved_with).lower()
    return not (item.devolved and all(any(word in came for word in words) for words in _COMES_WITH))


def _propose(command: ProposeTaskDown, review: TaskDownReview) -> list[Event]:
    if review.stage is not Stage.NONE:
        return []
    require(command.measure != "", "task-down-names-its-measure")
    require(len(command.townships) > 0, "task-down-names-townships")
    for unit in command.townships:
        require(unit in command.known, "unknown-township", unit=unit)
    _in_the_list(command.item_code, command.item)
    require(command.resources != "", "answer-what-comes-with-it")
    require(command.capacity != "", "answer-whether-townships-can")
    proposed = TaskDownProposed(
        department=command.department,
        measure=command.measure,
        townships=command.townships,
        resources=command.resources,
        capacity=command.capacity,
        item_code=command.item_code,
        cites=command.cites,
    )
    return [proposed, *_automatic(command.department, command.item)]


def _start(command: StartReview, review: TaskDownReview) -> list[Event]:
    if review.started is not None and review.started.item_code == command.item_code:
        return []
    require(review.decided is None, "review-is-decided")
    require(review.stage is Stage.PROPOSED, "review-has-begun")
    _in_the_list(command.item_code, command.item)
    assert review.proposed is not None
    return [ReviewStarted(command.item_code), *_automatic(review.proposed.department, command.item)]


def _in_the_list(item_code: str | None, item: Item | None) -> None:
    require(item_code is None or item is not None, "item-not-in-the-list", item=item_code or "")


def _automatic(department: str, item: Item | None) -> list[Event]:
    if not own_duty(department, item):
        return []
    return [TaskDownDecided("refused", True, None, None, None, None)]


def _hear(command: RecordTaskHearing, review: TaskDownReview) -> list[Event]:
    hearing = TaskHearingRecorded(command.met_on, command.representatives, command.units, command.minutes)
    if review.hearing == hearing:
        return []
    require(review.decided is None, "review-is-decided")
    enough = command.representatives >= command.least
    version = command.rules_version
    require(enough, "hearing-needs-representatives", least=command.least, rules_version=version)
    require(len(command.units) > 0, "hearing-names-units")
    require(command.minutes != "", "hearing-needs-minutes")
    return [hearing]


def _decide(command: DecideTaskDown, review: TaskDownReview) -> list[Event]:
    decided = TaskDownDecided(
        command.decision,
        False,
        command.resources_attached,
        command.beyond_capacity,
        command.reason or None,
        command.conditions or None,
    )
    if review.decided == decided:
        return []
    require(review.decided is None, "review-is-decided")
    require(review.stage is Stage.UNDER_REVIEW, "start-the-review-first")
    answered = command.resources_attached is not None and command.beyond_capacity is not None
    require(answered, "both-questions-are-answered")
    match command.decision:
        case "approved":
            carried = command.resources_attached is True and command.beyond_capacity is False
            require(carried, "approve-only-what-townships-can-carry")
        case "approved_with_conditions":
            require(command.conditions != "", "conditions-are-named")
        case "refused":
            require(command.reason != "", "refusing-needs-a-reason")
    return [decided]


def _issue(command: IssueTask, review: TaskDownReview) -> list[Event]:
    assert review.proposed is not None
    require(command.by == review.proposed.department, "unknown-case")
    if review.issued is not None:
        require(review.issued.document == command.document, "already-issued")
        return []
    require(review.let_through, "not-let-through")
    require(command.document != "", "issuing-needs-a-document")
    return [TaskIssued(command.document)]


def _evaluate(command: EvaluateTask, review: TaskDownReview) -> list[Event]:
    assert review.proposed is not None
    require(command.by_office or command.by in review.proposed.townships, "unknown-case")
    evaluated = TaskEvaluated(command.by, command.evaluation, command.words)
    if review.evaluated == evaluated:
        return []
    require(review.evaluated is None, "already-evaluated")
    require(review.stage is Stage.ISSUED, "not-issued-yet")
    require(command.words != "", "evaluation-needs-words")
    return [evaluated]
