"""Mutations of supervision (督办), exemptions (容错), spot checks (抽查) and trace-backs (倒查)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import strawberry

from gateway.application.commands import perform
from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.performing import perform_command, segment
from gateway.entrypoints.graphql.supervision_types import (
    ExemptionGround,
    OrderColor,
    SpotCheck,
    SpotCheckWay,
)
from gateway.entrypoints.graphql.unit_types import Info
from gateway.entrypoints.tracing import beside, document_of
from gateway.projections import case_queries, supervision_queries

SERVICE = "accountability"


async def _on_matter(
    info: Info, matter: str, operation: str, body: Mapping[str, Any], key: UUID | None
) -> CasePayload:
    path = f"/matters/{segment(info, matter)}/{operation}"
    return await perform_command(info, SERVICE, path, body, operation, key)


def _check(info: Info, period: str, case_id: str, verb: str) -> str:
    return f"/spot-checks/{quote(period, safe='')}/cases/{segment(info, case_id)}/{verb}"


@strawberry.type
class SupervisionMutation:
    @strawberry.mutation(description="督办 W14:橙色即发,红色先听取陈述;写明 clockId 的针对该时限的超期")
    async def supervise(
        self,
        info: Info,
        case_id: strawberry.ID,
        unit: str,
        color: OrderColor,
        reason: str,
        clock_id: strawberry.ID | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/cases/{segment(info, case_id)}/supervise"
        body = {"unit": unit, "color": color.value, "reason": reason, "clock_id": clock_id}
        return await perform_command(info, SERVICE, path, body, "supervise", idempotency_key)

    @strawberry.mutation(description="蓝色提示 W14:提醒单位注意,无需回复;写明 clockId 的针对该时限的超期")
    async def give_hint(
        self,
        info: Info,
        case_id: strawberry.ID,
        unit: str,
        reason: str,
        clock_id: strawberry.ID | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/cases/{segment(info, case_id)}/give-hint"
        body = {"unit": unit, "reason": reason, "clock_id": clock_id}
        return await perform_command(info, SERVICE, path, body, "give-hint", idempotency_key)

    @strawberry.mutation(description="听取单位陈述 W14:何时、何人、怎么说")
    async def hear_unit(
        self,
        info: Info,
        matter_id: strawberry.ID,
        at: datetime,
        speaker: str,
        words: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"at": at.isoformat(), "speaker": speaker, "words": words}
        return await _on_matter(info, matter_id, "hear-unit", body, idempotency_key)

    @strawberry.mutation(description="签发督查单 W14")
    async def issue_order(
        self, info: Info, matter_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _on_matter(info, matter_id, "issue-order", {}, idempotency_key)

    @strawberry.mutation(description="不予签发 W14")
    async def decline_order(
        self, info: Info, matter_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _on_matter(info, matter_id, "decline-order", {"reason": reason}, idempotency_key)

    @strawberry.mutation(description="回复督查单 W14,由单位主要负责人")
    async def reply_to_order(
        self, info: Info, matter_id: strawberry.ID, words: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _on_matter(info, matter_id, "reply-to-order", {"words": words}, idempotency_key)

    @strawberry.mutation(description="督查单销号 W14")
    async def close_order(
        self, info: Info, matter_id: strawberry.ID, words: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _on_matter(info, matter_id, "close-order", {"words": words}, idempotency_key)

    @strawberry.mutation(description="撤回督查单 W14")
    async def withdraw_order(
        self, info: Info, matter_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _on_matter(info, matter_id, "withdraw-order", {"reason": reason}, idempotency_key)

    @strawberry.mutation(description="移送纪检组织,与督查单分开;同一事项不重复追究")
    async def refer_to_discipline(
        self, info: Info, matter_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _on_matter(info, matter_id, "refer-to-discipline", {"reason": reason}, idempotency_key)

    @strawberry.mutation(description="澄清正名")
    async def clear_name(
        self, info: Info, matter_id: strawberry.ID, words: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _on_matter(info, matter_id, "clear-name", {"words": words}, idempotency_key)

    @strawberry.mutation(description="申请容错,由超期单位,或减负办代为提出")
    async def claim_exemption(
        self,
        info: Info,
        clock_id: strawberry.ID,
        ground: ExemptionGround,
        evidence: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"ground": ground.value, "evidence": evidence}
        return await _on_matter(info, clock_id, "claim-exemption", body, idempotency_key)

    @strawberry.mutation(description="决定容错,由申请单位和超期单位以外的另一人")
    async def decide_exemption(
        self,
        info: Info,
        clock_id: strawberry.ID,
        granted: bool,
        reason: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"granted": granted, "reason": reason}
        return await _on_matter(info, clock_id, "decide-exemption", body, idempotency_key)

    @strawberry.mutation(description="县领导批示;不指定单位的发给所有有关单位")
    async def instruct(
        self,
        info: Info,
        case_id: strawberry.ID,
        words: str,
        to: list[str] | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/cases/{segment(info, case_id)}/instruct"
        body = {"to": to, "words": words}
        return await perform_command(info, SERVICE, path, body, "instruct", idempotency_key)

    @strawberry.mutation(description="抽样:每期一次;不给种子的由系统生成并公开")
    async def draw_spot_checks(
        self, info: Info, period: str, seed: int | None = None, idempotency_key: UUID | None = None
    ) -> list[SpotCheck]:
        context = info.context
        context.permit("draw-spot-checks")
        await perform(
            context.parts.services,
            context.parts.view,
            SERVICE,
            f"/spot-checks/{quote(period, safe='')}/draw",
            {} if seed is None else {"seed": seed},
            token=context.token,
            key=idempotency_key or uuid4(),
        )
        rows = await context.read(
            lambda c: supervision_queries.checks_for(c, context.viewer, period, case_queries.LARGEST_PAGE)
        )
        await context.shown("list", sorted({row["case_id"] for row in rows}))
        return [SpotCheck.of(row) for row in rows]

    @strawberry.mutation(description="指派核查人,不得来自本哨单的镇街或部门")
    async def assign_spot_check(
        self,
        info: Info,
        period: str,
        case_id: strawberry.ID,
        checker: str,
        unit: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"checker": checker, "unit": unit}
        path = _check(info, period, case_id, "assign")
        return await perform_command(info, SERVICE, path, body, "assign-spot-check", idempotency_key)

    @strawberry.mutation(description="填写抽查结果,由核查人;不通过的重新吹哨")
    async def record_spot_check(
        self,
        info: Info,
        period: str,
        case_id: strawberry.ID,
        way: SpotCheckWay,
        asked: str,
        passed: bool,
        finding: str = "",
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"way": way.value, "asked": asked, "passed": passed, "finding": finding}
        path = _check(info, period, case_id, "record")
        return await perform_command(info, SERVICE, path, body, "record-spot-check", idempotency_key)

    @strawberry.mutation(description="发布倒查材料给纪检组织;材料为此刻的案件全貌")
    async def release_trace_back(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        context = info.context
        context.permit("release-trace-back")
        named = segment(info, case_id)
        row = await context.read(lambda c: case_queries.find_case(c, context.viewer, case_id=named))
        if row is None:
            raise error("unknown-case", context.language)
        related = await context.read(lambda c: beside(c, context.viewer, row))
        keys = [named, *(each["case_id"] for each in related)]
        await context.shown("case", keys)
        clocks = [each for found in await context.clocks.load_many(keys) for each in found]
        late = [each["clock_id"] for each in clocks if each["breached_at"] is not None]
        told = await context.explanations.load_many([(each, None) for each in late])
        explained = dict(zip(late, told, strict=True))
        document = await context.read(lambda c: document_of(c, context.viewer, row, related, explained))
        path = f"/cases/{named}/release-trace-back"
        body = {"document": document, "reason": reason}
        return await perform_command(info, SERVICE, path, body, "release-trace-back", idempotency_key)
