"""挂账: the dispatch stands still while accountability says so; the lead cannot conclude meanwhile (W10)."""

from routing.domain.dispatch.facts import DispatchParked, DispatchUnparked, Event, ParkingRefused
from routing.domain.dispatch.facts.parking import TooLate
from routing.domain.dispatch.parking_commands import Park, Unpark
from routing.domain.dispatch.state import Dispatch, Stage
from routing.domain.refusals import require


def park(command: Park, dispatch: Dispatch) -> list[Event]:
    """Each approval is answered once: it stands still, or it was too late."""
    if command.number <= dispatch.parking_answered:
        return []
    cause = _too_late(command, dispatch)
    if cause is not None:
        return [ParkingRefused(command.number, cause)]
    return [DispatchParked(command.number, command.at)]


def unpark(command: Unpark, dispatch: Dispatch) -> list[Event]:
    """Also when it has ended meanwhile: whoever waits for the answer gets it."""
    return [DispatchUnparked(command.number, command.at)] if dispatch.parked == command.number else []


def require_not_parked(dispatch: Dispatch) -> None:
    """What stands still is to go on before it is concluded."""
    require(dispatch.parked is None, "whistle-is-parked")


def _too_late(command: Park, dispatch: Dispatch) -> TooLate | None:
    match dispatch.stage:
        case Stage.CONCLUDED:
            return "lead-concluded"
        case Stage.OUT:
            lead = dispatch.lead
            leads = lead is not None and lead.assigned.unit == command.lead and lead.reported_in is not None
            return None if leads else "lead-changed"
        case _:
            return "whistle-ended"
