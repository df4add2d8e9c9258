"""分面统计: how many of a viewer's cases there are of each kind, for dashboards."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CTE, Select, func, literal, null, or_, select, union_all
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
from gateway.projections.sight import seen_whole, shown
from gateway.projections.tables import assignments, cases, clocks
from gateway.projections.visible import GONE, among

Counts = Sequence[tuple[str, int]]
"""Value and how many cases have it, the most frequent first."""
_OWN: Final = ("type", "state", "township", "kind")
"""The facets that are columns of a case."""
_COLUMNS: Final = 0
_DEPARTMENTS: Final = 1
_CLOCKS: Final = 2
"""What a row of the answer counts by."""


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
    bounded = met.limit(MOST_COUNTED + 1) if wanted.common else met
    # What is looked up reason by reason is kept; what is all there is, is read where it lies.
    whole = seen_whole(viewer) is None and wanted == CaseFilter()
    found = bounded.cte("found").prefix_with("NOT MATERIALIZED" if whole else "MATERIALIZED")
    own = [found.c[name] for name in _OWN]
    by_columns = select(literal(_COLUMNS), *own, func.count()).group_by(*own)
    # A department holds one part of a case at a time: parts are cases.
    by_department = (
        select(literal(_DEPARTMENTS), assignments.c.unit, null(), null(), null(), func.count())
        .join(found, found.c.case_id == assignments.c.case_id)
        .where(assignments.c.state.not_in(GONE))
        .group_by(assignments.c.unit)
    )
    total = 0
    counts: list[Counter[str | None]] = [Counter() for _ in _OWN]
    beside: dict[int, Counter[str | None]] = {_DEPARTMENTS: Counter(), _CLOCKS: Counter()}
    rows = await connection.execute(union_all(by_columns, by_department, *_by_clock(found)))
    for kind, *values, count in rows:
        if kind == _COLUMNS:
            total += count
            for counter, value in zip(counts, values, strict=True):
                counter[value] += count
        elif count:
            beside[kind][values[0]] += count
    types, states, townships, kinds = (_ordered(each) for each in counts)
    timed = beside[_CLOCKS]
    return Facets(
        total=total,
        types=types,
        states=states,
        townships=townships,
        kinds=kinds,
        departments=_ordered(beside[_DEPARTMENTS]),
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
        yield select(literal(_CLOCKS), literal(each), null(), null(), null(), met.c[each])


def _ordered(counts: Counter[str | None]) -> Counts:
    return sorted(
        ((value, count) for value, count in counts.items() if value is not None),
        key=lambda each: (-each[1], each[0]),
    )
