"""派单状态: who has the whistle and how far each department is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from routing.domain.dispatch.facts import (
    AdoptedCase,
    AppealDecided,
    Assigned,
    DispatchConfirmed,
    DispatchCorrected,
    DispatchScheduled,
    IssueResult,
    Mode,
    ProposalKind,
    ReturnRequested,
    WhistleNotAccepted,
)

NOT_YET: Final = datetime.max.replace(tzinfo=UTC)
"""Later than anything that has happened."""


class Stage(StrEnum):
    """Where it stands."""

    NONE = "none"
    SCHEDULED = "scheduled"
    OUT = "out"
    CONCLUDED = "concluded"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not_accepted"
    MERGED = "merged"


ENDED: Final = (Stage.CLOSED, Stage.WITHDRAWN, Stage.NOT_ACCEPTED, Stage.MERGED)
"""No assignment is open any more; only an appeal or raising it again opens it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One department's part and what it has done; feedback and conclusion count for the present cycle."""

    assigned: Assigned
    reported_in: Mode | None = None
    feedback: str | None = None
    """The last feedback of this cycle, sealed."""
    concluded: bool = False
    return_until: datetime | None = None
    """Until when it may be returned (C10); None as long as accountability has not said."""
    return_request: ReturnRequested | None = None
    """The department's request, while the office has not decided."""
    return_refused: bool = False

    @property
    def is_lead(self) -> bool:
        """Whether it is the one lead."""
        return self.assigned.part == "lead"


@dataclass(frozen=True, slots=True)
class Countersigning:
    """The lead's open proposal, and who has answered whether it agrees."""

    round: int
    by: str
    kind: ProposalKind
    proposal: str
    answers: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What the next decision, or the next published fact, needs to know."""

    stage: Stage = Stage.NONE
    case_id: str = ""
    township: str = ""
    emergency: bool = False
    complex: bool = False
    cycle: int = 1
    scheduled: DispatchScheduled | None = None
    issue_ids: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    given_ids: frozenset[str] = frozenset()
    """Every assignment id ever given, voided ones included: none is given twice."""
    desk: DispatchConfirmed | DispatchCorrected | None = None
    """The desk's last word."""
    results: tuple[IssueResult, ...] = ()
    """The lead's results of the present cycle."""
    transfers: int = 0
    handed_over: frozenset[tuple[str, str]] = frozenset()
    """Who returned it, and to whom it went."""
    released: frozenset[str] = frozenset()
    """Departments that were let go."""
    escalated: frozenset[str] = frozenset()
    """Why it went to the county leader."""
    withdrawal: str | None = None
    """The township's reason, while the office has not consented."""
    not_accepted: WhistleNotAccepted | None = None
    parked: int | None = None
    """The parking for which it stands still."""
    parking_answered: int = 0
    """The last parking that was approved, whether it took effect or was too late."""
    appealed: bool = False
    appeal: AppealDecided | None = None
    signed_at: datetime = NOT_YET
    """When it came into force."""
    adopted: tuple[AdoptedCase, ...] = ()
    """Whistles that go on in this one."""
    merged_into: str | None = None
    proposals: int = 0
    countersigning: Countersigning | None = None

    @property
    def provisional(self) -> bool:
        """Whether the desk still has to name the right departments."""
        return any(each.assigned.provisional for each in self.assignments)

    @property
    def lead(self) -> Assignment | None:
        """The one lead, once it is out."""
        return next((each for each in self.assignments if each.is_lead), None)

    def assignment(self, unit: str) -> Assignment | None:
        """The part of a department, if it has one."""
        return next((each for each in self.assignments if each.assigned.unit == unit), None)

    def by_id(self, assignment_id: str) -> Assignment:
        """The assignment of an id; ``KeyError`` if it is not, or no longer, part of this."""
        for each in self.assignments:
            if each.assigned.assignment_id == assignment_id:
                return each
        raise KeyError(assignment_id)


INITIAL = Dispatch()
