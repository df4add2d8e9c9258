"""For operators: building the figures' read model anew beside the live one."""

from fastapi import APIRouter
from pydantic import BaseModel

from backbone.projector import Progress, Projector, RebuildRunning
from backbone.web import CurrentActor, Refusal
from contracts.permissions import permit


class Rebuilt(BaseModel):
    """A rebuild that is done."""

    version: int
    events: int
    held: int


def figure_operations_router(projector: Projector) -> APIRouter:
    """The route."""
    router = APIRouter(tags=["operations"])

    @router.post("/projections/figures/rebuild")
    async def rebuild(actor: CurrentActor) -> Rebuilt:
        """Build the counted things anew from the logs, then switch over; answers when it is done."""
        permit(actor, "operate-consumers")
        try:
            done: Progress = await projector.rebuild()
        except RebuildRunning:
            raise Refusal("rebuild-running", 409, view=projector.name) from None
        events = sum(applied for applied, _ in done.sources.values())
        return Rebuilt(version=done.version, events=events, held=done.held)

    return router
