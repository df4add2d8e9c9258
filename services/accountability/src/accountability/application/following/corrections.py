"""更正: a time that other services had recorded was another; what was judged by it is judged anew."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from accountability.application.following.assignments import on_handling
from accountability.application.following.reading import Effect, Handler, Reading
from accountability.domain.clock import CorrectClock
from accountability.domain.terms import ClockKind
from contracts.events import intake, routing


def _act_corrected(reading: Reading, it: routing.FactCorrected) -> Iterator[Effect]:
    """A report-in stopped C1, and the lead's C0; a conclusion let C5 stand still and stopped C13 and C8."""
    corrected = _corrected(reading, it.correction_id, it.old_at, it.new_at, it.by, it.approved_by)
    if it.fact == "report-in":
        yield reading.on(ClockKind.C1, corrected, it.assignment_id)
        if it.part == "lead":
            yield reading.on(ClockKind.C0, corrected)
        return
    yield from on_handling(reading, corrected, it.cycle)
    yield reading.on(ClockKind.C13, corrected, it.assignment_id)
    yield reading.on(ClockKind.C8, corrected, cycle=it.cycle)


def _step_corrected(reading: Reading, it: intake.FactCorrected) -> Iterator[Effect]:
    corrected = _corrected(reading, it.correction_id, it.old_at, it.new_at, it.by, it.approved_by)
    yield reading.on(ClockKind.C3 if it.fact == "response" else ClockKind.C4, corrected)


def _corrected(
    reading: Reading, correction: str, old_at: datetime, new_at: datetime, by: str, approved_by: str
) -> CorrectClock:
    """The reason in words stays with the service that owns the fact."""
    reason = f"correction/{correction}"
    return CorrectClock(reading.at, old_at, new_at, reason, by, approved_by, reading.book)


HANDLERS: Final[Mapping[str, Handler]] = {
    routing.FactCorrected.NAME: _act_corrected,
    intake.FactCorrected.NAME: _step_corrected,
}
"""Fact → what it calls for."""
