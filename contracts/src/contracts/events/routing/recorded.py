"""补录: the dispatch of a whistle that was recorded after the fact."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from contracts.events.published import Published
from contracts.events.routing.dispatches import Part


class RecordedAssignment(BaseModel):
    """One department's part as paper tells it; None: it does not say."""

    model_config = ConfigDict(frozen=True)

    assignment_id: str
    unit: str
    part: Part
    issue_ids: tuple[str, ...]
    reported_in_at: datetime | None = None
    rating: Literal["satisfied", "basically", "dissatisfied"] | None = None


class DispatchRecorded(Published):
    """Who had a recorded whistle, and when what was done: its clocks are judged and never run."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-recorded.v1"
    township: str
    emergency: bool
    complex: bool
    assignments: tuple[RecordedAssignment, ...]
    """The lead first."""
    signed_at: datetime
    dispatched_at: datetime
    feedback_at: datetime | None = None
    concluded_at: datetime
    sentence_sealed: str
    closed_at: datetime
