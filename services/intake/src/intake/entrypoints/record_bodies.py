"""The body of recording a whistle after the fact (补录)."""

from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator

from intake.application.recorded_whistles import RecordedIssue, RecordedWords
from intake.domain.whistle.facts import Ground, Judgement, Kind, Rating
from intake.domain.whistle.facts import RecordedPart as Part
from intake.entrypoints.bodies import Body, Code, Line, Words


class RecordedProblem(Body):
    """One 问题项 with the lead's result and the township's verdict."""

    text: Words
    item_code: Code | None = None
    result: Judgement = "solved"
    verdict: Judgement | None = None


class RecordedPart(Body):
    """What paper says of one department."""

    unit: Code
    reported_in_at: AwareDatetime | None = None
    rating: Rating | None = None


class RecordWhistle(Body):
    """补录: a closed whistle; without ``issues`` the whole text is the one issue. The lead is first."""

    township: Code
    village: Code
    kind: Kind = "public_appeal"
    ground: Ground = "cross_department"
    text: Words
    issues: Annotated[tuple[RecordedProblem, ...] | None, Field(min_length=1, max_length=20)] = None
    result: Judgement = "solved"
    """Of the one issue, where no issues are named."""
    verdict: Judgement | None = None
    departments: Annotated[tuple[RecordedPart, ...], Field(min_length=1, max_length=20)]
    signed_at: AwareDatetime
    dispatched_at: AwareDatetime
    feedback_at: AwareDatetime | None = None
    concluded_at: AwareDatetime
    sentence: Words
    closed_at: AwareDatetime
    comment: Words | None = None
    raised_by: Line | None = None
    external_number: Line | None = None
    approved_by: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _each_department_once(self) -> Self:
        units = [each.unit for each in self.departments]
        if len(set(units)) != len(units):
            raise ValueError("a department is named twice")
        return self

    def words(self) -> RecordedWords:
        """As the application takes it."""
        whole = RecordedProblem(text=self.text, result=self.result, verdict=self.verdict)
        return RecordedWords(
            township=self.township,
            village=self.village,
            kind=self.kind,
            ground=self.ground,
            text=self.text,
            issues=[
                RecordedIssue(each.text, each.result, each.verdict, each.item_code)
                for each in self.issues or (whole,)
            ],
            parts=[Part(each.unit, each.reported_in_at, each.rating) for each in self.departments],
            signed_at=self.signed_at,
            dispatched_at=self.dispatched_at,
            concluded_at=self.concluded_at,
            sentence=self.sentence,
            closed_at=self.closed_at,
            approved_by=self.approved_by.strip(),
            feedback_at=self.feedback_at,
            comment=self.comment or "",
            raised_by=self.raised_by or "",
            external_number=self.external_number,
        )
