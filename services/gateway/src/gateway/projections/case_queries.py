"""Reading the case view; the rule who may see a row is part of every statement."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

import orjson
from sqlalchemy import (
    ColumnElement,
    DateTime,
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
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import (
    Scope,
    Viewer,
    duty_scope,
    grid_report_scope,
    letter_scope,
    whistle_scope,
)
from gateway.projections import search
from gateway.projections.sight import author, checks, copied, released, shares, shown, told
from gateway.projections.tables import (
    adoptions,
    assignments,
    cases,
    clocks,
    entries,
    notices,
    releases,
)
from gateway.projections.unit_queries import heirs, own_units

ClockState = Literal["running", "due_soon", "breached", "paused", "overdue_unconfirmed", "provisional"]
CLOCK_STATES: Sequence[ClockState] = get_args(ClockState)
DUE_SOON = timedelta(hours=24)
"""A running clock is due soon when less than this is left."""
PRESENT = func.chuishao_now(type_=DateTime(timezone=True))
"""The database's clock."""
GONE = ("released", "returned")
"""States of an assignment its department no longer has, and with it the case."""
UNDECIDED = ("filed", "accepted", "negotiating", "coordinating", "referred_up")
"""States of a dispute that keep its assignment disputed."""
PAGE = 50
LARGEST_PAGE = 100


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
    number: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; cursors are opaque and stay valid while rows come and go."""

    rows: Sequence[RowMapping]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The row-level rule: which rows of ``cases`` a viewer sees."""
    own_unit = cases.c.township == viewer.unit
    assigned = exists().where(
        assignments.c.case_id == cases.c.case_id,
        assignments.c.unit == any_(own_units(viewer.unit)),
        assignments.c.state.not_in(GONE),
    )
    desk = cases.c.state.in_(("draft", "discarded"))
    whistles: Mapping[Scope, ColumnElement[bool]] = {
        Scope.ALL: ~desk,
        Scope.UNIT: or_(own_unit, assigned, shares(viewer)),
        Scope.OWN: author(viewer),
        Scope.NONE: false(),
    }
    letters: Mapping[Scope, ColumnElement[bool]] = {
        Scope.ALL: literal(True),
        Scope.RELEASED: or_(author(viewer), released(viewer)),
        Scope.OWN: author(viewer),
        Scope.NONE: false(),
    }
    grid_reports: Mapping[Scope, ColumnElement[bool]] = {
        Scope.ALL: literal(True),
        Scope.UNIT: or_(own_unit, author(viewer)),
        Scope.OWN: author(viewer),
        Scope.NONE: false(),
    }
    duties: Mapping[Scope, ColumnElement[bool]] = {
        Scope.ALL: literal(True),
        Scope.UNIT: cases.c.parties.op("&&")(own_units(viewer.unit)),
        Scope.NONE: false(),
    }
    disputes = cases.alias("disputes")
    in_dispute = exists().where(disputes.c.type == "dispute", disputes.c.whistle_id == cases.c.case_id)
    rules_on = in_dispute if viewer.role == "establishment_office" else false()
    return or_(
        and_(cases.c.type.in_(("dispute", "task_down_review")), duties[duty_scope(viewer)]),
        and_(cases.c.type == "whistle", or_(whistles[whistle_scope(viewer)], rules_on, checks(viewer))),
        and_(cases.c.type == "letter", letters[letter_scope(viewer)]),
        and_(cases.c.type == "grid_report", grid_reports[grid_report_scope(viewer)]),
    )


async def now(connection: AsyncConnection) -> datetime:
    """The database's clock of the gateway's schema."""
    moment: datetime = (await connection.execute(select(PRESENT))).scalar_one()
    return moment


def clock_condition(state: ClockState, case_id: ColumnElement[str] = cases.c.case_id) -> ColumnElement[bool]:
    """Whether a case has a clock in this state."""
    running = clocks.c.state == "running"
    conditions: Mapping[ClockState, ColumnElement[bool]] = {
        "running": running,
        "paused": clocks.c.state == "paused",
        "overdue_unconfirmed": clocks.c.state == "overdue_unconfirmed",
        "due_soon": and_(running, clocks.c.due >= PRESENT, clocks.c.due < PRESENT + DUE_SOON),
        "breached": clocks.c.breached_at.is_not(None),
        "provisional": and_(running, clocks.c.provisional),
    }
    return exists().where(clocks.c.case_id == case_id, conditions[state])


