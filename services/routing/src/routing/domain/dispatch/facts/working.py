"""办理事实: what the departments have done (A1, A5, A7, W6). Texts and names are sealed strings."""

from dataclasses import dataclass
from typing import ClassVar

from routing.domain.dispatch.facts.parts import IssueResult, Mode


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
