"""Mutations: each is one command of one service and answers with the case as it is afterwards."""

from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import strawberry

from backbone.subscription import transient
from gateway.application.commands import perform
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.types import (
    CasePayload,
    Ground,
    Info,
    Mode,
    Rating,
    Result,
    WhistleKind,
    case_of,
)
from gateway.projections import case_queries


@strawberry.input(description="问题项")
class IssueInput:
    text: str
    item_code: str | None = strawberry.field(default=None, description="采纳的清单事项")


@strawberry.input(description="哨单内容")
class WhistleInput:
    kind: WhistleKind
    ground: Ground
    village: str
    text: str
    issues: list[IssueInput] | None = strawberry.field(default=None, description="不填则整句为一项")
    departments: list[str]
    tried: str | None = strawberry.field(default=None, description="已做过的工作,可不填")

    def body(self) -> dict[str, Any]:
        """The command's body."""
        listed = self.issues or [IssueInput(text=self.text)]
        body: dict[str, Any] = {
            "kind": self.kind.value,
            "ground": self.ground.value,
            "village": self.village,
            "text": self.text,
            "issues": [
                {"text": each.text, **({"item_code": each.item_code} if each.item_code else {})}
                for each in listed
            ],
            "departments": self.departments,
        }
        if self.tried:
            body["tried"] = self.tried
        return body


@strawberry.input(description="逐项判定")
class VerdictInput:
    issue_id: strawberry.ID
    verdict: Result


@strawberry.input(description="部门评价")
class RatingInput:
    unit: str
    rating: Rating


@strawberry.input(description="逐项结果")
class IssueResultInput:
    issue_id: strawberry.ID
    result: Result
    details: str | None = None


@strawberry.input(description="派单调整")
class AssignmentInput:
    unit: str
    issue_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="由它负责的问题项;未分给协办的归主办"
    )


@strawberry.enum(description="签发后何时派单:默认工作时间外顺延至下一工作日开始上班时")
class DispatchWhen(Enum):
    DEFAULT = "default"
    NOW = "now"


async def _perform(
    info: Info, service: str, path: str, body: Mapping[str, Any], operation: str, key: UUID | None
) -> CasePayload:
    context = info.context
    context.permit(operation)
    done = await perform(
        context.parts.services,
        context.parts.view,
        service,
        path,
        {name: value for name, value in body.items() if value is not None},
        token=context.token,
        key=key or uuid4(),
    )
    case_id = done.accepted.id
    try:
        row = await context.read(
            lambda connection: case_queries.find_case(connection, context.viewer, case_id=case_id)
        )
    except Exception as failure:
        if not transient(failure):
            raise
        # The command holds, whether its effect can be shown now or not.
        return CasePayload(case_id=strawberry.ID(case_id), case=None, stale=True)
    return CasePayload(
        case_id=strawberry.ID(case_id), case=case_of(row) if row is not None else None, stale=done.stale
    )


def _segment(info: Info, value: str) -> str:
    """A path segment that cannot lead elsewhere."""
    try:
        return str(UUID(value))
    except ValueError:
        raise error("unknown-case", info.context.language) from None


def _unit(info: Info, value: str) -> str:
    if not value.replace("-", "").isalnum() or not value.isascii():
        raise error("unknown-unit", info.context.language)
    return value


def _complex(reason: str | None) -> dict[str, Any]:
    """A matter is complex only with the dispatcher's reason."""
    return {} if reason is None else {"complex": True, "complex_reason": reason}


