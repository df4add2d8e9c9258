"""并哨指令: what may be asked of whistles that are merged, and of their issues."""

from dataclasses import dataclass
from datetime import datetime

from intake.domain.whistle.facts import AdoptedIssues, DepartmentRating, IssueJudgement


@dataclass(frozen=True, slots=True)
class NoteAdoption:
    """W13, from routing: the issues of other whistles are this one's; these departments joined for them."""

    adopted: tuple[AdoptedIssues, ...]
    joined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoteMerger:
    """W13, from routing: it goes on in its parent."""

    parent: str


@dataclass(frozen=True, slots=True)
class NoteConfirmationWindow:
    """From accountability: until when the townships have their say (C7), on the present cycle if None."""

    cycle: int | None
    until: datetime


@dataclass(frozen=True, slots=True)
class JudgeAdoptedIssues:
    """W13: a township whose whistle was merged judges its own issues; what it does not name is as in W7."""

    unit: str
    verdicts: tuple[IssueJudgement, ...]
    ratings: tuple[DepartmentRating, ...]
    comment: str | None
    at: datetime
