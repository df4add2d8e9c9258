"""可见范围: which cases a viewer may see; everything else is indistinguishable from nothing."""

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    """How far a viewer's sight reaches."""

    ALL = "all"
    """Every case that has left its author's desk."""
    UNIT = "unit"
    """The unit's own cases and those it is assigned to."""
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
    """Letters go to the office alone: their writers see their own, no unit sees another's."""
    scope = _SCOPES.get(viewer.role, Scope.NONE)
    return Scope.OWN if scope is Scope.UNIT else scope
