"""机构合并: what becomes of a department's part when the department goes into another.

The part goes on under the other's name with all that was done on it and its clocks as they run. Where the
other has a part already one of the two is left: the lead before an assist, unfinished work before finished.
"""

from collections.abc import Mapping
from dataclasses import replace

from routing.domain.dispatch.commands import MoveAssignment
from routing.domain.dispatch.evolution import moved
from routing.domain.dispatch.facts import AssignmentMoved, Event
from routing.domain.dispatch.returns import with_issues
from routing.domain.dispatch.state import ENDED, Assignment, Dispatch, Stage


def move(command: MoveAssignment, dispatch: Dispatch) -> list[Event]:
    """Open parts move; what has ended keeps its names."""
    if dispatch.stage in (Stage.NONE, Stage.SCHEDULED, *ENDED):
        return []
    leaving = dispatch.assignment(command.unit)
    if leaving is None or command.unit == command.to:
        return []
    return [_moved(leaving, command.to, dispatch)]


def inherited(dispatch: Dispatch, heirs: Mapping[str, str]) -> Dispatch:
    """The dispatch with the parts of units that are no more in the hands of their heirs."""
    for unit, heir in heirs.items():
        leaving = dispatch.assignment(unit)
        if leaving is not None and unit != heir:
            dispatch = moved(dispatch, _moved(leaving, heir, dispatch))
    return dispatch


def _moved(leaving: Assignment, to: str, dispatch: Dispatch) -> AssignmentMoved:
    has = dispatch.assignment(to)
    if has is None:
        return AssignmentMoved(leaving.assigned.unit, replace(leaving.assigned, unit=to), True, None)
    first = leaving.is_lead or (has.concluded and not leaving.concluded and not has.is_lead)
    stays, goes = (leaving, has) if first else (has, leaving)
    kept = replace(with_issues(stays.assigned, goes.assigned, dispatch), unit=to)
    return AssignmentMoved(leaving.assigned.unit, kept, first, goes.assigned)
