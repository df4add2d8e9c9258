"""派单: which department answers, and what it does with its part."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published

Part = Literal["lead", "assist"]
"""主办, 协办."""

Mode = Literal["on_site", "online", "written"]
"""现场, 线上, 书面."""

IssueResultKind = Literal["solved", "partly", "unsolved", "explained"]


class Assigned(BaseModel):
    """One department's part in a whistle."""

    model_config = ConfigDict(frozen=True)

    assignment_id: str
    unit: str
    part: Part
    issue_ids: tuple[str, ...]
    provisional: bool
    reported_in: bool = False
    """Has reported in already: C0 has nothing to wait for when a correction makes such an assist the lead."""


class IssueResult(BaseModel):
    """The lead's result for one issue; details only where it is not solved."""

    model_config = ConfigDict(frozen=True)

    issue_id: str
    result: IssueResultKind
    details_sealed: str | None = None


class DispatchScheduled(Published):
    """W3 outside working hours: dispatch follows at ``dispatch_at``."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-scheduled.v1"
    township: str
    dispatch_at: datetime


class DispatchIssued(Published):
    """W3: the whistle is with its departments. Clocks C0, C1, C5, C10, C13 (and C6 if provisional) start."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-issued.v1"
    township: str
    emergency: bool
    complex: bool
    provisional: bool
    scheduled: bool = False
    """Dispatched at the scheduled hour: C0 runs from here instead of from the signature."""
    assignments: tuple[Assigned, ...]
    cycle: int
    reason: str
    """Why these departments, in words: the list item or the township's proposal."""


class DispatchConfirmed(Published):
    """W4: the desk confirms the provisional departments."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-confirmed.v1"
    legal_basis: str
    complex: bool
    owner_found: bool = True
    """False: the desk has looked (C6 stops), but the departments stay provisional until a ruling."""


class DispatchCorrected(Published):
    """W4: the desk names other departments; wrong assignments are void, new ones get fresh clocks."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-corrected.v1"
    legal_basis: str
    emergency: bool
    complex: bool
    voided: tuple[Assigned, ...]
    issued: tuple[Assigned, ...]
    changed: tuple[Assigned, ...] = ()
    """Kept assignments whose part or issues changed; their clocks run on."""
    cycle: int
    township: str = ""
    """Fresh clocks follow the policy of its place."""


class DepartmentReportedIn(Published):
    """A1: a department has reported in with a named handler."""

    NAME: ClassVar[str] = "routing.assignment.department-reported-in.v1"
    assignment_id: str
    unit: str
    part: Part
    mode: Mode
    handler_sealed: str
    phone_sealed: str
    first_step_sealed: str | None = None


class FeedbackGiven(Published):
    """A7: feedback with content; the lead's first one stops C13."""

    NAME: ClassVar[str] = "routing.assignment.feedback-given.v1"
    assignment_id: str
    unit: str
    part: Part
    first: bool
    """The first feedback of this assignment in this cycle."""
    content_sealed: str


class PartConcluded(Published):
    """A5: an assist has finished its own part."""

    NAME: ClassVar[str] = "routing.assignment.part-concluded.v1"
    assignment_id: str
    unit: str
    sentence_sealed: str


class LeadConcluded(Published):
    """W6: the lead concludes the whistle."""

    NAME: ClassVar[str] = "routing.assignment.lead-concluded.v1"
    assignment_id: str
    unit: str
    township: str
    sentence_sealed: str
    results: tuple[IssueResult, ...]
    cycle: int
