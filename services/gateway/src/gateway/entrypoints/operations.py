"""For operators: rebuilding a read model beside the live one, and cases that could not be applied."""

from dataclasses import asdict
from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncEngine

from backbone.projector import Progress, Projector, RebuildRunning
from backbone.subscription import on_engine, parked, replay
from backbone.web import CurrentActor, Refusal
from contracts.permissions import permit


class Rebuilt(BaseModel):
    """A rebuild that is done."""

    version: int
    events: int
    held: int


class Parked(BaseModel):
    """A case that a consumer could not go on with."""

    consumer: str
    source: str
    case_id: str
    from_seq: int
    reason: str
    waits_for: dict[str, int]
    error: str | None
    attempts: int
    since: datetime


def operations_router(projector: Projector, engine: AsyncEngine) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["operations"])
    run = on_engine(engine)

    @router.post("/projections/cases/rebuild")
    async def rebuild(actor: CurrentActor) -> Rebuilt:
        """Build the case view anew beside the live one, then switch over; answers when it is done."""
        permit(actor, "operate-consumers")
        try:
            done: Progress = await projector.rebuild()
        except RebuildRunning:
            raise Refusal("rebuild-running", 409, view=projector.name) from None
        return Rebuilt(
            version=done.version, events=sum(applied for applied, _ in done.sources.values()), held=done.held
        )

    @router.get("/parked")
    async def parked_cases(actor: CurrentActor) -> list[Parked]:
        """Every case that waits, with its error."""
        permit(actor, "operate-consumers")
        return [
            Parked(consumer=each.consumer, since=each.since, **asdict(each.held))
            for each in await parked(run)
        ]

    @router.post("/parked/{case_id}/replay")
    async def replay_case(case_id: str, actor: CurrentActor) -> dict[str, int]:
        """Try a parked case again."""
        permit(actor, "operate-consumers")
        return {"cases": await replay(run, case_id)}

    return router
