"""案件列表: pages of cases in the order asked for, and how many there are.

Every order ends with the id of the case: no two cases share a place, whatever else they have in common, so a
cursor stays where it is while others come, go and change.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import orjson
from sqlalchemy import (
    ColumnElement,
    DateTime,
    RowMapping,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.case_queries import (
    LARGEST_PAGE,
    MOST_COUNTED,
    PAGE,
    BadCursor,
    CaseFilter,
    PageTooLarge,
    matching,
    row_conditions,
    weighed,
)
from gateway.projections.sight import shown
from gateway.projections.tables import cases, clocks
from gateway.projections.visible import among, sees_a_part, visible

OrderBy = Literal["updated", "created", "number", "due"]
NEAR: Final = 2_000
"""Cases looked through from the cursor on, before the viewer's own are looked up one and all."""
_NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
_walk: Final = cases.alias("walk")


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """What cases are ordered by; a case without a number stands before the first, without a deadline last."""

    by: OrderBy = "updated"
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; cursors are opaque and stay valid while rows come and go."""

    rows: Sequence[RowMapping]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool


_RUNS: Final = clocks.c.state.in_(("running", "overdue_unconfirmed"))
_DUE: Final = (
    select(clocks.c.case_id, func.min(clocks.c.due).label("due")).where(_RUNS).group_by(clocks.c.case_id)
).subquery("next_due")
_PLACES: Final[Mapping[OrderBy, ColumnElement[Any]]] = {
    "updated": cases.c.updated_at,
    "created": cases.c.created_at,
    "number": func.coalesce(cases.c.number, literal_column("''")),
    "due": func.coalesce(_DUE.c.due, cast(literal(_NEVER, DateTime(timezone=True)), DateTime(timezone=True))),
}
_WALKED: Final = {"updated": _walk.c.updated_at, "created": _walk.c.created_at}
"""The orders that an index follows."""


def _cursor(row: RowMapping, order: CaseOrder) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([order.by, row["place"], row["case_id"]])).decode()


def _place(cursor: str, order: CaseOrder) -> tuple[ColumnElement[Any], ColumnElement[str]]:
    try:
        by, value, case_id = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        place = str(value) if order.by == "number" else datetime.fromisoformat(value)
    except (ValueError, binascii.Error, TypeError) as error:
        raise BadCursor from error
    if by != order.by or not isinstance(case_id, str) or (isinstance(place, datetime) and not place.tzinfo):
        raise BadCursor
    kind = Text() if isinstance(place, str) else DateTime(timezone=True)
    return literal(place, kind), literal(case_id)


async def find_cases(
    connection: AsyncConnection,
    viewer: Viewer,
    wanted: CaseFilter,
    order: CaseOrder | None = None,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Page:
    """A page of the viewer's cases, last changed first if no order is given.

    Raises ``BadCursor`` (also for a cursor of another order), ``PageTooLarge`` (more than ``LARGEST_PAGE``
    rows) or ``SearchTextTooLong``.
    """
    order = order or CaseOrder()
    size = last if last is not None and first is None else first if first is not None else PAGE
    if not 0 <= size <= LARGEST_PAGE:
        raise PageTooLarge(size)
    backwards = last is not None and first is None
    wanted = await weighed(connection, wanted)
    asking = _Asking(viewer, wanted, order, order.ascending is not backwards)
    if after is not None:
        asking.beyond(_place(after, order), rising=order.ascending)
    if before is not None:
        asking.beyond(_place(before, order), rising=not order.ascending)
    rows = await asking.rows(connection, size + 1)
    more = len(rows) > size
    page = list(rows[:size])
    if backwards:
        page.reverse()
    return Page(
        rows=page,
        cursors=[_cursor(row, order) for row in page],
        has_next=before is not None if backwards else more,
        has_previous=more if backwards else after is not None,
    )


class _Asking:
    """The statements of one page."""

    def __init__(self, viewer: Viewer, wanted: CaseFilter, order: CaseOrder, rising: bool) -> None:
        self._viewer, self._wanted, self._order, self._rising = viewer, wanted, order, rising
        self._bounds: list[tuple[tuple[ColumnElement[Any], ColumnElement[str]], bool]] = []

    def beyond(self, place: tuple[ColumnElement[Any], ColumnElement[str]], *, rising: bool) -> None:
        """Only what stands after a place, in one direction or the other."""
        self._bounds.append((place, rising))

    async def rows(self, connection: AsyncConnection, most: int) -> Sequence[RowMapping]:
        """The first rows. Who sees little among much has it looked up, unless it lies near."""
        everything = visible(self._viewer)
        if (
            self._order.by == "due" and self._rising
        ):  # those with a deadline come first, and mostly fill a page
            found = await self._first(connection, most, and_(everything, _DUE.c.due.is_not(None)))
            if len(found) == most:
                return found
        if sees_a_part(self._viewer) and (self._wanted.common or not self._wanted.text):
            if (near := self._near()) is not None:
                found = await self._first(connection, most, and_(everything, near))
                if len(found) == most:
                    return found
            everything = among(self._viewer)
        return await self._first(connection, most, everything)

    async def _first(
        self, connection: AsyncConnection, most: int, seen: ColumnElement[bool]
    ) -> Sequence[RowMapping]:
        place = _PLACES[self._order.by]
        columns = shown(self._viewer)
        statement = select(*columns.values(), place.label("place"))
        if self._order.by == "due":
            statement = statement.select_from(cases.outerjoin(_DUE, _DUE.c.case_id == cases.c.case_id))
        met = statement.where(seen, *matching(self._viewer, self._wanted, columns))
        rows = await connection.execute(self._placed(met, place, cases.c.case_id, most))
        found: Sequence[RowMapping] = rows.mappings().all()
        return found

    def _near(self) -> ColumnElement[bool] | None:
        """Whether a row is one of the next ``NEAR`` of everybody's; None where no index follows the order."""
        walked = _WALKED.get(self._order.by)
        if walked is None:
            return None
        along = select(walked).where(*row_conditions(self._wanted, _walk))
        last = self._placed(along, walked, _walk.c.case_id, 1).offset(NEAR).scalar_subquery()
        place = _PLACES[self._order.by]
        if self._rising:
            return place <= func.coalesce(last, literal_column("'infinity'::timestamptz"))
        return place >= func.coalesce(last, literal_column("'-infinity'::timestamptz"))

    def _placed(
        self, statement: Select[Any], place: ColumnElement[Any], case_id: ColumnElement[str], most: int
    ) -> Select[Any]:
        key = tuple_(place, case_id)
        for bound, rising in self._bounds:
            statement = statement.where(key > tuple_(*bound) if rising else key < tuple_(*bound))
        ordered = (place.asc(), case_id.asc()) if self._rising else (place.desc(), case_id.desc())
        return statement.order_by(*ordered).limit(most)


async def count_cases(connection: AsyncConnection, viewer: Viewer, wanted: CaseFilter) -> int:
    """How many of the viewer's cases meet the filter; with a common text at most ``MOST_COUNTED`` and one."""
    wanted = await weighed(connection, wanted)
    met = among(viewer), *matching(viewer, wanted, shown(viewer))
    statement = select(func.count()).select_from(cases).where(*met)
    if wanted.common:
        some = select(cases.c.case_id).where(*met).limit(MOST_COUNTED + 1).subquery()
        statement = select(func.count()).select_from(some)
    return int((await connection.execute(statement)).scalar_one())
