"""补录: the dispatch of a whistle recorded after the fact is closed from the first."""

from dataclasses import dataclass
from datetime import datetime

from routing.domain.dispatch.facts.parts import IssueResult
from routing.domain.dispatch.facts.recording import DispatchRecorded, PaperPart, Rating
from routing.domain.dispatch.opening import assign


@dataclass(frozen=True, slots=True)
class PaperDepartment:
    """What paper says of one department."""

    unit: str
    reported_in_at: datetime | None = None
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class RecordDispatch:
    """补录, from intake; the first department leads and answers for every issue."""

    case_id: str
    township: str
    emergency: bool
    complex: bool
    departments: tuple[PaperDepartment, ...]
    signed_at: datetime
    dispatched_at: datetime
    feedback_at: datetime | None
    concluded_at: datetime
    sentence: str
    results: tuple[IssueResult, ...]
    closed_at: datetime


def record(command: RecordDispatch) -> DispatchRecorded:
    """The same parts as a live dispatch would have, with the times on paper."""
    issue_ids = tuple(each.issue_id for each in command.results)
    units = tuple(each.unit for each in command.departments)
    lead = units[0]
    assignments = assign(command.case_id, units, dict.fromkeys(issue_ids, lead), False, 1, frozenset())
    return DispatchRecorded(
        case_id=command.case_id,
        township=command.township,
        emergency=command.emergency,
        complex=command.complex,
        issue_ids=issue_ids,
        parts=tuple(
            PaperPart(assigned, each.reported_in_at, each.rating)
            for assigned, each in zip(assignments, command.departments, strict=True)
        ),
        signed_at=command.signed_at,
        dispatched_at=command.dispatched_at,
        feedback_at=command.feedback_at,
        concluded_at=command.concluded_at,
        sentence=command.sentence,
        results=command.results,
        closed_at=command.closed_at,
    )
