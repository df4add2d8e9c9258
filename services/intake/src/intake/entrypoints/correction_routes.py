"""更正: the routes by which a recorded time of a letter is corrected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, StringConstraints

from backbone.web import Accepted, CurrentCall, accepted
from intake.application.corrections import CorrectedTimes
from intake.domain.correction import Fact
from intake.entrypoints.bodies import Body, Nothing, Reason

SERVICE = "intake"


class ProposeCorrection(Body):
    """更正答复或办结时间."""

    fact: Fact
    happened_at: AwareDatetime
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


def correction_router(corrections: CorrectedTimes) -> APIRouter:
    """更正一项记录的时间."""
    router = APIRouter(prefix="/letters/{id}/corrections", tags=["correction"])

    @router.post("")
    async def propose_correction(id: UUID, body: ProposeCorrection, call: CurrentCall) -> Accepted:
        """更正来信的答复或办结时间; it waits for a second person."""
        context = call.context("propose-correction", body)
        appended = await corrections.propose(
            str(id), body.fact, body.happened_at, body.reason, call.actor, context
        )
        return accepted(SERVICE, appended)

    @router.post("/{correction}/approve")
    async def approve_correction(id: UUID, correction: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """核准更正."""
        context = call.context("approve-correction", body)
        return accepted(SERVICE, await corrections.approve(str(id), str(correction), call.actor, context))

    @router.post("/{correction}/decline")
    async def decline_correction(id: UUID, correction: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """否决更正."""
        context = call.context("decline-correction", body)
        appended = await corrections.decline(str(id), str(correction), body.reason, call.actor, context)
        return accepted(SERVICE, appended)

    return router
