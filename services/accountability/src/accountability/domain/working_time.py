"""时限计算: when a limit ends, counted piece by piece so that every piece can be shown.

Working days: the day of the start is not counted; a working day counts if it lies after the start day and the
clock is unpaused at its 24:00; the deadline is 24:00 of the last counted day. A pause that begins or ends in
the very second of 24:00 leaves that day uncounted, in favour of whoever has to answer.
Hours and seconds: what remains is kept over a pause.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from accountability.domain.calendar import SLACK, Bound, Calendar, DayKind, WorkingHours
from accountability.domain.moments import DAY, SECOND, closing_day, day_of, end_of, instant


class Unit(StrEnum):
    """What a limit counts; working days and working seconds are different units."""

    SECONDS = "seconds"
    WORKING_SECONDS = "working-seconds"
    WORKING_DAYS = "working-days"
    CALENDAR_DAYS = "calendar-days"

    @property
    def needs_calendar(self) -> bool:
        """Whether the working calendar decides the deadline."""
        return self in (Unit.WORKING_DAYS, Unit.WORKING_SECONDS)

    @property
    def counts_days(self) -> bool:
        """Whether whole days are counted."""
        return self in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long: ``amount`` is a number of days or of seconds."""

    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A finished pause, from ``begin`` to ``end``."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a clock falls due.

    ``due`` is the instant after whose second a breach is stated. A provisional deadline rests on undecreed
    days: ``due`` is then ``latest``, done by ``earliest`` is in time, and nothing between them is judged.
    """

    due: datetime
    earliest: datetime
    latest: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time with what it adds to the count (days or seconds) and why."""

    begin: datetime
    end: datetime
    counted: int
    reason: str
    note: str = ""


def deadline(
    limit: Limit,
    started_at: datetime,
    calendar: Calendar,
    hours: WorkingHours,
    pauses: Sequence[Pause] = (),
    cap: datetime | None = None,
) -> Deadline:
    """The deadline of a limit begun at ``started_at``, standing still in ``pauses``, never after ``cap``."""
    earliest = _end(limit, started_at, calendar, hours, pauses, Bound.EARLIEST)
    first = day_of(started_at) + DAY if limit.unit.counts_days else day_of(started_at)
    latest = earliest
    if limit.unit.needs_calendar and _undecreed(calendar, first, closing_day(earliest)):
        latest = _end(limit, started_at, calendar, hours, pauses, Bound.LIKELY) + SLACK
        while calendar.day(closing_day(latest)).kind is DayKind.OFF:
            latest += DAY
    if cap is not None:
        earliest, latest = min(earliest, instant(cap)), min(latest, instant(cap))
    return Deadline(latest, earliest, latest, provisional=earliest != latest)


def stretches(
    limit: Limit,
    started_at: datetime,
    calendar: Calendar,
    hours: WorkingHours,
    pauses: Sequence[Pause] = (),
    bound: Bound = Bound.EARLIEST,
) -> Iterator[Stretch]:
    """Every counted and skipped piece from the start on, without gaps; the last one ends at the deadline."""
    start = instant(started_at)
    stopped = [each for each in pauses if each.begin < each.end]
    walk = _days if limit.unit.counts_days else _seconds
    return walk(limit, start, calendar, hours, stopped, bound)


def worked_seconds(begin: datetime, end: datetime, calendar: Calendar, hours: WorkingHours) -> int:
    """Working seconds between two moments; undecreed days are read Monday to Friday."""
    total, day = timedelta(0), day_of(begin)
    first, last = instant(begin), instant(end)
    while day <= day_of(end):
        for opens, closes in calendar.shifts(day, hours, Bound.LIKELY):
            total += max(min(closes, last) - max(opens, first), timedelta(0))
        day += DAY
    return int(total / SECOND)


def _end(
    limit: Limit,
    started_at: datetime,
    calendar: Calendar,
    hours: WorkingHours,
    pauses: Sequence[Pause],
    bound: Bound,
) -> datetime:
    end = instant(started_at)
    for stretch in stretches(limit, started_at, calendar, hours, pauses, bound):
        end = stretch.end
    return end


def _undecreed(calendar: Calendar, first: date, last: date) -> bool:
    return any(
        calendar.day(first + n * DAY).kind is DayKind.UNDECREED for n in range((last - first).days + 1)
    )


def _days(
    limit: Limit, start: datetime, calendar: Calendar, _: WorkingHours, pauses: Sequence[Pause], bound: Bound
) -> Iterator[Stretch]:
    day = day_of(start)
    yield Stretch(start, end_of(day), 0, "start-day")
    left = limit.amount
    while left:
        begin = end_of(day)
        day += DAY
        end = end_of(day)
        known = calendar.day(day)
        if limit.unit is Unit.WORKING_DAYS and not calendar.counts(day, bound):
            yield Stretch(begin, end, 0, known.reason, known.note)
        elif any(pause.begin <= end <= pause.end for pause in pauses):
            yield Stretch(begin, end, 0, "paused")
        else:
            left -= 1
            reason = known.reason if limit.unit is Unit.WORKING_DAYS else "calendar-day"
            yield Stretch(begin, end, 1, reason, known.note if limit.unit is Unit.WORKING_DAYS else "")


def _seconds(
    limit: Limit,
    start: datetime,
    calendar: Calendar,
    hours: WorkingHours,
    pauses: Sequence[Pause],
    bound: Bound,
) -> Iterator[Stretch]:
    left = timedelta(seconds=limit.amount)
    pieces = (
        _day_pieces(start, calendar, hours, bound) if limit.unit is Unit.WORKING_SECONDS else _endless(start)
    )
    for piece in pieces:
        for part in _around(piece, pauses):
            if not part.counted:
                yield part
                continue
            run = min(part.end - part.begin, left)
            left -= run
            yield Stretch(part.begin, part.begin + run, int(run / SECOND), part.reason, part.note)
            if not left:
                reached = part.begin + run
                for pause in pauses:
                    if pause.begin == reached:
                        yield Stretch(pause.begin, pause.end, 0, "paused")
                return


def _endless(start: datetime) -> Iterator[Stretch]:
    while True:
        yield Stretch(start, start + 36500 * DAY, 1, "running")
        start += 36500 * DAY


def _day_pieces(start: datetime, calendar: Calendar, hours: WorkingHours, bound: Bound) -> Iterator[Stretch]:
    day, at = day_of(start), start
    while True:
        known = calendar.day(day)
        shifts = calendar.shifts(day, hours, bound)
        idle = ("outside-hours", "") if shifts else (known.reason, known.note)
        for opens, closes in shifts:
            if at < opens:
                yield Stretch(at, opens, 0, *idle)
            if at < closes:
                yield Stretch(max(at, opens), closes, 1, known.reason, known.note)
                at = closes
        if at < end_of(day):
            yield Stretch(at, end_of(day), 0, *idle)
        at = end_of(day)
        day += DAY


def _around(piece: Stretch, pauses: Sequence[Pause]) -> Iterator[Stretch]:
    at = piece.begin
    for pause in sorted(pauses, key=lambda each: each.begin):
        if pause.end <= at or pause.begin >= piece.end:
            continue
        if at < pause.begin:
            yield Stretch(at, pause.begin, piece.counted, piece.reason, piece.note)
        begin, at = max(at, pause.begin), min(pause.end, piece.end)
        yield Stretch(begin, at, 0, "paused")
    if at < piece.end:
        yield Stretch(at, piece.end, piece.counted, piece.reason, piece.note)
