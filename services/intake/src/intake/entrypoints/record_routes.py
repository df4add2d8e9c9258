"""The route that records a whistle after the fact."""

from fastapi import APIRouter

from backbone.web import Accepted, CurrentCall, accepted
from intake.application.recorded_whistles import RecordedWhistles
from intake.entrypoints.record_bodies import RecordWhistle

SERVICE = "intake"


def record_router(recorded_whistles: RecordedWhistles) -> APIRouter:
    """补录."""
    router = APIRouter(prefix="/whistles", tags=["whistle"])

    @router.post("/record")
    async def record_whistle(body: RecordWhistle, call: CurrentCall) -> Accepted:
        """补录: a whistle after the fact, with its outcome, approved by a second person."""
        context = call.context("record-whistle", body)
        return accepted(SERVICE, await recorded_whistles.record(body.words(), call.actor, context))

    return router
