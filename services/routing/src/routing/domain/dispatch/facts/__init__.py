"""派单事实: who has a whistle and what each department has done. Texts and names are sealed strings."""

from routing.domain.dispatch.facts.ending import DispatchClosed, DispatchReopened
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
)

__all__ = [
    "Assigned",
    "AssignmentReleased",
    "AssignmentReturned",
    "CitedItem",
    "DepartmentReportedIn",
    "DispatchClosed",
    "DispatchConfirmed",
    "DispatchCorrected",
    "DispatchEscalated",
    "DispatchIssued",
    "DispatchReopened",
    "DispatchScheduled",
    "Event",
    "FeedbackGiven",
    "Issue",
    "IssueResult",
    "LeadConcluded",
    "Mode",
    "Part",
    "PartConcluded",
    "Reason",
    "ReleasedBy",
    "Result",
    "ReturnRefused",
    "ReturnRequested",
    "ReturnWindowNoted",
]
