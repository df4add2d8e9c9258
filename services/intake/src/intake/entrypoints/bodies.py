"""The bodies of intake's commands: limits in characters, unknown fields refused."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from backbone.web.callers import COMMANDS
from intake.application.letters import LetterWords, Outcome
from intake.application.whistles import Dispatch, IssueWords, WhistleWords
from intake.domain.letter import Channel
from intake.domain.whistle.commands import Matter
from intake.domain.whistle.facts import DepartmentRating, Ground, IssueJudgement, Judgement, Kind, Rating

Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$")]
"""Of a unit, a village or a responsibility item."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A sentence or a few; a whistle is no report."""
Page = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32_767)]
"""A letter or its answer, as much as a cell of a sheet holds; the longest of 1,408 real ones has 7,881."""
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
KeyId = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,32}/[^\s:/]{1,300}$")]


class Body(BaseModel):
    """Unknown fields are refused: a misspelt one must not be dropped in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Issue(Body):
    """One 问题项."""

    text: Words
    item_code: Code | None = None


class Draft(Body):
    """What a whistle says; a draft may be unfinished."""

    matter: Matter = "ordinary"
    kind: Kind
    ground: Ground
    village: Annotated[str, StringConstraints(pattern=r"^([0-9A-Za-z][0-9A-Za-z._-]{0,63})?$")] = ""
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""
    issues: Annotated[tuple[Issue, ...] | None, Field(max_length=20)] = None
    """Left out: the whole text is the one issue."""
    departments: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    tried: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] | None = None
    enterprise: UUID | None = None
    """Of the township, for which its service officer speaks."""

    def words(self) -> WhistleWords:
        """As the application takes it."""
        issues: Sequence[IssueWords]
        if self.issues is None:
            issues = [IssueWords(self.text)] if self.text else []
        else:
            issues = [IssueWords(each.text, each.item_code) for each in self.issues]
        return WhistleWords(
            matter=self.matter,
            village=self.village,
            kind=self.kind,
            ground=self.ground,
            text=self.text,
            issues=issues,
            departments=self.departments,
            tried=self.tried,
            enterprise=str(self.enterprise) if self.enterprise else None,
        )


class Raise(Draft):
    """吹哨; ``dispatch`` counts when the leader raises it himself."""

    dispatch: Dispatch = "default"


class Submit(Body):
    """提交; ``dispatch`` counts when the leader submits it himself."""

    dispatch: Dispatch = "default"


class Sign(Body):
    """签发."""

    dispatch: Dispatch = "default"


class Reason(Body):
    """Why; whether one is needed is for the domain to say."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


class Nothing(Body):
    """No field."""


class Verdict(Body):
    """The township's verdict of one issue."""

    issue_id: Annotated[str, StringConstraints(max_length=64)]
    verdict: Judgement


class Rated(Body):
    """The township's rating of one department."""

    unit: Code
    rating: Rating


class CloseOut(Body):
    """销哨; an empty body says 属实·满意 for everything."""

    verdicts: Annotated[tuple[Verdict, ...], Field(max_length=50)] = ()
    ratings: Annotated[tuple[Rated, ...], Field(max_length=50)] = ()
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] | None = None

    def judgements(self) -> list[IssueJudgement]:
        """The verdicts as the domain takes them."""
        return [IssueJudgement(each.issue_id, each.verdict) for each in self.verdicts]

    def department_ratings(self) -> list[DepartmentRating]:
        """The ratings as the domain takes them."""
        return [DepartmentRating(each.unit, each.rating) for each in self.ratings]


class Letter(Body):
    """A letter to the office; ``writer`` names somebody else than the person who hands it in."""

    channel: Channel = "express"
    title: Line
    text: Page
    anonymous: bool = False
    writer: Line | None = None
    township: Code | None = None
    external_number: Line | None = None

    def words(self) -> LetterWords:
        """As the application takes it."""
        return LetterWords(
            channel=self.channel,
            title=self.title,
            text=self.text,
            anonymous=self.anonymous,
            writer=self.writer,
            township=self.township,
            external_number=self.external_number,
        )


class Respond(Body):
    """The office's answer."""

    content: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32_767)] = ""
    final: bool = False
    automatic: bool = False
    """Set by systems that acknowledge receipt; such an answer is refused."""


class Resolve(Body):
    """What came of it."""

    content: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32_767)] = ""


class Release(Body):
    """脱敏公开: what a unit may see of a letter."""

    unit: Code
    words: Annotated[str, StringConstraints(strip_whitespace=True, max_length=32_767)] = ""


class ReferUp(Body):
    """上报: to whom, and why."""

    authority: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


class Appraise(Body):
    """评价; ``receipt`` is the key an anonymous letter was submitted with."""

    rating: Rating
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] | None = None
    receipt: UUID | None = None

    def submission(self) -> UUID | None:
        """The command that submitted the letter, as its key shows."""
        return None if self.receipt is None else uuid5(COMMANDS, str(self.receipt))


class Promote(Draft):
    """转哨单: the township whose draft it becomes, and its words."""

    township: Code
    text: Words
    kind: Kind = "public_appeal"
    ground: Ground = "owner_unclear"


class Record(Letter):
    """补录: a letter with its answer; without ``resolved_at`` the answer was the resolution."""

    channel: Channel = "inquiry"
    answer: Page
    submitted_at: AwareDatetime
    responded_at: AwareDatetime
    resolved_at: AwareDatetime | None = None
    approved_by: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""

    def outcome(self) -> Outcome:
        """As the application takes it."""
        return Outcome(
            answer=self.answer,
            submitted_at=self.submitted_at,
            responded_at=self.responded_at,
            resolved_at=self.resolved_at or self.responded_at,
            approved_by=self.approved_by,
        )


class KeyIds(Body):
    """The keys a service wants to seal or open with."""

    ids: Annotated[tuple[KeyId, ...], Field(min_length=1, max_length=500)]


class Erase(Body):
    """Whose data is to become unreadable."""

    subjects: Annotated[tuple[Subject, ...], Field(max_length=100)] = ()
    cases: Annotated[tuple[UUID, ...], Field(max_length=100)] = ()
