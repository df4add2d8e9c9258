"""查阅记录: who read which cases and how, written before they are shown; the auditor asks for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.case_queries import LARGEST_PAGE, PageTooLarge
from gateway.projections.pages import seq_of

WAYS: Final = (
    *("case", "list", "command", "subscription", "file", "sheet", "attachment", "open311", "read-back"),
    "events",
)
"""How cases are read: one, in a list, as a command's answer, as changes, as a file, printed, its files,
by a client of citizens' reports, with the code of an anonymous letter, as published events."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted; conditions combine with and."""

    case_id: str | None = None
    subject: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def note_reading(
    connection: AsyncConnection, viewer: Viewer, way: str, case_ids: Collection[str]
) -> None:
    """Add an entry and keep it; a list is one entry."""
    await connection.execute(
        text(
            "INSERT INTO read_log (at, subject, role, unit, way, case_ids)"
            " VALUES (chuishao_now(), :subject, :role, :unit, :way, :case_ids)"
        ),
        {
            "subject": viewer.subject,
            "role": viewer.role,
            "unit": viewer.unit,
            "way": way,
            "case_ids": sorted(case_ids),
        },
    )
    await connection.commit()


async def readings(
    connection: AsyncConnection, asked: Asked, first: int, after: str | None
) -> tuple[Sequence[RowMapping], bool]:
    """Entries, the newest first, and whether there are more; raises ``BadCursor`` or ``PageTooLarge``."""
    if not 0 <= first <= LARGEST_PAGE:
        raise PageTooLarge(first)
    conditions = {
        "case_ids @> ARRAY[:case_id]": asked.case_id,
        "subject = :subject": asked.subject,
        "unit = :unit": asked.unit,
        "at >= :since": asked.since,
        "at < :until": asked.until,
        "seq < :place": seq_of(after) if after is not None else None,
    }
    params: Mapping[str, Any] = {
        "case_id": asked.case_id,
        "subject": asked.subject,
        "unit": asked.unit,
        "since": asked.since,
        "until": asked.until,
        "place": conditions["seq < :place"],
        "most": first + 1,
    }
    met = [condition for condition, value in conditions.items() if value is not None]
    where = f"WHERE {' AND '.join(met)}" if met else ""
    used = {name: value for name, value in params.items() if value is not None}
    # What was read of one case is looked up first: the planner would rather walk through the newest readings.
    found = f"MATERIALIZED (SELECT * FROM read_log {where})" if asked.case_id else None
    source = f"WITH found AS {found} SELECT * FROM found" if found else f"SELECT * FROM read_log {where}"
    statement = text(f"{source} ORDER BY seq DESC LIMIT :most")
    rows = (await connection.execute(statement, used)).mappings().all()
    return rows[:first], len(rows) > first
