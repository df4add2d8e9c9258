"""时限计算: the worked examples, the edges other systems have stumbled over, and undecreed days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accountability.domain.calendar import Bound, Calendar, DayKind, WorkingHours
from accountability.domain.moments import DAY, closing_day, day_of, end_of, shown
from accountability.domain.terms import calendar_days, seconds, working_days, working_hours
from accountability.domain.working_time import Deadline, Limit, Pause, deadline, worked_seconds
from tests.domain.accountability.stories import at, calendar, until, with_year

HOURS = WorkingHours()


def due(limit: Limit, start: str, *pauses: tuple[str, str], on_calendar: Calendar | None = None) -> Deadline:
    """The deadline of a limit from a start, over pauses."""
    stood = [Pause(at(begin), at(end)) for begin, end in pauses]
    return deadline(limit, at(start), on_calendar or calendar(), HOURS, stood)


def monday_to_friday(start: date, days: int) -> date:
    """What a calendar without decrees would say."""
    while days:
        start += DAY
        days -= start.weekday() < 5
    return start


WORKED = [
    ("2026-02-13", "02-25", "03-02", "02-18"),
    ("2026-02-15", "02-26", "03-03", "02-18"),
    ("2026-04-30", "05-08", "05-13", "05-05"),
    ("2026-05-08", "05-12", "05-18", "05-13"),
    ("2026-09-18", "09-22", "09-29", "09-23"),
    ("2026-09-30", "10-10", "10-15", "10-05"),
]


@pytest.mark.parametrize("clock_time", ["00:00", "10:00", "17:30", "23:59:59"])
@pytest.mark.parametrize(("start", "three", "seven", "naive"), WORKED)
def test_ends_as_the_worked_examples_say(
    start: str, three: str, seven: str, naive: str, clock_time: str
) -> None:
    assert shown(due(working_days(3), f"{start} {clock_time}").due) == f"2026-{three} 24:00"
    assert shown(due(working_days(7), f"{start} {clock_time}").due) == f"2026-{seven} 24:00"
    assert monday_to_friday(date.fromisoformat(start), 3) == date.fromisoformat(f"2026-{naive}")
    assert naive != three, "counting Monday to Friday would give another day"


@pytest.mark.parametrize(("days", "earliest"), [(3, "2027-01-02"), (7, "2027-01-06")])
def test_is_provisional_after_the_last_decreed_year(days: int, earliest: str) -> None:
    found = due(working_days(days), "2026-12-29 10:00")
    assert found.provisional
    assert shown(found.earliest) == f"{earliest} 24:00"
    assert found.due == found.latest > found.earliest
    assert monday_to_friday(date(2026, 12, 29), 3) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("start", "days", "provisional"),
    [("2026-12-21", 3, False), ("2026-12-22", 3, True), ("2026-12-24", 1, True), ("2027-02-01", 3, True)],
)
def test_is_provisional_from_christmas_of_the_last_published_year_on(
    start: str, days: int, provisional: bool
) -> None:
    assert due(working_days(days), f"{start} 10:00").provisional is provisional


def test_is_provisional_before_the_first_decreed_year() -> None:
    assert due(working_days(3), "2005-11-10 10:00").provisional


def test_is_definite_as_soon_as_the_year_is_published() -> None:
    found = due(working_days(3), "2026-12-29 10:00", on_calendar=with_year(2027))
    assert (shown(found.due), found.provisional) == ("2027-01-04 24:00", False)


def test_never_rests_on_the_working_calendar_when_it_counts_plain_time() -> None:
    assert not due(seconds(24), "2026-12-31 10:00").provisional
    assert not due(calendar_days(30), "2026-12-20 10:00").provisional
    assert due(working_hours(4), "2026-12-31 10:00").provisional


@pytest.mark.parametrize("days", [1, 3, 10, 20])
@pytest.mark.parametrize("last_year", [2012, 2019, 2025])
def test_bounds_what_the_next_decree_really_brought(last_year: int, days: int) -> None:
    """A holiday list that ran out: from every day of the next year the truth lay between the bounds."""
    blind = until(last_year)
    day = date(last_year, 12, 20)
    while day < date(last_year + 1, 12, 1):
        start = end_of(day) - timedelta(hours=14)
        truth = deadline(working_days(days), start, calendar(), HOURS)
        bounds = deadline(working_days(days), start, blind, HOURS)
        assert bounds.earliest <= truth.due <= bounds.latest, day
        assert blind.day(closing_day(bounds.latest)).kind is not DayKind.OFF
        day += DAY


@pytest.mark.parametrize("days", [1, 3, 7, 10, 20])
def test_is_never_later_than_the_bound_for_any_day_ever_decreed(days: int) -> None:
    """The slack of two weeks over a Monday-to-Friday count holds for every start from 2006 to 2026."""
    nothing = Calendar.of(())
    for number in range((date(2026, 11, 1) - date(2006, 1, 1)).days):
        day = date(2006, 1, 1) + number * DAY
        latest = end_of(monday_to_friday(day, days)) + timedelta(days=14)
        assert end_of(calendar().working_day_after(day, days)) <= latest, day
    assert deadline(working_days(days), at("2015-03-02 10:00"), nothing, HOURS).provisional


def test_starts_on_a_non_working_day() -> None:
    assert shown(due(working_days(1), "2026-03-07 10:00").due) == "2026-03-09 24:00"
    assert shown(due(working_hours(1), "2026-03-07 10:00").due) == "2026-03-09 09:30"


def test_starts_exactly_at_close() -> None:
    assert shown(due(working_hours(4), "2026-03-02 17:30").due) == "2026-03-03 14:30"
    assert shown(due(working_hours(4), "2026-03-02 12:00").due) == "2026-03-03 09:00"


def test_ends_exactly_at_close_and_not_at_the_next_opening() -> None:
    assert shown(due(working_hours(7), "2026-03-02 08:30").due) == "2026-03-02 17:30"
    assert shown(due(working_hours(3.5), "2026-03-02 08:30").due) == "2026-03-02 12:00"


def test_counts_the_working_hours_of_a_make_up_saturday() -> None:
    assert shown(due(working_hours(4), "2026-05-08 17:00").due) == "2026-05-09 12:00"


def test_loses_no_minute_at_midnight() -> None:
    assert shown(due(seconds(24), "2026-03-02 00:00").due) == "2026-03-02 24:00"
    assert due(seconds(24), "2026-03-02 23:59:59").due == at("2026-03-03 23:59:59")
    assert due(working_days(1), "2026-03-02 00:00").due == at("2026-03-03 24:00")
    assert at("2026-03-03 24:00") == at("2026-03-04 00:00")


def test_shows_a_deadline_at_midnight_as_24_00_of_its_day() -> None:
    """A level computed as 00:00: the day a deadline belongs to is the one that ends with it."""
    found = due(working_days(3), "2026-03-02 10:00").due
    assert shown(found) == "2026-03-05 24:00"
    assert closing_day(found) == date(2026, 3, 5)
    assert shown(at("2026-03-05 15:20")) == "2026-03-05 15:20"
    assert shown(at("2026-03-05 15:20:07")) == "2026-03-05 15:20:07"


@pytest.mark.parametrize(
    ("utc", "ends"),
    [
        (datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC), "2026-03-05"),
        (datetime(2026, 3, 2, 16, 0, 0, tzinfo=UTC), "2026-03-06"),
        (datetime(2026, 3, 3, 0, 30, tzinfo=UTC), "2026-03-06"),
    ],
)
def test_counts_days_of_shanghai_and_not_of_utc(utc: datetime, ends: str) -> None:
    assert shown(deadline(working_days(3), utc, calendar(), HOURS).due) == f"{ends} 24:00"
    assert day_of(datetime(2026, 3, 2, 16, 0, tzinfo=UTC)) == date(2026, 3, 3)


def test_pauses_across_a_holiday_and_a_make_up_saturday() -> None:
    """Two days counted, the third to come: 30 September stands still, and Saturday 10 October is worked."""
    limit = working_days(3)
    assert shown(due(limit, "2026-09-27 10:00").due) == "2026-09-30 24:00"
    paused = ("2026-09-30 10:00", "2026-10-09 23:00")
    assert shown(due(limit, "2026-09-27 10:00", paused).due) == "2026-10-09 24:00"
    paused = ("2026-09-30 10:00", "2026-10-10 09:00")
    assert shown(due(limit, "2026-09-27 10:00", paused).due) == "2026-10-10 24:00"


def test_counts_a_day_that_was_paused_only_until_evening() -> None:
    paused = ("2026-03-03 09:00", "2026-03-03 23:59:59")
    assert shown(due(working_days(1), "2026-03-02 10:00", paused).due) == "2026-03-03 24:00"


@pytest.mark.parametrize(
    "paused",
    [("2026-03-03 24:00", "2026-03-04 12:00"), ("2026-03-03 12:00", "2026-03-03 24:00")],
)
def test_leaves_a_day_uncounted_when_a_pause_touches_its_last_second(paused: tuple[str, str]) -> None:
    assert shown(due(working_days(1), "2026-03-02 10:00", paused).due) == "2026-03-04 24:00"


def test_keeps_remaining_seconds_over_a_pause() -> None:
    paused = ("2026-03-02 12:00", "2026-03-05 09:00:30")
    assert due(seconds(24), "2026-03-02 10:00", paused).due == at("2026-03-06 07:00:30")


def test_keeps_remaining_working_seconds_over_a_pause() -> None:
    paused = ("2026-03-02 11:00", "2026-03-03 13:00")
    assert due(working_hours(4), "2026-03-02 10:00", paused).due == at("2026-03-03 17:00")


def test_leaves_the_second_of_the_end_of_a_pause_when_nothing_remains() -> None:
    paused = ("2026-03-03 10:00", "2026-03-05 09:00")
    assert due(seconds(24), "2026-03-02 10:00", paused).due == at("2026-03-05 09:00")
    paused = ("2026-03-02 12:00", "2026-03-05 09:00")
    assert due(working_hours(2), "2026-03-02 10:00", paused).due == at("2026-03-05 09:00")


def test_ignores_a_pause_that_begins_after_the_end() -> None:
    paused = ("2026-03-03 10:00:01", "2026-03-05 09:00")
    assert due(seconds(24), "2026-03-02 10:00", paused).due == at("2026-03-03 10:00")


def test_never_passes_its_cap() -> None:
    capped = deadline(working_hours(8), at("2026-03-06 10:00"), calendar(), HOURS, (), at("2026-03-07 10:00"))
    assert (capped.due, capped.provisional) == (at("2026-03-07 10:00"), False)
    free = deadline(working_hours(8), at("2026-03-02 10:00"), calendar(), HOURS, (), at("2026-03-04 10:00"))
    assert free.due == at("2026-03-03 11:00")


def test_forgets_fractions_of_a_second() -> None:
    started = at("2026-03-02 10:00") + timedelta(microseconds=999_999)
    assert deadline(seconds(24), started, calendar(), HOURS).due == at("2026-03-03 10:00")


def test_counts_calendar_days_to_24_00() -> None:
    assert shown(due(calendar_days(30), "2026-02-01 10:00").due) == "2026-03-03 24:00"


def test_measures_working_seconds_between_two_moments() -> None:
    assert worked_seconds(at("2026-03-06 17:00"), at("2026-03-09 08:45"), calendar(), HOURS) == 45 * 60
    assert worked_seconds(at("2026-03-09 08:45"), at("2026-03-06 17:00"), calendar(), HOURS) == 0


def test_reads_undecreed_days_by_the_bound_it_is_asked_for() -> None:
    saturday = date(2027, 3, 6)
    assert calendar().counts(saturday, Bound.EARLIEST)
    assert not calendar().counts(saturday, Bound.LIKELY)
    assert not calendar().counts(date(2027, 1, 1), Bound.EARLIEST)
