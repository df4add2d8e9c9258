"""派单事实: who has a whistle and what each department has done. Texts and names are sealed strings."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Part = Literal["lead", "assist"]
"""主办, 协办."""
Mode = Literal["on_site", "online", "written"]
"""现场, 线上, 书面."""
Result = Literal["solved", "partly", "unsolved", "explained"]
"""已解决, 部分解决, 未解决, 已解释."""
Reason = Literal[
    "dispatched-by-list",
    "dispatched-without-item",
    "dispatched-with-several-owners",
    "dispatched-despite-own-duty",
]
"""Why these departments: one owner in the list, or why the list did not decide; slugs of the catalogue."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One 问题项 to be answered; ``item_code`` is the responsibility item the clerk accepted, if any."""

    issue_id: str
    item_code: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """One department's part: the issues it answers for; provisional until the desk has spoken."""

    assignment_id: str
    unit: str
    part: Part
    issue_ids: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class IssueResult:
    """The lead's result for one issue; ``details`` only where it is not solved."""

    issue_id: str
    result: Result
    details: str | None = None


@dataclass(frozen=True, slots=True)
class CitedItem:
    """A line of the responsibility list as it read when it was used."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class DispatchScheduled:
    """W3 outside working hours: it goes out at ``dispatch_at``.

    ``left_out`` were named by the township, but no such department is registered.
    """

    name: ClassVar[str] = "routing.dispatch.dispatch-scheduled.v1"
    case_id: str
    township: str
    issues: tuple[Issue, ...]
    departments: tuple[str, ...]
    left_out: tuple[str, ...]
    dispatch_at: datetime


@dataclass(frozen=True, slots=True)
class DispatchIssued:
    """W3: the whistle is with its departments; ``left_out`` as above."""

    name: ClassVar[str] = "routing.dispatch.dispatch-issued.v1"
    case_id: str
    township: str
    emergency: bool
    complex: bool
    provisional: bool
    scheduled: bool
    issue_ids: tuple[str, ...]
    assignments: tuple[Assigned, ...]
    cycle: int
    reason: Reason
    list_version: int | None
    cited: tuple[CitedItem, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DispatchConfirmed:
    """W4: the desk has spoken; without an owner found the provisional departments stay provisional."""

    name: ClassVar[str] = "routing.dispatch.dispatch-confirmed.v1"
    legal_basis: str
    owner_found: bool
    complex: bool
    complex_reason: str | None


@dataclass(frozen=True, slots=True)
class DispatchCorrected:
    """W4: the desk names others. ``changed`` are kept assignments with another part or other issues."""

    name: ClassVar[str] = "routing.dispatch.dispatch-corrected.v1"
    legal_basis: str
    complex: bool
    complex_reason: str | None
    voided: tuple[Assigned, ...]
    issued: tuple[Assigned, ...]
    changed: tuple[Assigned, ...]


@dataclass(frozen=True, slots=True)
class DepartmentReportedIn:
    """A1: a department has reported in with a named handler."""

    name: ClassVar[str] = "routing.assignment.department-reported-in.v1"
    assignment_id: str
    mode: Mode
    handler: str
    phone: str
    first_step: str | None


@dataclass(frozen=True, slots=True)
class FeedbackGiven:
    """A7: feedback with content; ``first`` of this assignment in this cycle."""

    name: ClassVar[str] = "routing.assignment.feedback-given.v1"
    assignment_id: str
    first: bool
    content: str


@dataclass(frozen=True, slots=True)
class PartConcluded:
    """A5: an assist has finished its own part."""

    name: ClassVar[str] = "routing.assignment.part-concluded.v1"
    assignment_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LeadConcluded:
    """W6: the lead concludes the whistle, with a result for every issue."""

    name: ClassVar[str] = "routing.assignment.lead-concluded.v1"
    assignment_id: str
    sentence: str
    results: tuple[IssueResult, ...]
    cycle: int


@dataclass(frozen=True, slots=True)
class DispatchReopened:
    """W8: the assignments are open again."""

    name: ClassVar[str] = "routing.dispatch.dispatch-reopened.v1"
    cycle: int


@dataclass(frozen=True, slots=True)
class DispatchClosed:
    """The township closed the whistle: no assignment is open any more."""

    name: ClassVar[str] = "routing.dispatch.dispatch-closed.v1"


Event = (
    DispatchScheduled
    | DispatchIssued
    | DispatchConfirmed
    | DispatchCorrected
    | DepartmentReportedIn
    | FeedbackGiven
    | PartConcluded
    | LeadConcluded
    | DispatchReopened
    | DispatchClosed
)
