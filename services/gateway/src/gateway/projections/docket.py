"""待办变动: what changed in the case view since a moment, so that a lost connection loses nothing.

Rows carry the moment they were written, not that of their commit: a reader goes back ``MARGIN`` further than
its last moment and may be told of a change twice, never not at all.
"""

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, DateTime, RowMapping, and_, any_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.case_queries import CaseFilter, matching
from gateway.projections.sight import shown
from gateway.projections.tables import assignments, cases, changed, clocks, releases
from gateway.projections.unit_queries import own_units
from gateway.projections.visible import GONE, visible

MARGIN: Final = timedelta(seconds=30)
"""Longer than a transaction of the projector may last."""
MOST: Final = 2_000
"""Changes told after a lost connection; who missed more reads the lists anew."""
WRITTEN = func.clock_timestamp(type_=DateTime(timezone=True))
"""When a row is written, by the real clock."""


class BadPlace(Exception):
    """The place to go on from was not made by this subscription."""

    slug = "bad-cursor"
    params: Mapping[str, object] = {}


class TooFarBehind(Exception):
    """More has changed than is told one by one; the lists are read anew."""

    slug = "resume-too-far"
    params: Mapping[str, object] = {"most": MOST}


def place(moment: datetime) -> str:
    """A moment as the opaque place a subscription is gone on from."""
    return base64.urlsafe_b64encode(moment.isoformat().encode()).decode()


def moment_of(text: str) -> datetime:
    """The moment of a place; raises ``BadPlace``."""
    try:
        moment = datetime.fromisoformat(base64.urlsafe_b64decode(text.encode()).decode())
    except (ValueError, binascii.Error, UnicodeDecodeError) as error:
        raise BadPlace from error
    if moment.tzinfo is None:
        raise BadPlace
    return moment


async def note_changes(connection: AsyncConnection, case_ids: Collection[str]) -> None:
    """Remember when these cases changed last in this view, and when a department's part left it."""
    if not case_ids:
        return
    statement = upsert(changed).values(shown_at=WRITTEN)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["case_id"], set_={"shown_at": statement.excluded.shown_at}
        ),
        [{"case_id": case_id} for case_id in sorted(case_ids)],
    )
    left = and_(assignments.c.state.in_(GONE), assignments.c.left_at.is_(None))
    await connection.execute(
        update(assignments).where(assignments.c.case_id.in_(case_ids), left).values(left_at=WRITTEN)
    )


async def present(connection: AsyncConnection) -> datetime:
    """The moment up to which a reader has been told."""
    moment: datetime = (await connection.execute(select(WRITTEN))).scalar_one()
    return moment


async def changed_since(
    connection: AsyncConnection, unit: str | None, moment: datetime, case_id: str | None = None
) -> Sequence[str]:
    """The cases of a unit (all, if None), or one case, changed since, the earliest first.

    Raises ``TooFarBehind``; whoever is told of them still has to be shown only what is theirs to see.
    """
    met = [changed.c.shown_at > moment - MARGIN]
    if unit is not None:
        met.append(_concerns(own_units(unit)))
    if case_id is not None:
        met.append(changed.c.case_id == case_id)
    statement = (
        select(changed.c.case_id)
        .join(cases, cases.c.case_id == changed.c.case_id)
        .where(*met)
        .order_by(changed.c.shown_at)
        .limit(MOST + 1)
    )
    found = (await connection.execute(statement)).scalars().all()
    if len(found) > MOST:
        raise TooFarBehind
    return found


def _concerns(own: ColumnElement[Any]) -> ColumnElement[bool]:
    return or_(
        cases.c.township == any_(own),
        cases.c.parties.op("&&")(own),
        exists().where(assignments.c.case_id == cases.c.case_id, assignments.c.unit == any_(own)),
        exists().where(releases.c.case_id == cases.c.case_id, releases.c.unit == any_(own)),
    )


async def in_docket(
    connection: AsyncConnection, viewer: Viewer, unit: str, case_id: str
) -> RowMapping | None:
    """The case as the viewer sees it, if it is in the unit's docket."""
    columns = shown(viewer)
    met = visible(viewer), *matching(viewer, CaseFilter(unit=unit), columns)
    statement = select(*columns.values()).where(cases.c.case_id == case_id, *met)
    return (await connection.execute(statement)).mappings().first()


async def left_docket(connection: AsyncConnection, unit: str, case_id: str, moment: datetime) -> bool:
    """Whether the case has left the unit's docket since."""
    left = select(assignments.c.assignment_id).where(
        assignments.c.case_id == case_id,
        assignments.c.unit == any_(own_units(unit)),
        assignments.c.left_at > moment - MARGIN,
    )
    return (await connection.execute(left.limit(1))).first() is not None


async def breaches_since(
    connection: AsyncConnection,
    viewer: Viewer,
    unit: str | None,
    moment: datetime,
    told: Collection[tuple[str, datetime]],
) -> Sequence[RowMapping]:
    """Clocks breached since, the earliest first, of cases the viewer sees; raises ``TooFarBehind``."""
    seen = exists().where(cases.c.case_id == clocks.c.case_id, visible(viewer))
    statement = select(clocks).where(clocks.c.breach_told_at > moment - MARGIN, seen)
    if unit is not None:
        statement = statement.where(clocks.c.unit == unit)
    rows = await connection.execute(statement.order_by(clocks.c.breach_told_at).limit(MOST + 1))
    found = rows.mappings().all()
    if len(found) > MOST:
        raise TooFarBehind
    return [row for row in found if (row["clock_id"], row["breach_told_at"]) not in told]
