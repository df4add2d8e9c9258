"""并哨: whistles that go on in another, and what their townships say of their issues there."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.events.intake.whistles import DepartmentRating, IssueVerdict
from contracts.events.published import Published


class AdoptedIssues(BaseModel):
    """The issues of a whistle that goes on in another."""

    model_config = ConfigDict(frozen=True)

    case_id: str
    township: str
    issue_ids: tuple[str, ...]


class IssuesAdopted(Published):
    """W13, of the parent: the issues of other whistles are closed out with it."""

    NAME: ClassVar[str] = "intake.whistle.issues-adopted.v1"
    township: str
    adopted: tuple[AdoptedIssues, ...]


class WhistleMerged(Published):
    """W13, of the child: nothing more is asked of its township here."""

    NAME: ClassVar[str] = "intake.whistle.whistle-merged.v1"
    township: str
    parent: str


class AdoptedIssuesJudged(Published):
    """W13, of the parent: the township ``unit`` has judged the issues it raised itself."""

    NAME: ClassVar[str] = "intake.whistle.adopted-issues-judged.v1"
    unit: str
    verdicts: tuple[IssueVerdict, ...]
    ratings: tuple[DepartmentRating, ...]
    comment_sealed: str | None = None
    cycle: int
