"""分面统计: how many of a viewer's cases there are of each kind, for dashboards."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CTE, Select, func, literal, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.case_queries import (
    CLOCK_STATES,
    MOST_COUNTED,
    CaseFilter,
    clock_states,
    matching,
    weighed,
)
from gateway.projections.sight import shown
from gateway.projections.tables import assignments, cases, clocks
from gateway.projections.visible import GONE, among

Counts = Sequence[tuple[str, int]]
"""Value and how many cases have it, the most frequent first."""
_OWN: Final = ("type", "state", "township", "kind")
"""The facets that are columns of a case."""
_DEPARTMENTS: Final = -1
_CLOCKS: Final = -2
"""Where other rows tell their place among the columns."""


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
    """Count the viewer's cases that meet the filter, of those with a common text ``MOST_COUNTED`` and one.

    Raises ``SearchTextTooLong``.
    """
    wanted = await weighed(connection, wanted)
    seen = shown(viewer)
    met = select(cases.c.case_id, *(seen[name].label(name) for name in _OWN)).where(
        among(viewer), *matching(viewer, wanted, seen)
    )
    found = (met.limit(MOST_COUNTED + 1) if wanted.common else met).cte("found").prefix_with("MATERIALIZED")
    own = [found.c[name] for name in _OWN]
    by_column = select(func.grouping(*own), func.coalesce(*own), func.count()).group_by(
        func.grouping_sets(*(tuple_(column) for column in own), tuple_())
    )
    # A department holds one part of a case at a time: parts are cases.
    by_department = (
        select(literal(_DEPARTMENTS), assignments.c.unit, func.count())
        .join(found, found.c.case_id == assignments.c.case_id)
        .where(assignments.c.state.not_in(GONE))
        .group_by(assignments.c.unit)
    )
    counts: dict[int, list[tuple[str, int]]] = {}
    for place, value, count in await connection.execute(
        union_all(by_column, by_department, *_by_clock(found))
    ):
        if count and (value is not None or place == _whole()):
            counts.setdefault(place, []).append((value or "", count))
    types, states, townships, kinds = (
        _ordered(counts.get(_place(number), [])) for number in range(len(_OWN))
    )
    timed = dict(counts.get(_CLOCKS, []))
    return Facets(
        total=sum(count for _, count in counts.get(_whole(), [])),
        types=types,
        states=states,
        townships=townships,
        kinds=kinds,
        departments=_ordered(counts.get(_DEPARTMENTS, [])),
        clock_states=[(state, timed[state]) for state in CLOCK_STATES if state in timed],
    )


def _by_clock(found: CTE) -> Iterator[Select[Any]]:
    """Cases by the states of their clocks; looked up among the few clocks that are in one."""
    states = clock_states()
    some = (
        select(clocks.c.case_id, *(func.bool_or(states[each]).label(each) for each in CLOCK_STATES))
        .where(
            or_(
                clocks.c.state.in_(("running", "overdue_unconfirmed")),
                clocks.c.state == "paused",
                clocks.c.breached_at.is_not(None),
            )
        )
        .group_by(clocks.c.case_id)
        .subquery("some_clock")
    )
    met = (
        select(*(func.count().filter(some.c[each]).label(each) for each in CLOCK_STATES))
        .join(found, found.c.case_id == some.c.case_id)
        .select_from(some)
        .cte("timed")
    )
    for each in CLOCK_STATES:
        yield select(literal(_CLOCKS), literal(each), met.c[each])


def _whole() -> int:
    """What GROUPING says of the row that counts everything: a bit for each column not grouped by."""
    return (1 << len(_OWN)) - 1


def _place(number: int) -> int:
    """What GROUPING says of the rows of one column."""
    return _whole() - (1 << (len(_OWN) - 1 - number))


def _ordered(counts: Sequence[tuple[str, int]]) -> Counts:
    return sorted(counts, key=lambda each: (-each[1], each[0]))
