"""What of a row a viewer sees.

A letter released to a unit shows it the released words and nothing else; a whistle that another township
shares shows that one what concerns its own issues, and the work from the merging on.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, any_, case, exists, false, func, literal, null, or_, select

from backbone.sealing import key_id
from contracts.events import intake
from gateway.domain.visibility import Scope, Viewer, letter_scope
from gateway.projections.supervision_tables import orders, spot_checks
from gateway.projections.tables import adoptions, cases, entries, releases
from gateway.projections.unit_queries import own_units

_HIDDEN: Final = frozenset(
    {
        "title",
        "township",
        "external_number",
        "answer",
        "raised_by",
        "raised_by_key",
        "signed_by",
        "signed_by_key",
        "phone",
        "email",
        "rating",
        "comment",
    }
)
"""Columns that only who sees the row whole sees; the text of a letter is replaced."""
_TOLD: Final = (
    intake.LetterReleased.NAME,
    intake.LetterHandedOver.NAME,
    intake.LetterMoved.NAME,
    intake.LetterReportedOn.NAME,
)


def author(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer wrote it."""
    return cases.c.raised_by_key == key_id("person", viewer.subject)


def released(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the office has released words of it to the viewer's unit."""
    own = releases.c.unit == any_(own_units(viewer.unit))
    return exists().where(releases.c.case_id == cases.c.case_id, own)


def shares(viewer: Viewer) -> ColumnElement[bool]:
    """Whether a whistle of the viewer's township goes on in it."""
    theirs = adoptions.alias("theirs")
    goes_on = exists().where(theirs.c.parent_id == cases.c.case_id, theirs.c.township == viewer.unit)
    return goes_on.correlate(cases)


def checks(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer is to check it, and has not yet."""
    mine = spot_checks.c.checker == viewer.subject, spot_checks.c.state == "assigned"
    return exists().where(spot_checks.c.case_id == cases.c.case_id, *mine)


def copied(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer's unit got a copy of an order in it: it is told of that order, not of the case."""
    return exists().where(orders.c.case_id == cases.c.case_id, orders.c.copied_to == viewer.unit)


def seen_whole(viewer: Viewer) -> ColumnElement[bool] | None:
    """Which rows the viewer sees whole; None for all of them."""
    if letter_scope(viewer) is not Scope.RELEASED:
        return None
    anothers = and_(cases.c.type == "whistle", cases.c.township != viewer.unit, shares(viewer))
    return and_(or_(cases.c.type != "letter", author(viewer)), ~anothers)


def shown(viewer: Viewer) -> Mapping[str, ColumnElement[Any]]:
    """The columns of ``cases`` as the viewer may see, filter and search them; and ``redacted``."""
    columns: dict[str, ColumnElement[Any]] = {column.name: column for column in cases.c}
    whole = seen_whole(viewer)
    if whole is None:
        return {**columns, "redacted": false().label("redacted")}
    # Asked once per row, not once per column: OFFSET keeps the planner from taking the question apart.
    once = select(whole.label("whole")).correlate(cases).offset(0).lateral("seen")
    whole = once.c.whole
    words = (
        select(releases.c.words)
        .where(releases.c.case_id == cases.c.case_id, releases.c.unit == any_(own_units(viewer.unit)))
        .order_by(releases.c.unit != viewer.unit, releases.c.unit)
        .limit(1)
        .scalar_subquery()
    )
    for name in _HIDDEN:
        columns[name] = case((whole, cases.c[name]), else_=null()).label(name)
    known = or_(whole, cases.c.type == "whistle")
    columns["township"] = case((known, cases.c.township), else_=null()).label("township")
    columns["text"] = case((whole, cases.c.text), else_=func.coalesce(words, "")).label("text")
    columns["redacted"] = case((whole, literal(False)), else_=literal(True)).label("redacted")
    return columns


def told(viewer: Viewer) -> ColumnElement[bool] | None:
    """Which timeline lines the viewer may read of cases it may see; None for all of them."""
    whole = seen_whole(viewer)
    if whole is None:
        return None
    named = (entries.c.params[field].astext == any_(own_units(viewer.unit)) for field in ("unit", "to"))
    own = and_(entries.c.type.in_(_TOLD), or_(*named))
    together = exists().where(
        adoptions.c.parent_id == entries.c.case_id,
        adoptions.c.township == viewer.unit,
        entries.c.at >= adoptions.c.at,
    )
    return or_(own, together, exists().where(cases.c.case_id == entries.c.case_id, whole))
