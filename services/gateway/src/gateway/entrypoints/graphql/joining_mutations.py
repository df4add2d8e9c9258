"""Mutations that join: merge whistles, judge one's own issues in another's, countersign."""

from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.inputs import RatingInput, VerdictInput
from gateway.entrypoints.graphql.joining_types import ProposalKind
from gateway.entrypoints.graphql.performing import (
    perform_command,
    perform_on_assignment,
    segment,
    values_of,
)
from gateway.entrypoints.graphql.unit_types import Info


@strawberry.type
class JoiningMutation:
    @strawberry.mutation(description="并哨 W13:两件中先签发的为主哨单,结果即主哨单,它的时限不变")
    async def merge_whistles(
        self,
        info: Info,
        case_id: strawberry.ID,
        with_case: strawberry.ID,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/dispatches/{segment(info, case_id)}/merge"
        body = {"with_case": segment(info, with_case)}
        return await perform_command(info, "routing", path, body, "merge-whistles", idempotency_key)

    @strawberry.mutation(
        description="评价并入的问题项 W13:caseId 为主哨单;不填的按主办反馈,部门为满意;办结后、确认时限内"
    )
    async def judge_adopted_issues(
        self,
        info: Info,
        case_id: strawberry.ID,
        verdicts: list[VerdictInput] | None = None,
        ratings: list[RatingInput] | None = None,
        comment: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/whistles/{segment(info, case_id)}/judge-adopted-issues"
        body = {"verdicts": values_of(verdicts), "ratings": values_of(ratings), "comment": comment}
        return await perform_command(info, "intake", path, body, "judge-adopted-issues", idempotency_key)

    @strawberry.mutation(description="发起会签:主办一次请全部协办会签,不影响办结")
    async def ask_to_countersign(
        self,
        info: Info,
        case_id: strawberry.ID,
        proposal: str,
        kind: ProposalKind = ProposalKind.CONCLUSION,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"proposal": proposal, "kind": kind.value}
        return await perform_on_assignment(
            info, case_id, None, "ask-to-countersign", body, "ask-to-countersign", idempotency_key
        )

    @strawberry.mutation(description="会签:同意,或不同意并写一句理由")
    async def countersign(
        self,
        info: Info,
        case_id: strawberry.ID,
        agrees: bool = True,
        words: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"agrees": agrees, "words": words}
        return await perform_on_assignment(
            info, case_id, None, "countersign", body, "countersign", idempotency_key
        )