def conditions(viewer: Viewer, wanted: CaseFilter) -> Sequence[ColumnElement[bool]]:
    """What a viewer's cases that meet a filter have in common; raises ``SearchTextTooLong``."""
    seen = shown(viewer)
    met = [visible(viewer)]
    if wanted.types:
        met.append(cases.c.type.in_(wanted.types))
    if wanted.states:
        met.append(cases.c.state.in_(wanted.states))
    if wanted.unit is not None:
        met.append(
            or_(
                seen["township"] == wanted.unit,
                exists().where(
                    assignments.c.case_id == cases.c.case_id,
                    assignments.c.unit == wanted.unit,
                    assignments.c.state.not_in(GONE),
                ),
            )
        )
    if wanted.clock_state is not None:
        met.append(clock_condition(wanted.clock_state))
    if wanted.emergency is not None:
        met.append(cases.c.emergency == wanted.emergency)
    if wanted.number is not None:
        met.append(or_(seen["number"] == wanted.number, seen["external_number"] == wanted.number))
    if wanted.text:
        met.append(search.holds(viewer, wanted.text))
    return met


def _cursor(row: RowMapping) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([row["updated_at"], row["case_id"]])).decode()


def _place(cursor: str) -> tuple[datetime, str]:
    try:
        moment, case_id = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(moment), str(case_id)
    except (ValueError, binascii.Error, TypeError) as error:
        raise BadCursor from error


async def find_cases(
    connection: AsyncConnection,
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """A page of the viewer's cases, last changed first.

    Raises ``BadCursor`` or ``PageTooLarge`` (more than ``LARGEST_PAGE`` rows).
    """
    size = last if last is not None and first is None else first if first is not None else PAGE
    if not 0 <= size <= LARGEST_PAGE:
        raise PageTooLarge(size)
    backwards = last is not None and first is None
    key = tuple_(cases.c.updated_at, cases.c.case_id)
    statement = select(*shown(viewer).values()).where(*conditions(viewer, wanted))
    if after is not None:
        statement = statement.where(key < tuple_(*map(literal, _place(after))))
    if before is not None:
        statement = statement.where(key > tuple_(*map(literal, _place(before))))
    order = (
        (cases.c.updated_at.asc(), cases.c.case_id.asc())
        if backwards
        else (cases.c.updated_at.desc(), cases.c.case_id.desc())
    )
    rows = (await connection.execute(statement.order_by(*order).limit(size + 1))).mappings().all()
    more = len(rows) > size
    page = list(rows[:size])
    if backwards:
        page.reverse()
    return Page(
        rows=page,
        cursors=[_cursor(row) for row in page],
        has_next=before is not None if backwards else more,
        has_previous=more if backwards else after is not None,
    )


async def count_cases(connection: AsyncConnection, viewer: Viewer, wanted: CaseFilter) -> int:
    """How many of the viewer's cases meet the filter."""
    statement = select(func.count()).select_from(cases).where(*conditions(viewer, wanted))
    return int((await connection.execute(statement)).scalar_one())


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
    only = literal(True) if scope is Scope.ALL else releases.c.unit == viewer.unit
    return await children(
        connection, releases, case_ids, releases.c.unit, only=only if scope is not Scope.OWN else false()
    )


async def notices_for(connection: AsyncConnection, viewer: Viewer, first: int) -> Sequence[RowMapping]:
    """The newest notices of the viewer's unit about cases the viewer may see, or of an order copied to it."""
    if not 0 <= first <= LARGEST_PAGE:
        raise PageTooLarge(first)
    statement = (
        select(notices)
        .join(cases, cases.c.case_id == notices.c.case_id)
        .where(notices.c.unit == viewer.unit, or_(visible(viewer), copied(viewer)))
        .order_by(notices.c.at.desc(), notices.c.notice_id)
        .limit(first)
    )
    return (await connection.execute(statement)).mappings().all()


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
