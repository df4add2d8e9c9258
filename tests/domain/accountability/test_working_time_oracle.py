"""时限计算 against a slow, obvious oracle: day by day and tick by tick over random calendars and pauses."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from accountability.domain.calendar import (
    Calendar,
    Holiday,
    SourceDocument,
    SpecialDay,
    SpecialKind,
    WorkingHours,
    YearPlan,
)
from accountability.domain.terms import calendar_days, seconds, working_days, working_hours
from accountability.domain.working_time import Limit, Pause, Unit, deadline, stretches
from tests.domain.accountability.stories import SHANGHAI, at, calendar

HOURS = WorkingHours()
BEGIN = at("2026-03-01 00:00")
SECOND = timedelta(seconds=1)
SHIFTS = ((time(8, 30), time(12)), (time(14), time(17, 30)))

first_days = st.integers(0, 20).map(lambda n: date(2026, 2, 25) + timedelta(days=n))
days_of_spring = st.integers(0, 80).map(lambda n: date(2026, 2, 25) + timedelta(days=n))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A published 2026 with any days off, any other weekend days worked, and what a county adds to it."""
    off = draw(st.sets(days_of_spring, max_size=25))
    worked = draw(st.sets(days_of_spring.filter(lambda day: day.weekday() >= 5), max_size=10)) - off
    source = SourceDocument("任意一年的安排")
    holidays = tuple(Holiday("假", day, day) for day in sorted(off))
    added = draw(st.dictionaries(first_days, st.sampled_from(SpecialKind), max_size=12))
    special = tuple(SpecialDay(day, kind, "县里安排", source) for day, kind in added.items())
    return Calendar.of((YearPlan(2026, 1, holidays, tuple(sorted(worked)), source, special),))


