"""疑似重复: open whistles that may tell of the same matter, with the reasons; people decide (W13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.likeness import likeness, pairs, shared_words
from gateway.projections.tables import cases, issues

WITHIN_DAYS: Final = 14
MOST_DAYS: Final = 366
"""Further apart it is another matter, whatever it says."""
LIKENESS: Final = 0.2
"""Of two texts about different matters hardly any pair is this alike: 4 in 10,000 of real appeals."""
OPEN: Final = ("dispatched", "handling")
SHOWN: Final = 5
_AT = func.coalesce(cases.c.dispatch_at, cases.c.created_at)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A whistle that may be the same matter: how alike, and what else speaks for it."""

    case_id: str
    likeness: float
    words: tuple[str, ...]
    days_apart: int
    same_village: bool
    same_items: tuple[str, ...]
    """Codes of items both name; empty where one of the two names none."""


@dataclass(frozen=True, slots=True)
class _Whistle:
    case_id: str
    text: str
    village: str | None
    at: datetime
    items: frozenset[str]


async def candidates_of(
    connection: AsyncConnection, case_id: str, within_days: int, least: float
) -> Sequence[Candidate]:
    """The open whistles of the same place in so many days, at least so alike; the most alike first.

    Whistles that both name items name one in common. None for a whistle that is not with its departments.
    """
    this = cases.alias("this")
    its = await connection.execute(
        select(cases).where(cases.c.case_id == case_id, cases.c.type == "whistle", cases.c.state.in_(OPEN))
    )
    row = its.mappings().first()
    if row is None:
        return []
    moment = row["dispatch_at"] or row["created_at"]
    span = timedelta(days=max(0, min(within_days, MOST_DAYS)))
    unknown = or_(cases.c.village.is_(None), this.c.village.is_(None))
    same_place = or_(cases.c.village == this.c.village, and_(unknown, cases.c.township == this.c.township))
    found = await connection.execute(
        select(cases.c.case_id, cases.c.text, cases.c.village, _AT.label("at"))
        .join(this, this.c.case_id == case_id)
        .where(
            cases.c.case_id != case_id,
            cases.c.type == "whistle",
            cases.c.state.in_(OPEN),
            same_place,
            _AT.between(moment - span, moment + span),
        )
    )
    rows = [*found.mappings()]
    named = await _issues_of(connection, [case_id, *(each["case_id"] for each in rows)])
    whistle = _whistle({**row, "at": moment}, named)
    near = [_candidate(whistle, _whistle(each, named)) for each in rows]
    alike = [each for each in near if each is not None and each.likeness >= least]
    return sorted(alike, key=lambda each: (-each.likeness, each.case_id))[:SHOWN]


async def _issues_of(
    connection: AsyncConnection, case_ids: Sequence[str]
) -> Mapping[str, Sequence[tuple[str, str | None]]]:
    rows = await connection.execute(
        select(issues.c.case_id, issues.c.text, issues.c.item_code)
        .where(issues.c.case_id.in_(case_ids))
        .order_by(issues.c.case_id, issues.c.ordinal)
    )
    grouped: dict[str, list[tuple[str, str | None]]] = {}
    for case_id, text, item in rows:
        grouped.setdefault(case_id, []).append((text, item))
    return grouped


def _whistle(row: Mapping[str, object], named: Mapping[str, Sequence[tuple[str, str | None]]]) -> _Whistle:
    case_id, at, village = row["case_id"], row["at"], row["village"]
    assert isinstance(case_id, str)
    assert isinstance(at, datetime)
    told = named.get(case_id, ())
    return _Whistle(
        case_id,
        "\n".join([str(row["text"]), *(text for text, _ in told)]),
        str(village) if village else None,
        at,
        frozenset(item for _, item in told if item),
    )


def _candidate(one: _Whistle, other: _Whistle) -> Candidate | None:
    same_items = one.items & other.items
    if one.items and other.items and not same_items:
        return None
    mine, theirs = pairs(one.text), pairs(other.text)
    return Candidate(
        other.case_id,
        round(likeness(mine, theirs), 2),
        shared_words(one.text, theirs)[:5],
        abs((one.at - other.at).days),
        one.village is not None and one.village == other.village,
        tuple(sorted(same_items)),
    )
