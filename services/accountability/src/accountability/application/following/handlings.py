"""办理情形、挂账、延期: what routing's facts mean for them, and what standing still does to the clocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accountability.application.following.assignments import lead_of
from accountability.domain.extension import Command as ExtensionCommand
from accountability.domain.extension.commands import NoteOvertaken as ExtensionOvertaken
from accountability.domain.handling import (
    Command,
    NoteConclusion,
    NoteDispatch,
    NoteEnd,
    NoteMove,
    NoteReportIn,
)
from accountability.domain.parking import Command as ParkingCommand
from accountability.domain.parking.commands import NoteOvertaken as ParkingOvertaken
from accountability.domain.parking.commands import NoteParked, NoteParkingRefused
from accountability.domain.parking.facts import LapseCause
from backbone.outbox import Delivered
from contracts.events import REGISTER, routing


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a fact means for a whistle's handling, parking and extension, in this order."""

    handling: Command | None = None
    parking: ParkingCommand | None = None
    extension: ExtensionCommand | None = None


def consequence_of(event: Delivered) -> Consequence:
    """What a fact of routing means; nothing, for most."""
    read = _MEANINGS.get(event.type)
    return Consequence() if read is None else read(event, REGISTER[event.type].model_validate(event.data))


def _overtaken(event: Delivered, cause: LapseCause, handling: Command) -> Consequence:
    """What was asked for rested on a lead that had the whistle in hand."""
    return Consequence(handling, ParkingOvertaken(cause, event.effective_at), ExtensionOvertaken(cause))


def _dispatched(
    township: str, assignments: Sequence[routing.Assigned], cycle: int, *, timed: bool
) -> Consequence:
    lead = lead_of(assignments)
    if lead is None:
        return Consequence()
    departments = frozenset(each.unit for each in assignments)
    return Consequence(NoteDispatch(township, lead.unit, lead.reported_in, departments, cycle, timed))


def _moved(
    event: Delivered, gone: Iterator[str], come: Sequence[routing.Assigned], lead: routing.Assigned | None
) -> Consequence:
    gone_units, come_units = frozenset(gone), frozenset(each.unit for each in come)
    if lead is None:
        return Consequence(NoteMove(gone_units, come_units))
    return _overtaken(event, "lead-changed", NoteMove(gone_units, come_units, lead.unit, lead.reported_in))


def _issued(_: Delivered, it: routing.DispatchIssued) -> Consequence:
    return _dispatched(it.township, it.assignments, it.cycle, timed=True)


def _reopened(_: Delivered, it: routing.DispatchReopened) -> Consequence:
    return _dispatched(it.township or "", it.assignments, it.cycle, timed=False)


def _appeal_decided(_: Delivered, it: routing.AppealDecided) -> Consequence:
    return _dispatched(it.township, it.assignments, it.cycle, timed=True) if it.granted else Consequence()


def _cycle_opened(_: Delivered, it: routing.CycleOpened) -> Consequence:
    return _dispatched(it.township, it.assignments, it.cycle, timed=False)


def _corrected(event: Delivered, it: routing.DispatchCorrected) -> Consequence:
    lead = lead_of((*it.issued, *it.changed))
    return _moved(event, (each.unit for each in it.voided), it.issued, lead)


def _returned(event: Delivered, it: routing.AssignmentReturned) -> Consequence:
    lead = lead_of((*it.issued, *it.changed)) if it.part == "lead" else None
    return _moved(event, iter((it.unit,)), it.issued, lead)


def _heir(_: Delivered, it: routing.AssignmentMoved) -> Consequence:
    """The heir stands where the merged unit stood: nothing is overtaken."""
    gone, come = frozenset({it.unit}), frozenset({it.kept.unit})
    lead = it.kept.unit if it.kept.part == "lead" else None
    return Consequence(NoteMove(gone, come, lead, it.kept.reported_in))


def _joined(event: Delivered, it: routing.ChildAdopted) -> Consequence:
    return _moved(event, iter(()), it.issued, None)


def _reported_in(_: Delivered, it: routing.DepartmentReportedIn) -> Consequence:
    return Consequence(NoteReportIn()) if it.part == "lead" else Consequence()


_MEANINGS: Final[Mapping[str, Callable[[Delivered, Any], Consequence]]] = {
    routing.DispatchIssued.NAME: _issued,
    routing.DispatchReopened.NAME: _reopened,
    routing.AppealDecided.NAME: _appeal_decided,
    routing.CycleOpened.NAME: _cycle_opened,
    routing.DispatchCorrected.NAME: _corrected,
    routing.AssignmentReturned.NAME: _returned,
    routing.AssignmentReleased.NAME: lambda event, it: _moved(event, iter((it.unit,)), (), None),
    routing.AssignmentMoved.NAME: _heir,
    routing.ChildAdopted.NAME: _joined,
    routing.DepartmentReportedIn.NAME: _reported_in,
    routing.LeadConcluded.NAME: lambda event, _: _overtaken(event, "lead-concluded", NoteConclusion()),
    routing.DispatchClosed.NAME: lambda event, _: _overtaken(event, "whistle-ended", NoteEnd()),
    routing.DispatchWithdrawn.NAME: lambda event, _: _overtaken(event, "whistle-ended", NoteEnd()),
    routing.WhistleNotAccepted.NAME: lambda event, _: _overtaken(event, "whistle-ended", NoteEnd()),
    routing.WhistleMerged.NAME: lambda event, _: _overtaken(event, "whistle-ended", NoteEnd()),
    routing.ChildAdopted.NAME: lambda event, it: _moved(event, iter(()), it.issued, None),
    routing.WhistleMerged.NAME: lambda event, _: _overtaken(event, "whistle-ended", NoteEnd()),
    routing.DispatchParked.NAME: lambda _, it: Consequence(parking=NoteParked(it.number)),
    routing.ParkingRefused.NAME: lambda _, it: Consequence(parking=NoteParkingRefused(it.number, it.cause)),
}
"""Fact → what it means."""
