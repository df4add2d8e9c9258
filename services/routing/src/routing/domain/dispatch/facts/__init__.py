"""派单事实: who has a whistle and what each department has done. Texts and names are sealed strings."""

from routing.domain.dispatch.facts.ending import (
    AppealDecided,
    AppealNoted,
    CycleOpened,
    DispatchClosed,
    DispatchReopened,
    DispatchWithdrawn,
    NotAcceptedReason,
    WhistleNotAccepted,
    WithdrawalRefused,
    WithdrawalRequested,
)
from routing.domain.dispatch.facts.issuing import (
    DispatchConfirmed,
    DispatchCorrected,
    DispatchIssued,
    DispatchScheduled,
)
from routing.domain.dispatch.facts.parts import (
    Assigned,
    CitedItem,
    Issue,
    IssueResult,
    Mode,
    Part,
    Reason,
    Result,
)
from routing.domain.dispatch.facts.recording import DispatchRecorded
from routing.domain.dispatch.facts.returning import (
    AssignmentReleased,
    AssignmentReturned,
    DispatchEscalated,
    ReleasedBy,
    ReturnRefused,
    ReturnRequested,
    ReturnWindowNoted,
)
from routing.domain.dispatch.facts.working import (
    DepartmentReportedIn,
    FeedbackGiven,
    LeadConcluded,
    PartConcluded,
)

Event = (
    DispatchScheduled
    | DispatchIssued
    | DispatchConfirmed
    | DispatchCorrected
    | DepartmentReportedIn
    | FeedbackGiven
    | PartConcluded
    | LeadConcluded
    | ReturnWindowNoted
    | ReturnRequested
    | AssignmentReturned
    | ReturnRefused
    | AssignmentReleased
    | DispatchEscalated
    | DispatchReopened
    | DispatchClosed
    | WithdrawalRequested
    | WithdrawalRefused
    | DispatchWithdrawn
    | WhistleNotAccepted
    | AppealNoted
    | AppealDecided
    | CycleOpened
    | DispatchRecorded
)

__all__ = [
    "AppealDecided",
    "AppealNoted",
    "Assigned",
    "AssignmentReleased",
    "AssignmentReturned",
    "CitedItem",
    "CycleOpened",
    "DepartmentReportedIn",
    "DispatchClosed",
    "DispatchConfirmed",
    "DispatchCorrected",
    "DispatchEscalated",
    "DispatchIssued",
    "DispatchRecorded",
    "DispatchReopened",
    "DispatchScheduled",
    "DispatchWithdrawn",
    "Event",
    "FeedbackGiven",
    "Issue",
    "IssueResult",
    "LeadConcluded",
    "Mode",
    "NotAcceptedReason",
    "Part",
    "PartConcluded",
    "Reason",
    "ReleasedBy",
    "Result",
    "ReturnRefused",
    "ReturnRequested",
    "ReturnWindowNoted",
    "WhistleNotAccepted",
    "WithdrawalRefused",
    "WithdrawalRequested",
]
