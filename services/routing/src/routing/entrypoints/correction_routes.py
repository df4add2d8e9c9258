"""更正: the routes by which a recorded time of a whistle is corrected."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, StringConstraints

from backbone.web import Accepted, CurrentCall, accepted
from routing.application.corrections import CorrectedTimes
from routing.domain.correction import Fact
from routing.entrypoints.bodies import Body, Code, Nothing, Reason

SERVICE = "routing"


class ProposeCorrection(Body):
    """更正; ``unit`` is the department, the lead if left out."""

    fact: Fact
    unit: Code | None = None
    happened_at: AwareDatetime
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)] = ""


def correction_router(corrections: CorrectedTimes) -> APIRouter:
    """更正一项记录的时间."""
    router = APIRouter(prefix="/dispatches/{case}/corrections", tags=["correction"])

    @router.post("")
    async def propose_correction(case: UUID, body: ProposeCorrection, call: CurrentCall) -> Accepted:
        """更正报到或办结时间; it waits for a second person."""
        context = call.context("propose-correction", body)
        appended = await corrections.propose(
            str(case), body.fact, body.unit, body.happened_at, body.reason, call.actor, context
        )
        return accepted(SERVICE, appended)

    @router.post("/{correction}/approve")
    async def approve_correction(case: UUID, correction: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """核准更正."""
        context = call.context("approve-correction", body)
        return accepted(SERVICE, await corrections.approve(str(case), str(correction), call.actor, context))

    @router.post("/{correction}/decline")
    async def decline_correction(case: UUID, correction: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """否决更正."""
        context = call.context("decline-correction", body)
        appended = await corrections.decline(str(case), str(correction), body.reason, call.actor, context)
        return accepted(SERVICE, appended)

    return router
