"""Reading supervision, exemptions, spot checks and trace-backs; the rule who may see a case is part of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Column, ColumnElement, RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Scope, Viewer, whistle_scope
from gateway.projections.pages import page
from gateway.projections.supervision_tables import (
    exemptions,
    instructions,
    orders,
    results,
    spot_checks,
    trace_backs,
)
from gateway.projections.tables import cases
from gateway.projections.visible import visible

_OPEN: Final = ("proposed", "issued", "replied")


async def orders_for(
    connection: AsyncConnection,
    viewer: Viewer,
    case_id: str | None,
    open_: bool | None,
    first: int,
    after: str | None = None,
) -> Sequence[RowMapping]:
    """Orders in cases the viewer may see, and those copied to its unit, the newest first."""
    met = [] if open_ is None else [orders.c.state.in_(_OPEN) if open_ else orders.c.state.not_in(_OPEN)]
    copy = orders.c.copied_to == viewer.unit
    return await _seen(connection, viewer, case_id, first, after, orders.c.at, *met, also=copy)


async def exemptions_for(
    connection: AsyncConnection,
    viewer: Viewer,
    case_id: str | None,
    waiting: bool | None,
    first: int,
    after: str | None = None,
) -> Sequence[RowMapping]:
    """Exemptions in cases the viewer may see, the newest first."""
    claimed = exemptions.c.state == "claimed"
    met = [] if waiting is None else [claimed if waiting else ~claimed]
    return await _seen(connection, viewer, case_id, first, after, exemptions.c.claimed_at, *met)


async def results_for(
    connection: AsyncConnection, viewer: Viewer, case_id: str | None, first: int, after: str | None = None
) -> Sequence[RowMapping]:
    """What was decided of matters; that one was referred, the office and the county leader see."""
    met = [] if whistle_scope(viewer) is Scope.ALL else [results.c.result != "referred"]
    return await _seen(connection, viewer, case_id, first, after, results.c.at, *met)


async def instructions_for(
    connection: AsyncConnection, viewer: Viewer, case_id: str | None, first: int, after: str | None = None
) -> Sequence[RowMapping]:
    """Instructions in cases the viewer may see, the newest first."""
    return await _seen(connection, viewer, case_id, first, after, instructions.c.at)


async def checks_for(
    connection: AsyncConnection, viewer: Viewer, period: str | None, first: int, after: str | None = None
) -> Sequence[RowMapping]:
    """Spot checks, the newest draw first: the office sees all, a checker the own ones."""
    all_ = whistle_scope(viewer) is Scope.ALL
    statement = select(spot_checks, cases.c.number).join(cases, cases.c.case_id == spot_checks.c.case_id)
    if not all_:
        statement = statement.where(spot_checks.c.checker == viewer.subject)
    if period is not None:
        statement = statement.where(spot_checks.c.period == period)
    return await page(connection, statement, spot_checks.c.drawn_at, first, after)


async def trace_backs_for(
    connection: AsyncConnection, case_id: str | None, first: int, after: str | None = None
) -> Sequence[RowMapping]:
    """Released documents, the newest first; whoever may read them reads all."""
    statement = select(trace_backs, cases.c.number.label("case_number")).join(
        cases, cases.c.case_id == trace_backs.c.case_id
    )
    if case_id is not None:
        statement = statement.where(trace_backs.c.case_id == case_id)
    return await page(connection, statement, trace_backs.c.released_at, first, after)


async def trace_back(connection: AsyncConnection, case_id: str, number: int) -> RowMapping | None:
    """One released document."""
    statement = (
        select(trace_backs, cases.c.number.label("case_number"))
        .join(cases, cases.c.case_id == trace_backs.c.case_id)
        .where(trace_backs.c.case_id == case_id, trace_backs.c.number == number)
    )
    return (await connection.execute(statement)).mappings().first()


async def _seen(
    connection: AsyncConnection,
    viewer: Viewer,
    case_id: str | None,
    first: int,
    after: str | None,
    at: Column[datetime],
    *met: ColumnElement[bool],
    also: ColumnElement[bool] | None = None,
) -> Sequence[RowMapping]:
    """``also``: rows that are seen without their case."""
    table = at.table
    seen = visible(viewer) if also is None else or_(visible(viewer), also)
    statement = select(table).join(cases, cases.c.case_id == table.c.case_id).where(seen, *met)
    if case_id is not None:
        statement = statement.where(table.c.case_id == case_id)
    return await page(connection, statement, at, first, after)
