"""The HTTP edge of routing: one route per command, and the suggestion of responsibility items."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, FastAPI, Path, Query
from opentelemetry.trace import TracerProvider

from backbone.identity import Verifier
from backbone.web import Accepted, Check, CurrentActor, CurrentCall, Work, accepted, service_app
from contracts.catalogue import sentence
from contracts.permissions import may
from contracts.rules import rule_told
from routing.bootstrap import Routing
from routing.entrypoints.bodies import (
    AcceptReturn,
    Conclude,
    Confirm,
    Correct,
    DecideAppeal,
    GiveFeedback,
    NotAccept,
    Nothing,
    PublishList,
    Reason,
    ReportIn,
    ReportInAndConclude,
    RequestReturn,
    SuggestedItem,
    SuggestedItems,
    Unit,
    Withdraw,
)
from routing.entrypoints.correction_routes import correction_router
from routing.entrypoints.dispute_routes import dispute_router, review_router
from routing.entrypoints.joining_routes import joining_router
from routing.entrypoints.list_routes import list_router
from routing.entrypoints.unit_routes import succession_router

SERVICE = "routing"
STATUSES: Final = {"withdrawal-needs-consent": 409, "others-share-this-whistle": 409}
"""It is not the township's alone any more: it may ask the office for its consent."""
UnitCode = Annotated[str, Path(max_length=64)]


def application(
    routing: Routing,
    verifier: Verifier,
    secret: bytes,
    *,
    tasks: Mapping[str, Work] | None = None,
    checks: Mapping[str, Check] | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    tracer_provider: TracerProvider | None = None,
) -> FastAPI:
    """The service; ``secret`` keys the hashes of requests."""
    return service_app(
        SERVICE,
        store=routing.store,
        verifier=verifier,
        sentence=sentence,
        rule=rule_told,
        secret=secret,
        routers=[
            desk_router(routing),
            assignment_router(routing),
            return_router(routing),
            ending_router(routing),
            correction_router(routing.corrections),
            joining_router(routing.joining),
            dispute_router(routing.disputes),
            review_router(routing.reviews),
            responsibility_list_router(routing),
            list_router(routing.duty_lists),
            unit_router(routing),
            succession_router(routing.successions),
        ],
        statuses=STATUSES,
        tasks=tasks,
        checks=checks,
        lifespan=lifespan,
        reads_log=lambda actor: may(actor, "read-events"),
        tracer_provider=tracer_provider,
        title="派单 routing",
    )


def desk_router(routing: Routing) -> APIRouter:
    """派单台: W4."""
    router = APIRouter(prefix="/dispatches/{case}", tags=["dispatch"])
    dispatches = routing.dispatches

    @router.post("/confirm")
    async def confirm_dispatch(case: UUID, body: Confirm, call: CurrentCall) -> Accepted:
        """W4 确认派单."""
        context = call.context("confirm-dispatch", body)
        return accepted(
            SERVICE,
            await dispatches.confirm(str(case), body.words(), body.owner_found, call.actor, context),
        )

    @router.post("/correct")
    async def correct_dispatch(case: UUID, body: Correct, call: CurrentCall) -> Accepted:
        """W4 更正派单."""
        context = call.context("correct-dispatch", body)
        return accepted(
            SERVICE,
            await dispatches.correct(
                str(case), body.lead, body.named_assists(), body.words(), call.actor, context
            ),
        )

    return router


def assignment_router(routing: Routing) -> APIRouter:
    """部门办理: A1, A5, A7, W6; ``unit`` is the department's code."""
    router = APIRouter(prefix="/dispatches/{case}/assignments/{unit}", tags=["assignment"])
    dispatches = routing.dispatches

    @router.post("/report-in")
    async def report_in(case: UUID, unit: UnitCode, body: ReportIn, call: CurrentCall) -> Accepted:
        """A1 报到; late is accepted."""
        context = call.context("report-in", body)
        return accepted(
            SERVICE, await dispatches.report_in(str(case), unit, body.words(), call.actor, context)
        )

    @router.post("/give-feedback")
    async def give_feedback(case: UUID, unit: UnitCode, body: GiveFeedback, call: CurrentCall) -> Accepted:
        """A7 反馈."""
        context = call.context("give-feedback", body)
        return accepted(
            SERVICE, await dispatches.give_feedback(str(case), unit, body.content, call.actor, context)
        )

    @router.post("/conclude")
    async def conclude(case: UUID, unit: UnitCode, body: Conclude, call: CurrentCall) -> Accepted:
        """A5 by an assist, W6 by the lead: 办结."""
        context = call.context("conclude", body)
        return accepted(
            SERVICE,
            await dispatches.conclude(
                str(case), unit, body.sentence, body.result_words(), call.actor, context
            ),
        )

    @router.post("/report-in-and-conclude")
    async def report_in_and_conclude(
        case: UUID, unit: UnitCode, body: ReportInAndConclude, call: CurrentCall
    ) -> Accepted:
        """报到并办结, when it is already done."""
        context = call.context("report-in-and-conclude", body)
        return accepted(
            SERVICE,
            await dispatches.report_in_and_conclude(
                str(case), unit, body.words(), body.sentence, body.result_words(), call.actor, context
            ),
        )

    return router


