"""工作日: the decree list against two independent packages, and what nobody has decreed yet."""

from datetime import date, datetime, timedelta

import chinese_calendar  # type: ignore[import-untyped]  # the package has no types
import holidays
import pytest

from accountability.domain.calendar import (
    Calendar,
    DayKind,
    SourceDocument,
    SpecialDay,
    SpecialKind,
    WorkingHours,
    YearPlan,
)
from accountability.domain.refusals import Refused
from tests.domain.accountability.stories import at, calendar, decreed, plain, until

FIRST, LAST = date(2006, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
ORDER = SourceDocument("南乐县人民政府通知")


def through_2026() -> Calendar:
    """The decree list as if 2027 moved no day of 2026, so that every day of 2026 is known."""
    return Calendar.of((*decreed(), plain(2027)))


def with_special(day: date, kind: SpecialKind) -> Calendar:
    """The decree list with one special day."""
    last = decreed()[-1]
    special = SpecialDay(day, kind, "暴雨", ORDER)
    return Calendar.of(
        (*decreed(), YearPlan(2026, 2, last.holidays, last.make_up_days, last.source, (special,)))
    )


def test_equals_the_package_holidays_on_every_day_from_2006_to_2026() -> None:
    china = holidays.country_holidays("CN", years=range(2005, 2028))
    ours = through_2026()
    assert [day for day in EVERY_DAY if ours.is_working_day(day) is not china.is_working_day(day)] == []
    assert len(EVERY_DAY) == 7670


def test_equals_the_package_chinesecalendar_on_every_day_from_2006_to_2026() -> None:
    ours = through_2026()
    assert [
        day for day in EVERY_DAY if ours.is_working_day(day) is not bool(chinese_calendar.is_workday(day))
    ] == []


def test_knows_a_source_with_title_and_number_for_every_year() -> None:
    assert {plan.year for plan in decreed()} == set(range(2006, 2027))
    assert all(plan.source.title and plan.source.number for plan in decreed())


@pytest.mark.parametrize(("year", "versions"), [(2015, 2), (2019, 2), (2020, 2), (2026, 1)])
def test_keeps_what_was_decreed_first_and_what_changed_it(year: int, versions: int) -> None:
    assert len([plan for plan in decreed() if plan.year == year]) == versions


def test_reads_the_spring_festival_of_2020_as_it_was_before_its_extension() -> None:
    assert calendar().is_working_day(date(2020, 1, 31)) is False
    assert calendar().pinned("2020.1").is_working_day(date(2020, 1, 31)) is True


def test_refuses_to_read_a_version_that_never_was() -> None:
    with pytest.raises(Refused) as refusal:
        calendar().pinned("2020.7")
    assert (refusal.value.slug, refusal.value.params) == ("unknown-calendar-version", {"version": "2020.7"})


def test_is_covered_until_the_day_before_christmas_of_the_last_published_year() -> None:
    assert calendar().covered_until == date(2026, 12, 24)
    assert until(2011).covered_until == date(2011, 12, 24)
    assert Calendar.of(()).covered_until is None


def test_is_covered_only_through_an_unbroken_run_of_years() -> None:
    assert Calendar.of((*decreed(), plain(2028))).covered_until == date(2026, 12, 24)


def test_never_guesses_a_day_nobody_has_decreed() -> None:
    assert calendar().is_working_day(date(2026, 12, 24)) is True
    assert calendar().is_working_day(date(2026, 12, 25)) is None
    assert calendar().is_working_day(date(2027, 3, 1)) is None
    assert calendar().is_working_day(date(2005, 12, 30)) is None


@pytest.mark.parametrize("day", ["2027-01-01", "2027-05-01", "2027-05-02", "2027-10-01", "2027-10-03"])
def test_knows_days_off_that_the_regulation_fixes_by_date(day: str) -> None:
    assert calendar().day(date.fromisoformat(day)).kind is DayKind.OFF


def test_takes_the_last_week_from_the_next_decree_when_it_comes() -> None:
    before, since = until(2018), until(2019)
    assert before.is_working_day(date(2018, 12, 31)) is None
    assert since.is_working_day(date(2018, 12, 31)) is False
    assert since.is_working_day(date(2018, 12, 29)) is True


def test_closes_the_offices_in_an_emergency_and_opens_them_for_half_a_day() -> None:
    hours = WorkingHours()
    friday = date(2026, 8, 7)
    closed = with_special(friday, SpecialKind.CLOSED)
    morning = with_special(friday, SpecialKind.MORNING_ONLY)
    afternoon = with_special(friday, SpecialKind.AFTERNOON_ONLY)
    assert closed.is_working_day(friday) is False
    assert morning.is_working_day(friday) is True
    assert closed.next_opening(at("2026-08-07 09:00"), hours).at == at("2026-08-10 08:30")
    assert morning.next_opening(at("2026-08-07 13:00"), hours).at == at("2026-08-10 08:30")
    assert afternoon.next_opening(at("2026-08-07 09:00"), hours).at == at("2026-08-07 14:00")


def test_adds_local_days_on_and_off() -> None:
    saturday = date(2026, 8, 8)
    assert with_special(saturday, SpecialKind.LOCAL_WORKING_DAY).is_working_day(saturday) is True
    monday = date(2026, 8, 10)
    assert with_special(monday, SpecialKind.LOCAL_HOLIDAY).is_working_day(monday) is False


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-02 08:29", "2026-03-02 08:30"),
        ("2026-03-02 08:30", "2026-03-02 08:30"),
        ("2026-03-02 10:15", "2026-03-02 10:15"),
        ("2026-03-02 12:00", "2026-03-02 14:00"),
        ("2026-03-02 17:29:59", "2026-03-02 17:29:59"),
        ("2026-03-02 17:30", "2026-03-03 08:30"),
        ("2026-03-06 22:00", "2026-03-09 08:30"),
        ("2026-02-13 22:00", "2026-02-14 08:30"),
        ("2026-02-14 18:00", "2026-02-24 08:30"),
        ("2026-09-30 20:00", "2026-10-08 08:30"),
    ],
)
def test_opens_next_when_the_next_shift_begins(moment: str, opens: str) -> None:
    opening = calendar().next_opening(at(moment))
    assert (opening.at, opening.provisional) == (at(opens), False)


def test_opens_provisionally_where_days_are_undecreed() -> None:
    opening = calendar().next_opening(at("2026-12-31 18:00"))
    assert (opening.at, opening.provisional) == (at("2027-01-04 08:30"), True)


def test_refuses_a_time_without_zone() -> None:
    with pytest.raises(Refused) as refusal:
        calendar().next_opening(datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001
    assert refusal.value.slug == "time-without-zone"
