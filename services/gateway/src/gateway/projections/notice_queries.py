"""Reading the notices of a unit."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.pages import page
from gateway.projections.sight import copied
from gateway.projections.tables import cases, notices
from gateway.projections.visible import visible


async def notices_for(
    connection: AsyncConnection, viewer: Viewer, first: int, after: str | None = None
) -> Sequence[RowMapping]:
    """The newest notices of the viewer's unit about cases the viewer may see, or of an order copied to it."""
    statement = (
        select(notices)
        .join(cases, cases.c.case_id == notices.c.case_id)
        .where(notices.c.unit == viewer.unit, or_(visible(viewer), copied(viewer)))
    )
    return await page(connection, statement, notices.c.at, first, after)
