"""HTTP of supervision (督办, W14), exemptions (容错), instructions and trace-backs."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter

from accountability.application.supervision import Supervisions
from accountability.entrypoints.supervision_bodies import (
    Claim,
    Decision,
    Hearing,
    Hint,
    Instruction,
    Release,
    Said,
    Supervise,
)
from accountability.entrypoints.time_bodies import Nothing, Reason
from backbone.web import Accepted, CurrentCall, accepted

SERVICE: Final = "accountability"


def matters_router(supervisions: Supervisions) -> APIRouter:
    """Of one matter: a breach by its clock's id, or what a person took up."""
    router = APIRouter(prefix="/matters/{matter}", tags=["supervision"])

    @router.post("/hear-unit")
    async def hear_unit(matter: UUID, body: Hearing, call: CurrentCall) -> Accepted:
        """W14 听取陈述, before an order is issued."""
        context = call.context("hear-unit", body)
        done = await supervisions.hear(str(matter), body.at, body.speaker, body.words, call.actor, context)
        return accepted(SERVICE, done)

    @router.post("/issue-order")
    async def issue_order(matter: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """W14 签发督查单, by the office; of its own lateness by the county leader."""
        context = call.context("issue-order", body)
        return accepted(SERVICE, await supervisions.issue(str(matter), call.actor, context))

    @router.post("/decline-order")
    async def decline_order(matter: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W14 不予签发."""
        context = call.context("decline-order", body)
        return accepted(SERVICE, await supervisions.decline(str(matter), body.reason, call.actor, context))

    @router.post("/reply-to-order")
    async def reply_to_order(matter: UUID, body: Said, call: CurrentCall) -> Accepted:
        """W14 督查单回复, by the unit's leader."""
        context = call.context("reply-to-order", body)
        return accepted(SERVICE, await supervisions.reply(str(matter), body.words, call.actor, context))

    @router.post("/close-order")
    async def close_order(matter: UUID, body: Said, call: CurrentCall) -> Accepted:
        """W14 督查单销号."""
        context = call.context("close-order", body)
        return accepted(SERVICE, await supervisions.close(str(matter), body.words, call.actor, context))

    @router.post("/withdraw-order")
    async def withdraw_order(matter: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W14 撤回督查单."""
        context = call.context("withdraw-order", body)
        return accepted(SERVICE, await supervisions.withdraw(str(matter), body.reason, call.actor, context))

    @router.post("/refer-to-discipline")
    async def refer_to_discipline(matter: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W14 移送."""
        context = call.context("refer-to-discipline", body)
        return accepted(SERVICE, await supervisions.refer(str(matter), body.reason, call.actor, context))

    @router.post("/clear-name")
    async def clear_name(matter: UUID, body: Said, call: CurrentCall) -> Accepted:
        """澄清正名."""
        context = call.context("clear-name", body)
        return accepted(SERVICE, await supervisions.clear_name(str(matter), body.words, call.actor, context))

    @router.post("/claim-exemption")
    async def claim_exemption(matter: UUID, body: Claim, call: CurrentCall) -> Accepted:
        """申请容错."""
        context = call.context("claim-exemption", body)
        done = await supervisions.claim_exemption(
            str(matter), body.ground, body.evidence, call.actor, context
        )
        return accepted(SERVICE, done)

    @router.post("/decide-exemption")
    async def decide_exemption(matter: UUID, body: Decision, call: CurrentCall) -> Accepted:
        """决定容错, by another person of another unit."""
        context = call.context("decide-exemption", body)
        done = await supervisions.decide_exemption(
            str(matter), body.granted, body.reason, call.actor, context
        )
        return accepted(SERVICE, done)

    return router


def supervised_router(supervisions: Supervisions) -> APIRouter:
    """Of one case."""
    router = APIRouter(prefix="/cases/{case}", tags=["supervision"])

    @router.post("/supervise")
    async def supervise(case: UUID, body: Supervise, call: CurrentCall) -> Accepted:
        """W14 督办, by a person."""
        context = call.context("supervise", body)
        done = await supervisions.supervise(
            str(case), body.unit, body.color, body.reason, body.clock_id, call.actor, context
        )
        return accepted(SERVICE, done)

    @router.post("/give-hint")
    async def give_hint(case: UUID, body: Hint, call: CurrentCall) -> Accepted:
        """W14 蓝色提示, by a person; the unit need not reply."""
        context = call.context("give-hint", body)
        done = await supervisions.hint(str(case), body.unit, body.reason, body.clock_id, call.actor, context)
        return accepted(SERVICE, done)

    @router.post("/instruct")
    async def instruct(case: UUID, body: Instruction, call: CurrentCall) -> Accepted:
        """批示."""
        context = call.context("instruct", body)
        return accepted(
            SERVICE, await supervisions.instruct(str(case), body.to, body.words, call.actor, context)
        )

    @router.post("/release-trace-back")
    async def release_trace_back(case: UUID, body: Release, call: CurrentCall) -> Accepted:
        """倒查材料发布."""
        context = call.context("release-trace-back", body)
        done = await supervisions.release_trace_back(
            str(case), body.document, body.reason, call.actor, context
        )
        return accepted(SERVICE, done)

    return router
