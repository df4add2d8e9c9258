"""Reading parkings and extensions; the caller has already proved that the case may be seen."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.projections.case_queries import children
from gateway.projections.parking_tables import extensions, milestones, parkings


async def parkings_of(
    connection: AsyncConnection, case_ids: Sequence[str]
) -> list[list[tuple[RowMapping, list[RowMapping]]]]:
    """Applications for parking, the last first, with their milestones in order."""
    found = await children(connection, parkings, case_ids, parkings.c.number.desc())
    steps = await connection.execute(
        select(milestones).where(milestones.c.case_id.in_(case_ids)).order_by(milestones.c.number)
    )
    by_parking: dict[tuple[str, int], list[RowMapping]] = {}
    for row in steps.mappings():
        by_parking.setdefault((row["case_id"], row["parking"]), []).append(row)
    return [[(row, by_parking.get((row["case_id"], row["number"]), [])) for row in rows] for rows in found]


async def extensions_of(connection: AsyncConnection, case_ids: Sequence[str]) -> list[list[RowMapping]]:
    """Applications for more time, the last first."""
    return await children(connection, extensions, case_ids, extensions.c.number.desc())
