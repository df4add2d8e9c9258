"""疑似重复: open whistles that may tell of the same matter, with the reasons; people decide (W13)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.likeness import likeness, pairs, shared_words
from gateway.projections.case_rules import DuplicateLimits, duplicate_limits
from gateway.projections.tables import cases, issues

MOST_DAYS: Final = 366
"""Further apart it is another matter, whatever it says."""
OPEN: Final = ("dispatched", "handling", "parked")
SHOWN: Final = 5
_AT = func.coalesce(cases.c.dispatch_at, cases.c.created_at)


_Named = Sequence[tuple[str, str | None]]
"""Text and item code of each issue."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For which whistle duplicates are looked for, how far apart and how alike; None: as the rules say."""

    case_id: str
    days: int | None = None
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    case_id: str
    days: int
    likeness: float


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


async def candidates_of(connection: AsyncConnection, questions: Sequence[Asked]) -> list[list[Candidate]]:
    """For each question the open whistles of the same place, near and alike enough; the most alike first.

    Whistles that both name items name one in common. None for a whistle that is not with its departments.
    """
    limits = await duplicate_limits(connection)
    asked = [_bounded(each, limits) for each in questions]
    this = cases.alias("this")
    unknown = or_(cases.c.village.is_(None), this.c.village.is_(None))
    same_place = or_(cases.c.village == this.c.village, and_(unknown, cases.c.township == this.c.township))
    span = timedelta(days=max((each.days for each in asked), default=0))
    its_time = func.coalesce(this.c.dispatch_at, this.c.created_at)
    rows = await connection.execute(
        select(
            this.c.case_id.label("asked"),
            cases.c.case_id,
            cases.c.text,
            cases.c.village,
            _AT.label("at"),
        )
        .join(cases, or_(cases.c.case_id == this.c.case_id, same_place))
        .where(
            this.c.case_id.in_({each.case_id for each in asked}),
            this.c.type == "whistle",
            this.c.state.in_(OPEN),
            cases.c.type == "whistle",
            cases.c.state.in_(OPEN),
            _AT.between(its_time - span, its_time + span),
        )
    )
    near: dict[str, dict[str, RowMapping]] = {}
    for row in rows.mappings():
        near.setdefault(row["asked"], {})[row["case_id"]] = row
    named = await _issues_of(connection, {case_id for each in near.values() for case_id in each})
    return [_best(each, near.get(each.case_id, {}), named) for each in asked]


def _bounded(asked: Asked, limits: DuplicateLimits) -> _Question:
    return _Question(
        asked.case_id,
        limits.days if asked.days is None else asked.days,
        limits.likeness if asked.likeness is None else asked.likeness,
    )


def _best(asked: _Question, near: Mapping[str, RowMapping], named: Mapping[str, _Named]) -> list[Candidate]:
    if asked.case_id not in near:
        return []
    this = _whistle(near[asked.case_id], named)
    others = (_whistle(row, named) for case_id, row in near.items() if case_id != asked.case_id)
    found = [
        candidate
        for other in others
        if (candidate := _candidate(this, other)) is not None
        and candidate.likeness >= asked.likeness
        and abs(this.at - other.at) <= timedelta(days=asked.days)
    ]
    return sorted(found, key=lambda each: (-each.likeness, each.case_id))[:SHOWN]


async def _issues_of(connection: AsyncConnection, case_ids: Collection[str]) -> Mapping[str, _Named]:
    rows = await connection.execute(
        select(issues.c.case_id, issues.c.text, issues.c.item_code)
        .where(issues.c.case_id.in_(case_ids))
        .order_by(issues.c.case_id, issues.c.ordinal)
    )
    grouped: dict[str, list[tuple[str, str | None]]] = {}
    for case_id, text, item in rows:
        grouped.setdefault(case_id, []).append((text, item))
    return grouped


def _whistle(row: RowMapping, named: Mapping[str, _Named]) -> _Whistle:
    told = named.get(row["case_id"], ())
    return _Whistle(
        row["case_id"],
        "\n".join([row["text"], *(text for text, _ in told)]),
        row["village"],
        row["at"],
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
