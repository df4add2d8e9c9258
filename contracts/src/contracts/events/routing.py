"""Published by routing: which department answers, and what it does.

Fields that end in ``_sealed`` hold ``sealed:v1:…`` text, never plaintext. Unit fields hold unit codes.
"""

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


class ReturnRequested(Published):
    """A2: the department says it is another's duty. C15 runs for the office; C1 runs on."""

    NAME: ClassVar[str] = "routing.assignment.return-requested.v1"
    assignment_id: str
    unit: str
    part: Part
    legal_basis: str
    proposed_owner: str
    emergency: bool
    township: str


class AssignmentReturned(Published):
    """A3: the office gives it to another department, with fresh clocks; C5 never restarts."""

    NAME: ClassVar[str] = "routing.assignment.assignment-returned.v1"
    assignment_id: str
    unit: str
    """Who had it."""
    part: Part
    to: str
    """Who has it now."""
    dispatch_error: bool
    """It should never have gone there: the clock is void. Otherwise it ends, neither on time nor breached."""
    legal_basis: str
    issued: tuple[Assigned, ...]
    changed: tuple[Assigned, ...] = ()
    """The new department had a part already; its clocks run on."""
    transfers: int
    emergency: bool
    complex: bool
    cycle: int
    township: str
    settled: bool = False
    """Nothing is provisional any more: the desk has nothing left to confirm."""


class ReturnRefused(Published):
    """A3: it stays with the department. C1 ran on; what is late within C15 is the office's."""

    NAME: ClassVar[str] = "routing.assignment.return-refused.v1"
    assignment_id: str
    unit: str
    reason_sealed: str


class AssignmentReleased(Published):
    """A6: an assist that is no longer needed; its issues are the lead's."""

    NAME: ClassVar[str] = "routing.assignment.assignment-released.v1"
    assignment_id: str
    unit: str
    by: Literal["office", "township", "ruling"]
    reason_sealed: str | None = None
    changed: tuple[Assigned, ...] = ()
    settled: bool = False


class DispatchEscalated(Published):
    """The third transfer or the third cycle: it goes to the county leader."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-escalated.v1"
    cause: Literal["third-transfer", "third-cycle"]
    township: str


class DispatchReopened(Published):
    """W8: the assignments are open again after rework."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-reopened.v1"
    emergency: bool
    complex: bool
    cycle: int
    assignments: tuple[Assigned, ...]
    township: str = ""


class DispatchClosed(Published):
    """The whistle was closed; no assignment is open any more."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-closed.v1"


class UnitRegistered(Published):
    """A unit exists (or its entry was changed). ``case_id`` is uuid5 of the unit code."""

    NAME: ClassVar[str] = "routing.unit.unit-registered.v1"
    code: str
    name: str
    short_name: str
    unit_class: Literal["township", "department", "vertical", "utility", "office"]
    tier: str
    duty_desk_phone: str | None = None
    ruled_by_county: bool = True


class ResponsibilityItem(BaseModel):
    """One line of the 权责清单."""

    model_config = ConfigDict(frozen=True)

    code: str
    title: str
    kind: Literal["primary", "supporting", "withdrawn_upward"]
    """基本履职, 配合履职, 上级收回."""
    level: Literal["township", "county", "city"]
    lead: str
    assists: tuple[str, ...] = ()
    legal_basis: str
    summary: str = ""
    keywords: tuple[str, ...] = ()
    taxonomy: tuple[str, ...] = ()
    """一级/二级/三级分类."""
    complex: bool = False
    devolved: bool = False
    devolved_with: tuple[str, ...] = ()


class ResponsibilityListPublished(Published):
    """A version of the list is in force from a day on. ``case_id`` is the list's id."""

    NAME: ClassVar[str] = "routing.responsibility-list.responsibility-list-published.v1"
    version: int
    effective_from: str
    source_document: str
    items: tuple[ResponsibilityItem, ...]
