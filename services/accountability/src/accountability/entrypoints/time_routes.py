"""HTTP of a whistle's time: parking (挂账, W10) and extension (延期, W11)."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter

from accountability.application.extensions import Extensions
from accountability.application.parkings import Parkings
from accountability.entrypoints.time_bodies import (
    ApplyForExtension,
    ApplyForParking,
    Nothing,
    Reached,
    Reason,
    Review,
)
from backbone.web import Accepted, CurrentCall, accepted

SERVICE: Final = "accountability"


def parking_router(parkings: Parkings) -> APIRouter:
    """挂账: W10."""
    router = APIRouter(prefix="/whistles/{case}", tags=["parking"])

    @router.post("/apply-for-parking")
    async def apply_for_parking(case: UUID, body: ApplyForParking, call: CurrentCall) -> Accepted:
        """W10 申请挂账, by the lead."""
        context = call.context("apply-for-parking", body)
        return accepted(SERVICE, await parkings.apply(str(case), body.words(), call.actor, context))

    @router.post("/object-to-parking")
    async def object_to_parking(case: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W10 对挂账提出异议, by the township."""
        context = call.context("object-to-parking", body)
        return accepted(SERVICE, await parkings.object(str(case), body.reason, call.actor, context))

    @router.post("/approve-parking")
    async def approve_parking(case: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """W10 批准挂账, by the office; from the second time on by the county leader."""
        context = call.context("approve-parking", body)
        return accepted(SERVICE, await parkings.approve(str(case), call.actor, context))

    @router.post("/refuse-parking")
    async def refuse_parking(case: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W10 不批准挂账."""
        context = call.context("refuse-parking", body)
        return accepted(SERVICE, await parkings.refuse(str(case), body.reason, call.actor, context))

    @router.post("/review-parking")
    async def review_parking(case: UUID, body: Review, call: CurrentCall) -> Accepted:
        """C9 挂账复查, by the lead or the office."""
        context = call.context("review-parking", body)
        return accepted(SERVICE, await parkings.review(str(case), body.words, call.actor, context))

    @router.post("/reach-milestone")
    async def reach_milestone(case: UUID, body: Reached, call: CurrentCall) -> Accepted:
        """W10 节点完成, by the lead."""
        context = call.context("reach-milestone", body)
        return accepted(
            SERVICE, await parkings.reach_milestone(str(case), body.milestone, call.actor, context)
        )

    @router.post("/end-parking")
    async def end_parking(case: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W10 提前结束挂账, by the lead or the office."""
        context = call.context("end-parking", body)
        return accepted(SERVICE, await parkings.end(str(case), body.reason, call.actor, context))

    return router


def extension_router(extensions: Extensions) -> APIRouter:
    """延期: W11."""
    router = APIRouter(prefix="/whistles/{case}", tags=["extension"])

    @router.post("/apply-for-extension")
    async def apply_for_extension(case: UUID, body: ApplyForExtension, call: CurrentCall) -> Accepted:
        """W11 申请延期, by the lead, before its handling clock runs out."""
        context = call.context("apply-for-extension", body)
        return accepted(
            SERVICE, await extensions.apply(str(case), body.amount, body.reason, call.actor, context)
        )

    @router.post("/grant-extension")
    async def grant_extension(case: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """W11 批准延期, by the office; the second time by the county leader."""
        context = call.context("grant-extension", body)
        return accepted(SERVICE, await extensions.grant(str(case), call.actor, context))

    @router.post("/refuse-extension")
    async def refuse_extension(case: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W11 不批准延期."""
        context = call.context("refuse-extension", body)
        return accepted(SERVICE, await extensions.refuse(str(case), body.reason, call.actor, context))

    return router
