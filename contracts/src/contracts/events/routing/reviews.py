"""责任下派审核: what a department wants to pass down, and what the office decides."""

from datetime import date
from typing import ClassVar, Literal

from contracts.events.published import Published


class TaskDownProposed(Published):
    """A department asks to pass a task down to townships; clock C12 starts."""

    NAME: ClassVar[str] = "routing.task-down-review.task-down-proposed.v1"
    department: str
    measure: str
    townships: tuple[str, ...]
    resources_sealed: str
    """是否配套保障资源: the department's answer."""
    capacity_sealed: str
    """是否超出基层能力: the department's answer."""
    item_code: str | None = None
    cites: tuple[str, ...] = ()


class ReviewStarted(Published):
    """The office looks into it; the item is the line of the list it finds to be meant."""

    NAME: ClassVar[str] = "routing.task-down-review.review-started.v1"
    item_code: str | None = None


class TaskHearingRecorded(Published):
    """Grassroots representatives were heard on the measure; the content is the minutes."""

    NAME: ClassVar[str] = "routing.task-down-review.task-hearing-recorded.v1"
    met_on: date
    representatives: int
    units: tuple[str, ...]
    content_sealed: str


class TaskDownDecided(Published):
    """The office decides (C12 stops); ``automatic``: the list says it is the department's own duty."""

    NAME: ClassVar[str] = "routing.task-down-review.task-down-decided.v1"
    decision: Literal["approved", "approved_with_conditions", "refused"]
    automatic: bool
    resources_attached: bool | None = None
    beyond_capacity: bool | None = None
    reason_sealed: str | None = None
    conditions_sealed: str | None = None


class TaskIssued(Published):
    """What was let through went to the townships, under this document number."""

    NAME: ClassVar[str] = "routing.task-down-review.task-issued.v1"
    document: str


class TaskEvaluated(Published):
    """How the task turned out, in the words of a township or the office."""

    NAME: ClassVar[str] = "routing.task-down-review.task-evaluated.v1"
    unit: str
    evaluation: Literal["kept", "adjusted", "withdrawn"]
    content_sealed: str


class ReviewCited(Published):
    """A later case relies on what was decided here."""

    NAME: ClassVar[str] = "routing.task-down-review.review-cited.v1"
    cited_by: str
