"""Reading merged whistles and countersignings; who shares a whistle reads its own issues there."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, RowMapping, Select, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.sight import seen_whole
from gateway.projections.tables import adoptions, cases, countersignatures, countersignings, issues


async def issues_of(
    connection: AsyncConnection, viewer: Viewer, case_ids: Sequence[str]
) -> list[list[RowMapping]]:
    """Own issues as they were raised, then those of merged whistles; each says which township raised it."""
    own = (
        select(issues, issues.c.case_id.label("holder"), literal(-1).label("place"), cases.c.township)
        .join(cases, cases.c.case_id == issues.c.case_id)
        .where(issues.c.case_id.in_(case_ids), issues.c.case_id.in_(_whole(viewer, case_ids)))
    )
    adopted = (
        select(issues, adoptions.c.parent_id, adoptions.c.place, adoptions.c.township)
        .join(adoptions, adoptions.c.child_id == issues.c.case_id)
        .where(
            adoptions.c.parent_id.in_(case_ids),
            _theirs(viewer, case_ids),
        )
    )
    rows = await connection.execute(own.union_all(adopted).order_by("place", "ordinal"))
    return _grouped(rows.mappings().all(), "holder", case_ids)


async def adoptions_of(
    connection: AsyncConnection, viewer: Viewer, case_ids: Sequence[str]
) -> list[list[RowMapping]]:
    """Whistles that go on in these, with their numbers; to a township that shares one only its own."""
    rows = await connection.execute(
        select(adoptions, cases.c.number)
        .join(cases, cases.c.case_id == adoptions.c.child_id)
        .where(
            adoptions.c.parent_id.in_(case_ids),
            _theirs(viewer, case_ids),
        )
        .order_by(adoptions.c.place)
    )
    return _grouped(rows.mappings().all(), "parent_id", case_ids)


async def countersignings_of(
    connection: AsyncConnection, case_ids: Sequence[str]
) -> list[list[tuple[RowMapping, list[RowMapping]]]]:
    """What leads proposed, the last first, with the answers as they came."""
    asked = await connection.execute(
        select(countersignings)
        .where(countersignings.c.case_id.in_(case_ids))
        .order_by(countersignings.c.round.desc())
    )
    given = await connection.execute(
        select(countersignatures)
        .where(countersignatures.c.case_id.in_(case_ids))
        .order_by(countersignatures.c.at, countersignatures.c.unit)
    )
    answers: dict[tuple[str, int], list[RowMapping]] = {}
    for row in given.mappings():
        answers.setdefault((row["case_id"], row["round"]), []).append(row)
    grouped: dict[str, list[tuple[RowMapping, list[RowMapping]]]] = {each: [] for each in case_ids}
    for row in asked.mappings():
        grouped[row["case_id"]].append((row, answers.get((row["case_id"], row["round"]), [])))
    return [grouped[each] for each in case_ids]


def _whole(viewer: Viewer, case_ids: Sequence[str]) -> Select[tuple[str]]:
    """Those of the cases that the viewer sees whole."""
    whole = seen_whole(viewer)
    named = select(cases.c.case_id).where(cases.c.case_id.in_(case_ids)).correlate(None)
    return named if whole is None else named.where(whole)


def _theirs(viewer: Viewer, case_ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether what was adopted is in a case the viewer sees whole, or is its township's own."""
    return or_(adoptions.c.parent_id.in_(_whole(viewer, case_ids)), adoptions.c.township == viewer.unit)


def _grouped(rows: Sequence[RowMapping], key: str, case_ids: Sequence[str]) -> list[list[RowMapping]]:
    grouped: dict[str, list[RowMapping]] = {each: [] for each in case_ids}
    for row in rows:
        grouped[row[key]].append(row)
    return [grouped[each] for each in case_ids]
