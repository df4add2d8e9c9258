"""Reading the case view; the rule who may see a row is part of every statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    RowMapping,
    Table,
    and_,
    any_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import (
    Scope,
    Viewer,
    letter_scope,
)
from gateway.projections import search
from gateway.projections.sight import shown, told
from gateway.projections.tables import (
    adoptions,
    assignments,
    cases,
    clocks,
    entries,
    releases,
)
from gateway.projections.unit_queries import heirs, own_units
from gateway.projections.visible import assigned, visible

ClockState = Literal["running", "due_soon", "breached", "paused", "overdue_unconfirmed", "provisional"]
CLOCK_STATES: Sequence[ClockState] = get_args(ClockState)
DUE_SOON = timedelta(hours=24)
"""A running clock is due soon when less than this is left."""
PRESENT = func.chuishao_now(type_=DateTime(timezone=True))
"""The database's clock."""
UNDECIDED = ("filed", "accepted", "negotiating", "coordinating", "referred_up")
"""States of a dispute that keep its assignment disputed."""
MOST_COUNTED = 10_000
"""Cases that hold a common text are counted so far; one more stands for more."""
PAGE = 50
LARGEST_PAGE = 100
_any = cases.alias("any_case")


class BadCursor(Exception):
    """The cursor was not made by this list."""

    slug = "bad-cursor"
    params: Mapping[str, object] = {}


class PageTooLarge(Exception):
    """More rows were asked for than one page holds."""

    slug = "page-too-large"

    def __init__(self, asked: int) -> None:
        super().__init__(str(asked))
        self.params: Mapping[str, object] = {"asked": asked, "most": LARGEST_PAGE}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Conditions that combine with and; an empty one lets everything through."""

    types: Sequence[str] = ()
    states: Sequence[str] = ()
    unit: str | None = None
    """Raised by this township or assigned to this department."""
    clock_state: ClockState | None = None
    emergency: bool | None = None
    kinds: Sequence[str] = ()
    """Kinds of whistles."""
    created_since: datetime | None = None
    created_before: datetime | None = None
    number: str | None = None
    text: str | None = None
    common: bool = False
    """The text was found to be common: it is not looked up."""


async def now(connection: AsyncConnection) -> datetime:
    """The database's clock of the gateway's schema."""
    moment: datetime = (await connection.execute(select(PRESENT))).scalar_one()
    return moment


def clock_states() -> Mapping[ClockState, ColumnElement[bool]]:
    """Whether a row of ``clocks`` is in a state that cases are filtered by."""
    running = clocks.c.state == "running"
    return {
        "running": running,
        "paused": clocks.c.state == "paused",
        "overdue_unconfirmed": clocks.c.state == "overdue_unconfirmed",
        "due_soon": and_(running, clocks.c.due >= PRESENT, clocks.c.due < PRESENT + DUE_SOON),
        "breached": clocks.c.breached_at.is_not(None),
        "provisional": and_(running, clocks.c.provisional),
    }


async def weighed(connection: AsyncConnection, wanted: CaseFilter) -> CaseFilter:
    """The filter, knowing whether its text is common; raises ``SearchTextTooLong``."""
    if not wanted.text:
        return wanted
    return replace(wanted, common=await search.is_common(connection, wanted.text))


def row_conditions(wanted: CaseFilter, row: FromClause = cases) -> list[ColumnElement[bool]]:
    """What of a filter a row answers by itself, and openly to whoever sees it."""
    met: list[ColumnElement[bool]] = []
    if wanted.types:
        met.append(row.c.type.in_(wanted.types))
    if wanted.states:
        met.append(row.c.state.in_(wanted.states))
    if wanted.kinds:
        met.append(row.c.kind.in_(wanted.kinds))
    if wanted.emergency is not None:
        met.append(row.c.emergency == wanted.emergency)
    if wanted.created_since is not None:
        met.append(row.c.created_at >= wanted.created_since)
    if wanted.created_before is not None:
        met.append(row.c.created_at < wanted.created_before)
    return met


def matching(
    viewer: Viewer, wanted: CaseFilter, seen: Mapping[str, ColumnElement[Any]]
) -> Sequence[ColumnElement[bool]]:
    """What cases that meet a filter have in common, beside being visible.

    ``seen``: the columns ``shown`` to the viewer, of the same statement. Raises ``SearchTextTooLong``.
    """
    met = row_conditions(wanted)
    if wanted.unit is not None:
        met.append(_of_unit(seen["township"], wanted.unit))
    if wanted.clock_state is not None:
        met.append(_timed(wanted.clock_state))
    if wanted.number is not None:
        met.append(_numbered(wanted.number))
        met.append(or_(seen["number"] == wanted.number, seen["external_number"] == wanted.number))
    if wanted.text:
        met.append(search.holds(viewer, wanted.text, common=wanted.common))
    return met


def _timed(state: ClockState) -> ColumnElement[bool]:
    """A clock of it is in a state."""
    return exists().where(clocks.c.case_id == cases.c.case_id, clock_states()[state])


def _of_unit(township: ColumnElement[str], unit: str) -> ColumnElement[bool]:
    """Raised by a township, as far as the viewer is told by whom, or assigned to a department."""
    return or_(township == unit, assigned(assignments.c.unit == unit).holds)


def _numbered(number: str) -> ColumnElement[bool]:
    """Found by the indexes of both numbers."""
    ours = select(_any.c.case_id).where(_any.c.number == number)
    others = select(_any.c.case_id).where(_any.c.external_number == number)
    return cases.c.case_id == any_(func.array(ours.union_all(others).scalar_subquery()))


async def find_case(
    connection: AsyncConnection, viewer: Viewer, *, case_id: str | None = None, number: str | None = None
) -> RowMapping | None:
    """One case by id or number; None if there is none, or none for this viewer."""
    named = cases.c.case_id == case_id if case_id is not None else cases.c.number == number
    statement = select(*shown(viewer).values()).where(named, visible(viewer))
    return (await connection.execute(statement)).mappings().first()


async def cases_by_id(
    connection: AsyncConnection, viewer: Viewer, case_ids: Sequence[str]
) -> list[RowMapping | None]:
    """Cases in the order of the ids asked for; None for those this viewer may not see."""
    statement = select(*shown(viewer).values()).where(cases.c.case_id.in_(case_ids), visible(viewer))
    found = {row["case_id"]: row for row in (await connection.execute(statement)).mappings()}
    return [found.get(case_id) for case_id in case_ids]


async def children(
    connection: AsyncConnection,
    table: Table,
    case_ids: Sequence[str],
    *order: ColumnElement[Any],
    only: ColumnElement[bool] | None = None,
) -> list[list[RowMapping]]:
    """For each case id the rows of a child table; the caller has already proved that the case may be seen."""
    statement = select(table).where(table.c.case_id.in_(case_ids)).order_by(*order)
    rows = await connection.execute(statement if only is None else statement.where(only))
    grouped: dict[str, list[RowMapping]] = {case_id: [] for case_id in case_ids}
    for row in rows.mappings():
        grouped[row["case_id"]].append(row)
    return [grouped[case_id] for case_id in case_ids]


async def assignments_of(connection: AsyncConnection, case_ids: Sequence[str]) -> list[list[RowMapping]]:
    """Assignments, the lead first."""
    disputed = exists().where(
        cases.c.type == "dispute",
        cases.c.whistle_id == assignments.c.case_id,
        cases.c.details["assignment_id"].astext == assignments.c.assignment_id,
        cases.c.state.in_(UNDECIDED),
    )
    rows = await connection.execute(
        select(assignments, disputed.label("disputed"))
        .where(assignments.c.case_id.in_(case_ids))
        .order_by(assignments.c.part == "assist", assignments.c.issued_at, assignments.c.unit)
    )
    grouped: dict[str, list[RowMapping]] = {case_id: [] for case_id in case_ids}
    for row in rows.mappings():
        grouped[row["case_id"]].append(row)
    return [grouped[case_id] for case_id in case_ids]


async def clocks_of(connection: AsyncConnection, case_ids: Sequence[str]) -> list[list[RowMapping]]:
    """Clocks by their start."""
    return await children(connection, clocks, case_ids, clocks.c.started_at, clocks.c.kind, clocks.c.unit)


async def timeline_of(
    connection: AsyncConnection, viewer: Viewer, case_ids: Sequence[str]
) -> list[list[RowMapping]]:
    """Timeline entries by the time of their fact; of a letter in redacted words only the unit's own."""
    order = (entries.c.at, entries.c.recorded_at, entries.c.seq)
    return await children(connection, entries, case_ids, *order, only=told(viewer))


