"""Mutations about units, for the administrator: rename, merge, end."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import strawberry

from backbone.subscription import transient
from gateway.application.commands import perform
from gateway.entrypoints.graphql.performing import unit_segment
from gateway.entrypoints.graphql.unit_types import Info, Unit
from gateway.projections import unit_queries


@strawberry.type(description="单位变动的结果 a unit after a change")
class UnitPayload:
    unit: Unit | None
    stale: bool = strawberry.field(description="变动已生效,但暂时读不到")


async def _change(info: Info, code: str, verb: str, body: Mapping[str, Any], key: UUID | None) -> UnitPayload:
    context = info.context
    context.permit({"rename": "rename-unit", "merge": "merge-units", "end": "end-unit"}[verb])
    done = await perform(
        context.parts.services,
        context.parts.view,
        "routing",
        f"/units/{unit_segment(info, code)}/{verb}",
        {name: value for name, value in body.items() if value is not None},
        token=context.token,
        key=key or uuid4(),
    )
    try:
        [row] = await context.read(lambda connection: unit_queries.units_by_code(connection, [code]))
    except Exception as failure:
        if not transient(failure):
            raise
        return UnitPayload(unit=None, stale=True)
    return UnitPayload(unit=Unit.of(row) if row is not None else None, stale=done.stale)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


@strawberry.type
class UnitMutation:
    @strawberry.mutation(description="单位改名;生效日前的事项仍用原名,日期可在将来")
    async def rename_unit(
        self,
        info: Info,
        code: str,
        name: str,
        short_name: str,
        source_document: str,
        effective_from: date | None = None,
        idempotency_key: UUID | None = None,
    ) -> UnitPayload:
        body = {
            "name": name,
            "short_name": short_name,
            "source_document": source_document,
            "effective_from": _day(effective_from),
        }
        return await _change(info, code, "rename", body, idempotency_key)

    @strawberry.mutation(description="单位合并;在办派单转由 into 办理,时限不重新计算")
    async def merge_units(
        self,
        info: Info,
        code: str,
        into: str,
        source_document: str,
        effective_from: date | None = None,
        idempotency_key: UUID | None = None,
    ) -> UnitPayload:
        body = {"into": into, "source_document": source_document, "effective_from": _day(effective_from)}
        return await _change(info, code, "merge", body, idempotency_key)

    @strawberry.mutation(description="单位撤销;有在办派单的须写明承接单位 into")
    async def end_unit(
        self,
        info: Info,
        code: str,
        source_document: str,
        into: str | None = None,
        effective_from: date | None = None,
        idempotency_key: UUID | None = None,
    ) -> UnitPayload:
        body = {"into": into, "source_document": source_document, "effective_from": _day(effective_from)}
        return await _change(info, code, "end", body, idempotency_key)
