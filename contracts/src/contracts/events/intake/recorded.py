"""补录: a whistle of the past with its whole course, as paper tells it."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.events.intake.whistles import Ground, IssueVerdict, Kind, Rating, WhistleIssue
from contracts.events.published import Published


class RecordedDepartment(BaseModel):
    """What paper says of one department; None: it does not say."""

    model_config = ConfigDict(frozen=True)

    unit: str
    reported_in_at: datetime | None = None
    rating: Rating | None = None


class WhistleRecorded(Published):
    """A whistle recorded after the fact (补录), closed; times are those on paper, and nobody is notified."""

    NAME: ClassVar[str] = "intake.whistle.whistle-recorded.v1"
    number: str
    external_number: str | None = None
    """The number it had on paper."""
    township: str
    village: str
    kind: Kind
    ground: Ground
    text_sealed: str
    issues: tuple[WhistleIssue, ...]
    raised_by_sealed: str | None = None
    emergency: bool
    signed_at: datetime
    dispatched_at: datetime
    departments: tuple[RecordedDepartment, ...]
    """The lead first."""
    feedback_at: datetime | None = None
    concluded_at: datetime
    sentence_sealed: str
    results: tuple[IssueVerdict, ...]
    """The lead's results."""
    closed_at: datetime
    appraised: bool
    verdicts: tuple[IssueVerdict, ...] = ()
    """The township's verdicts."""
    comment_sealed: str | None = None
    approved_by: str
    """Subject of the second person; never the recorder."""
