"""Subscriptions: a case as it is after each change, for those who may see it."""

from collections.abc import AsyncIterator

import strawberry

from gateway.entrypoints.graphql.types import Case, Info, case_of
from gateway.projections import case_queries


@strawberry.type
class Subscription:
    @strawberry.subscription(description="案件变动;不填案件则为本人可见的全部案件")
    async def case_changed(self, info: Info, case_id: strawberry.ID | None = None) -> AsyncIterator[Case]:
        context = info.context
        await context.authenticate_socket()
        context.permit("read-cases")
        async for changed in context.parts.changes.listen():
            if case_id is not None and changed != str(case_id):
                continue
            context.forget()
            row = await context.read(
                lambda connection, wanted=changed: case_queries.find_case(  # type: ignore[misc]
                    connection, context.viewer, case_id=wanted
                )
            )
            if row is not None:
                yield case_of(row)
