"""可见范围: which cases a viewer may see; everything else is indistinguishable from nothing."""

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    """How far a viewer's sight reaches."""

    ALL = "all"
    """Every case that has left its author's desk."""
    UNIT = "unit"
    """The unit's own cases and those it is assigned to."""
    RELEASED = "released"
    """What this person wrote, and what the office has released to the unit, in the office's words."""
    OWN = "own"
    """Only what this person wrote."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: subject, role identifier and unit code."""

    subject: str
    role: str
    unit: str


_SCOPES = {
    "office_dispatcher": Scope.ALL,
    "office_supervisor": Scope.ALL,
    "county_leader": Scope.ALL,
    "township_clerk": Scope.UNIT,
    "township_leader": Scope.UNIT,
    "department_liaison": Scope.UNIT,
    "duty_officer": Scope.UNIT,
    "department_leader": Scope.UNIT,
    "resident": Scope.OWN,
    "grid_worker": Scope.OWN,
}


def whistle_scope(viewer: Viewer) -> Scope:
    """Whistles: the office and the county leader see all, units their own, others none."""
    return _SCOPES.get(viewer.role, Scope.NONE)


def letter_scope(viewer: Viewer) -> Scope:
    """Letters go to the office: their writers see their own, units what was redacted and released to them."""
    scope = _SCOPES.get(viewer.role, Scope.NONE)
    return Scope.RELEASED if scope is Scope.UNIT else scope


def duty_scope(viewer: Viewer) -> Scope:
    """Disputes and task-down reviews: both offices see all, units those they are a party to."""
    if viewer.role == "establishment_office":
        return Scope.ALL
    scope = _SCOPES.get(viewer.role, Scope.NONE)
    return Scope.NONE if scope is Scope.OWN else scope


_GRID = frozenset({"township_clerk", "township_leader", "grid_worker"})


def grid_report_scope(viewer: Viewer) -> Scope:
    """Grid reports: the township's people and grid workers see their own township's, no department any."""
    if viewer.role in _GRID:
        return Scope.UNIT
    scope = _SCOPES.get(viewer.role, Scope.NONE)
    return Scope.NONE if scope is Scope.UNIT else scope


def people_scope(viewer: Viewer) -> Scope:
    """Who has signed in: the administrator keeps the accounts and the auditor looks at them, a unit's people
    know their colleagues, a resident nobody."""
    if viewer.role in ("administrator", "auditor"):
        return Scope.ALL
    return Scope.OWN if viewer.role == "resident" else Scope.UNIT
