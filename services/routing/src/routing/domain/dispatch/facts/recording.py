"""补录事实: the dispatch of a whistle that was recorded after the fact. Texts are sealed strings."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from routing.domain.dispatch.facts.parts import Assigned, IssueResult

Rating = Literal["satisfied", "basically", "dissatisfied"]
"""满意, 基本满意, 不满意: the township's, as intake says."""


@dataclass(frozen=True, slots=True)
class PaperPart:
    """What paper says of one department; None: it does not say."""

    assigned: Assigned
    reported_in_at: datetime | None
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class DispatchRecorded:
    """补录: who had the whistle, and when what was done; it is closed."""

    name: ClassVar[str] = "routing.dispatch.dispatch-recorded.v1"
    case_id: str
    township: str
    emergency: bool
    complex: bool
    issue_ids: tuple[str, ...]
    parts: tuple[PaperPart, ...]
    signed_at: datetime
    dispatched_at: datetime
    feedback_at: datetime | None
    concluded_at: datetime
    sentence: str
    results: tuple[IssueResult, ...]
    closed_at: datetime
