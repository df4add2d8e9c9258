"""Mutations on letters on their way: redacted and handed over, referred up, appraised, made a whistle."""

from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.enums import Rating
from gateway.entrypoints.graphql.performing import perform_command, segment
from gateway.entrypoints.graphql.unit_types import Info


@strawberry.type
class LetterMutation:
    @strawberry.mutation(description="脱敏公开:允许该单位看到这些内容,其余不可见")
    async def release_letter(
        self, info: Info, case_id: strawberry.ID, unit: str, words: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/release"
        body = {"unit": unit, "words": words}
        return await perform_command(info, "intake", path, body, "release-letter", idempotency_key)

    @strawberry.mutation(description="转办;words 为脱敏后允许该单位看到的内容,已脱敏公开的可不填")
    async def hand_over_letter(
        self,
        info: Info,
        case_id: strawberry.ID,
        unit: str,
        words: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/hand-over"
        body = {"unit": unit, "words": words}
        return await perform_command(info, "intake", path, body, "hand-over-letter", idempotency_key)

    @strawberry.mutation(description="承办单位向减负办反馈")
    async def report_on_letter(
        self, info: Info, case_id: strawberry.ID, content: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/report"
        return await perform_command(
            info, "intake", path, {"content": content}, "report-on-letter", idempotency_key
        )

    @strawberry.mutation(description="上报上级机关,说明理由")
    async def refer_letter_up(
        self,
        info: Info,
        case_id: strawberry.ID,
        authority: str,
        reason: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/refer-up"
        body = {"authority": authority, "reason": reason}
        return await perform_command(info, "intake", path, body, "refer-letter-up", idempotency_key)

    @strawberry.mutation(description="写信人评价;匿名来信用 receipt,即提交时的幂等键")
    async def appraise_letter(
        self,
        info: Info,
        case_id: strawberry.ID,
        rating: Rating,
        comment: str | None = None,
        receipt: UUID | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/appraise"
        body = {
            "rating": rating.value,
            "comment": comment,
            "receipt": str(receipt) if receipt is not None else None,
        }
        return await perform_command(info, "intake", path, body, "appraise-letter", idempotency_key)

    @strawberry.mutation(description="转哨单:以减负办的文字成为镇街的草稿,并引用来信")
    async def promote_letter(
        self,
        info: Info,
        case_id: strawberry.ID,
        township: str,
        text: str,
        departments: list[str] | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/letters/{segment(info, case_id)}/promote"
        body = {"township": township, "text": text, "departments": departments}
        return await perform_command(info, "intake", path, body, "promote-letter", idempotency_key)
