"""The week's figures beside a second implementation in SQL that reads nothing but the logs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import asyncpg

from tests.generators.figure_oracle import Expected, Place, excluded_by_sql, figures_by_sql
from tests.system.county import COUNTY_LEADER, County

PERIODS: Final = (
    ("2026-04", "00:00"),
    ("2026-05", "00:00"),
    ("2026-05", "12:00"),
    ("2026-Q2", "00:00"),
    ("19th:2026-05", "00:00"),
    ("2026-04-27..2026-05-08", "12:00"),
)
"""Label and day boundary; the week begins on 27 April 2026."""
MOMENTS: Final = 4
"""Past moments at which the quarter is asked again."""
_TIMED: Final = frozenset(
    {"report-in", "first-feedback", "handling", "letter-response", "letter-resolution", "dispute"}
)
_SOME_MOMENTS: Final = (
    "SELECT DISTINCT recorded_at FROM accountability.published WHERE seq % $1 = 0 ORDER BY 1"
)


async def miscounted(county: County) -> tuple[list[str], int]:
    """Where the two differ, each in a phrase, and how many cells were compared."""
    owner = await asyncpg.connect(county.system.owner_url)
    try:
        asked: list[tuple[str, str, datetime | None]] = [(*each, None) for each in PERIODS]
        [[last]] = await owner.fetch("SELECT max(seq) FROM accountability.published")
        past = await owner.fetch(_SOME_MOMENTS, max(1, last // (MOMENTS + 1)))
        asked += [("2026-Q2", "00:00", row["recorded_at"]) for row in past[:MOMENTS]]
        wrong: list[str] = []
        compared = 0
        for period, boundary, as_of in asked:
            table = await _table(county, period, boundary, as_of)
            begin, end = (datetime.fromisoformat(table["period"][name]) for name in ("begin", "end"))
            moment = datetime.fromisoformat(table["moment"]["as_of"])
            where = f"{period} {boundary} as of {moment}"
            if not table["moment"]["complete"]:
                wrong.append(f"{where} is incomplete")
            shown, outside = _shown(table["rows"]), _outside(table["rows"])
            wrong += _differences(where, shown, _enough(await figures_by_sql(owner, begin, end, moment)))
            wrong += _differences(where, outside, await excluded_by_sql(owner, begin, end, moment))
            compared += len(shown) + len(outside)
        return wrong, compared
    finally:
        await owner.close()


async def _table(county: County, period: str, boundary: str, as_of: datetime | None) -> Mapping[str, Any]:
    query = {"period": period, "boundary": boundary}
    if as_of is not None:
        query["as_of"] = as_of.isoformat()
    url = f"{county.system.urls['accountability']}/figures"
    response = await county.http.get(url, params=query, headers=county.bearer(COUNTY_LEADER))
    assert response.status_code == 200, response.text
    found: Mapping[str, Any] = response.json()
    return found


def _shown(rows: Sequence[Mapping[str, Any]]) -> dict[Place, Expected]:
    found = {}
    for row in rows:
        if row["unit"] is None or row["kind"] is None or not row["denominator"]:
            continue
        timed = row["figure"] == "report-in-time" and row["value"] is not None
        hours = (row["value"], row["p90"] or 0.0) if timed else (None, None)
        numerator = Decimal(str(round(row["numerator"], 6))).normalize()
        found[_place(row)] = Expected(numerator, row["denominator"], *hours)
    return found


def _outside(rows: Sequence[Mapping[str, Any]]) -> dict[Place, int]:
    return {
        _place(row): sum(row["excluded"].values())
        for row in rows
        if row["figure"] in _TIMED and row["unit"] is not None and row["kind"] is not None and row["excluded"]
    }


def _place(row: Mapping[str, Any]) -> Place:
    return row["figure"], row["unit"], row["kind"]


def _enough(expected: Mapping[Place, Expected]) -> dict[Place, Expected]:
    """Times are told only where there are enough."""
    return {
        place: each if each.denominator >= 5 else Expected(each.numerator, each.denominator)
        for place, each in expected.items()
    }


def _differences(where: str, shown: Mapping[Place, object], expected: Mapping[Place, object]) -> list[str]:
    return [
        f"{where}: {' '.join(place)} is {shown.get(place)} and not {expected.get(place)}"
        for place in sorted({*shown, *expected})
        if shown.get(place) != expected.get(place)
    ]
