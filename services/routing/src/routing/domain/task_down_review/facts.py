"""责任下派审核事实: what a department wants to pass down, and what was let through. Texts come sealed."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

Decision = Literal["approved", "approved_with_conditions", "refused"]
"""通过, 附条件通过, 不通过."""
Evaluation = Literal["kept", "adjusted", "withdrawn"]
"""继续执行, 调整, 收回."""


@dataclass(frozen=True, slots=True)
class TaskDownProposed:
    """A department asks to pass ``measure`` down; ``resources`` and ``capacity`` are its two answers."""

    name: ClassVar[str] = "routing.task-down-review.task-down-proposed.v1"
    department: str
    measure: str
    townships: tuple[str, ...]
    resources: str
    capacity: str
    item_code: str | None
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewStarted:
    """The office looks into it; ``item_code`` is the line of the list it finds to be meant."""

    name: ClassVar[str] = "routing.task-down-review.review-started.v1"
    item_code: str | None


@dataclass(frozen=True, slots=True)
class TaskHearingRecorded:
    """Grassroots representatives were heard on the measure."""

    name: ClassVar[str] = "routing.task-down-review.task-hearing-recorded.v1"
    met_on: date
    representatives: int
    units: tuple[str, ...]
    minutes: str


@dataclass(frozen=True, slots=True)
class TaskDownDecided:
    """Both questions answered; ``automatic``: the list says it is the department's own duty."""

    name: ClassVar[str] = "routing.task-down-review.task-down-decided.v1"
    decision: Decision
    automatic: bool
    resources_attached: bool | None
    beyond_capacity: bool | None
    reason: str | None
    conditions: str | None


@dataclass(frozen=True, slots=True)
class TaskIssued:
    """What was let through went to the townships, under this document number."""

    name: ClassVar[str] = "routing.task-down-review.task-issued.v1"
    document: str


@dataclass(frozen=True, slots=True)
class TaskEvaluated:
    """How it turned out."""

    name: ClassVar[str] = "routing.task-down-review.task-evaluated.v1"
    by: str
    evaluation: Evaluation
    words: str


@dataclass(frozen=True, slots=True)
class ReviewCited:
    """A later case relies on what was decided here."""

    name: ClassVar[str] = "routing.task-down-review.review-cited.v1"
    cited_by: str


Event = (
    TaskDownProposed
    | ReviewStarted
    | TaskHearingRecorded
    | TaskDownDecided
    | TaskIssued
    | TaskEvaluated
    | ReviewCited
)
