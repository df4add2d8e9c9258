"""来信: the two clocks of a letter to the office."""

from collections.abc import Iterator, Mapping
from typing import Final

from accountability.application.following.reading import OFFICE, Effect, Handler, Reading
from accountability.domain.clock import RecordClock, StartClock
from accountability.domain.terms import ClockKind
from contracts.events import intake


def _submitted(reading: Reading, _: intake.LetterSubmitted) -> Iterator[Effect]:
    yield reading.start(ClockKind.C3, OFFICE)
    yield reading.start(ClockKind.C4, OFFICE)


def _responded(reading: Reading, it: intake.LetterResponded) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C3)
    if it.final:
        yield reading.stop(ClockKind.C4)


def _ended(reading: Reading, _: object) -> Iterator[Effect]:
    yield reading.stop(ClockKind.C3)
    yield reading.stop(ClockKind.C4)


def _recorded(reading: Reading, it: intake.LetterRecorded) -> Iterator[Effect]:
    for kind, done in ((ClockKind.C3, it.responded_at), (ClockKind.C4, it.resolved_at)):
        started = reading.start(kind, OFFICE, at=it.submitted_at)
        assert isinstance(started.command, StartClock)
        yield reading.on(kind, RecordClock(started.command, done))


HANDLERS: Final[Mapping[str, Handler]] = {
    intake.LetterSubmitted.NAME: _submitted,
    intake.LetterResponded.NAME: _responded,
    intake.LetterResolved.NAME: _ended,
    intake.LetterNotAccepted.NAME: _ended,
    intake.LetterReferredUp.NAME: _ended,
    intake.LetterRecorded.NAME: _recorded,
}
"""Fact → what it calls for."""
