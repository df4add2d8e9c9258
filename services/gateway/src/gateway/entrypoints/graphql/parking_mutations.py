"""Mutations on a whistle's time: let it stand still, or ask for more of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.parking_types import MilestoneInput, ParkingGround
from gateway.entrypoints.graphql.performing import perform_command, segment
from gateway.entrypoints.graphql.unit_types import Info


async def _perform(
    info: Info, case_id: str, operation: str, body: Mapping[str, Any], key: UUID | None
) -> CasePayload:
    path = f"/whistles/{segment(info, case_id)}/{operation}"
    return await perform_command(info, "accountability", path, body, operation, key)


@strawberry.type
class ParkingMutation:
    @strawberry.mutation(description="申请挂账 W10,由主办部门;sunset 当日 24:00 自动恢复办理")
    async def apply_for_parking(
        self,
        info: Info,
        case_id: strawberry.ID,
        ground: ParkingGround,
        plan: str,
        milestones: list[MilestoneInput],
        owner: str,
        sunset: date,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {
            "ground": ground.value,
            "plan": plan,
            "milestones": [{"due": each.due.isoformat(), "words": each.words} for each in milestones],
            "owner": owner,
            "sunset": sunset.isoformat(),
        }
        return await _perform(info, case_id, "apply-for-parking", body, idempotency_key)

    @strawberry.mutation(description="对挂账提出异议 W10,由镇街;是否挂账仍由减负办决定")
    async def object_to_parking(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "object-to-parking", {"reason": reason}, idempotency_key)

    @strawberry.mutation(description="批准挂账 W10;同一哨单再次挂账由县领导批准")
    async def approve_parking(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "approve-parking", {}, idempotency_key)

    @strawberry.mutation(description="不批准挂账 W10")
    async def refuse_parking(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "refuse-parking", {"reason": reason}, idempotency_key)

    @strawberry.mutation(description="挂账复查,每 30 天一次")
    async def review_parking(
        self, info: Info, case_id: strawberry.ID, words: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "review-parking", {"words": words}, idempotency_key)

    @strawberry.mutation(description="挂账节点完成,由主办部门")
    async def reach_milestone(
        self, info: Info, case_id: strawberry.ID, milestone: int, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "reach-milestone", {"milestone": milestone}, idempotency_key)

    @strawberry.mutation(description="提前结束挂账 W10,由主办部门或减负办")
    async def end_parking(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "end-parking", {"reason": reason}, idempotency_key)

    @strawberry.mutation(
        description="申请延期 W11,由主办部门在办理时限到期前提出;amount 为工作日,应急处置为小时"
    )
    async def apply_for_extension(
        self,
        info: Info,
        case_id: strawberry.ID,
        amount: int,
        reason: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"amount": amount, "reason": reason}
        return await _perform(info, case_id, "apply-for-extension", body, idempotency_key)

    @strawberry.mutation(description="批准延期 W11;再次延期由县领导批准")
    async def grant_extension(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "grant-extension", {}, idempotency_key)

    @strawberry.mutation(description="不批准延期 W11")
    async def refuse_extension(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _perform(info, case_id, "refuse-extension", {"reason": reason}, idempotency_key)
