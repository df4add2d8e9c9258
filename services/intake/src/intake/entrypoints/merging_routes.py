"""Routes of merged whistles (并哨)."""

from uuid import UUID

from fastapi import APIRouter

from backbone.web import Accepted, CurrentCall, accepted
from intake.application.merged_whistles import MergedWhistles
from intake.entrypoints.bodies import CloseOut

SERVICE = "intake"


class JudgeAdoptedIssues(CloseOut):
    """W13: as in closing out, what is not named is as the lead reported it, and satisfied."""


def merging_router(merged: MergedWhistles) -> APIRouter:
    """并哨: W13."""
    router = APIRouter(prefix="/whistles/{case}", tags=["whistle"])

    @router.post("/judge-adopted-issues")
    async def judge_adopted_issues(case: UUID, body: JudgeAdoptedIssues, call: CurrentCall) -> Accepted:
        """W13 评价并入的问题项; ``case`` is the whistle they go on in."""
        context = call.context("judge-adopted-issues", body)
        return accepted(
            SERVICE,
            await merged.judge(
                str(case),
                body.judgements(),
                body.department_ratings(),
                body.comment,
                call.actor,
                context,
            ),
        )

    return router
