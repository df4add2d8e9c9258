"""日历年: the decreed working days of one year, published once and corrected by new versions."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, assert_never

from accountability.domain.calendar import (
    SPILL_OVER,
    Holiday,
    SourceDocument,
    SpecialDay,
    SpecialKind,
    YearPlan,
)
from accountability.domain.refusals import require


@dataclass(frozen=True, slots=True)
class PublishYear:
    """Publish a year as decreed; days of the last week of the year before may be named too."""

    year: int
    holidays: tuple[Holiday, ...]
    make_up_days: tuple[date, ...]
    source: SourceDocument


@dataclass(frozen=True, slots=True)
class CorrectYear:
    """Replace the decreed days of a published year; half days and closures stay."""

    year: int
    holidays: tuple[Holiday, ...]
    make_up_days: tuple[date, ...]
    source: SourceDocument


@dataclass(frozen=True, slots=True)
class AddSpecialDay:
    """Add a half day, an emergency closure or a local day; another one for the same day replaces it."""

    year: int
    day: date
    kind: SpecialKind
    note: str
    source: SourceDocument


@dataclass(frozen=True, slots=True)
class WithdrawSpecialDay:
    """Take back a half day, closure or local day."""

    year: int
    day: date
    source: SourceDocument


Command = PublishYear | CorrectYear | AddSpecialDay | WithdrawSpecialDay


@dataclass(frozen=True, slots=True)
class CalendarYearPublished:
    """The year is decreed; version 1."""

    name: ClassVar[str] = "accountability.calendar-year.calendar-year-published.v1"
    plan: YearPlan


@dataclass(frozen=True, slots=True)
class CalendarYearCorrected:
    """The decreed days were replaced."""

    name: ClassVar[str] = "accountability.calendar-year.calendar-year-corrected.v1"
    plan: YearPlan


@dataclass(frozen=True, slots=True)
class SpecialDayAdded:
    """A half day, closure or local day joined the year."""

    name: ClassVar[str] = "accountability.calendar-year.special-day-added.v1"
    version: int
    special_day: SpecialDay


@dataclass(frozen=True, slots=True)
class SpecialDayWithdrawn:
    """A half day, closure or local day left the year."""

    name: ClassVar[str] = "accountability.calendar-year.special-day-withdrawn.v1"
    version: int
    day: date
    source: SourceDocument


Event = CalendarYearPublished | CalendarYearCorrected | SpecialDayAdded | SpecialDayWithdrawn


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """All versions of one year, oldest first; none while it is unpublished."""

    versions: tuple[YearPlan, ...] = ()

    @property
    def latest(self) -> YearPlan | None:
        """The version in force."""
        return self.versions[-1] if self.versions else None


INITIAL = CalendarYear()


def decide(command: Command, year: CalendarYear) -> list[Event]:
    """The facts a command makes, or its refusal."""
    require(bool(command.source.title.strip()), "source-document-missing")
    latest = year.latest
    match command:
        case PublishYear():
            plan = _plan(command, version=1)
            if latest is not None and _same_days(latest, plan):
                return []
            require(latest is None, "calendar-year-already-published", year=command.year)
            return [CalendarYearPublished(plan)]
        case CorrectYear():
            require(latest is not None, "calendar-year-not-published", year=command.year)
            assert latest is not None
            plan = _plan(command, version=latest.version + 1)
            if _same_days(latest, plan):
                return []
            return [CalendarYearCorrected(replace(plan, special_days=latest.special_days))]
        case AddSpecialDay(number, day, kind, note, source):
            require(latest is not None, "calendar-year-not-published", year=number)
            assert latest is not None
            require(day.year == latest.year, "day-outside-the-year", day=day.isoformat(), year=latest.year)
            require(bool(note.strip()), "reason-missing")
            special = SpecialDay(day, kind, note, source)
            return [] if special in latest.special_days else [SpecialDayAdded(latest.version + 1, special)]
        case WithdrawSpecialDay(number, day, source):
            require(latest is not None, "calendar-year-not-published", year=number)
            assert latest is not None
            if day not in {special.day for special in latest.special_days}:
                return []
            return [SpecialDayWithdrawn(latest.version + 1, day, source)]
        case _:
            assert_never(command)


def evolve(year: CalendarYear, event: Event, at: datetime) -> CalendarYear:
    """The year after a fact."""
    match event:
        case CalendarYearPublished(plan) | CalendarYearCorrected(plan):
            return CalendarYear((*year.versions, plan))
        case SpecialDayAdded(version, special):
            return _with_special_days(year, version, special.day, (special,))
        case SpecialDayWithdrawn(version, day, _):
            return _with_special_days(year, version, day, ())
        case _:
            assert_never(event)


def _with_special_days(
    year: CalendarYear, version: int, day: date, instead: tuple[SpecialDay, ...]
) -> CalendarYear:
    latest = year.versions[-1]
    kept = tuple(special for special in latest.special_days if special.day != day)
    return CalendarYear((*year.versions, replace(latest, version=version, special_days=(*kept, *instead))))


def _plan(command: PublishYear | CorrectYear, version: int) -> YearPlan:
    off: set[date] = set()
    for holiday in command.holidays:
        require(holiday.first <= holiday.last, "holiday-ends-before-it-begins", holiday=holiday.name)
        days = set(holiday.days())
        require(not off & days, "holidays-overlap", holiday=holiday.name)
        off |= days
    make_up_days = tuple(sorted(set(command.make_up_days)))
    for day in make_up_days:
        require(day not in off, "day-off-and-worked", day=day.isoformat())
        require(day.weekday() >= 5, "make-up-day-on-a-weekday", day=day.isoformat())
    first, last = date(command.year - 1, *SPILL_OVER), date(command.year, 12, 31)
    for day in sorted(off | set(make_up_days)):
        require(first <= day <= last, "day-outside-the-year", day=day.isoformat(), year=command.year)
    holidays = tuple(sorted(command.holidays, key=lambda holiday: holiday.first))
    return YearPlan(command.year, version, holidays, make_up_days, command.source)


def _same_days(one: YearPlan, other: YearPlan) -> bool:
    return (one.year, one.holidays, one.make_up_days) == (other.year, other.holidays, other.make_up_days)
