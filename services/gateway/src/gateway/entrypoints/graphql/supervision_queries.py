"""Queries of supervision, exemptions, spot checks and trace-backs."""

import strawberry

from gateway.entrypoints.graphql.supervision_types import (
    Exemption,
    Instruction,
    SharedResult,
    SpotCheck,
    SupervisionOrder,
    TraceBack,
)
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections import supervision_queries as found


@strawberry.type
class SupervisionQuery:
    @strawberry.field(description="督查单,最新的在前;open 只看未办结的或只看已办结的")
    async def supervision_orders(
        self,
        info: Info,
        case_id: strawberry.ID | None = None,
        open: bool | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> list[SupervisionOrder]:
        context = info.context
        context.permit("read-cases")
        rows = await context.read(lambda c: found.orders_for(c, context.viewer, case_id, open, first, after))
        await context.shown("list", sorted({row["case_id"] for row in rows}))
        return [SupervisionOrder.of(row) for row in rows]

    @strawberry.field(description="容错申请,最新的在前;waiting 只看待决定的或只看已决定的")
    async def exemptions(
        self,
        info: Info,
        case_id: strawberry.ID | None = None,
        waiting: bool | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> list[Exemption]:
        context = info.context
        context.permit("read-cases")
        rows = await context.read(
            lambda c: found.exemptions_for(c, context.viewer, case_id, waiting, first, after)
        )
        await context.shown("list", sorted({row["case_id"] for row in rows}))
        return [Exemption.of(row) for row in rows]

    @strawberry.field(description="结果共享:各事项已有的处理结果")
    async def shared_results(
        self, info: Info, case_id: strawberry.ID | None = None, first: int = 50, after: str | None = None
    ) -> list[SharedResult]:
        context = info.context
        context.permit("read-cases")
        rows = await context.read(lambda c: found.results_for(c, context.viewer, case_id, first, after))
        await context.shown("list", sorted({row["case_id"] for row in rows}))
        return [SharedResult.of(row) for row in rows]

    @strawberry.field(description="县领导批示,最新的在前")
    async def instructions(
        self, info: Info, case_id: strawberry.ID | None = None, first: int = 50, after: str | None = None
    ) -> list[Instruction]:
        context = info.context
        context.permit("read-cases")
        rows = await context.read(lambda c: found.instructions_for(c, context.viewer, case_id, first, after))
        await context.shown("list", sorted({row["case_id"] for row in rows}))
        return [Instruction.of(row) for row in rows]

    @strawberry.field(description="抽查;核查人只看到指派给自己的")
    async def spot_checks(
        self, info: Info, period: str | None = None, first: int = 50, after: str | None = None
    ) -> list[SpotCheck]:
        context = info.context
        context.permit("read-spot-checks")
        rows = await context.read(lambda c: found.checks_for(c, context.viewer, period, first, after))
        await context.shown("list", sorted({row["case_id"] for row in rows}))
        return [SpotCheck.of(row) for row in rows]

    @strawberry.field(description="已发布的倒查材料,最新的在前")
    async def trace_backs(
        self, info: Info, case_id: strawberry.ID | None = None, first: int = 20, after: str | None = None
    ) -> list[TraceBack]:
        context = info.context
        context.permit("read-trace-backs")
        rows = await context.read(lambda c: found.trace_backs_for(c, case_id, first, after))
        await context.shown("list", sorted({row["case_id"] for row in rows}))
        return [TraceBack.of(row) for row in rows]
