"""退哨、撤回、不予受理: how a dispatch moves on, ends early or begins again."""

from typing import ClassVar, Literal

from contracts.events.published import Published
from contracts.events.routing.dispatches import Assigned, Part


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
    """So many transfers or cycles, by default the third: it goes to the county leader."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-escalated.v1"
    cause: Literal["third-transfer", "third-cycle"]
    township: str
    limit: int | None = None
    """The number that escalated by the rules of that moment."""


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
