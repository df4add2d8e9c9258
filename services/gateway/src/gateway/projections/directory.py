"""Units and the responsibility list, as they are looked up beside cases."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Executable, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, routing
from gateway.projections.facts import Fact, Handler
from gateway.projections.tables import responsibility_items, units


def _unit(_: Fact, it: routing.UnitRegistered) -> Sequence[Executable]:
    values = it.model_dump(exclude={"case_id", "code"})
    return (
        upsert(units)
        .values(code=it.code, **values)
        .on_conflict_do_update(index_elements=["code"], set_=values),
    )


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
    routing.ResponsibilityListPublished: _list_published,
}
"""Published fact → what it changes."""
