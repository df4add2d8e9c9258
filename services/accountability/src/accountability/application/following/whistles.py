"""哨单: its clocks from raising to closing."""

from collections.abc import Iterator, Mapping
from typing import Final

from accountability.application.following.assignments import (
    OF_AN_ASSIGNMENT,
    assigned,
    lead_of,
    led_by,
    made_complex,
    new_lead,
    on_handling,
    profile_of,
)
from accountability.application.following.reading import OFFICE, Effect, Handler, Reading
from accountability.domain.clock import PauseClock, ResumeClock, StopClock, VoidClock
from accountability.domain.terms import ClockKind, Profile
from contracts.events import intake, routing


def _raised(reading: Reading, it: intake.WhistleRaised) -> Iterator[Effect]:
    if it.emergency:
        yield reading.start(ClockKind.C0, OFFICE, profile=Profile.EMERGENCY, scope=it.township)
        yield reading.start(ClockKind.C14, it.township, profile=Profile.EMERGENCY, scope=it.township)


def _signed(reading: Reading, it: intake.WhistleSigned) -> Iterator[Effect]:
    if it.emergency:
        yield reading.stop(ClockKind.C14)
    elif it.dispatch_at is None:
        yield reading.start(ClockKind.C0, OFFICE, scope=it.township)


def _issued(reading: Reading, it: routing.DispatchIssued) -> Iterator[Effect]:
    profile = profile_of(it.emergency, it.complex)
    if it.scheduled:
        yield reading.start(ClockKind.C0, OFFICE, profile=profile, scope=it.township)
    yield from assigned(reading, it.assignments, profile, it.cycle, it.township)
    lead = lead_of(it.assignments)
    if lead is not None:
        yield reading.start(ClockKind.C5, lead.unit, profile=profile, scope=it.township)
    if it.provisional:
        yield reading.start(ClockKind.C6, OFFICE, profile=profile, scope=it.township)


def _corrected(reading: Reading, it: routing.DispatchCorrected) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C6)
    for each in it.voided:
        void = VoidClock(reading.at, "dispatch-corrected")
        for kind in OF_AN_ASSIGNMENT:
            yield reading.on(kind, void, each.assignment_id)
    profile = profile_of(it.emergency, it.complex)
    yield from made_complex(reading, it.complex and not it.emergency)
    yield from led_by(reading, lead_of((*it.issued, *it.changed)), it.cycle)
    yield from assigned(reading, it.issued, profile, it.cycle, it.township or "")
    for each in it.changed:
        if each.part == "lead":
            yield from new_lead(reading, each, profile, it.cycle, it.township or "")
        else:
            yield reading.on(ClockKind.C13, VoidClock(reading.at, "dispatch-corrected"), each.assignment_id)


def _reported_in(reading: Reading, it: routing.DepartmentReportedIn) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C1, it.assignment_id)
    yield reading.stop(ClockKind.C10, it.assignment_id)
    if it.part == "lead":
        yield reading.stop(ClockKind.C0)


def _concluded(reading: Reading, it: routing.LeadConcluded) -> Iterator[Effect]:
    yield from on_handling(reading, PauseClock(reading.at, "awaiting-confirmation"), it.cycle)
    yield reading.stop(ClockKind.C13, it.assignment_id)
    yield reading.stop(ClockKind.C8, cycle=it.cycle)
    yield reading.start(ClockKind.C7, it.township, cycle=it.cycle, scope=it.township)


def _reopened(reading: Reading, it: routing.DispatchReopened) -> Iterator[Effect]:
    lead = lead_of(it.assignments)
    if lead is not None:
        yield reading.start(ClockKind.C8, lead.unit, cycle=it.cycle, scope=it.township or "")


def _confirmed(reading: Reading, it: routing.DispatchConfirmed) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C6)
    yield from made_complex(reading, it.complex)


def _feedback_given(reading: Reading, it: routing.FeedbackGiven) -> Iterator[Effect]:
    if it.part == "lead":
        yield reading.stop(ClockKind.C13, it.assignment_id)


def _closed(reading: Reading, it: intake.WhistleClosed) -> Iterator[Effect]:
    yield from on_handling(reading, StopClock(reading.at), it.cycle)
    yield reading.stop(ClockKind.C7, cycle=it.cycle)


def _reworked(reading: Reading, it: intake.WhistleReworked) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C7, cycle=it.cycle - 1)
    resumed = ResumeClock(reading.at, reading.book, figures_only=True)
    yield from on_handling(reading, resumed, it.cycle)


HANDLERS: Final[Mapping[str, Handler]] = {
    intake.WhistleRaised.NAME: _raised,
    intake.WhistleSigned.NAME: _signed,
    routing.DispatchIssued.NAME: _issued,
    routing.DispatchConfirmed.NAME: _confirmed,
    routing.DispatchCorrected.NAME: _corrected,
    routing.DepartmentReportedIn.NAME: _reported_in,
    routing.FeedbackGiven.NAME: _feedback_given,
    routing.LeadConcluded.NAME: _concluded,
    intake.WhistleClosed.NAME: _closed,
    intake.WhistleReworked.NAME: _reworked,
    routing.DispatchReopened.NAME: _reopened,
}
"""Fact → what it calls for."""
