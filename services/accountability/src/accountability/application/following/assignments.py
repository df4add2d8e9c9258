"""派单的时限: what starts and moves with a department's part."""

from collections.abc import Iterator, Sequence
from typing import Final

from accountability.application.following.reading import Effect, Reading
from accountability.domain.clock import Command, Recompute, StartClock
from accountability.domain.clock.schedules import start
from accountability.domain.terms import ClockKind, Profile
from contracts.events import routing

OF_AN_ASSIGNMENT: Final = (ClockKind.C1, ClockKind.C10, ClockKind.C13, ClockKind.C15)
"""The clocks that end with their assignment."""


def assigned(
    reading: Reading,
    assignments: Sequence[routing.Assigned],
    profile: Profile,
    cycle: int,
    scope: str = "",
    *,
    with_first_feedback: bool = True,
) -> Iterator[Effect]:
    """C1 and C10 of each part, never the window past the report-in, and C13 of the lead."""
    for each in assignments:
        report_in = reading.start(
            ClockKind.C1, each.unit, subject=each.assignment_id, cycle=cycle, profile=profile, scope=scope
        )
        yield report_in
        assert isinstance(report_in.command, StartClock)
        _, _, schedule = start(report_in.command, silent=False)
        yield reading.start(
            ClockKind.C10,
            each.unit,
            subject=each.assignment_id,
            cycle=cycle,
            profile=profile,
            scope=scope,
            cap=schedule.deadline.due,
        )
        if each.part == "lead" and with_first_feedback:
            yield first_feedback(reading, each, profile, cycle, scope)


def first_feedback(
    reading: Reading, lead: routing.Assigned, profile: Profile, cycle: int, scope: str
) -> Effect:
    """C13 of a lead."""
    return reading.start(
        ClockKind.C13, lead.unit, subject=lead.assignment_id, cycle=cycle, profile=profile, scope=scope
    )


def new_lead(
    reading: Reading, lead: routing.Assigned, profile: Profile, cycle: int, scope: str
) -> Iterator[Effect]:
    """A department that had a part already leads now; the promise is kept if it has reported in."""
    yield first_feedback(reading, lead, profile, cycle, scope)
    if lead.reported_in:
        yield reading.stop(ClockKind.C0)


def led_by(reading: Reading, lead: routing.Assigned | None, cycle: int) -> Iterator[Effect]:
    """What is left of handling and rework is the new lead's time; a breach stays whose it was."""
    if lead is None:
        return
    handed_over = Recompute(reading.at, "lead", reading.book, unit=lead.unit)
    yield from on_handling(reading, handed_over, cycle)
    if cycle > 1:
        yield reading.on(ClockKind.C8, handed_over, cycle=cycle)


def on_handling(reading: Reading, command: Command, cycle: int) -> Iterator[Effect]:
    """C5 began in the first cycle, or in a later one after a granted appeal; an ended one is past."""
    for each in range(1, cycle + 1):
        yield reading.on(ClockKind.C5, command, cycle=each)


def made_complex(reading: Reading, is_complex: bool) -> Iterator[Effect]:
    """The dispatcher's word, with a reason, makes a matter complex; it never makes one simple again."""
    if is_complex:
        yield reading.on(
            ClockKind.C5, Recompute(reading.at, "profile", reading.book, profile=Profile.COMPLEX)
        )


def profile_of(emergency: bool, complex_: bool) -> Profile:
    """How urgent or complex a whistle is."""
    if emergency:
        return Profile.EMERGENCY
    return Profile.COMPLEX if complex_ else Profile.ORDINARY


def lead_of(assignments: Sequence[routing.Assigned]) -> routing.Assigned | None:
    """The lead among some parts, if it is there."""
    return next((each for each in assignments if each.part == "lead"), None)