async def releases_of(
    connection: AsyncConnection, viewer: Viewer, case_ids: Sequence[str]
) -> list[list[RowMapping]]:
    """What was released of letters, by unit: the office sees all, a unit its own, a writer none."""
    scope = letter_scope(viewer)
    only = literal(True) if scope is Scope.ALL else releases.c.unit == any_(own_units(viewer.unit))
    return await children(
        connection, releases, case_ids, releases.c.unit, only=only if scope is not Scope.OWN else false()
    )


async def units_that_see(
    connection: AsyncConnection, case_ids: Sequence[str]
) -> Mapping[str, frozenset[str]]:
    """Case id → codes of the units whose case it is: its township and its departments."""
    seen: dict[str, set[str]] = {case_id: set() for case_id in case_ids}
    raised = select(cases.c.case_id, cases.c.township).where(cases.c.case_id.in_(case_ids))
    assigned = select(assignments.c.case_id, assignments.c.unit).where(assignments.c.case_id.in_(case_ids))
    told_of = select(releases.c.case_id, releases.c.unit).where(releases.c.case_id.in_(case_ids))
    sharing = select(adoptions.c.parent_id, adoptions.c.township).where(adoptions.c.parent_id.in_(case_ids))
    party = select(cases.c.case_id, func.unnest(cases.c.parties)).where(cases.c.case_id.in_(case_ids))
    for case_id, unit in await connection.execute(raised.union_all(assigned, told_of, sharing, party)):
        if unit is not None:
            seen[case_id].add(unit)
    succeeded = await heirs(connection, sorted(set().union(*seen.values())))
    for codes in seen.values():
        codes.update(heir for code in tuple(codes) for heir in succeeded.get(code, ()))
    return {case_id: frozenset(each) for case_id, each in seen.items()}
