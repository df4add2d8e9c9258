"""补录: the clocks of a whistle recorded after the fact; they are judged, and never run."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from accountability.application.following.assignments import profile_of
from accountability.application.following.reading import OFFICE, Effect, Handler, Reading
from accountability.domain.clock import RecordClock, StartClock
from accountability.domain.terms import ClockKind, Profile
from contracts.events import routing


def _recorded(reading: Reading, it: routing.DispatchRecorded) -> Iterator[Effect]:
    """A time that paper does not tell is nobody's breach: its clock is not judged at all."""
    lead, place = it.assignments[0], it.township
    profile = profile_of(it.emergency, it.complex)
    promised = Profile.EMERGENCY if it.emergency else Profile.ORDINARY
    yield from _judged(
        reading, ClockKind.C0, OFFICE, _promised_from(reading, it), lead.reported_in_at, promised, place
    )
    for each in it.assignments:
        yield from _judged(
            reading,
            ClockKind.C1,
            each.unit,
            it.dispatched_at,
            each.reported_in_at,
            profile,
            place,
            each.assignment_id,
        )
    spoke = it.feedback_at or it.concluded_at
    yield from _judged(
        reading, ClockKind.C13, lead.unit, it.dispatched_at, spoke, profile, place, lead.assignment_id
    )
    # Handling stands still while the township confirms, so it is judged by the conclusion.
    yield from _judged(reading, ClockKind.C5, lead.unit, it.dispatched_at, it.concluded_at, profile, place)
    yield from _judged(reading, ClockKind.C7, place, it.concluded_at, it.closed_at, Profile.ORDINARY, place)


def _promised_from(reading: Reading, it: routing.DispatchRecorded) -> datetime:
    """An emergency from its raising; else from the signature, or the opening hour it was held until."""
    if it.emergency:
        return min(it.signed_at, it.dispatched_at)
    hours = reading.book.policies.in_force(ClockKind.C1, it.signed_at).terms.hours
    opening = reading.book.calendar.next_opening(it.signed_at, hours).at
    return opening if it.signed_at < opening <= it.dispatched_at else it.signed_at


def _judged(
    reading: Reading,
    kind: ClockKind,
    unit: str,
    begun: datetime,
    done: datetime | None,
    profile: Profile,
    scope: str,
    subject: str = "",
) -> Iterator[Effect]:
    if done is None:
        return
    started = reading.start(kind, unit, subject=subject, profile=profile, scope=scope, at=begun)
    assert isinstance(started.command, StartClock)
    yield reading.on(kind, RecordClock(started.command, done), subject)


HANDLERS: Final[Mapping[str, Handler]] = {routing.DispatchRecorded.NAME: _recorded}
"""Fact → what it calls for."""
