"""The HTTP edge of intake: one route per command, and the keys for the other services."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, FastAPI
from opentelemetry.trace import TracerProvider

from backbone.identity import Verifier
from backbone.sealing import encode_keys
from backbone.web import (
    MAX_BODY_BYTES,
    Accepted,
    CurrentCall,
    ServiceActor,
    Work,
    accepted,
    service_app,
)
from contracts.catalogue import sentence
from contracts.permissions import may, permit
from contracts.rules import rule_told
from intake.application.read_back import code_of
from intake.bootstrap import Intake
from intake.entrypoints.attachment_routes import BODIES, attachment_router, limits_router
from intake.entrypoints.bodies import (
    Appraise,
    CloseOut,
    Draft,
    Erase,
    KeyIds,
    Letter,
    Nothing,
    Promote,
    Raise,
    Reason,
    Record,
    ReferUp,
    Release,
    Resolve,
    Respond,
    Sign,
    Submit,
)
from intake.entrypoints.correction_routes import correction_router
from intake.entrypoints.enterprise_routes import enterprise_router
from intake.entrypoints.grid_routes import grid_router
from intake.entrypoints.merging_routes import merging_router
from intake.entrypoints.read_back_routes import read_back_router
from intake.entrypoints.record_routes import record_router

SERVICE = "intake"
STATUSES: Final = {"too-many-wrong-codes": 429, "unknown-attachment": 404}
LARGER_THAN_ANY_FILE: Final = 64 * MAX_BODY_BYTES
"""Whoever sends less than this is told how large a file may be."""


def application(
    intake: Intake,
    verifier: Verifier,
    secret: bytes,
    *,
    tasks: Mapping[str, Work] | None = None,
    tracer_provider: TracerProvider | None = None,
) -> FastAPI:
    """The service; ``secret`` keys the hashes of requests."""
    return service_app(
        SERVICE,
        store=intake.store,
        verifier=verifier,
        sentence=sentence,
        rule=rule_told,
        secret=secret,
        routers=[
            whistle_router(intake),
            record_router(intake.recorded_whistles),
            merging_router(intake.merged_whistles),
            letter_router(intake),
            read_back_router(intake.read_backs, secret),
            correction_router(intake.corrections),
            grid_router(intake),
            enterprise_router(intake.enterprises),
            attachment_router(intake.attachments),
            limits_router(intake.attachments.rules),
            key_router(intake),
        ],
        statuses=STATUSES,
        larger_bodies={BODIES: LARGER_THAN_ANY_FILE},
        tasks=tasks,
        reads_log=lambda actor: may(actor, "read-events"),
        tracer_provider=tracer_provider,
        title="吹哨 intake",
    )


def whistle_router(intake: Intake) -> APIRouter:
    """哨单: W1 to W3, W7, W8."""
    router = APIRouter(prefix="/whistles", tags=["whistle"])
    whistles = intake.whistles

    @router.post("")
    async def raise_whistle(body: Raise, call: CurrentCall) -> Accepted:
        """吹哨: W1 and W2 in one; by the leader, signed at once."""
        context = call.context("raise-whistle", body)
        return accepted(
            SERVICE, await whistles.raise_whistle(body.words(), body.dispatch, call.actor, context)
        )

    @router.post("/drafts")
    async def draft_whistle(body: Draft, call: CurrentCall) -> Accepted:
        """W1 起草."""
        context = call.context("draft-whistle", body)
        return accepted(SERVICE, await whistles.draft(body.words(), call.actor, context))

    @router.post("/{id}/revise")
    async def revise_draft(id: UUID, body: Draft, call: CurrentCall) -> Accepted:
        """W1 改稿."""
        context = call.context("draft-whistle", body)
        return accepted(SERVICE, await whistles.revise(str(id), body.words(), call.actor, context))

    @router.post("/{id}/submit")
    async def submit_whistle(id: UUID, body: Submit, call: CurrentCall) -> Accepted:
        """W2 提交签发."""
        context = call.context("submit-whistle", body)
        return accepted(SERVICE, await whistles.submit(str(id), body.dispatch, call.actor, context))

    @router.post("/{id}/send-back")
    async def send_back_whistle(id: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W2' 退回修改."""
        context = call.context("send-back-whistle", body)
        return accepted(SERVICE, await whistles.send_back(str(id), body.reason, call.actor, context))

    @router.post("/{id}/discard")
    async def discard_whistle(id: UUID, body: Nothing, call: CurrentCall) -> Accepted:
        """W1 弃稿."""
        context = call.context("discard-whistle", body)
        return accepted(SERVICE, await whistles.discard(str(id), call.actor, context))

    @router.post("/{id}/sign")
    async def sign_whistle(id: UUID, body: Sign, call: CurrentCall) -> Accepted:
        """W3 签发; outside working hours dispatched at the next opening, unless ``dispatch`` is ``now``."""
        context = call.context("sign-whistle", body)
        return accepted(SERVICE, await whistles.sign(str(id), body.dispatch, call.actor, context))

    @router.post("/{id}/close-out")
    async def close_out_whistle(id: UUID, body: CloseOut, call: CurrentCall) -> Accepted:
        """W7 销哨."""
        context = call.context("close-out-whistle", body)
        return accepted(
            SERVICE,
            await whistles.close_out(
                str(id), body.judgements(), body.department_ratings(), body.comment, call.actor, context
            ),
        )

    @router.post("/{id}/rework")
    async def rework_whistle(id: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W8 返工."""
        context = call.context("rework-whistle", body)
        return accepted(SERVICE, await whistles.rework(str(id), body.reason, call.actor, context))

    @router.post("/{id}/withdraw")
    async def withdraw_whistle(id: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W12 撤哨, before signing."""
        context = call.context("withdraw-whistle", body)
        return accepted(SERVICE, await whistles.withdraw(str(id), body.reason, call.actor, context))

    @router.post("/{id}/appeal")
    async def appeal_whistle(id: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W4' 申诉."""
        context = call.context("appeal-whistle", body)
        return accepted(SERVICE, await whistles.appeal(str(id), body.reason, call.actor, context))

    @router.post("/{id}/raise-again")
    async def raise_again(id: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """W9 重新吹哨."""
        context = call.context("raise-again", body)
        return accepted(SERVICE, await whistles.raise_again(str(id), body.reason, call.actor, context))

    return router


def letter_router(intake: Intake) -> APIRouter:
    """意见直通车 and 网络问政."""
    router = APIRouter(prefix="/letters", tags=["letter"])
    letters = intake.letters

    @router.post("")
    async def submit_letter(body: Letter, call: CurrentCall) -> Accepted:
        """A letter reaches the office."""
        context = call.context("submit-letter", body)
        code = code_of(call.secret, context.command_id)
        answer = accepted(SERVICE, await letters.submit(body.words(), call.actor, context, code))
        if body.anonymous and await intake.read_backs.holds(answer.id, code):
            # Shown in the answer and nowhere else: only its hash is kept.
            answer = answer.model_copy(update={"read_back_code": code})
        return answer

    @router.post("/record")
    async def record_letter(body: Record, call: CurrentCall) -> Accepted:
        """补录: a letter after the fact, with its outcome, approved by a second person."""
        context = call.context("record-letter", body)
        return accepted(SERVICE, await letters.record(body.words(), body.outcome(), call.actor, context))

    @router.post("/{id}/respond")
    async def respond_to_letter(id: UUID, body: Respond, call: CurrentCall) -> Accepted:
        """The office answers with content."""
        context = call.context("respond-to-letter", body)
        appended = await letters.respond(
            str(id), body.content, body.final, body.automatic, call.actor, context
        )
        return accepted(SERVICE, appended)

    @router.post("/{id}/resolve")
    async def resolve_letter(id: UUID, body: Resolve, call: CurrentCall) -> Accepted:
        """The matter is resolved."""
        context = call.context("resolve-letter", body)
        return accepted(SERVICE, await letters.resolve(str(id), body.content, call.actor, context))

    @router.post("/{id}/release")
    async def release_letter(id: UUID, body: Release, call: CurrentCall) -> Accepted:
        """脱敏公开: what a unit may see of it."""
        context = call.context("release-letter", body)
        return accepted(SERVICE, await letters.release(str(id), body.unit, body.words, call.actor, context))

    @router.post("/{id}/hand-over")
    async def hand_over_letter(id: UUID, body: Release, call: CurrentCall) -> Accepted:
        """转办: a unit looks into what was, or is now, released to it."""
        context = call.context("hand-over-letter", body)
        return accepted(SERVICE, await letters.hand_over(str(id), body.unit, body.words, call.actor, context))

    @router.post("/{id}/report")
    async def report_on_letter(id: UUID, body: Resolve, call: CurrentCall) -> Accepted:
        """反馈: the unit tells the office what it found."""
        context = call.context("report-on-letter", body)
        return accepted(SERVICE, await letters.report_on(str(id), body.content, call.actor, context))

    @router.post("/{id}/refer-up")
    async def refer_letter_up(id: UUID, body: ReferUp, call: CurrentCall) -> Accepted:
        """上报 to a higher authority."""
        context = call.context("refer-letter-up", body)
        return accepted(
            SERVICE, await letters.refer_up(str(id), body.authority, body.reason, call.actor, context)
        )

    @router.post("/{id}/appraise")
    async def appraise_letter(id: UUID, body: Appraise, call: CurrentCall) -> Accepted:
        """评价 by its writer."""
        context = call.context("appraise-letter", body)
        appended = await letters.appraise(
            str(id), body.rating, body.comment, body.submission(), call.actor, context
        )
        return accepted(SERVICE, appended)

    @router.post("/{id}/promote")
    async def promote_letter(id: UUID, body: Promote, call: CurrentCall) -> Accepted:
        """转哨单: a draft on a township's desk that cites the letter."""
        context = call.context("promote-letter", body)
        return accepted(
            SERVICE, await letters.promote(str(id), body.township, body.words(), call.actor, context)
        )

    @router.post("/{id}/not-accept")
    async def not_accept_letter(id: UUID, body: Reason, call: CurrentCall) -> Accepted:
        """Not the office's to handle; explained."""
        context = call.context("not-accept-letter", body)
        return accepted(SERVICE, await letters.not_accept(str(id), body.reason, call.actor, context))

    return router


def key_router(intake: Intake) -> APIRouter:
    """The keys of personal data, which intake owns."""
    router = APIRouter(prefix="/keys", tags=["keys"])

    @router.post("")
    async def keys(body: KeyIds, service: ServiceActor) -> dict[str, Any]:
        """``{"keys": {id: base64}, "destroyed": [id]}``: missing keys are made; for services only."""
        permit(service, "read-personal-data-keys")
        return encode_keys(await intake.keys.keys(body.ids))

    @router.post("/erase")
    async def erase_personal_data(body: Erase, call: CurrentCall) -> Accepted:
        """Destroy the keys of persons and cases, and tell every reader."""
        context = call.context("erase-personal-data", body)
        return accepted(SERVICE, await intake.erasure.erase(body.subjects, body.cases, call.actor, context))

    return router
