"""Reading supervision, exemptions, spot checks and trace-backs; the rule who may see a case is part of it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Scope, Viewer, whistle_scope
from gateway.projections.case_queries import LARGEST_PAGE, PageTooLarge
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
    connection: AsyncConnection, viewer: Viewer, case_id: str | None, open_: bool | None, first: int
) -> Sequence[RowMapping]:
    """Orders in cases the viewer may see, and those copied to its unit, the newest first."""
    met = [] if open_ is None else [orders.c.state.in_(_OPEN) if open_ else orders.c.state.not_in(_OPEN)]
    copy = orders.c.copied_to == viewer.unit
    return await _seen(connection, viewer, orders, case_id, first, orders.c.at.desc(), *met, also=copy)


async def exemptions_for(
    connection: AsyncConnection, viewer: Viewer, case_id: str | None, waiting: bool | None, first: int
) -> Sequence[RowMapping]:
    """Exemptions in cases the viewer may see, the newest first."""
    claimed = exemptions.c.state == "claimed"
    met = [] if waiting is None else [claimed if waiting else ~claimed]
    return await _seen(connection, viewer, exemptions, case_id, first, exemptions.c.claimed_at.desc(), *met)


async def results_for(
    connection: AsyncConnection, viewer: Viewer, case_id: str | None, first: int
) -> Sequence[RowMapping]:
    """What was decided of matters; that one was referred, the office and the county leader see."""
    met = [] if whistle_scope(viewer) is Scope.ALL else [results.c.result != "referred"]
    return await _seen(connection, viewer, results, case_id, first, results.c.at.desc(), *met)


async def instructions_for(
    connection: AsyncConnection, viewer: Viewer, case_id: str | None, first: int
) -> Sequence[RowMapping]:
    """Instructions in cases the viewer may see, the newest first."""
    return await _seen(connection, viewer, instructions, case_id, first, instructions.c.at.desc())


async def checks_for(
    connection: AsyncConnection, viewer: Viewer, period: str | None, first: int
) -> Sequence[RowMapping]:
    """Spot checks by place in their draw: the office sees all, a checker the own ones."""
    all_ = whistle_scope(viewer) is Scope.ALL
    statement = select(spot_checks, cases.c.number).join(cases, cases.c.case_id == spot_checks.c.case_id)
    if not all_:
        statement = statement.where(spot_checks.c.checker == viewer.subject)
    if period is not None:
        statement = statement.where(spot_checks.c.period == period)
    _bounded(first)
    order = (spot_checks.c.drawn_at.desc(), spot_checks.c.stratum, spot_checks.c.check_id)
    return (await connection.execute(statement.order_by(*order).limit(first))).mappings().all()


async def trace_backs_for(
    connection: AsyncConnection, case_id: str | None, first: int
) -> Sequence[RowMapping]:
    """Released documents, the newest first; whoever may read them reads all."""
    statement = select(trace_backs, cases.c.number.label("case_number")).join(
        cases, cases.c.case_id == trace_backs.c.case_id
    )
    if case_id is not None:
        statement = statement.where(trace_backs.c.case_id == case_id)
    _bounded(first)
    order = (trace_backs.c.released_at.desc(), trace_backs.c.case_id, trace_backs.c.number.desc())
    return (await connection.execute(statement.order_by(*order).limit(first))).mappings().all()


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
    table: Table,
    case_id: str | None,
    first: int,
    order: ColumnElement[object],
    *met: ColumnElement[bool],
    also: ColumnElement[bool] | None = None,
) -> Sequence[RowMapping]:
    """``also``: rows that are seen without their case."""
    _bounded(first)
    seen = visible(viewer) if also is None else or_(visible(viewer), also)
    statement = select(table).join(cases, cases.c.case_id == table.c.case_id).where(seen, *met)
    if case_id is not None:
        statement = statement.where(table.c.case_id == case_id)
    keys = tuple(table.primary_key.columns)
    return (await connection.execute(statement.order_by(order, *keys).limit(first))).mappings().all()


def _bounded(first: int) -> None:
    if not 0 <= first <= LARGEST_PAGE:
        raise PageTooLarge(first)
