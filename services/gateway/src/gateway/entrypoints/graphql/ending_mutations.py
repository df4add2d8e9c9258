"""Mutations about the end of a whistle: withdraw it, turn it down, appeal, raise it again."""

from enum import Enum
from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.performing import perform_command, segment
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections import case_queries


@strawberry.enum(description="不予受理的理由")
class NotAcceptedReason(Enum):
    OUTSIDE_THE_SCOPE = "outside_the_scope"
    OWN_DUTY = "own_duty"
    FACTS_MISSING = "facts_missing"
    ALREADY_HANDLED = "already_handled"
    BELONGS_TO_ANOTHER_CHANNEL = "belongs_to_another_channel"


@strawberry.type
class EndingMutation:
    @strawberry.mutation(description="撤哨 W12;部门已报到的须经减负办同意,askConsent 表示提出申请")
    async def withdraw_whistle(
        self,
        info: Info,
        case_id: strawberry.ID,
        reason: str,
        ask_consent: bool = False,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        named, context = segment(info, case_id), info.context
        row = await context.read(
            lambda connection: case_queries.find_case(connection, context.viewer, case_id=named)
        )
        unsigned = row is not None and row["state"] == "awaiting_signature" and not row["emergency"]
        if unsigned:  # nobody but the township has it yet
            path, body = f"/whistles/{named}/withdraw", {"reason": reason}
            return await perform_command(info, "intake", path, body, "withdraw-whistle", idempotency_key)
        asked = {"reason": reason, "ask_consent": ask_consent}
        path = f"/dispatches/{named}/withdraw"
        return await perform_command(info, "routing", path, asked, "withdraw-whistle", idempotency_key)

    @strawberry.mutation(description="同意撤哨 W12")
    async def consent_to_withdrawal(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/dispatches/{segment(info, case_id)}/consent-to-withdrawal"
        return await perform_command(info, "routing", path, {}, "consent-to-withdrawal", idempotency_key)

    @strawberry.mutation(description="不同意撤哨 W12")
    async def refuse_withdrawal(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/dispatches/{segment(info, case_id)}/refuse-withdrawal"
        body = {"reason": reason}
        return await perform_command(info, "routing", path, body, "refuse-withdrawal", idempotency_key)

    @strawberry.mutation(description="不予受理哨单 W4'")
    async def not_accept_whistle(
        self,
        info: Info,
        case_id: strawberry.ID,
        reason_code: NotAcceptedReason,
        legal_basis: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/dispatches/{segment(info, case_id)}/not-accept"
        body = {"reason_code": reason_code.value, "legal_basis": legal_basis}
        return await perform_command(info, "routing", path, body, "not-accept-whistle", idempotency_key)

    @strawberry.mutation(description="申诉 W4',一次")
    async def appeal_whistle(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/appeal"
        body = {"reason": reason}
        return await perform_command(info, "intake", path, body, "appeal-whistle", idempotency_key)

    @strawberry.mutation(description="申诉决定 W4'")
    async def decide_appeal(
        self,
        info: Info,
        case_id: strawberry.ID,
        granted: bool,
        reason: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/dispatches/{segment(info, case_id)}/decide-appeal"
        body = {"granted": granted, "reason": reason}
        return await perform_command(info, "routing", path, body, "decide-appeal", idempotency_key)

    @strawberry.mutation(description="重新吹哨 W9:镇街在销哨后 30 日内,或减负办抽查不合格后")
    async def raise_again(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/raise-again"
        return await perform_command(info, "intake", path, {"reason": reason}, "raise-again", idempotency_key)
