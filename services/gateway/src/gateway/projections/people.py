"""Reading who has signed in, and which machine clients there are: each viewer those of the own unit."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Interval,
    RowMapping,
    Select,
    Text,
    Uuid,
    any_,
    cast,
    column,
    false,
    func,
    literal,
    null,
    or_,
    select,
    table,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from gateway.application.machines import SUBJECTS
from gateway.domain.visibility import Scope, Viewer, people_scope
from gateway.projections.case_queries import PRESENT, BadCursor
from gateway.projections.unit_queries import own_units

_MOMENT: Final = DateTime(timezone=True)
_person = table(
    "person",
    *(column(name, Text) for name in ("subject", "name_sealed", "role", "unit")),
    *(column(name, _MOMENT) for name in ("first_at", "last_at")),
)
_session = table(
    "session",
    column("subject", Text),
    *(column(name, _MOMENT) for name in ("seen_at", "ends_at", "ended_at")),
)
_machine = table(
    "machine_client",
    column("id", Uuid),
    *(column(name, Text) for name in ("name", "role", "unit")),
    *(column(name, _MOMENT) for name in ("issued_at", "used_at", "ends_at", "revoked_at")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which people are wanted; conditions combine with and."""

    unit: str | None = None
    role: str | None = None


def person_cursor(row: RowMapping) -> str:
    """The place of somebody in the list by unit and subject, whoever signs in meanwhile."""
    return base64.urlsafe_b64encode(orjson.dumps([row["unit"], row["subject"]])).decode()


async def people_of(
    connection: AsyncConnection,
    viewer: Viewer,
    asked: Asked,
    idle: timedelta,
    after: str | None = None,
    most: int | None = None,
) -> Sequence[RowMapping]:
    """Those the viewer knows of, by unit and subject; raises ``BadCursor``.

    With ``most`` those after the cursor, at most so many; without it all, and ``beyond`` tells which come
    after. Names of people are sealed in ``name_sealed``, those of machine clients are in ``name``.
    """
    known = _known(viewer, asked, idle).subquery()
    beyond: ColumnElement[bool] = true()
    if after is not None:
        beyond = tuple_(known.c.unit, known.c.subject) > tuple_(*map(literal, _place(after)))
    statement = select(known, beyond.label("beyond")).order_by(known.c.unit, known.c.subject)
    if most is not None:
        statement = statement.where(beyond).limit(most)
    return (await connection.execute(statement)).mappings().all()


async def count_people(connection: AsyncConnection, viewer: Viewer, asked: Asked, idle: timedelta) -> int:
    """How many the viewer knows of."""
    known = _known(viewer, asked, idle).subquery()
    return int((await connection.execute(select(func.count()).select_from(known))).scalar_one())


def _known(viewer: Viewer, asked: Asked, idle: timedelta) -> Select[Any]:
    scope = people_scope(viewer)
    everybody = _people(idle) if scope is not Scope.ALL else union_all(_people(idle), _machines())
    known = everybody.subquery()
    statement = select(known)
    if scope is not Scope.ALL:
        seen: list[ColumnElement[bool]] = [known.c.subject == viewer.subject]
        if scope is Scope.UNIT:
            # Residents live in a township and work in none.
            seen.append((known.c.unit == any_(own_units(viewer.unit))) & (known.c.role != "resident"))
        statement = statement.where(or_(*seen))
    if asked.unit is not None:
        statement = statement.where(known.c.unit == asked.unit)
    if asked.role is not None:
        statement = statement.where(known.c.role == asked.role)
    return statement


def _people(idle: timedelta) -> Select[Any]:
    held = (
        select(func.count())
        .select_from(_session)
        .where(
            _session.c.subject == _person.c.subject,
            _session.c.ended_at.is_(None),
            _session.c.ends_at > PRESENT,
            _session.c.seen_at > PRESENT - literal(idle, Interval),
        )
        .scalar_subquery()
    )
    return select(
        _person.c.subject,
        _person.c.name_sealed,
        cast(null(), Text).label("name"),
        _person.c.role,
        _person.c.unit,
        _person.c.first_at,
        _person.c.last_at,
        cast(held, Integer).label("open_sessions"),
        false().label("machine"),
    )


def _machines() -> Select[Any]:
    """Those whose key counts: issued, and last used."""
    return select(
        literal(SUBJECTS).concat(cast(_machine.c.id, Text)).label("subject"),
        cast(null(), Text).label("name_sealed"),
        _machine.c.name,
        _machine.c.role,
        _machine.c.unit,
        _machine.c.issued_at.label("first_at"),
        _machine.c.used_at.label("last_at"),
        literal(0, Integer).label("open_sessions"),
        true().label("machine"),
    ).where(_machine.c.revoked_at.is_(None), _machine.c.ends_at > PRESENT)


def _place(cursor: str) -> tuple[str, str]:
    try:
        unit, subject = orjson.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error, TypeError) as error:
        raise BadCursor from error
    if not isinstance(unit, str) or not isinstance(subject, str):
        raise BadCursor
    return unit, subject
