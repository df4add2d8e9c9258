"""退哨、申诉、重新吹哨: clocks that end without blame or begin again."""

from collections.abc import Iterator, Mapping
from typing import Final

from accountability.application.following.assignments import (
    OF_AN_ASSIGNMENT,
    assigned,
    lead_of,
    led_by,
    new_lead,
    profile_of,
)
from accountability.application.following.reading import OFFICE, Effect, Handler, Reading
from accountability.domain.clock import ReturnClock, VoidClock
from accountability.domain.terms import ClockKind
from contracts.events import routing


def _return_requested(reading: Reading, it: routing.ReturnRequested) -> Iterator[Effect]:
    """C1 runs on; the window has served its purpose."""
    yield reading.stop(ClockKind.C10, it.assignment_id)
    profile = profile_of(it.emergency, False)
    yield reading.start(ClockKind.C15, OFFICE, subject=it.assignment_id, profile=profile, scope=it.township)


def _returned(reading: Reading, it: routing.AssignmentReturned) -> Iterator[Effect]:
    """The old clocks end without blame, the new department's start afresh, C5 runs on."""
    yield reading.stop(ClockKind.C15, it.assignment_id)
    reason = "dispatch-error" if it.dispatch_error else "returned"
    ended = VoidClock(reading.at, reason) if it.dispatch_error else ReturnClock(reading.at)
    yield reading.on(ClockKind.C1, ended, it.assignment_id)
    yield reading.on(ClockKind.C13, VoidClock(reading.at, reason), it.assignment_id)
    profile = profile_of(it.emergency, it.complex)
    yield from assigned(reading, it.issued, profile, it.cycle, it.township)
    if it.part == "lead":
        yield from led_by(reading, lead_of((*it.issued, *it.changed)), it.cycle)
    for each in it.changed:
        if each.part == "lead" and it.part == "lead":
            yield from new_lead(reading, each, profile, it.cycle, it.township)
    if it.settled:
        yield reading.stop(ClockKind.C6)


def _released(reading: Reading, it: routing.AssignmentReleased) -> Iterator[Effect]:
    for kind in OF_AN_ASSIGNMENT:
        yield reading.on(kind, VoidClock(reading.at, "released"), it.assignment_id)
    if it.settled:
        yield reading.stop(ClockKind.C6)


def _appeal_decided(reading: Reading, it: routing.AppealDecided) -> Iterator[Effect]:
    """Sent out once more: the departments' clocks and C5 start afresh; the promise C0 stays void."""
    if not it.granted:
        return
    profile = profile_of(it.emergency, it.complex)
    yield from assigned(reading, it.assignments, profile, it.cycle, it.township)
    lead = lead_of(it.assignments)
    if lead is not None:
        yield reading.start(ClockKind.C5, lead.unit, cycle=it.cycle, profile=profile, scope=it.township)


def _cycle_opened(reading: Reading, it: routing.CycleOpened) -> Iterator[Effect]:
    """Raised again: report-in and rework are timed; handling was timed to its end before."""
    profile = profile_of(it.emergency, it.complex)
    yield from assigned(reading, it.assignments, profile, it.cycle, it.township, with_first_feedback=False)
    lead = lead_of(it.assignments)
    if lead is not None:
        yield reading.start(ClockKind.C8, lead.unit, cycle=it.cycle, scope=it.township)


def _return_refused(reading: Reading, it: routing.ReturnRefused) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C15, it.assignment_id)


HANDLERS: Final[Mapping[str, Handler]] = {
    routing.ReturnRequested.NAME: _return_requested,
    routing.AssignmentReturned.NAME: _returned,
    routing.ReturnRefused.NAME: _return_refused,
    routing.AssignmentReleased.NAME: _released,
    routing.AppealDecided.NAME: _appeal_decided,
    routing.CycleOpened.NAME: _cycle_opened,
}
"""Fact → what it calls for."""
