"""全文检索: which cases hold some words, found by pairs of characters and shown where they stand.

Chinese has no spaces to split at, so every two neighbouring characters are indexed and any piece of a text is
found; a piece of three characters and more is then looked for in the text itself.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY, aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.domain.visibility import Viewer
from gateway.projections.sight import seen_whole
from gateway.projections.tables import cases, issues, releases, words

LONGEST: Final = 100
"""Characters of a search text."""
MOST_TERMS: Final = 10
"""Words of a search text, between spaces."""
AROUND: Final = 20
"""Characters shown on each side of a hit."""
MOST_HITS: Final = 3
"""Hits shown of one case."""
COMMON: Final = 2_000
"""Cases that hold words which are no longer worth looking up."""
WHOLE: Final = ""
"""The audience of a case as it is; a letter released in other words has one audience per unit."""


class SearchTextTooLong(Exception):
    """The text to search for is longer than anything worth searching for."""

    slug = "search-text-too-long"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {"longest": LONGEST, "most": MOST_TERMS}


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a searched word stands, with what stands around it."""

    field: str
    before: str
    match: str
    after: str


def pairs(text: str) -> Iterator[str]:
    """Each character, and each with the one after it."""
    for first, second in zip(text, [*text[1:], " "], strict=True):
        if not first.isspace():
            yield first
            if not second.isspace():
                yield first + second


def terms(text: str) -> Sequence[str]:
    """The words of a search text; raises ``SearchTextTooLong``."""
    found = text.lower().split()
    if len(text) > LONGEST or len(found) > MOST_TERMS:
        raise SearchTextTooLong
    return found


def holds(viewer: Viewer, text: str, *, common: bool = False) -> ColumnElement[bool]:
    """Whether a row of ``cases`` holds every word, in the text that this viewer may read.

    What is ``common`` is looked for in each row at hand, anything else in the index. Raises
    ``SearchTextTooLong``.
    """
    wanted = terms(text)
    if not wanted:
        return literal(True)
    whole = seen_whole(viewer)
    if common:
        held = exists().where(words.c.case_id == cases.c.case_id, *_stand(wanted, len))
        if whole is None:
            return held.where(words.c.audience == WHOLE)
        return or_(
            and_(whole, held.where(words.c.audience == WHOLE)), held.where(words.c.audience == viewer.unit)
        )
    met = [words.c.audience.in_(_audiences(viewer)), _indexed(wanted), *_stand(wanted, _long)]
    # Found first, whole, by the index: the planner would rather walk the newest cases and read their texts.
    found = select(words.c.case_id, words.c.audience).where(*met).cte().prefix_with("MATERIALIZED")
    among = cases.c.case_id.in_(select(found.c.case_id))
    if whole is None:
        return among
    in_released = cases.c.case_id.in_(select(found.c.case_id).where(found.c.audience == viewer.unit))
    return and_(among, or_(whole, in_released))


async def is_common(connection: AsyncConnection, text: str) -> bool:
    """Whether so many cases hold the words that one soon meets them on the way through the newest."""
    wanted = terms(text)
    if not wanted:
        return False
    some = select(literal(1)).select_from(words).where(_indexed(wanted)).limit(COMMON + 1).subquery()
    found = await connection.execute(select(func.count()).select_from(some))
    return int(found.scalar_one()) > COMMON


def _audiences(viewer: Viewer) -> list[str]:
    return [WHOLE] if seen_whole(viewer) is None else [WHOLE, viewer.unit]


def _indexed(wanted: Sequence[str]) -> ColumnElement[bool]:
    return words.c.pairs.op("@@")(cast(literal(" & ".join(map(_query, wanted))), TSQUERY))


def _stand(wanted: Sequence[str], looked_for: Callable[[str], object]) -> Iterator[ColumnElement[bool]]:
    return (words.c.words.contains(term, autoescape=True) for term in wanted if looked_for(term))


def _long(term: str) -> bool:
    """Longer than what the index knows as one."""
    return len(term) > 2


def _query(term: str) -> str:
    if len(term) == 1:
        return _quoted(term)
    return " & ".join(_quoted(first + second) for first, second in pairwise(term))


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def hits(texts: Mapping[str, Sequence[str | None]], text: str) -> Sequence[Hit]:
    """Where the words stand in the texts a viewer may read, by field: each word's first place in each."""
    found: list[Hit] = []
    wanted = terms(text)
    for field, contents in texts.items():
        for content in filter(None, contents):
            lowered = content.lower()
            for term in wanted:
                at = lowered.find(term)
                if at < 0 or len(lowered) != len(content) or len(found) == MOST_HITS:
                    continue
                end = at + len(term)
                before, after = content[max(0, at - AROUND) : at], content[end : end + AROUND]
                found.append(Hit(field, before, content[at:end], after))
    return found


async def index(connection: AsyncConnection, case_ids: Collection[str]) -> None:
    """Index the texts of cases as they stand now."""
    if not case_ids:
        return
    of_issues = (
        select(func.string_agg(issues.c.text, aggregate_order_by(literal(" "), issues.c.ordinal)))
        .where(issues.c.case_id == cases.c.case_id)
        .scalar_subquery()
    )
    texts = (cases.c.number, cases.c.external_number, cases.c.title, cases.c.text, cases.c.answer, of_issues)
    as_it_is = select(cases.c.case_id, literal(WHOLE), func.concat_ws(" ", *texts))
    released = select(releases.c.case_id, releases.c.unit, releases.c.words)
    rows = await connection.execute(
        as_it_is.where(cases.c.case_id.in_(case_ids)).union_all(
            released.where(releases.c.case_id.in_(case_ids))
        )
    )
    indexed = [
        {"case_id": case_id, "audience": audience, "words": text, "bigrams": sorted(set(pairs(text)))}
        for case_id, audience, text in ((one, two, three.lower()) for one, two, three in rows)
    ]
    if not indexed:
        return
    statement = upsert(words).values(
        case_id=bindparam("case_id"),
        audience=bindparam("audience"),
        words=bindparam("words"),
        pairs=func.array_to_tsvector(bindparam("bigrams", type_=ARRAY(Text))),
    )
    changed = {"words": statement.excluded.words, "pairs": statement.excluded.pairs}
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["case_id", "audience"],
            set_=changed,
            where=words.c.words.is_distinct_from(statement.excluded.words),
        ),
        indexed,
    )
