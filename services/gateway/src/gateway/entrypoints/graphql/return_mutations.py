"""Mutations on assignments in the wrong hands: return them, or let them go."""

from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.performing import perform_on_assignment
from gateway.entrypoints.graphql.unit_types import Info


@strawberry.type
class ReturnMutation:
    @strawberry.mutation(description="退哨申请 A2:报到前、时限内、一次")
    async def request_return(
        self,
        info: Info,
        case_id: strawberry.ID,
        legal_basis: str,
        proposed_owner: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"legal_basis": legal_basis, "proposed_owner": proposed_owner}
        return await perform_on_assignment(
            info, case_id, None, "request-return", body, "request-return", idempotency_key
        )

    @strawberry.mutation(description="同意退哨 A3;不填 to 则转给其提出的部门;dispatchError 表示派单差错")
    async def accept_return(
        self,
        info: Info,
        case_id: strawberry.ID,
        unit: str,
        legal_basis: str,
        to: str | None = None,
        dispatch_error: bool = False,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"legal_basis": legal_basis, "to": to, "dispatch_error": dispatch_error}
        return await perform_on_assignment(
            info, case_id, unit, "accept-return", body, "accept-return", idempotency_key
        )

    @strawberry.mutation(description="驳回退哨 A3")
    async def refuse_return(
        self,
        info: Info,
        case_id: strawberry.ID,
        unit: str,
        reason: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await perform_on_assignment(
            info, case_id, unit, "refuse-return", {"reason": reason}, "refuse-return", idempotency_key
        )

    @strawberry.mutation(description="解除协办 A6;镇街可不填理由")
    async def release_assignment(
        self,
        info: Info,
        case_id: strawberry.ID,
        unit: str,
        reason: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await perform_on_assignment(
            info, case_id, unit, "release", {"reason": reason}, "release-assignment", idempotency_key
        )
