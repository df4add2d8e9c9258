"""Enterprises and their service officers, as they are looked up beside cases."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Executable, RowMapping, any_, false, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.events import Published, intake
from gateway.domain.visibility import Scope, Viewer, whistle_scope
from gateway.projections.enterprise_tables import enterprises
from gateway.projections.facts import ERASED, Fact, Handler, key_of
from gateway.projections.unit_queries import own_units

MOST: Final = 1_000
"""Enterprises of one answer."""
_NOBODY: Final = dict.fromkeys(("officer", "officer_key", "officer_phone", "officer_unit", "officer_since"))


def _registered(fact: Fact, it: intake.EnterpriseRegistered) -> Sequence[Executable]:
    values = it.model_dump(exclude={"case_id"}) | {"ended_at": None}
    return (
        upsert(enterprises)
        .values(enterprise_id=fact.case_id, **values)
        .on_conflict_do_update(index_elements=["enterprise_id"], set_=values),
    )


def _changed(fact: Fact, values: Mapping[str, Any]) -> Sequence[Executable]:
    return (update(enterprises).where(enterprises.c.enterprise_id == fact.case_id).values(**values),)


def _assigned(fact: Fact, it: intake.ServiceOfficerAssigned) -> Sequence[Executable]:
    return _changed(
        fact,
        {
            "officer": fact.plain(it.officer_sealed),
            "officer_key": key_of(it.officer_sealed),
            "officer_phone": fact.plain(it.phone_sealed),
            "officer_unit": it.unit,
            "officer_since": fact.at,
        },
    )


def erased(keys: Sequence[str]) -> Sequence[Executable]:
    """Forget the officers whose keys were destroyed."""
    forgotten = update(enterprises).where(enterprises.c.officer_key.in_(keys))
    return (forgotten.values(officer=ERASED, officer_phone=None),)


HANDLERS: Mapping[type[Published], Handler] = {
    intake.EnterpriseRegistered: _registered,
    intake.ServiceOfficerAssigned: _assigned,
    intake.ServiceOfficerRelieved: lambda fact, _: _changed(fact, _NOBODY),
    intake.EnterpriseEnded: lambda fact, _: _changed(fact, {**_NOBODY, "ended_at": fact.at}),
}
"""Published fact → what it changes."""


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    """Townships see their own, departments those their people serve, the office and county leaders all."""
    scopes: Mapping[Scope, ColumnElement[bool]] = {
        Scope.ALL: literal(True),
        Scope.UNIT: or_(
            enterprises.c.township == viewer.unit,
            enterprises.c.officer_unit == any_(own_units(viewer.unit)),
        ),
    }
    return scopes.get(whistle_scope(viewer), false())


async def find_enterprises(
    connection: AsyncConnection,
    viewer: Viewer,
    *,
    text: str | None = None,
    township: str | None = None,
    ended: bool = False,
    after: str | None = None,
) -> Sequence[RowMapping]:
    """The viewer's enterprises by number, those that have ended only if asked for; at most ``MOST``.

    ``after``: only those whose number comes after this one.
    """
    columns = enterprises.c
    statement = select(enterprises).where(_visible(viewer)).order_by(columns.number).limit(MOST)
    if not ended:
        statement = statement.where(columns.ended_at.is_(None))
    if township is not None:
        statement = statement.where(columns.township == township)
    if after is not None:
        statement = statement.where(columns.number > after)
    if text:
        held = columns.name.contains(text, autoescape=True)
        statement = statement.where(or_(held, columns.number == text, columns.credit_code == text))
    return (await connection.execute(statement)).mappings().all()


async def enterprises_by_id(connection: AsyncConnection, ids: Sequence[str]) -> list[RowMapping | None]:
    """Enterprises in the order of the ids; the caller sees a case that cites each, or has just changed it."""
    rows = await connection.execute(select(enterprises).where(enterprises.c.enterprise_id.in_(ids)))
    found = {row["enterprise_id"]: row for row in rows.mappings()}
    return [found.get(each) for each in ids]
