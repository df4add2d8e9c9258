"""Reading grid reports as service requests: public facts, for those who see the report or filed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, RowMapping, case, false, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.places import Township, Village
from gateway.domain.visibility import Scope, Viewer, grid_report_scope
from gateway.projections.grid_tables import filings, grid_networks
from gateway.projections.sight import author
from gateway.projections.tables import cases
from gateway.projections.unit_queries import all_units

MOST: Final = 1_000
"""Requests of one answer."""
_PUBLIC: Final = (
    cases.c.case_id,
    cases.c.number,
    cases.c.item,
    cases.c.state,
    cases.c.township,
    cases.c.village,
    cases.c.created_at,
    cases.c.updated_at,
    filings.c.ended_at,
)


@dataclass(frozen=True, slots=True)
class Network:
    """The admitted list in force: code and title of each item, and when it came."""

    items: Mapping[str, str]
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions that combine with and; ``numbers`` stands alone."""

    numbers: Sequence[str] = ()
    items: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    closed: bool | None = None
    first: int = MOST
    skipped: int = 0


async def network(connection: AsyncConnection) -> Network:
    """The newest admitted list; an empty one before there is any."""
    newest = select(grid_networks).order_by(grid_networks.c.version.desc()).limit(1)
    row = (await connection.execute(newest)).mappings().first()
    if row is None:
        return Network({}, None)
    return Network({each["code"]: each["title"] for each in row["admitted"]}, row["published_at"])


async def titles(connection: AsyncConnection) -> Mapping[str, str]:
    """Title of every item there ever was, the newest of each."""
    lists = await connection.scalars(select(grid_networks.c.admitted).order_by(grid_networks.c.version))
    return {each["code"]: each["title"] for admitted in lists for each in admitted}


async def townships(connection: AsyncConnection, today: date) -> Sequence[Township]:
    """Every township that goes on, with its villages."""
    return [
        Township(
            row["code"],
            row["short_name"],
            [Village(each["code"], each["name"]) for each in row["villages"]],
        )
        for row in await all_units(connection)
        if row["unit_class"] == "township" and (row["ended_on"] is None or row["ended_on"] > today)
    ]


async def find_requests(connection: AsyncConnection, viewer: Viewer, wanted: Wanted) -> Sequence[RowMapping]:
    """The viewer's requests, the last made first; words and reply only of those the viewer itself filed."""
    own = or_(filings.c.filed_by == viewer.subject, author(viewer))
    statement = (
        select(*_PUBLIC, own.label("own"), _if(own, cases.c.text), _if(own, cases.c.answer))
        .join(filings, filings.c.case_id == cases.c.case_id)
        .where(cases.c.type == "grid_report", _seen(viewer, own), *_met(wanted))
        .order_by(cases.c.created_at.desc(), cases.c.number.desc())
        .offset(wanted.skipped)
        .limit(wanted.first)
    )
    return (await connection.execute(statement)).mappings().all()


def _if(own: ColumnElement[bool], column: ColumnElement[str]) -> ColumnElement[str | None]:
    return case((own, column), else_=null()).label(column.key)


def _seen(viewer: Viewer, own: ColumnElement[bool]) -> ColumnElement[bool]:
    """The rule for grid reports, and what one filed for others."""
    scopes: Mapping[Scope, ColumnElement[bool]] = {
        Scope.ALL: literal(True),
        Scope.UNIT: or_(cases.c.township == viewer.unit, own),
        Scope.OWN: own,
    }
    return scopes.get(grid_report_scope(viewer), false())


def _met(wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    if wanted.numbers:
        return [cases.c.number.in_(wanted.numbers)]
    met: list[ColumnElement[bool]] = []
    if wanted.items:
        met.append(cases.c.item.in_(wanted.items))
    if wanted.since is not None:
        met.append(cases.c.created_at >= wanted.since)
    if wanted.until is not None:
        met.append(cases.c.created_at <= wanted.until)
    if wanted.closed is not None:
        ended = filings.c.ended_at
        met.append(ended.is_not(None) if wanted.closed else ended.is_(None))
    return met
