"""Reading units: their names by the day, and in whose place each stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    RowMapping,
    any_,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.projections.tables import unit_names, units

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_TODAY = cast(
    func.timezone(literal_column("'Asia/Shanghai'"), func.chuishao_now(type_=DateTime(timezone=True))), Date
)


def own_units(unit: str) -> ColumnElement[Any]:
    """A unit's code and those of the units in whose place it stands: their cases are its cases."""
    forebears = select(units.c.code).where(literal(unit) == any_(units.c.heirs)).scalar_subquery()
    return func.array_append(func.array(forebears), unit)


def _name(column: Column[Any]) -> ColumnElement[Any]:
    """The name in force today; one that counts from a later day is not shown yet."""
    return (
        select(column)
        .where(unit_names.c.code == units.c.code, unit_names.c.effective_from <= _TODAY)
        .order_by(unit_names.c.effective_from.desc())
        .limit(1)
        .scalar_subquery()
        .label(column.name)
    )


_UNIT: Final = (
    *(column for column in units.c if column.name not in ("name", "short_name")),
    _name(unit_names.c.name),
    _name(unit_names.c.short_name),
)


async def units_by_code(connection: AsyncConnection, codes: Sequence[str]) -> list[RowMapping | None]:
    """Units in the order of the codes asked for."""
    rows = await connection.execute(select(*_UNIT).where(units.c.code.in_(codes)))
    found = {row["code"]: row for row in rows.mappings()}
    return [found.get(code) for code in codes]


async def all_units(connection: AsyncConnection) -> Sequence[RowMapping]:
    """Every unit, by class and name, those that are no more included."""
    statement = select(*_UNIT).order_by(units.c.unit_class, units.c.code)
    return (await connection.execute(statement)).mappings().all()


async def names_of(connection: AsyncConnection, codes: Sequence[str]) -> list[list[RowMapping]]:
    """The names of each unit, each with the day it counts from, the earliest first."""
    statement = select(unit_names).where(unit_names.c.code.in_(codes)).order_by(unit_names.c.effective_from)
    found: dict[str, list[RowMapping]] = {code: [] for code in codes}
    for row in (await connection.execute(statement)).mappings():
        found[row["code"]].append(row)
    return [found[code] for code in codes]


def name_at(names: Sequence[RowMapping], at: datetime) -> RowMapping | None:
    """The name that counted at a moment."""
    day = at.astimezone(SHANGHAI).date()
    return next((each for each in reversed(names) if each["effective_from"] <= day), None)


async def heirs(connection: AsyncConnection, codes: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Unit that is no more → who stands in its place, and in that one's place, of those asked for."""
    statement = select(units.c.code, units.c.heirs).where(
        units.c.code.in_(codes), func.cardinality(units.c.heirs) > 0
    )
    return {row.code: row.heirs for row in await connection.execute(statement)}
