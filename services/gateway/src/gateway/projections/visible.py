"""可见: which cases a viewer sees; part of every statement that reads them.

The rule is a list of reasons. Each says so of a row, for a row that is at hand, and each gives the ids of all
its rows by an index of its own, for who has few among a million.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    any_,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)

from backbone.sealing import key_id
from gateway.domain.visibility import (
    Scope,
    Viewer,
    duty_scope,
    grid_report_scope,
    letter_scope,
    whistle_scope,
)
from gateway.projections.supervision_tables import spot_checks
from gateway.projections.tables import adoptions, assignments, cases, releases
from gateway.projections.unit_queries import own_units

GONE: Final = ("released", "returned")
"""States of an assignment its department no longer has, and with it the case."""
_DESK: Final = ("draft", "discarded")
_DUTIES: Final = ("dispute", "task_down_review")
_any: Final = cases.alias("any_case")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a viewer sees a case: said of a row of ``cases``, and as the ids of all such rows."""

    holds: ColumnElement[bool]
    ids: Select[Any]


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The row-level rule: which rows of ``cases`` a viewer sees."""
    kinds = _seen_everywhere(viewer)
    return or_(false(), *kinds, *(each.holds for each in _reasons(viewer)))


def among(viewer: Viewer) -> ColumnElement[bool]:
    """The same rule for statements that need every case the viewer sees, found by the reasons' indexes."""
    kinds, own = _seen_everywhere(viewer), [each.ids for each in _reasons(viewer)]
    if not own:
        return or_(false(), *kinds)
    return or_(*kinds, cases.c.case_id == any_(func.array(union_all(*own).scalar_subquery())))


def sees_a_part(viewer: Viewer) -> bool:
    """Whether nothing is seen but what concerns the viewer or its unit."""
    return not _seen_everywhere(viewer)


def _seen_everywhere(viewer: Viewer) -> list[ColumnElement[bool]]:
    scopes = {
        ("letter",): letter_scope(viewer),
        ("grid_report",): grid_report_scope(viewer),
        _DUTIES: duty_scope(viewer),
    }
    kinds = [kind for each, scope in scopes.items() if scope is Scope.ALL for kind in each]
    found: list[ColumnElement[bool]] = [cases.c.type.in_(kinds)] if kinds else []
    if whistle_scope(viewer) is Scope.ALL:
        found.append(and_(cases.c.type == "whistle", cases.c.state.not_in(_DESK)))
    return found


def _reasons(viewer: Viewer) -> Iterator[Reason]:
    yield from _whistles(viewer)
    yield from _letters(viewer)
    if grid_report_scope(viewer) in (Scope.OWN, Scope.UNIT):
        yield _written(viewer, "grid_report")
    if grid_report_scope(viewer) is Scope.UNIT:
        yield _of_township(viewer, "grid_report")
    if duty_scope(viewer) is Scope.UNIT:
        own = own_units(viewer.unit)
        yield _row(lambda it: and_(it.c.type.in_(_DUTIES), it.c.parties.op("&&")(own), it.c.parties != []))


def _whistles(viewer: Viewer) -> Iterator[Reason]:
    scope = whistle_scope(viewer)
    if scope is Scope.UNIT:
        yield _of_township(viewer, "whistle")
        yield assigned(assignments.c.unit == any_(own_units(viewer.unit)))
        theirs = adoptions.alias("theirs")
        yield _beside(theirs, theirs.c.parent_id, theirs.c.township == viewer.unit)
    if scope is Scope.OWN:
        yield _written(viewer, "whistle")
    if viewer.role == "establishment_office":
        disputes = cases.alias("disputes")
        yield _beside(disputes, disputes.c.whistle_id, disputes.c.type == "dispute")
    if scope is not Scope.ALL:
        mine = and_(spot_checks.c.checker == viewer.subject, spot_checks.c.state == "assigned")
        yield _beside(spot_checks, spot_checks.c.case_id, mine)


def _letters(viewer: Viewer) -> Iterator[Reason]:
    scope = letter_scope(viewer)
    if scope in (Scope.OWN, Scope.RELEASED):
        yield _written(viewer, "letter")
    if scope is Scope.RELEASED:
        yield _beside(releases, releases.c.case_id, releases.c.unit == any_(own_units(viewer.unit)))


def assigned(of_unit: ColumnElement[bool]) -> Reason:
    """A unit has a part in it."""
    held = and_(of_unit, assignments.c.state.not_in(GONE))
    return _beside(assignments, assignments.c.case_id, held)


def _of_township(viewer: Viewer, kind: str) -> Reason:
    return _row(lambda it: and_(it.c.type == kind, it.c.township == viewer.unit))


def _written(viewer: Viewer, kind: str) -> Reason:
    writer = key_id("person", viewer.subject)
    return _row(lambda it: and_(it.c.type == kind, it.c.raised_by_key == writer))


def _row(condition: Callable[[FromClause], ColumnElement[bool]]) -> Reason:
    return Reason(condition(cases), select(_any.c.case_id).where(condition(_any)))


def _beside(table: Table | FromClause, case_id: ColumnElement[Any], condition: ColumnElement[bool]) -> Reason:
    """A row of another table says so."""
    there = exists().select_from(table).where(case_id == cases.c.case_id, condition)
    return Reason(there, select(case_id).where(condition, case_id.is_not(None)))
