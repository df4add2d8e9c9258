"""Case rules as the gateway follows them: what of an approved record its own questions begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Executable,
    Float,
    Integer,
    Table,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.events import Published, accountability
from gateway.projections.facts import Fact, Handler
from gateway.projections.tables import metadata

case_rules = Table(
    "case_rules",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("duplicate_days", Integer, nullable=False),
    Column("duplicate_likeness", Float, nullable=False),
)
_TODAY: Final = cast(
    func.timezone(literal_column("'Asia/Shanghai'"), func.chuishao_now(type_=DateTime(timezone=True))), Date
)


@dataclass(frozen=True, slots=True)
class DuplicateLimits:
    """How many days apart and at least how alike two whistles are that may be the same matter."""

    days: int
    likeness: float


async def duplicate_limits(connection: AsyncConnection) -> DuplicateLimits:
    """Those in force today: of the records that hold the one that began last, of those the newest."""
    columns = case_rules.c
    holds = or_(columns.effective_to.is_(None), columns.effective_to >= _TODAY)
    found = await connection.execute(
        select(columns.duplicate_days, columns.duplicate_likeness)
        .where(columns.effective_from <= _TODAY, holds)
        .order_by(columns.effective_from.desc(), columns.number.desc())
        .limit(1)
    )
    row = found.one_or_none()
    if row is None:
        default = accountability.DEFAULT_RULES
        return DuplicateLimits(default.duplicate_days, default.duplicate_likeness)
    return DuplicateLimits(*row)


def _approved(_: Fact, it: accountability.CaseRulesApproved) -> Sequence[Executable]:
    values = {
        "effective_from": it.effective_from,
        "effective_to": it.effective_to,
        "duplicate_days": it.rules.duplicate_days,
        "duplicate_likeness": it.rules.duplicate_likeness,
    }
    return (upsert(case_rules).values(number=it.number, **values).on_conflict_do_nothing(),)


HANDLERS: Mapping[type[Published], Handler] = {accountability.CaseRulesApproved: _approved}
"""Published fact → what it changes."""
UNTOLD: Final = frozenset({accountability.CaseRulesApproved.NAME})
"""A record belongs to no case."""
