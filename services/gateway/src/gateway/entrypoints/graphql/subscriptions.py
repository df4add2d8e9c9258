"""Subscriptions: cases after each change, a unit's docket and breaches, for those who may see them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from datetime import datetime

import strawberry
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.events.accountability import ClockBreached
from gateway.domain.visibility import Scope, Viewer, whistle_scope
from gateway.entrypoints.graphql.case_types import Case, case_of
from gateway.entrypoints.graphql.clock_types import Clock
from gateway.entrypoints.graphql.context import Context, error
from gateway.entrypoints.graphql.docket_types import Breach, DocketChange
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections import case_queries, docket
from gateway.projections.changes import Listener


@strawberry.type
class Subscription:
    @strawberry.subscription(
        description="案件变动;不填案件则为本人可见的全部案件;断线后以最后一件的 cursor 续接,可能重复,不会遗漏"
        " at least once from after on"
    )
    async def case_changed(
        self, info: Info, case_id: strawberry.ID | None = None, after: str | None = None
    ) -> AsyncIterator[Case]:
        context = info.context
        await context.authenticate_socket()
        context.permit("read-cases")
        unit = context.viewer.unit if whistle_scope(context.viewer) is Scope.UNIT else None
        one = None if case_id is None else str(case_id)
        with context.parts.changes.listening(unit) as listener:
            async for changed, since in _changes(context, listener, unit, after, one):
                context.forget()
                row = await context.read(_case(context.viewer, changed))
                if row is not None:
                    await context.shown("subscription", [changed])
                    context.followed_to = since
                    yield case_of(row)

    @strawberry.subscription(
        description="本单位待办变动;断线后以最后的 cursor 续接,可能重复,不会遗漏 at least once from after on"
    )
    async def docket_changed(
        self, info: Info, unit: str, after: str | None = None
    ) -> AsyncIterator[DocketChange]:
        context = info.context
        await context.authenticate_socket()
        context.permit("read-cases")
        viewer = context.viewer
        with context.parts.changes.listening(unit) as listener:
            async for case_id, since in _changes(context, listener, unit, after):
                change = await _in_docket(info, viewer, unit, case_id, since)
                if change is not None:
                    yield change

    @strawberry.subscription(
        description="超期,一发生即告知;断线后以最后的 cursor 续接 every breach, at least once from after on"
    )
    async def breaches(
        self, info: Info, unit: str | None = None, after: str | None = None
    ) -> AsyncIterator[Breach]:
        context = info.context
        await context.authenticate_socket()
        context.permit("read-cases")
        viewer = context.viewer
        seen = viewer.unit if whistle_scope(viewer) is Scope.UNIT else None
        told: set[tuple[str, datetime]] = set()
        with context.parts.changes.listening(seen, {ClockBreached.NAME}) as listener:
            since = await context.read(docket.present)
            if after is not None:
                since = _moment(context, after)
            else:
                earlier = await context.read(_breaches_since(viewer, unit, since, ()))
                told |= {(row["clock_id"], row["breach_told_at"]) for row in earlier}
            changed = listener.cases()
            while True:
                present = await context.read(docket.present)
                for row in await context.read(_breaches_since(viewer, unit, since, told)):
                    told.add((row["clock_id"], row["breach_told_at"]))
                    context.forget()
                    await context.shown("subscription", [row["case_id"]])
                    yield Breach(cursor=docket.place(since), clock=Clock.of(row), case_code=row["case_id"])
                since = present
                await anext(changed)


async def _changes(
    context: Context, listener: Listener, unit: str | None, after: str | None, one: str | None = None
) -> AsyncIterator[tuple[str, datetime]]:
    """Changed cases, each with the moment to go on from; none is left out, whoever is slow or was away."""
    since = await context.read(docket.present)
    waiting: Sequence[str] = ()
    if after is not None:
        since = _moment(context, after)
        waiting = await context.read(_changed_since(unit, since, one))
    changed = listener.cases()
    while True:
        for case_id in waiting:
            yield case_id, since
        case_id = await anext(changed)
        if listener.missed:
            listener.missed = False
            waiting = await context.read(_changed_since(unit, since, one))
            continue
        waiting = (case_id,) if one in (None, case_id) else ()
        if listener.idle:  # whatever changes from here on will be queued
            since = await context.read(docket.present)


async def _in_docket(
    info: Info, viewer: Viewer, unit: str, case_id: str, since: datetime
) -> DocketChange | None:
    """A change of the docket; of a case that left it only its own unit is told."""
    context = info.context
    context.forget()
    row = await context.read(lambda connection: docket.in_docket(connection, viewer, unit, case_id))
    if row is None:
        left = viewer.unit == unit and await context.read(
            lambda connection: docket.left_docket(connection, unit, case_id, since)
        )
        if not left:
            return None
    else:
        await context.shown("subscription", [case_id])
    return DocketChange(
        cursor=docket.place(since),
        case_id=strawberry.ID(case_id),
        case=case_of(row) if row is not None else None,
    )


def _moment(context: Context, after: str) -> datetime:
    try:
        return docket.moment_of(after)
    except docket.BadPlace as problem:
        raise error(problem.slug, context.language) from problem


def _changed_since(
    unit: str | None, moment: datetime, one: str | None
) -> Callable[[AsyncConnection], Awaitable[Sequence[str]]]:
    return lambda connection: docket.changed_since(connection, unit, moment, one)


def _breaches_since(
    viewer: Viewer, unit: str | None, moment: datetime, told: Collection[tuple[str, datetime]]
) -> Callable[[AsyncConnection], Awaitable[Sequence[RowMapping]]]:
    return lambda connection: docket.breaches_since(connection, viewer, unit, moment, told)


def _case(viewer: Viewer, case_id: str) -> Callable[[AsyncConnection], Awaitable[RowMapping | None]]:
    return lambda connection: case_queries.find_case(connection, viewer, case_id=case_id)
