"""Reading the responsibility list: the version of a day or number, and its items."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, DateTime, RowMapping, any_, func, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.projections.tables import responsibility_items


async def version_of(connection: AsyncConnection, day: date | None = None) -> int | None:
    """The version in force on a day, today if none is named: the latest begun, then the newest."""
    items = responsibility_items.c
    today: ColumnElement[str] = func.to_char(
        func.timezone(literal_column("'Asia/Shanghai'"), func.chuishao_now(type_=DateTime(timezone=True))),
        "YYYY-MM-DD",
    )
    begun = items.effective_from <= (today if day is None else day.isoformat())
    statement = (
        select(items.version)
        .where(begun)
        .order_by(items.effective_from.desc(), items.version.desc())
        .limit(1)
    )
    number: int | None = (await connection.execute(statement)).scalar_one_or_none()
    return number


async def items_of(
    connection: AsyncConnection,
    version: int,
    *,
    kind: str | None = None,
    unit: str | None = None,
    codes: Sequence[str] | None = None,
) -> Sequence[RowMapping]:
    """Items of a version in the order of their codes, or in the order of the codes that are asked for."""
    items = responsibility_items.c
    statement = select(responsibility_items).where(items.version == version).order_by(items.code)
    if kind is not None:
        statement = statement.where(items.kind == kind)
    if unit is not None:
        statement = statement.where(or_(items.lead == unit, literal(unit) == any_(items.assists)))
    if codes is None:
        return (await connection.execute(statement)).mappings().all()
    found = await connection.execute(statement.where(items.code.in_(codes)))
    rows = {row["code"]: row for row in found.mappings()}
    return [rows[code] for code in codes if code in rows]
