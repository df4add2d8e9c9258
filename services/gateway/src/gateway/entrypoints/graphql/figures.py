"""Figures in GraphQL: asked of the service that keeps them, with the caller's own token."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import strawberry

from gateway.entrypoints.graphql.figure_types import FigureTable
from gateway.entrypoints.graphql.unit_types import Info

SERVICE = "accountability"


@strawberry.type
class FigureQuery:
    @strawberry.field(description="统计指标;周期如 2026-10、2026-Q3、19th:2026-10、2026-10-01..2026-10-15")
    async def figures(
        self,
        info: Info,
        period: str,
        boundary: str = "00:00",
        as_of: datetime | None = None,
        kind: str | None = None,
        tier: str | None = None,
    ) -> FigureTable:
        info.context.permit("read-figures")
        asked = {
            "period": period,
            "boundary": boundary,
            "as_of": None if as_of is None else as_of.isoformat(),
            "kind": kind,
            "tier": tier,
        }
        return await _table(info, {name: value for name, value in asked.items() if value is not None})


@strawberry.type
class FigureMutation:
    @strawberry.mutation(description="定稿:周期结束后,指标从此不变")
    async def freeze_period(
        self, info: Info, period: str, boundary: str = "00:00", idempotency_key: UUID | None = None
    ) -> FigureTable:
        await _on_period(info, period, boundary, "freeze", {}, "freeze-period", idempotency_key)
        return await _table(info, {"period": period, "boundary": boundary})

    @strawberry.mutation(description="提出更正定稿,说明理由;须他人核准")
    async def restate_period(
        self,
        info: Info,
        period: str,
        reason: str,
        boundary: str = "00:00",
        idempotency_key: UUID | None = None,
    ) -> FigureTable:
        body = {"reason": reason}
        await _on_period(info, period, boundary, "restatements", body, "restate-period", idempotency_key)
        return await _table(info, {"period": period, "boundary": boundary})

    @strawberry.mutation(description="核准(或否决并说明理由)他人提出的更正")
    async def decide_restatement(
        self,
        info: Info,
        period: str,
        number: int,
        approved: bool,
        reason: str | None = None,
        boundary: str = "00:00",
        idempotency_key: UUID | None = None,
    ) -> FigureTable:
        verb = f"restatements/{number}/{'approve' if approved else 'decline'}"
        body = {} if approved else {"reason": reason or ""}
        await _on_period(info, period, boundary, verb, body, "approve-restatement", idempotency_key)
        return await _table(info, {"period": period, "boundary": boundary})

    @strawberry.mutation(description="申诉:请求一件事项不计入本单位统计")
    async def appeal_figure(
        self, info: Info, item: str, reason: str, idempotency_key: UUID | None = None
    ) -> bool:
        body = {"item": item, "reason": reason}
        await _command(info, "/figures/appeals", body, "appeal-figure", idempotency_key)
        return True

    @strawberry.mutation(description="裁定申诉:成立即不计入")
    async def decide_figure_appeal(
        self, info: Info, item: str, accepted: bool, reason: str, idempotency_key: UUID | None = None
    ) -> bool:
        body = {"item": item, "accepted": accepted, "reason": reason}
        await _command(info, "/figures/appeals/decide", body, "decide-figure-appeal", idempotency_key)
        return True


async def _table(info: Info, asked: Mapping[str, str]) -> FigureTable:
    context = info.context
    answer = await context.parts.services.read(SERVICE, "/figures", token=context.token, params=asked)
    return FigureTable.of(answer)


async def _on_period(
    info: Info,
    period: str,
    boundary: str,
    verb: str,
    body: Mapping[str, Any],
    operation: str,
    key: UUID | None,
) -> None:
    # Quoted, so that a label leads nowhere else; what is no period is refused there.
    path = f"/figures/periods/{quote(period, safe='')}/{verb}?boundary={quote(boundary, safe='')}"
    await _command(info, path, body, operation, key)


async def _command(info: Info, path: str, body: Mapping[str, Any], operation: str, key: UUID | None) -> None:
    context = info.context
    context.permit(operation)
    await context.parts.services.command(SERVICE, path, body, token=context.token, key=key or uuid4())
