"""Reading what is known of attachments; whoever sees a case only in part sees none of them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, RowMapping, exists, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.attachment_tables import attachments
from gateway.projections.case_queries import children
from gateway.projections.sight import seen_whole
from gateway.projections.tables import cases
from gateway.projections.visible import visible

KINDS = ("whistle", "letter", "grid_report")
"""Cases that take attachments."""


async def attachments_of(
    connection: AsyncConnection, viewer: Viewer, case_ids: Sequence[str]
) -> list[list[RowMapping]]:
    """What came with each case, in that order; also what was removed since."""
    only = exists().where(cases.c.case_id == attachments.c.case_id, *_whole(viewer))
    order = (attachments.c.added_at, attachments.c.attachment_id)
    return await children(connection, attachments, case_ids, *order, only=only)


async def find_attachment(
    connection: AsyncConnection, viewer: Viewer, case_id: str, attachment_id: str
) -> RowMapping | None:
    """One that is there; None if there is none, or none for this viewer."""
    statement = (
        select(attachments)
        .join(cases, cases.c.case_id == attachments.c.case_id)
        .where(
            attachments.c.case_id == case_id,
            attachments.c.attachment_id == attachment_id,
            attachments.c.removed_at.is_(None),
            *_whole(viewer),
        )
    )
    return (await connection.execute(statement)).mappings().first()


async def kind_of(connection: AsyncConnection, viewer: Viewer, case_id: str) -> str | None:
    """The type of a case that the viewer sees whole; None for any other."""
    statement = select(cases.c.type).where(cases.c.case_id == case_id, *_whole(viewer))
    found: str | None = (await connection.execute(statement)).scalar()
    return found


def _whole(viewer: Viewer) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    whole = seen_whole(viewer)
    return visible(viewer), true() if whole is None else whole