def return_router(routing: Routing) -> APIRouter:
    """退派: A2, A3, A6; ``unit`` is the code of the department that has it."""
    router = APIRouter(prefix="/dispatches/{case}/assignments/{unit}", tags=["assignment"])
    returns = routing.returns

    @router.post("/request-return")
    async def request_return(case: UUID, unit: UnitCode, body: RequestReturn, call: CurrentCall) -> Accepted:
        """A2 退哨申请: before reporting in, inside the window, once."""
        context = call.context("request-return", body)
        return accepted(
            SERVICE,
            await returns.request(
                str(case), unit, body.legal_basis, body.proposed_owner, call.actor, context
            ),
        )

    @router.post("/accept-return")
    async def accept_return(case: UUID, unit: UnitCode, body: AcceptReturn, call: CurrentCall) -> Accepted:
        """A3 同意退哨."""
        context = call.context("accept-return", body)
        return accepted(
            SERVICE,
            await returns.accept(
                str(case), unit, body.to, body.dispatch_error, body.legal_basis, call.actor, context
            ),
        )

    @router.post("/refuse-return")
    async def refuse_return(case: UUID, unit: UnitCode, body: Reason, call: CurrentCall) -> Accepted:
        """A3 驳回退哨."""
        context = call.context("refuse-return", body)
        return accepted(SERVICE, await returns.refuse(str(case), unit, body.reason, call.actor, context))

    @router.post("/release")
    async def release_assignment(case: UUID, unit: UnitCode, body: Reason, call: CurrentCall) -> Accepted:
        """A6 解除协办."""
        context = call.context("release-assignment", body)
        return accepted(SERVICE, await returns.release(str(case), unit, body.reason, call.actor, context))

    return router


def ending_router(routing: Routing) -> APIRouter:
    """撤哨、不予受理: W4', W12."""
    router = APIRouter(prefix="/dispatches/{case}", tags=["dispatch"])
    endings = routing.endings

    @router.post("/withdraw")
    async def withdraw_whistle(case: UUID, body: Withdraw, call: CurrentCall) -> Accepted:
        """W12 撤哨; 409 if a department has reported in and consent was not asked for."""
        context = call.context("withdraw-whistle", body)
        return accepted(
            SERVICE, await endings.withdraw(str(case), body.reason, body.ask_consent, call.actor, context)
        )

    @router.post("/consent-to-withdrawal")
    async def consent_to_withdrawal(case: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """W12 同意撤哨."""
        context = call.context("consent-to-withdrawal", body)
        return accepted(SERVICE, await endings.consent(str(case), call.actor, context))

    @router.post("/refuse-withdrawal")
    async def refuse_withdrawal(case: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W12 不同意撤哨."""
        context = call.context("refuse-withdrawal", body)
        return accepted(SERVICE, await endings.refuse_withdrawal(str(case), body.reason, call.actor, context))

    @router.post("/not-accept")
    async def not_accept_whistle(case: UUID, body: NotAccept, call: CurrentCall) -> Accepted:
        """W4' 不予受理."""
        context = call.context("not-accept-whistle", body)
        return accepted(
            SERVICE,
            await endings.not_accept(str(case), body.reason_code, body.legal_basis, call.actor, context),
        )

    @router.post("/decide-appeal")
    async def decide_appeal(case: UUID, body: DecideAppeal, call: CurrentCall) -> Accepted:
        """W4' 申诉决定."""
        context = call.context("decide-appeal", body)
        return accepted(
            SERVICE, await endings.decide_appeal(str(case), body.granted, body.reason, call.actor, context)
        )

    return router


def responsibility_list_router(routing: Routing) -> APIRouter:
    """权责清单."""
    router = APIRouter(prefix="/responsibility-list", tags=["responsibility list"])

    @router.post("/versions")
    async def publish_responsibility_list(body: PublishList, call: CurrentCall) -> Accepted:
        """A whole new version, in force from its day on."""
        context = call.context("publish-responsibility-list", body)
        items = [each.item() for each in body.items]
        return accepted(
            SERVICE,
            await routing.duties.publish_list(
                body.effective_from, body.source_document, items, call.actor, context
            ),
        )

    @router.get("/suggest")
    async def suggest_items(
        actor: CurrentActor, text: Annotated[str, Query(max_length=2_000)]
    ) -> SuggestedItems:
        """事项推荐: at most three items of the list in force; people decide."""
        version, answer = await routing.duties.suggest(text, actor)
        return SuggestedItems(
            version=version.number if version else None,
            margin=answer.margin,
            suggestions=[
                SuggestedItem(
                    code=each.item.code,
                    title=each.item.title,
                    lead=each.item.lead,
                    assists=each.item.assists,
                    legal_basis=each.item.legal_basis,
                    confidence=each.confidence,
                    matched=each.matched,
                    preselected=each.item.code == answer.preselected,
                )
                for each in answer.found
            ],
        )

    return router


def unit_router(routing: Routing) -> APIRouter:
    """单位."""
    router = APIRouter(prefix="/units", tags=["unit"])

    @router.post("")
    async def register_unit(body: Unit, call: CurrentCall) -> Accepted:
        """Enter a unit, or change its entry."""
        context = call.context("register-unit", body)
        return accepted(SERVICE, await routing.duties.register_unit(body.entry(), call.actor, context))

    return router
