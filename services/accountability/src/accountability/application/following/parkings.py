"""挂账的时限: handling and rework stand still, review and sunset run."""

from collections.abc import Iterator

from accountability.application.following.assignments import on_handling
from accountability.application.following.reading import Effect, Reading
from accountability.domain.clock import Command, PauseClock, ResumeClock, StartClock, StopClock, VoidClock
from accountability.domain.clock.schedules import start
from accountability.domain.moments import DAY, day_of, end_of
from accountability.domain.parking import Parking
from accountability.domain.terms import ClockKind, Profile
from contracts.events import routing


def parked(reading: Reading, it: routing.DispatchParked, parking: Parking) -> Iterator[Effect]:
    """As of the approval: what is due stands still, and somebody looks at the plan every 30 days."""
    yield from _on_work(reading, PauseClock(it.at, "parked"), it.cycle)
    applied = parking.applied
    if applied is None:
        return
    limit = reading.book.policies.in_force(ClockKind.C16, it.at, it.township).terms.limit(Profile.ORDINARY)
    days = min((applied.sunset - day_of(it.at)) // DAY, limit.amount)
    yield reading.on(
        ClockKind.C16,
        StartClock(
            kind=ClockKind.C16,
            case_id=reading.case,
            subject=reading.case,
            unit=it.unit,
            cycle=it.number,
            at=it.at,
            rulebook=reading.book,
            scope=it.township,
            amount=days,
        ),
        cycle=it.number,
    )
    yield from review(reading, parking, parking.first_round, it.unit)


def review(reading: Reading, parking: Parking, round_: int, unit: str) -> Iterator[Effect]:
    """The review that comes next, C9; none where the parking ends no later."""
    applied, begun = parking.applied, parking.approved_at
    if applied is None or begun is None:
        return
    since = begun if round_ == parking.first_round else reading.at
    effect = reading.start(ClockKind.C9, unit, cycle=round_, scope=applied.township, at=since)
    assert isinstance(effect.command, StartClock)
    _, _, schedule = start(effect.command, silent=False)
    if schedule.deadline.due < end_of(applied.sunset):
        yield effect


def unparked(reading: Reading, it: routing.DispatchUnparked, parking: Parking) -> Iterator[Effect]:
    """As of its end: what stood still goes on, no review is awaited any more."""
    yield from _on_work(reading, ResumeClock(it.at, reading.book), it.cycle)
    yield reading.on(ClockKind.C16, StopClock(it.at, "unparked"), cycle=it.number)
    for round_ in range(parking.first_round, parking.round + 1):
        yield reading.on(ClockKind.C9, VoidClock(it.at, "unparked"), cycle=round_)


def _on_work(reading: Reading, command: Command, cycle: int) -> Iterator[Effect]:
    yield from on_handling(reading, command, cycle)
    if cycle > 1:
        yield reading.on(ClockKind.C8, command, cycle=cycle)