def moments(last_day: int, step: int = 1) -> st.SearchStrategy[datetime]:
    """Moments from 1 March on; often the edges of days and shifts."""
    edges = st.builds(
        lambda day, clock, off: BEGIN + timedelta(days=day, seconds=clock + off * step),
        st.integers(0, last_day),
        st.sampled_from([0, 8 * 3600 + 1800, 12 * 3600, 14 * 3600, 17 * 3600 + 1800, 86400 - step]),
        st.integers(-1, 1),
    )
    anywhere = st.integers(0, last_day * 86400 // step).map(lambda n: BEGIN + n * step * SECOND)
    return edges | anywhere


@st.composite
def pauses(draw: st.DrawFn, start: datetime, last_day: int, step: int = 1) -> list[Pause]:
    """Up to three pauses after a start, in order, apart from one another."""
    bounds = sorted(draw(st.sets(moments(last_day, step).filter(lambda each: each >= start), max_size=6)))
    return [Pause(begin, end) for begin, end in zip(bounds[::2], bounds[1::2], strict=False)]


def works(on_calendar: Calendar, day: date) -> bool:
    """Whether a day is worked, read straight from the plan."""
    plan = on_calendar.plans[-1]
    for special in plan.special_days:
        if special.day == day:
            return special.kind not in (SpecialKind.CLOSED, SpecialKind.LOCAL_HOLIDAY)
    if any(holiday.first <= day <= holiday.last for holiday in plan.holidays):
        return False
    return day in plan.make_up_days or day.weekday() < 5


def shifts(on_calendar: Calendar, day: date) -> Sequence[tuple[time, time]]:
    """The worked hours of a worked day; half of them on a half day."""
    kinds = {special.day: special.kind for special in on_calendar.plans[-1].special_days}
    half = {SpecialKind.MORNING_ONLY: SHIFTS[:1], SpecialKind.AFTERNOON_ONLY: SHIFTS[1:]}
    return half.get(kinds.get(day, SpecialKind.CLOSED), SHIFTS)


def slow_days(limit: Limit, start: datetime, stood: Sequence[Pause], on_calendar: Calendar) -> datetime:
    """Turn over one day after another."""
    day = start.astimezone(SHANGHAI).date()
    left = limit.amount
    midnight = start
    while left:
        day += timedelta(days=1)
        midnight = datetime.combine(day + timedelta(days=1), time(0), SHANGHAI)
        if limit.unit is Unit.WORKING_DAYS and not works(on_calendar, day):
            continue
        if not any(pause.begin <= midnight <= pause.end for pause in stood):
            left -= 1
    return midnight


def slow_seconds(
    limit: Limit, start: datetime, stood: Sequence[Pause], on_calendar: Calendar, step: int = 1
) -> datetime:
    """Tick through the time in steps of so many seconds."""
    moment = start.astimezone(SHANGHAI)
    left = limit.amount
    tick = timedelta(seconds=step)
    while left:
        open_ = limit.unit is Unit.SECONDS or (
            works(on_calendar, moment.date())
            and any(a <= moment.time() < b for a, b in shifts(on_calendar, moment.date()))
        )
        if open_ and not any(pause.begin <= moment < pause.end for pause in stood):
            left -= step
        moment += tick
    for pause in stood:
        if pause.begin <= moment <= pause.end:
            return pause.end
    return moment


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_agrees_on_working_and_calendar_days(data: st.DataObject) -> None:
    on_calendar = data.draw(calendars())
    start = data.draw(moments(30))
    stood = data.draw(pauses(start, 60))
    days = data.draw(st.integers(1, 12))
    for limit in (working_days(days), calendar_days(days)):
        found = deadline(limit, start, on_calendar, HOURS, stood)
        assert found.due == slow_days(limit, start, stood, on_calendar)
        assert not found.provisional


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_agrees_on_hours_minute_by_minute(data: st.DataObject) -> None:
    on_calendar = data.draw(calendars())
    start = data.draw(moments(10, step=60))
    stood = data.draw(pauses(start, 15, step=60))
    minutes = data.draw(st.integers(1, 12 * 60))
    for limit in (working_hours(minutes / 60), seconds(minutes / 60)):
        found = deadline(limit, start, on_calendar, HOURS, stood)
        assert found.due == slow_seconds(limit, start, stood, on_calendar, step=60)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_agrees_on_hours_second_by_second(data: st.DataObject) -> None:
    start = data.draw(moments(2))
    stood = data.draw(pauses(start, 3))
    amount = data.draw(st.integers(1, 2000))
    for limit in (Limit(Unit.WORKING_SECONDS, amount), Limit(Unit.SECONDS, amount)):
        found = deadline(limit, start, calendar(), HOURS, stood)
        assert found.due == slow_seconds(limit, start, stood, calendar())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_accounts_for_every_moment_between_start_and_deadline(data: st.DataObject) -> None:
    on_calendar = data.draw(calendars())
    start = data.draw(moments(20))
    stood = data.draw(pauses(start, 40))
    limit = data.draw(
        st.builds(Limit, st.sampled_from(Unit), st.integers(1, 9)).map(
            lambda each: each if each.unit.counts_days else Limit(each.unit, each.amount * 3601)
        )
    )
    pieces = list(stretches(limit, start, on_calendar, HOURS, stood))
    assert pieces[0].begin == start
    assert all(one.end == other.begin for one, other in pairwise(pieces))
    assert pieces[-1].end == deadline(limit, start, on_calendar, HOURS, stood).due
    assert sum(piece.counted for piece in pieces) == limit.amount


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.integers(1, 12), st.integers(0, 86399))
def test_holds_the_bounds_apart_only_where_days_are_undecreed(offset: int, days: int, second: int) -> None:
    start = at("2026-01-01 00:00") + timedelta(days=offset, seconds=second)
    found = deadline(working_days(days), start, calendar(), HOURS)
    last = (found.earliest - SECOND).astimezone(SHANGHAI).date()
    assert found.provisional is (last >= date(2026, 12, 25))
    assert found.earliest <= found.latest == found.due
