"""分面统计: how many of a viewer's cases there are of each kind, for dashboards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.case_queries import (
    CLOCK_STATES,
    GONE,
    CaseFilter,
    clock_condition,
    conditions,
)
from gateway.projections.sight import shown
from gateway.projections.tables import assignments, cases

Counts = Sequence[tuple[str, int]]
"""Value and how many cases have it, the most frequent first."""
_OWN: Final = ("type", "state", "township", "kind")
"""The facets that are columns of a case."""


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of the cases that meet a filter; each value given can be filtered by in turn."""

    total: int
    types: Counts
    states: Counts
    townships: Counts
    kinds: Counts
    departments: Counts
    clock_states: Counts


async def facets(connection: AsyncConnection, viewer: Viewer, wanted: CaseFilter) -> Facets:
    """Count the viewer's cases that meet the filter; raises ``SearchTextTooLong``."""
    seen = shown(viewer)
    found = (
        select(cases.c.case_id, *(seen[name].label(name) for name in _OWN))
        .where(*conditions(viewer, wanted))
        .cte("found")
    )
    own = [found.c[name] for name in _OWN]
    grouped = await connection.execute(
        select(func.grouping(*own), func.coalesce(*own), func.count()).group_by(
            func.grouping_sets(*(tuple_(column) for column in own), tuple_())
        )
    )
    counts: dict[int, list[tuple[str, int]]] = {}
    for place, value, count in grouped:
        if value is not None or place == _whole():
            counts.setdefault(place, []).append((value or "", count))
    departments = await connection.execute(
        select(assignments.c.unit, func.count(assignments.c.case_id.distinct()))
        .join(found, found.c.case_id == assignments.c.case_id)
        .where(assignments.c.state.not_in(GONE))
        .group_by(assignments.c.unit)
    )
    timed = select(*(func.count().filter(clock_condition(each, found.c.case_id)) for each in CLOCK_STATES))
    clocks = (await connection.execute(timed.select_from(found))).one()
    types, states, townships, kinds = (
        _ordered(counts.get(_place(number), [])) for number in range(len(_OWN))
    )
    return Facets(
        total=sum(count for _, count in counts.get(_whole(), [])),
        types=types,
        states=states,
        townships=townships,
        kinds=kinds,
        departments=_ordered([(unit, count) for unit, count in departments]),
        clock_states=[(name, count) for name, count in zip(CLOCK_STATES, clocks, strict=True) if count],
    )


def _whole() -> int:
    """What GROUPING says of the row that counts everything: a bit for each column not grouped by."""
    return (1 << len(_OWN)) - 1


def _place(number: int) -> int:
    """What GROUPING says of the rows of one column."""
    return _whole() - (1 << (len(_OWN) - 1 - number))


def _ordered(counts: Sequence[tuple[str, int]]) -> Counts:
    return sorted(counts, key=lambda each: (-each[1], each[0]))
