"""HTTP of spot checks (抽查): drawing, trying a draw again, assigning and what was found."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel

from accountability.application.freezing import Place
from accountability.application.spot_checks import LARGEST_SEED, Checks
from accountability.entrypoints.supervision_bodies import Assign, Draw, Found
from backbone.web import Accepted, CurrentActor, CurrentCall, accepted

SERVICE: Final = "accountability"
Label = Annotated[str, Path(min_length=4, max_length=30, alias="period")]
Boundary = Annotated[str, Query(max_length=5)]


class DrawnShown(BaseModel):
    """A case that would be checked, or is."""

    case_id: str
    cycle: int
    stratum: str
    weight: int


class RecordedDraw(BaseModel):
    """The draw that holds for the period."""

    seed: int
    as_of: datetime
    digest: str
    population: int
    by: str
    same: bool
    """Whether the cases and what was drawn of them are the same here."""


class DrawShown(BaseModel):
    """What a seed draws; ``digest`` is the SHA-256 of the cases that could be drawn."""

    period: str
    seed: int
    as_of: datetime
    digest: str
    population: int
    drawn: list[DrawnShown]
    recorded: RecordedDraw | None


def checks_router(checks: Checks) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/spot-checks/{period}", tags=["spot-checks"])

    @router.get("/draw")
    async def trial(
        period: Label,
        actor: CurrentActor,
        boundary: Boundary = "00:00",
        seed: Annotated[int | None, Query(ge=0, le=LARGEST_SEED)] = None,
        as_of: AwareDatetime | None = None,
    ) -> DrawShown:
        """What a seed draws, kept nowhere; without a seed the recorded draw is drawn again."""
        tried = await checks.trial(Place.read(period, boundary), seed, as_of, actor)
        found = tried.recorded
        same = found is not None and (found.digest, tuple(found.drawn)) == (tried.digest, tuple(tried.drawn))
        return DrawShown(
            period=period,
            seed=tried.seed,
            as_of=tried.as_of,
            digest=tried.digest,
            population=tried.population,
            drawn=[
                DrawnShown(case_id=each.case_id, cycle=each.cycle, stratum=each.stratum, weight=each.weight)
                for each in tried.drawn
            ],
            recorded=None
            if found is None
            else RecordedDraw(
                seed=found.seed,
                as_of=found.as_of,
                digest=found.digest,
                population=found.population,
                by=found.by,
                same=same,
            ),
        )

    @router.post("/draw")
    async def draw(period: Label, body: Draw, call: CurrentCall, boundary: Boundary = "00:00") -> Accepted:
        """抽样, once for a period that is over."""
        context = call.context("draw-spot-checks", {**body.model_dump(), "boundary": boundary})
        return accepted(
            SERVICE, await checks.draw(Place.read(period, boundary), body.seed, call.actor, context)
        )

    @router.post("/cases/{case}/assign")
    async def assign(
        period: Label, case: UUID, body: Assign, call: CurrentCall, boundary: Boundary = "00:00"
    ) -> Accepted:
        """指派核查人, of a unit that has no part in the whistle."""
        context = call.context("assign-spot-check", {**body.model_dump(), "boundary": boundary})
        place = Place.read(period, boundary)
        done = await checks.assign(place, str(case), body.checker, body.unit, call.actor, context)
        return accepted(SERVICE, done)

    @router.post("/cases/{case}/record")
    async def record(
        period: Label, case: UUID, body: Found, call: CurrentCall, boundary: Boundary = "00:00"
    ) -> Accepted:
        """抽查结果, by the checker."""
        context = call.context("record-spot-check", {**body.model_dump(), "boundary": boundary})
        done = await checks.record(
            Place.read(period, boundary),
            str(case),
            body.way,
            body.asked,
            body.passed,
            body.finding,
            call.actor,
            context,
        )
        return accepted(SERVICE, done)

    return router
