"""The HTTP edge of disputes and task-down reviews: one route per command."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter

from backbone.web import Accepted, CurrentCall, accepted
from routing.application.disputes import Disputes
from routing.application.reviews import Reviews
from routing.entrypoints.bodies import Body
from routing.entrypoints.dispute_bodies import (
    Agree,
    CiteReview,
    DecideReconsideration,
    DecideTaskDown,
    EvaluateTask,
    FileDispute,
    Hearing,
    IssueTask,
    ProposeTaskDown,
    ReferUp,
    Rule,
    Said,
    Settle,
    StartReview,
    TaskHearing,
)

SERVICE: Final = "routing"


def dispute_router(disputes: Disputes) -> APIRouter:
    """权责争议."""
    router = APIRouter(prefix="/disputes", tags=["dispute"])

    @router.post("")
    async def file_dispute(body: FileDispute, call: CurrentCall) -> Accepted:
        """A4 提出争议."""
        context = call.context("file-dispute", body)
        return accepted(SERVICE, await disputes.file(body.words(), call.actor, context))

    @router.post("/settled")
    async def settle_dispute(body: Settle, call: CurrentCall) -> Accepted:
        """简易办理: agreed by telephone, or said by the list."""
        context = call.context("settle-dispute", body)
        ruling = body.ruling.ruling()
        return accepted(SERVICE, await disputes.settle(body.words(), ruling, body.way, call.actor, context))

    @router.post("/{case}/accept")
    async def accept_dispute(case: UUID, body: Body, call: CurrentCall) -> Accepted:
        """受理."""
        context = call.context("accept-dispute", body)
        return accepted(SERVICE, await disputes.accept(str(case), call.actor, context))

    @router.post("/{case}/not-accept")
    async def not_accept_dispute(case: UUID, body: Said, call: CurrentCall) -> Accepted:
        """不予受理."""
        context = call.context("not-accept-dispute", body)
        return accepted(SERVICE, await disputes.not_accept(str(case), body.words, call.actor, context))

    @router.post("/{case}/negotiate")
    async def open_negotiation(case: UUID, body: Body, call: CurrentCall) -> Accepted:
        """交双方协商."""
        context = call.context("open-negotiation", body)
        return accepted(SERVICE, await disputes.negotiate(str(case), call.actor, context))

    @router.post("/{case}/coordinate")
    async def open_coordination(case: UUID, body: Body, call: CurrentCall) -> Accepted:
        """编办协调."""
        context = call.context("open-coordination", body)
        return accepted(SERVICE, await disputes.coordinate(str(case), call.actor, context))

    @router.post("/{case}/statements")
    async def give_statement(case: UUID, body: Said, call: CurrentCall) -> Accepted:
        """书面意见."""
        context = call.context("give-statement", body)
        return accepted(SERVICE, await disputes.give_statement(str(case), body.words, call.actor, context))

    @router.post("/{case}/hearings")
    async def record_hearing(case: UUID, body: Hearing, call: CurrentCall) -> Accepted:
        """协调会纪要."""
        context = call.context("record-hearing", body)
        return accepted(
            SERVICE,
            await disputes.record_hearing(
                str(case), body.met_on, body.units, body.minutes, call.actor, context
            ),
        )

    @router.post("/{case}/agree")
    async def agree_on_duty(case: UUID, body: Agree, call: CurrentCall) -> Accepted:
        """商定."""
        context = call.context("agree-on-duty", body)
        ruling = body.ruling.ruling()
        return accepted(SERVICE, await disputes.agree(str(case), ruling, body.way, call.actor, context))

    @router.post("/{case}/rule")
    async def rule_on_duty(case: UUID, body: Rule, call: CurrentCall) -> Accepted:
        """裁定."""
        context = call.context("rule-on-duty", body)
        ruling = body.ruling.ruling()
        return accepted(
            SERVICE, await disputes.rule(str(case), ruling, body.by_higher_level, call.actor, context)
        )

    @router.post("/{case}/refer-up")
    async def refer_dispute_up(case: UUID, body: ReferUp, call: CurrentCall) -> Accepted:
        """报请上级."""
        context = call.context("refer-dispute-up", body)
        return accepted(
            SERVICE, await disputes.refer_up(str(case), body.to, body.reason, call.actor, context)
        )

    @router.post("/{case}/request-reconsideration")
    async def request_reconsideration(case: UUID, body: Said, call: CurrentCall) -> Accepted:
        """申请复议; suspends nothing."""
        context = call.context("request-reconsideration", body)
        return accepted(
            SERVICE, await disputes.request_reconsideration(str(case), body.words, call.actor, context)
        )

    @router.post("/{case}/decide-reconsideration")
    async def decide_reconsideration(case: UUID, body: DecideReconsideration, call: CurrentCall) -> Accepted:
        """复议结论."""
        context = call.context("decide-reconsideration", body)
        revised = body.revised.ruling() if body.revised else None
        return accepted(
            SERVICE,
            await disputes.decide_reconsideration(str(case), body.reason, revised, call.actor, context),
        )

    return router


def review_router(reviews: Reviews) -> APIRouter:
    """责任下派审核."""
    router = APIRouter(prefix="/task-down-reviews", tags=["task-down review"])

    @router.post("")
    async def propose_task_down(body: ProposeTaskDown, call: CurrentCall) -> Accepted:
        """提请审核; refused at once where the list says it is the department's own duty."""
        context = call.context("propose-task-down", body)
        return accepted(SERVICE, await reviews.propose(body.words(), call.actor, context))

    @router.post("/{case}/start")
    async def start_review(case: UUID, body: StartReview, call: CurrentCall) -> Accepted:
        """开始审核."""
        context = call.context("start-review", body)
        return accepted(SERVICE, await reviews.start(str(case), body.item_code, call.actor, context))

    @router.post("/{case}/hearings")
    async def record_task_hearing(case: UUID, body: TaskHearing, call: CurrentCall) -> Accepted:
        """基层代表座谈纪要."""
        context = call.context("record-task-hearing", body)
        return accepted(
            SERVICE,
            await reviews.record_hearing(
                str(case), body.met_on, body.representatives, body.units, body.minutes, call.actor, context
            ),
        )

    @router.post("/{case}/decide")
    async def decide_task_down(case: UUID, body: DecideTaskDown, call: CurrentCall) -> Accepted:
        """审核结论."""
        context = call.context("decide-task-down", body)
        answers = (body.resources_attached, body.beyond_capacity)
        return accepted(
            SERVICE,
            await reviews.decide(
                str(case), body.decision, answers, body.reason, body.conditions, call.actor, context
            ),
        )

    @router.post("/{case}/issue")
    async def issue_task(case: UUID, body: IssueTask, call: CurrentCall) -> Accepted:
        """下发."""
        context = call.context("issue-task", body)
        return accepted(SERVICE, await reviews.issue(str(case), body.document, call.actor, context))

    @router.post("/{case}/evaluate")
    async def evaluate_task(case: UUID, body: EvaluateTask, call: CurrentCall) -> Accepted:
        """后评估."""
        context = call.context("evaluate-task", body)
        return accepted(
            SERVICE, await reviews.evaluate(str(case), body.evaluation, body.words, call.actor, context)
        )

    @router.post("/{case}/cite")
    async def cite_review(case: UUID, body: CiteReview, call: CurrentCall) -> Accepted:
        """后案引用."""
        context = call.context("cite-review", body)
        return accepted(SERVICE, await reviews.cite(str(case), str(body.case_id), call.actor, context))

    return router
