"""Units and the responsibility list, as they are looked up beside cases."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Executable, ScalarSelect, any_, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, routing
from gateway.projections.facts import Fact, Handler
from gateway.projections.tables import responsibility_items, unit_names, units

EVER: Final = date(1, 1, 1)
"""The name a unit was registered with is the one it always had."""


def _unit(_: Fact, it: routing.UnitRegistered) -> Sequence[Executable]:
    values = it.model_dump(exclude={"case_id", "code"})
    names = {"name": it.name, "short_name": it.short_name}
    return (
        upsert(units)
        .values(code=it.code, **values)
        .on_conflict_do_update(index_elements=["code"], set_=values),
        upsert(unit_names).values(code=it.code, effective_from=EVER, **names).on_conflict_do_nothing(),
        # An entry that is registered again corrects the name it has now, and no earlier one.
        update(unit_names)
        .where(unit_names.c.code == it.code, unit_names.c.effective_from == _latest(it.code))
        .values(**names),
    )


def _latest(code: str) -> ScalarSelect[date]:
    of_unit = unit_names.alias("of_unit")
    return select(func.max(of_unit.c.effective_from)).where(of_unit.c.code == code).scalar_subquery()


def _renamed(_: Fact, it: routing.UnitRenamed) -> Sequence[Executable]:
    names = {"name": it.name, "short_name": it.short_name}
    return (
        upsert(unit_names)
        .values(code=it.code, effective_from=it.effective_from, **names)
        .on_conflict_do_update(index_elements=["code", "effective_from"], set_=names),
    )


def _merged(_: Fact, it: routing.UnitMerged) -> Sequence[Executable]:
    went = or_(units.c.code == it.code, literal(it.code) == any_(units.c.heirs))
    return (
        update(units).where(units.c.code == it.code).values(ended_on=it.effective_from),
        update(units).where(went).values(heirs=func.array_append(units.c.heirs, it.into)),
    )


def _ended(_: Fact, it: routing.UnitEnded) -> Sequence[Executable]:
    return (update(units).where(units.c.code == it.code).values(ended_on=it.effective_from),)


def _list_published(_: Fact, it: routing.ResponsibilityListPublished) -> Sequence[Executable]:
    head = {"version": it.version, "effective_from": it.effective_from, "source_document": it.source_document}
    rows = [
        {
            **head,
            **item.model_dump(exclude={"keywords"}),
            "assists": list(item.assists),
            "taxonomy": list(item.taxonomy),
        }
        for item in it.items
    ]
    return (insert(responsibility_items).values(rows),) if rows else ()


HANDLERS: Mapping[type[Published], Handler] = {
    routing.UnitRegistered: _unit,
    routing.UnitRenamed: _renamed,
    routing.UnitMerged: _merged,
    routing.UnitEnded: _ended,
    routing.ResponsibilityListPublished: _list_published,
}
"""Published fact → what it changes."""
