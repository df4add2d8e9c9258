"""What leaves the case view: notices that channels wait for, and the running deadlines of a unit."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    DateTime,
    RowMapping,
    Text,
    Uuid,
    and_,
    any_,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.application.deliveries import Claimed, Shown, Waiting
from gateway.application.kept_channels import Ended
from gateway.domain.visibility import Viewer
from gateway.projections.case_queries import PRESENT
from gateway.projections.case_view import CaseView
from gateway.projections.sight import copied
from gateway.projections.tables import cases, clocks, notices, units
from gateway.projections.unit_queries import own_units
from gateway.projections.visible import visible

_RUNNING = ("running", "overdue_unconfirmed")
_channel = table(
    "channel",
    column("id", Uuid),
    column("unit", Text),
    column("subject", Text),
    column("duty_desk", Boolean),
    column("active_since", DateTime(timezone=True)),
)
_delivery = table("delivery", column("notice_id", Text), column("channel_id", Uuid))


class ViewNotices:
    """Implements ``gateway.application.deliveries.NoticeReader`` over the live case view."""

    def __init__(self, view: CaseView) -> None:
        self._view = view

    async def waiting(self, newest: timedelta, most: int) -> Sequence[Waiting]:
        """Notices without a delivery, the oldest first."""
        desk = _channel.alias("desk")
        has_desk = exists().where(
            desk.c.unit == _channel.c.unit, desk.c.duty_desk, desk.c.active_since.is_not(None)
        )
        stands_in = or_(_channel.c.duty_desk, and_(_channel.c.subject.is_(None), ~has_desk))
        known = exists().where(
            _delivery.c.notice_id == notices.c.notice_id, _delivery.c.channel_id == _channel.c.id
        )
        gone = exists().where(units.c.code == _channel.c.unit, units.c.ended_on.is_not(None))
        statement = (
            select(
                notices,
                _channel.c.id.label("channel_id"),
                stands_in.label("duty_desk"),
                func.coalesce(cases.c.emergency, False).label("emergency"),
            )
            .join(_channel, _channel.c.unit == notices.c.unit)
            .outerjoin(cases, cases.c.case_id == notices.c.case_id)
            .where(notices.c.at > _channel.c.active_since, notices.c.at > PRESENT - newest, ~known, ~gone)
            .order_by(notices.c.at, notices.c.notice_id)
            .limit(most)
        )
        async with self._view.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [
            Waiting(
                channel_id=row["channel_id"],
                notice_id=row["notice_id"],
                case_id=row["case_id"],
                clock_id=row["clock_id"],
                kind=row["kind"],
                params=row["params"],
                at=row["at"],
                emergency=row["emergency"],
                duty_desk=row["duty_desk"],
            )
            for row in rows
        ]

    async def shown(self, delivery: Claimed) -> Shown | None:
        """What the channel's unit sees of the case now; None if nothing."""
        viewer = Viewer(delivery.subject or "", delivery.role, delivery.unit)
        mine = clocks.c.unit == any_(own_units(delivery.unit))
        asked = clocks.c.clock_id == delivery.clock_id if delivery.clock_id is not None else mine
        due = (
            select(func.min(clocks.c.due))
            .where(clocks.c.case_id == cases.c.case_id, asked, clocks.c.state.in_(_RUNNING))
            .scalar_subquery()
        )
        statement = select(cases.c.number, due.label("due")).where(
            cases.c.case_id == delivery.case_id, or_(visible(viewer), copied(viewer))
        )
        async with self._view.connect() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            return None
        return Shown(row["number"], row["due"], delivery.clock_id is None or row["due"] is not None)

    async def ended(self, unit: str) -> bool:
        """Whether the unit is no more."""
        return unit in await ViewUnits(self._view).ended([unit])


class ViewUnits:
    """Implements ``gateway.application.kept_channels.Units`` over the live case view."""

    def __init__(self, view: CaseView) -> None:
        self._view = view

    async def ended(self, codes: Collection[str]) -> Mapping[str, Ended]:
        """Those that are no more, with who stands in their place in the end."""
        statement = select(units.c.code, units.c.ended_on, units.c.heirs).where(
            units.c.code.in_(codes), units.c.ended_on.is_not(None)
        )
        async with self._view.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return {row.code: Ended(row.ended_on, row.heirs[-1] if row.heirs else None) for row in rows}

    async def forebears(self, code: str) -> Sequence[str]:
        """The units in whose place one stands."""
        statement = select(units.c.code).where(literal(code) == any_(units.c.heirs)).order_by(units.c.code)
        async with self._view.connect() as connection:
            return (await connection.execute(statement)).scalars().all()

    async def unit_class(self, code: str) -> str | None:
        """A unit's class; None if there is none."""
        async with self._view.connect() as connection:
            found = await connection.execute(select(units.c.unit_class).where(units.c.code == code))
            kind: str | None = found.scalar_one_or_none()
            return kind


async def running_deadlines(
    connection: AsyncConnection, viewer: Viewer, most: int = 500
) -> Sequence[RowMapping]:
    """The clocks of the viewer's unit that run now, on cases the viewer may see, by their due."""
    statement = (
        select(clocks, cases.c.number, cases.c.updated_at)
        .join(cases, cases.c.case_id == clocks.c.case_id)
        .where(clocks.c.unit == any_(own_units(viewer.unit)), clocks.c.state.in_(_RUNNING), visible(viewer))
        .order_by(clocks.c.due, clocks.c.clock_id)
        .limit(most)
    )
    return (await connection.execute(statement)).mappings().all()


def hour_before(due: datetime) -> datetime:
    """Where a calendar shows a deadline, so that 24:00 stands on the day that ends."""
    return due - timedelta(hours=1)
