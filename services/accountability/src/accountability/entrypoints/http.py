"""HTTP of accountability: clocks with their explanations, tallies, and the opening hours."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from accountability.application.readings import ClockReading, Readings
from accountability.domain.explain import Sentence
from accountability.domain.terms import ClockKind
from backbone.web import CurrentActor
from contracts.catalogue import sentence
from contracts.permissions import permit

ClockId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")]
MOST_CLOCKS = 200
MOST_CASES = 10_000


class Explained(BaseModel):
    """How a deadline comes about, in words and as data."""

    zh: list[str]
    en: list[str]
    intervals: list[dict[str, Any]]


class ClockState(BaseModel):
    """A clock as it stands; times are instants."""

    clock_id: str
    kind: str
    case_id: str
    unit: str
    cycle: int
    started_at: datetime
    due: datetime
    original_due: datetime
    earliest: datetime
    latest: datetime
    provisional: bool
    policy_version: str
    calendar_version: str
    paused_at: datetime | None
    stopped_at: datetime | None
    breached_at: datetime | None
    expired_at: datetime | None
    voided_at: datetime | None
    outcome: str | None
    overdue_unconfirmed: bool
    explanation: Explained


class TallyRequest(BaseModel):
    """Which clocks to count."""

    model_config = ConfigDict(extra="forbid")

    kind: ClockKind
    cases: list[str] = Field(max_length=MOST_CASES)


class OpeningHour(BaseModel):
    """Whether a moment is in working hours, and if not, when the offices open next."""

    open: bool
    next_opening: datetime | None
    provisional: bool
    """An undecreed day had to be read to say so."""


class Release(BaseModel):
    """When a notice may go out."""

    at: datetime


def clocks_router(readings: Readings) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["clocks"])

    @router.get("/clocks/{clock_id}")
    async def clock(clock_id: ClockId, actor: CurrentActor, as_of: AwareDatetime | None = None) -> ClockState:
        """One clock with its explanation, as of a past moment if one is given."""
        permit(actor, "read-clocks")
        return _state(await readings.clock(clock_id, as_of))

    @router.get("/explanations")
    async def explanations(
        actor: CurrentActor,
        clocks: Annotated[str, Query(max_length=37 * MOST_CLOCKS)],
        as_of: AwareDatetime | None = None,
    ) -> dict[str, Explained]:
        """The explanations of several clocks by id, also as of a past moment; unknown ones are left out."""
        permit(actor, "read-clocks")
        found = await readings.explained(clocks.split(","), as_of)
        return {key: _explained(reading) for key, reading in found.items()}

    @router.post("/clocks/tally")
    async def tally(actor: CurrentActor, request: TallyRequest) -> dict[str, int]:
        """How the clocks of one kind ended over the cases named."""
        permit(actor, "read-clocks")
        counts = await readings.tally(request.kind.value, request.cases)
        return {str(name): count for name, count in counts.items()}

    @router.get("/openings")
    async def openings(_actor: CurrentActor, at: AwareDatetime) -> OpeningHour:
        """Whether ``at`` is in working hours, else when the offices open next."""
        opening = await readings.next_opening(at)
        is_open = opening.at <= at
        return OpeningHour(
            open=is_open, next_opening=None if is_open else opening.at, provisional=opening.provisional
        )

    @router.get("/releases")
    async def releases(_actor: CurrentActor, at: AwareDatetime) -> Release:
        """When a notice of ``at`` that is not urgent goes out: at once, or after the quiet hours."""
        return Release(at=await readings.release(at))

    return router


def _explained(reading: ClockReading) -> Explained:
    told = reading.explanation
    return Explained(
        zh=[_said(each, "zh") for each in told.sentences],
        en=[_said(each, "en") for each in told.sentences],
        intervals=[
            {
                "begin": piece.begin.isoformat(),
                "end": piece.end.isoformat(),
                "counted": piece.counted,
                "reason": piece.reason,
            }
            for piece in told.pieces
        ],
    )


def _state(reading: ClockReading) -> ClockState:
    clock = reading.clock
    deadline = clock.deadline
    return ClockState(
        clock_id=reading.clock_id,
        kind=clock.kind.value,
        case_id=clock.case_id,
        unit=clock.unit,
        cycle=clock.cycle,
        started_at=clock.started_at,
        due=deadline.due,
        original_due=clock.schedule.original_due,
        earliest=deadline.earliest,
        latest=deadline.latest,
        provisional=deadline.provisional,
        policy_version=clock.schedule.policy_version,
        calendar_version=clock.schedule.calendar_version,
        paused_at=clock.paused_at,
        stopped_at=clock.stopped_at,
        breached_at=clock.breached_at,
        expired_at=clock.expired_at,
        voided_at=clock.voided_at,
        outcome=clock.outcome,
        overdue_unconfirmed=clock.unconfirmed,
        explanation=_explained(reading),
    )


def _said(told: Sentence, language: str) -> str:
    params = dict(told.params)
    if "reason" in params:
        params["reason"] = sentence(str(params["reason"]), language)
    return sentence(told.slug, language, params)
