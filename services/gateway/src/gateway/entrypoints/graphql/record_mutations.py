"""The mutation that records a whistle after the fact (补录)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.enums import Ground, Rating, Result, WhistleKind
from gateway.entrypoints.graphql.performing import perform_command, values_of
from gateway.entrypoints.graphql.unit_types import Info


@strawberry.input(description="补录的问题项")
class RecordedIssueInput:
    text: str
    item_code: str | None = strawberry.field(default=None, description="清单事项")
    result: Result = Result.SOLVED
    verdict: Result | None = strawberry.field(default=None, description="镇街核实结论;没有评价的不填")


@strawberry.input(description="补录的承办部门;第一家为主办")
class RecordedDepartmentInput:
    unit: str
    reported_in_at: datetime | None = None
    rating: Rating | None = None


@strawberry.input(description="补录的哨单:已销哨,时间以纸面为准")
class RecordedWhistleInput:
    township: str
    village: str
    text: str
    departments: list[RecordedDepartmentInput]
    signed_at: datetime
    dispatched_at: datetime
    concluded_at: datetime
    sentence: str = strawberry.field(description="办结情况,一句话")
    closed_at: datetime
    approved_by: str = strawberry.field(description="核准人账号,须为另一人")
    kind: WhistleKind = WhistleKind.PUBLIC_APPEAL
    ground: Ground = Ground.CROSS_DEPARTMENT
    issues: list[RecordedIssueInput] | None = strawberry.field(default=None, description="不填则整句为一项")
    result: Result = strawberry.field(default=Result.SOLVED, description="不分项时的办理结果")
    verdict: Result | None = strawberry.field(default=None, description="不分项时的核实结论")
    feedback_at: datetime | None = None
    comment: str | None = None
    raised_by: str | None = strawberry.field(default=None, description="经办人姓名")
    external_number: str | None = strawberry.field(default=None, description="原哨单号")

    def body(self) -> dict[str, Any]:
        """The command's body."""
        [body] = values_of([self]) or []
        for name in ("issues", "departments"):
            if name in body:
                body[name] = [_plain(each) for each in values_of(body[name]) or []]
        return _plain(body)


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in body.items()}


@strawberry.type
class RecordMutation:
    @strawberry.mutation(description="补录哨单:一人补录、另一人核准;不计时限、不发通知")
    async def record_whistle(
        self, info: Info, whistle: RecordedWhistleInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await perform_command(
            info, "intake", "/whistles/record", whistle.body(), "record-whistle", idempotency_key
        )
