"""Subscriptions: a case as it is after each change, for those who may see it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import strawberry
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Scope, Viewer, whistle_scope
from gateway.entrypoints.graphql.case_types import Case, case_of
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections import case_queries


@strawberry.type
class Subscription:
    @strawberry.subscription(description="案件变动;不填案件则为本人可见的全部案件")
    async def case_changed(self, info: Info, case_id: strawberry.ID | None = None) -> AsyncIterator[Case]:
        context = info.context
        await context.authenticate_socket()
        context.permit("read-cases")
        unit = context.viewer.unit if whistle_scope(context.viewer) is Scope.UNIT else None
        with context.parts.changes.listening(unit) as listener:
            async for changed in listener.cases():
                if case_id is not None and changed != str(case_id):
                    continue
                context.forget()
                row = await context.read(_case(context.viewer, changed))
                if row is not None:
                    yield case_of(row)


def _case(viewer: Viewer, case_id: str) -> Callable[[AsyncConnection], Awaitable[RowMapping | None]]:
    return lambda connection: case_queries.find_case(connection, viewer, case_id=case_id)
