"""Pages of lists, the newest first, and of logs: a cursor is the place of a row, while others come and go."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Column, ColumnElement, RowMapping, Select, and_, literal, or_, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.projections.case_queries import LARGEST_PAGE, BadCursor, PageTooLarge

LAST_SEQ: Final = 2**63 - 1
"""The last number a log can give."""


def cursor(row: RowMapping, at: Column[datetime]) -> str:
    """The place of a row of ``at``'s table in the list by that moment."""
    return moment_cursor(row[at.name], *(row[each.name] for each in at.table.primary_key))


def moment_cursor(at: datetime, *keys: str | int) -> str:
    """The place of a moment, and of what tells apart what happened in it."""
    return base64.urlsafe_b64encode(orjson.dumps([at, *keys])).decode()


def place_of(cursor: str) -> tuple[datetime, Sequence[Any]]:
    """The moment and the keys in such a cursor; raises ``BadCursor``."""
    try:
        told, *keys = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(told)
        if moment.tzinfo is None:
            raise BadCursor
        return moment.astimezone(UTC), keys
    except (ValueError, OverflowError, binascii.Error, TypeError) as error:
        raise BadCursor from error


def log_cursor(seq: int) -> str:
    """The place of an entry in a log."""
    return base64.urlsafe_b64encode(str(seq).encode()).decode()


def seq_of(cursor: str) -> int:
    """The number in a log's cursor; raises ``BadCursor``."""
    try:
        seq = int(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    if not 0 <= seq <= LAST_SEQ:
        raise BadCursor
    return seq


async def page(
    connection: AsyncConnection,
    statement: Select[Any],
    at: Column[datetime],
    first: int,
    after: str | None,
) -> Sequence[RowMapping]:
    """Rows by ``at``, the newest first, from a place on; raises ``PageTooLarge`` or ``BadCursor``."""
    if not 0 <= first <= LARGEST_PAGE:
        raise PageTooLarge(first)
    keys = tuple(at.table.primary_key)
    if after is not None:
        statement = statement.where(_beyond(after, at, keys))
    found = await connection.execute(statement.order_by(at.desc(), *keys).limit(first))
    rows: Sequence[RowMapping] = found.mappings().all()
    return rows


def _beyond(after: str, at: Column[datetime], keys: Sequence[Column[Any]]) -> ColumnElement[bool]:
    moment, values = place_of(after)
    known = zip(keys, values, strict=False)
    if len(values) != len(keys):
        raise BadCursor
    if not all(type(value) is key.type.python_type for key, value in known):
        raise BadCursor
    place = tuple_(*(literal(value, key.type) for key, value in zip(keys, values, strict=True)))
    return or_(at < moment, and_(at == moment, tuple_(*keys) > place))
