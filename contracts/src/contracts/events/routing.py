"""Published by routing: which department answers, and what it does.

Fields that end in ``_sealed`` hold ``sealed:v1:…`` text, never plaintext. Unit fields hold unit codes.
"""

from datetime import date, datetime
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


class WithdrawalRequested(Published):
    """W12: a department has reported in, so the township asks the office to consent."""

    NAME: ClassVar[str] = "routing.dispatch.withdrawal-requested.v1"
    township: str
    reason_sealed: str


class WithdrawalRefused(Published):
    """W12: the office does not consent, the work goes on."""

    NAME: ClassVar[str] = "routing.dispatch.withdrawal-refused.v1"
    township: str
    reason_sealed: str


class DispatchWithdrawn(Published):
    """W12: the township took it back. Its clocks are void, earlier breaches stay."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-withdrawn.v1"
    township: str
    reason_sealed: str
    consented: bool


class WhistleNotAccepted(Published):
    """W4': the office does not accept it. Its clocks are void, earlier breaches stay."""

    NAME: ClassVar[str] = "routing.dispatch.whistle-not-accepted.v1"
    township: str
    reason_code: Literal[
        "outside_the_scope", "own_duty", "facts_missing", "already_handled", "belongs_to_another_channel"
    ]
    """不属吹哨范围, 属乡镇自身职责, 事实不清, 已在办理, 应走其他渠道."""
    legal_basis: str


class AppealDecided(Published):
    """W4': granted, it is out once more with fresh clocks, one cycle on; or it stays not accepted."""

    NAME: ClassVar[str] = "routing.dispatch.appeal-decided.v1"
    granted: bool
    reason_sealed: str
    township: str
    emergency: bool
    complex: bool
    cycle: int
    assignments: tuple[Assigned, ...] = ()


class CycleOpened(Published):
    """W9: raised again, the same departments have it once more; C1, C10 and C8 start."""

    NAME: ClassVar[str] = "routing.dispatch.cycle-opened.v1"
    township: str
    emergency: bool
    complex: bool
    cycle: int
    assignments: tuple[Assigned, ...]


class Village(BaseModel):
    """A village or residents' committee by its official 12-digit code."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str


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
    villages: tuple[Village, ...] = ()


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


class Share(BaseModel):
    """What an assisting unit has to do by a ruling; public."""

    model_config = ConfigDict(frozen=True)

    unit: str
    duty: str


class Ruling(BaseModel):
    """Whose duty it is; public. Without ``valid_until`` it holds until another ruling or list version."""

    model_config = ConfigDict(frozen=True)

    duty: str
    lead: str
    legal_basis: str
    assists: tuple[Share, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    precedent: bool = False
    item_code: str | None = None


class DisputeFiled(Published):
    """A4: a duty is disowned or has no owner. ``case_id`` is the dispute's; clock C2 starts."""

    NAME: ClassVar[str] = "routing.dispute.dispute-filed.v1"
    disputed_department: str
    filed_by: str
    filer: Literal["department", "township", "office"]
    legal_basis: str
    matter_sealed: str
    whistle: str | None = None
    """The case id of the whistle it is about, if any; its clocks run on."""
    assignment_id: str | None = None
    township: str | None = None
    proposed_owner: str | None = None
    letter: str | None = None
    """The case id of the letter it cites, if one became it."""
    parties: tuple[str, ...]
    """Codes of the units whose case it is."""


class DisputeAccepted(Published):
    """The establishment office takes the dispute on."""

    NAME: ClassVar[str] = "routing.dispute.dispute-accepted.v1"


class DisputeNotAccepted(Published):
    """It is no dispute about a duty; C2 stops."""

    NAME: ClassVar[str] = "routing.dispute.dispute-not-accepted.v1"
    reason_sealed: str


class NegotiationOpened(Published):
    """The units are to settle it among themselves."""

    NAME: ClassVar[str] = "routing.dispute.negotiation-opened.v1"


class CoordinationOpened(Published):
    """The establishment office leads the talks."""

    NAME: ClassVar[str] = "routing.dispute.coordination-opened.v1"


class StatementGiven(Published):
    """A party's word in a written round."""

    NAME: ClassVar[str] = "routing.dispute.statement-given.v1"
    unit: str
    round: int
    content_sealed: str


class HearingRecorded(Published):
    """The parties met; the content is the minutes."""

    NAME: ClassVar[str] = "routing.dispute.hearing-recorded.v1"
    met_on: date
    units: tuple[str, ...]
    content_sealed: str


class DutyAgreed(Published):
    """The units agree, or the list has said it all along; C2 stops."""

    NAME: ClassVar[str] = "routing.dispute.duty-agreed.v1"
    whistle: str | None = None
    ruling: Ruling
    way: Literal["telephone", "meeting", "listed"]
    blameless: tuple[str, ...] = ()
    parties: tuple[str, ...]


class DutyRuled(Published):
    """It is ruled whose duty it is; C2 stops. ``number`` 2 revises the first after reconsideration.

    ``blameless`` reported in first though it was not theirs; reconsideration suspends nothing.
    """

    NAME: ClassVar[str] = "routing.dispute.duty-ruled.v1"
    whistle: str | None = None
    ruling: Ruling
    number: int
    by_higher_level: bool
    reconsider_until: datetime | None = None
    blameless: tuple[str, ...] = ()
    parties: tuple[str, ...]


class ListRevisionDrafted(Published):
    """What a ruling would have the next version of the responsibility list say."""

    NAME: ClassVar[str] = "routing.dispute.list-revision-drafted.v1"
    replaces: str | None = None
    """Code of the line it would take the place of."""
    duty: str
    lead: str
    assists: tuple[str, ...] = ()
    legal_basis: str


class DisputeReferredUp(Published):
    """It is the higher level's to decide: C2 stops, and a new C2 runs for that level."""

    NAME: ClassVar[str] = "routing.dispute.dispute-referred-up.v1"
    to: str
    cause: Literal["not-the-countys", "undecided-in-time", "referred-by-the-office"]
    reason_sealed: str | None = None


class ReconsiderationRequested(Published):
    """A party asks to look at the ruling again; the ruling holds meanwhile."""

    NAME: ClassVar[str] = "routing.dispute.reconsideration-requested.v1"
    unit: str
    reason_sealed: str


class ReconsiderationRefused(Published):
    """The ruling stands."""

    NAME: ClassVar[str] = "routing.dispute.reconsideration-refused.v1"
    reason_sealed: str


class RulingExecuted(Published):
    """The ruling was carried out on the whistle; without effect where it was concluded or closed."""

    NAME: ClassVar[str] = "routing.dispute.ruling-executed.v1"
    whistle: str | None = None
    number: int
    effect: Literal["reassigned", "nothing-to-reassign", "without-effect"]


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