def _values(inputs: list[Any] | None) -> list[dict[str, Any]] | None:
    if inputs is None:
        return None
    return [
        {
            name: value.value if isinstance(value, Enum) else value
            for name, value in vars(each).items()
            if value is not None
        }
        for each in inputs
    ]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="起草哨单 W1")
    async def draft_whistle(
        self, info: Info, whistle: WhistleInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(
            info, "intake", "/whistles/drafts", whistle.body(), "draft-whistle", idempotency_key
        )

    @strawberry.mutation(description="吹哨:起草并提交签发 W1、W2")
    async def raise_whistle(
        self, info: Info, whistle: WhistleInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, "intake", "/whistles", whistle.body(), "raise-whistle", idempotency_key)

    @strawberry.mutation(description="提交签发 W2")
    async def submit_whistle(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{_segment(info, case_id)}/submit"
        return await _perform(info, "intake", path, {}, "submit-whistle", idempotency_key)

    @strawberry.mutation(description="退回修改 W2'")
    async def send_back_whistle(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{_segment(info, case_id)}/send-back"
        return await _perform(info, "intake", path, {"reason": reason}, "send-back-whistle", idempotency_key)

    @strawberry.mutation(description="删除草稿")
    async def discard_whistle(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{_segment(info, case_id)}/discard"
        return await _perform(info, "intake", path, {}, "discard-whistle", idempotency_key)

    @strawberry.mutation(description="签发 W3")
    async def sign_whistle(
        self,
        info: Info,
        case_id: strawberry.ID,
        dispatch: DispatchWhen = DispatchWhen.DEFAULT,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/whistles/{_segment(info, case_id)}/sign"
        return await _perform(
            info, "intake", path, {"dispatch": dispatch.value}, "sign-whistle", idempotency_key
        )

    @strawberry.mutation(description="销哨 W7;不填则全部属实、满意")
    async def close_out(
        self,
        info: Info,
        case_id: strawberry.ID,
        verdicts: list[VerdictInput] | None = None,
        ratings: list[RatingInput] | None = None,
        comment: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/whistles/{_segment(info, case_id)}/close-out"
        body = {"verdicts": _values(verdicts), "ratings": _values(ratings), "comment": comment}
        return await _perform(info, "intake", path, body, "close-out-whistle", idempotency_key)

    @strawberry.mutation(description="退回重办 W8")
    async def rework_whistle(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{_segment(info, case_id)}/rework"
        return await _perform(info, "intake", path, {"reason": reason}, "rework-whistle", idempotency_key)

    @strawberry.mutation(description="确认派单 W4;ownerFound 为否则暂定主办照办,等待权责裁定")
    async def confirm_dispatch(
        self,
        info: Info,
        case_id: strawberry.ID,
        legal_basis: str,
        owner_found: bool = True,
        complex_reason: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/dispatches/{_segment(info, case_id)}/confirm"
        body = {"legal_basis": legal_basis, "owner_found": owner_found, **_complex(complex_reason)}
        return await _perform(info, "routing", path, body, "confirm-dispatch", idempotency_key)

    @strawberry.mutation(description="更正派单 W4")
    async def correct_dispatch(
        self,
        info: Info,
        case_id: strawberry.ID,
        lead: str,
        legal_basis: str,
        assists: list[AssignmentInput] | None = None,
        complex_reason: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/dispatches/{_segment(info, case_id)}/correct"
        body = {
            "lead": lead,
            "assists": _values(assists) or [],
            "legal_basis": legal_basis,
            **_complex(complex_reason),
        }
        return await _perform(info, "routing", path, body, "correct-dispatch", idempotency_key)

    @strawberry.mutation(description="报到 A1")
    async def report_in(
        self,
        info: Info,
        case_id: strawberry.ID,
        handler: str,
        phone: str,
        mode: Mode = Mode.ON_SITE,
        first_step: str | None = None,
        unit: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"handler": handler, "phone": phone, "mode": mode.value, "first_step": first_step}
        return await _assignment(info, case_id, unit, "report-in", body, "report-in", idempotency_key)

    @strawberry.mutation(description="反馈 A7")
    async def give_feedback(
        self,
        info: Info,
        case_id: strawberry.ID,
        content: str,
        unit: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await _assignment(
            info, case_id, unit, "give-feedback", {"content": content}, "give-feedback", idempotency_key
        )

    @strawberry.mutation(description="办结 A5、W6;不填结果则全部已解决")
    async def conclude(
        self,
        info: Info,
        case_id: strawberry.ID,
        sentence: str,
        results: list[IssueResultInput] | None = None,
        unit: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"sentence": sentence, "results": _values(results)}
        return await _assignment(info, case_id, unit, "conclude", body, "conclude", idempotency_key)

    @strawberry.mutation(description="报到并办结")
    async def report_in_and_conclude(
        self,
        info: Info,
        case_id: strawberry.ID,
        handler: str,
        phone: str,
        sentence: str,
        mode: Mode = Mode.ON_SITE,
        results: list[IssueResultInput] | None = None,
        first_step: str | None = None,
        unit: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {
            "handler": handler,
            "phone": phone,
            "mode": mode.value,
            "first_step": first_step,
            "sentence": sentence,
            "results": _values(results),
        }
        return await _assignment(
            info, case_id, unit, "report-in-and-conclude", body, "conclude", idempotency_key
        )

    @strawberry.mutation(description="提交意见(直通车)")
    async def submit_letter(
        self,
        info: Info,
        title: str,
        text: str,
        anonymous: bool = False,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"channel": "express", "title": title, "text": text, "anonymous": anonymous}
        return await _perform(info, "intake", "/letters", body, "submit-letter", idempotency_key)

    @strawberry.mutation(description="答复意见;final 表示答复即办结")
    async def respond_to_letter(
        self,
        info: Info,
        case_id: strawberry.ID,
        content: str,
        final: bool = False,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/letters/{_segment(info, case_id)}/respond"
        return await _perform(
            info, "intake", path, {"content": content, "final": final}, "respond-to-letter", idempotency_key
        )

    @strawberry.mutation(description="办结意见")
    async def resolve_letter(
        self, info: Info, case_id: strawberry.ID, content: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/letters/{_segment(info, case_id)}/resolve"
        return await _perform(info, "intake", path, {"content": content}, "resolve-letter", idempotency_key)

    @strawberry.mutation(description="不予受理,说明理由")
    async def not_accept_letter(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/letters/{_segment(info, case_id)}/not-accept"
        return await _perform(info, "intake", path, {"reason": reason}, "not-accept-letter", idempotency_key)


async def _assignment(
    info: Info,
    case_id: str,
    unit: str | None,
    verb: str,
    body: Mapping[str, Any],
    operation: str,
    key: UUID | None,
) -> CasePayload:
    """A department's act on its own assignment; the unit is the caller's unless named."""
    named = _unit(info, unit if unit is not None else info.context.actor.unit)
    path = f"/dispatches/{_segment(info, case_id)}/assignments/{named}/{verb}"
    return await _perform(info, "routing", path, body, operation, key)
