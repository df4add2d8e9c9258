"""案件清单: cases as rows of a table, as their viewer may see them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from backbone.sheets import Row
from contracts.catalogue import sentence
from gateway.domain.visibility import Viewer
from gateway.projections.case_lists import CaseOrder, find_cases
from gateway.projections.case_queries import (
    LARGEST_PAGE,
    CaseFilter,
    assignments_of,
    clocks_of,
)
from gateway.projections.case_view import CaseView
from gateway.projections.read_log import note_reading
from gateway.projections.visible import GONE

COLUMNS: Final = (
    "number",
    "type",
    "state",
    "township",
    "village",
    "kind",
    "text",
    "lead",
    "assists",
    "created",
    "closed",
    "cycle",
    "breaches",
    "next-due",
)
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def word(group: str, value: str | None, language: str) -> str:
    """A value of a closed list in words."""
    return sentence(f"{group}-{value.replace('_', '-')}", language) if value else ""


def local(moment: datetime | None) -> datetime | None:
    """A moment by the wall clock of Asia/Shanghai, to the second."""
    return moment.astimezone(SHANGHAI).replace(microsecond=0, tzinfo=None) if moment else None


class Names:
    """Names of units and villages; what is not registered shows its code."""

    def __init__(self, units: Sequence[RowMapping]) -> None:
        # A unit whose first name counts from a later day has none yet.
        self._units = {row["code"]: row["short_name"] or row["code"] for row in units}
        self._villages = {each["code"]: each["name"] for row in units for each in row["villages"]}

    def unit(self, code: str | None) -> str:
        """A unit's name."""
        return str(self._units.get(code, code)) if code else ""

    def village(self, code: str | None) -> str:
        """A village's name."""
        return str(self._villages.get(code, code)) if code else ""


async def case_rows(
    view: CaseView, viewer: Viewer, wanted: CaseFilter, language: str, names: Names, order: CaseOrder
) -> AsyncIterator[Sequence[Row]]:
    """All cases that meet the filter, page by page in their order; each page's reading is noted."""
    after: str | None = None
    while True:
        async with view.connect() as connection:
            page = await find_cases(connection, viewer, wanted, order, first=LARGEST_PAGE, after=after)
            ids = [row["case_id"] for row in page.rows]
            if ids:
                await note_reading(connection, viewer, "file", ids)
            parts, clocks = await assignments_of(connection, ids), await clocks_of(connection, ids)
        yield [
            _row(row, own, timed, names, language)
            for row, own, timed in zip(page.rows, parts, clocks, strict=True)
        ]
        if not page.has_next:
            return
        after = page.cursors[-1]


def _row(
    row: RowMapping,
    parts: Sequence[RowMapping],
    clocks: Sequence[RowMapping],
    names: Names,
    language: str,
) -> Row:
    held = [each for each in parts if each["state"] not in GONE]
    running = [each["due"] for each in clocks if each["state"] == "running"]
    values: Mapping[str, Any] = {
        "number": row["number"],
        "type": word("case-type", row["type"], language),
        "state": word("case-state", row["state"], language),
        "township": names.unit(row["township"]),
        "village": names.village(row["village"]),
        "kind": word("whistle-kind", row["kind"], language),
        "text": row["text"],
        "lead": "、".join(names.unit(each["unit"]) for each in held if each["part"] == "lead"),
        "assists": "、".join(names.unit(each["unit"]) for each in held if each["part"] == "assist"),
        "created": local(row["created_at"]),
        "closed": local(row["closed_at"]),
        "cycle": row["cycle"],
        "breaches": "、".join(
            dict.fromkeys(
                sentence(f"clock-{each['kind'].lower()}", language)
                for each in clocks
                if each["breached_at"] is not None
            )
        ),
        "next-due": local(min(running, default=None)),
    }
    return [values[name] for name in COLUMNS]
