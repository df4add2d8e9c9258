"""Mutations on grid reports: reported, closed low, answered, routed away, made a whistle."""

from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.enums import Ground, Matter, Source, WhistleKind
from gateway.entrypoints.graphql.performing import perform_command, segment
from gateway.entrypoints.graphql.unit_types import Info


@strawberry.input(description="网格上报的内容")
class GridReportInput:
    title: str
    text: str
    source: Source = Source.RESIDENT
    matter: Matter = Matter.ORDINARY
    township: str | None = strawberry.field(default=None, description="群众上报时填写;其他人为本镇街")
    village: str | None = None
    grid: str | None = strawberry.field(default=None, description="不填则由村(社区)确定")
    item: str | None = strawberry.field(default=None, description="准入清单事项")
    suggested: list[str] | None = None
    reporter: str | None = strawberry.field(default=None, description="代他人上报时填写")
    phone: str | None = None
    email: str | None = None


@strawberry.type
class GridMutation:
    @strawberry.mutation(description="网格上报;不属于网格的事项告知去处")
    async def file_grid_report(
        self, info: Info, report: GridReportInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        body = {name: value for name, value in vars(report).items() if value is not None}
        body |= {"source": report.source.value, "matter": report.matter.value}
        return await perform_command(
            info, "intake", "/grid-reports", body, "file-grid-report", idempotency_key
        )

    @strawberry.mutation(description="办结并回告:网格员为一格解决,镇街人员为镇街解决")
    async def close_grid_report(
        self, info: Info, case_id: strawberry.ID, reply: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/grid-reports/{segment(info, case_id)}/close"
        return await perform_command(
            info, "intake", path, {"reply": reply}, "close-grid-report", idempotency_key
        )

    @strawberry.mutation(description="回告上报人")
    async def reply_to_reporter(
        self, info: Info, case_id: strawberry.ID, reply: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/grid-reports/{segment(info, case_id)}/reply"
        return await perform_command(
            info, "intake", path, {"reply": reply}, "reply-to-reporter", idempotency_key
        )

    @strawberry.mutation(description="分流到应办理的渠道")
    async def route_away_grid_report(
        self, info: Info, case_id: strawberry.ID, matter: Matter, idempotency_key: UUID | None = None
    ) -> CasePayload:
        path = f"/grid-reports/{segment(info, case_id)}/route-away"
        return await perform_command(
            info, "intake", path, {"matter": matter.value}, "route-away-grid-report", idempotency_key
        )

    @strawberry.mutation(description="转哨单:成为本镇街的草稿,不填的沿用上报内容")
    async def promote_grid_report(
        self,
        info: Info,
        case_id: strawberry.ID,
        departments: list[str],
        kind: WhistleKind = WhistleKind.PUBLIC_APPEAL,
        ground: Ground = Ground.CROSS_DEPARTMENT,
        text: str | None = None,
        village: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        path = f"/grid-reports/{segment(info, case_id)}/promote"
        body = {
            "departments": departments,
            "kind": kind.value,
            "ground": ground.value,
            "text": text,
            "village": village,
        }
        return await perform_command(info, "intake", path, body, "promote-grid-report", idempotency_key)
