"""Mutations: each is one command of one service and answers with the case as it is afterwards."""

from typing import Any
from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.bulk_mutations import BulkMutation
from gateway.entrypoints.graphql.case_rules import CaseRulesMutation
from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.channels import ChannelMutation
from gateway.entrypoints.graphql.correction_mutations import CorrectionMutation
from gateway.entrypoints.graphql.duty_mutations import DutyMutation
from gateway.entrypoints.graphql.ending_mutations import EndingMutation
from gateway.entrypoints.graphql.enterprises import EnterpriseMutation
from gateway.entrypoints.graphql.enums import DispatchWhen, Ground, Mode, Result, WhistleKind
from gateway.entrypoints.graphql.figures import FigureMutation
from gateway.entrypoints.graphql.grid_mutations import GridMutation
from gateway.entrypoints.graphql.inputs import RatingInput, VerdictInput
from gateway.entrypoints.graphql.joining_mutations import JoiningMutation
from gateway.entrypoints.graphql.letter_mutations import LetterMutation
from gateway.entrypoints.graphql.own_views import OwnViewMutation
from gateway.entrypoints.graphql.parking_mutations import ParkingMutation
from gateway.entrypoints.graphql.performing import (
    complex_body,
    perform_command,
    perform_on_assignment,
    segment,
    values_of,
)
from gateway.entrypoints.graphql.policies import PolicyMutation
from gateway.entrypoints.graphql.record_mutations import RecordMutation
from gateway.entrypoints.graphql.return_mutations import ReturnMutation
from gateway.entrypoints.graphql.supervision_mutations import SupervisionMutation
from gateway.entrypoints.graphql.unit_mutations import UnitMutation
from gateway.entrypoints.graphql.unit_types import Info


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
    enterprise_id: strawberry.ID | None = strawberry.field(
        default=None, description="首席服务员代企业吹哨时填写;须为本镇街登记的企业"
    )

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
        if self.enterprise_id:
            body["enterprise"] = self.enterprise_id
        return body


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


@strawberry.type
class Mutation(
    BulkMutation,
    EndingMutation,
    ReturnMutation,
    ParkingMutation,
    SupervisionMutation,
    LetterMutation,
    GridMutation,
    DutyMutation,
    RecordMutation,
    CorrectionMutation,
    JoiningMutation,
    UnitMutation,
    EnterpriseMutation,
    ChannelMutation,
    OwnViewMutation,
    PolicyMutation,
    CaseRulesMutation,
    FigureMutation,
):
    @strawberry.mutation(description="起草哨单 W1")
    async def draft_whistle(
        self, info: Info, whistle: WhistleInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await perform_command(
            info, "intake", "/whistles/drafts", whistle.body(), "draft-whistle", idempotency_key
        )

    @strawberry.mutation(description="改稿 W1;引用的来信或上报不变")
    async def revise_draft(
        self, info: Info, case_id: strawberry.ID, whistle: WhistleInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/revise"
        return await perform_command(info, "intake", path, whistle.body(), "draft-whistle", idempotency_key)

    @strawberry.mutation(description="吹哨:起草并提交签发 W1、W2")
    async def raise_whistle(
        self, info: Info, whistle: WhistleInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await perform_command(
            info, "intake", "/whistles", whistle.body(), "raise-whistle", idempotency_key
        )

    @strawberry.mutation(description="提交签发 W2")
    async def submit_whistle(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/submit"
        return await perform_command(info, "intake", path, {}, "submit-whistle", idempotency_key)

    @strawberry.mutation(description="退回修改 W2'")
    async def send_back_whistle(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/send-back"
        return await perform_command(
            info, "intake", path, {"reason": reason}, "send-back-whistle", idempotency_key
        )

    @strawberry.mutation(description="删除草稿")
    async def discard_whistle(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/discard"
        return await perform_command(info, "intake", path, {}, "discard-whistle", idempotency_key)

    @strawberry.mutation(description="签发 W3")
    async def sign_whistle(
        self,
        info: Info,
        case_id: strawberry.ID,
        dispatch: DispatchWhen = DispatchWhen.DEFAULT,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/sign"
        return await perform_command(
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
        path = f"/whistles/{segment(info, case_id)}/close-out"
        body = {"verdicts": values_of(verdicts), "ratings": values_of(ratings), "comment": comment}
        return await perform_command(info, "intake", path, body, "close-out-whistle", idempotency_key)

    @strawberry.mutation(description="退回重办 W8")
    async def rework_whistle(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/rework"
        return await perform_command(
            info, "intake", path, {"reason": reason}, "rework-whistle", idempotency_key
        )

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
        path = f"/dispatches/{segment(info, case_id)}/confirm"
        body = {"legal_basis": legal_basis, "owner_found": owner_found, **complex_body(complex_reason)}
        return await perform_command(info, "routing", path, body, "confirm-dispatch", idempotency_key)

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
        path = f"/dispatches/{segment(info, case_id)}/correct"
        body = {
            "lead": lead,
            "assists": values_of(assists) or [],
            "legal_basis": legal_basis,
            **complex_body(complex_reason),
        }
        return await perform_command(info, "routing", path, body, "correct-dispatch", idempotency_key)

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
        return await perform_on_assignment(
            info, case_id, unit, "report-in", body, "report-in", idempotency_key
        )

    @strawberry.mutation(description="反馈 A7")
    async def give_feedback(
        self,
        info: Info,
        case_id: strawberry.ID,
        content: str,
        unit: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await perform_on_assignment(
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
        body = {"sentence": sentence, "results": values_of(results)}
        return await perform_on_assignment(info, case_id, unit, "conclude", body, "conclude", idempotency_key)

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
            "results": values_of(results),
        }
        return await perform_on_assignment(
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
        return await perform_command(info, "intake", "/letters", body, "submit-letter", idempotency_key)

    @strawberry.mutation(description="答复意见;final 表示答复即办结")
    async def respond_to_letter(
        self,
        info: Info,
        case_id: strawberry.ID,
        content: str,
        final: bool = False,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/respond"
        return await perform_command(
            info, "intake", path, {"content": content, "final": final}, "respond-to-letter", idempotency_key
        )

    @strawberry.mutation(description="办结意见")
    async def resolve_letter(
        self, info: Info, case_id: strawberry.ID, content: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/resolve"
        return await perform_command(
            info, "intake", path, {"content": content}, "resolve-letter", idempotency_key
        )

    @strawberry.mutation(description="不予受理,说明理由")
    async def not_accept_letter(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/not-accept"
        return await perform_command(
            info, "intake", path, {"reason": reason}, "not-accept-letter", idempotency_key
        )
