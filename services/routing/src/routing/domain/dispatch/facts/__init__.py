"""派单事实: who has a whistle and what each department has done. Texts and names are sealed strings."""

from routing.domain.dispatch.facts.countersigning import (
    CountersigningAsked,
    DepartmentCountersigned,
    ProposalKind,
)
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
from routing.domain.dispatch.facts.merging import AdoptedCase, ChildAdopted, WhistleMerged
from routing.domain.dispatch.facts.parking import DispatchParked, DispatchUnparked, ParkingRefused
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
    AssignmentMoved,
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
    | AssignmentMoved
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
    | DispatchParked
    | ParkingRefused
    | DispatchUnparked
    | ChildAdopted
    | WhistleMerged
    | CountersigningAsked
    | DepartmentCountersigned
)

__all__ = [
    "AdoptedCase",
    "AppealDecided",
    "AppealNoted",
    "Assigned",
    "AssignmentMoved",
    "AssignmentReleased",
    "AssignmentReturned",
    "ChildAdopted",
    "CitedItem",
    "CountersigningAsked",
    "CycleOpened",
    "DepartmentCountersigned",
    "DepartmentReportedIn",
    "DispatchClosed",
    "DispatchConfirmed",
    "DispatchCorrected",
    "DispatchEscalated",
    "DispatchIssued",
    "DispatchParked",
    "DispatchRecorded",
    "DispatchReopened",
    "DispatchScheduled",
    "DispatchUnparked",
    "DispatchWithdrawn",
    "Event",
    "FeedbackGiven",
    "Issue",
    "IssueResult",
    "LeadConcluded",
    "Mode",
    "NotAcceptedReason",
    "ParkingRefused",
    "Part",
    "PartConcluded",
    "ProposalKind",
    "Reason",
    "ReleasedBy",
    "Result",
    "ReturnRefused",
    "ReturnRequested",
    "ReturnWindowNoted",
    "WhistleMerged",
    "WhistleNotAccepted",
    "WithdrawalRefused",
    "WithdrawalRequested",
]
