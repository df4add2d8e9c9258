"""工作日: which days and hours are worked, from decreed calendar years only, never from a guess."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from accountability.domain.moments import DAY, day_of, instant, on
from accountability.domain.refusals import Refused

SPILL_OVER = (12, 25)
"""From this day (month, day) on, a year's days may still be moved by the next year's decree."""
SLACK = timedelta(days=14)
"""What undecreed holidays can add to a Monday-to-Friday count of up to 20 working days: ten weekdays.

More than any decree from 2006 to 2026 has added; the longest stretch without a working day was ten days
(2020-01-24 to 02-02, six of them weekdays)."""


class DayKind(StrEnum):
    """Whether a day is worked; ``UNDECREED`` when no published year says so."""

    WORKED = "worked"
    OFF = "off"
    UNDECREED = "undecreed"


class DayPart(StrEnum):
    """How much of a worked day is worked; any part counts as a working day, hours count as worked."""

    WHOLE = "whole"
    MORNING = "morning"
    AFTERNOON = "afternoon"


class SpecialKind(StrEnum):
    """What the county adds to the decree."""

    MORNING_ONLY = "morning-only"
    AFTERNOON_ONLY = "afternoon-only"
    CLOSED = "closed"
    LOCAL_HOLIDAY = "local-holiday"
    LOCAL_WORKING_DAY = "local-working-day"


class Bound(StrEnum):
    """How an undecreed day is read.

    ``EARLIEST``: every day may be worked. ``LIKELY``: Monday to Friday. In both the days that the State
    Council's regulation fixes by date (1 January, 1 May, 1 to 3 October; 2 May from 2025) are off.
    """

    EARLIEST = "earliest"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """The document a fact rests on."""

    title: str
    number: str = ""
    issued: date | None = None


@dataclass(frozen=True, slots=True)
class Holiday:
    """A decreed stretch of days off, weekends inside it included; both ends belong to it."""

    name: str
    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Every day of the stretch."""
        for n in range((self.last - self.first).days + 1):
            yield self.first + n * DAY


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A half day, an emergency closure or a local day, with the document that orders it."""

    day: date
    kind: SpecialKind
    note: str
    source: SourceDocument


@dataclass(frozen=True, slots=True)
class YearPlan:
    """One version of a published year; it may also name days from 25 December of the year before."""

    year: int
    version: int
    holidays: tuple[Holiday, ...]
    make_up_days: tuple[date, ...]
    source: SourceDocument
    special_days: tuple[SpecialDay, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The two shifts of a working day on the clocks of Asia/Shanghai."""

    morning: tuple[time, time] = (time(8, 30), time(12))
    afternoon: tuple[time, time] = (time(14), time(17, 30))


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of a day; ``reason`` is a slug, ``note`` names the holiday or closure."""

    date: date
    kind: DayKind
    reason: str
    note: str = ""
    part: DayPart = DayPart.WHOLE


@dataclass(frozen=True, slots=True)
class Opening:
    """When the offices open next; provisional when an undecreed day had to be read."""

    at: datetime
    provisional: bool


_SPECIAL: Mapping[SpecialKind, tuple[DayKind, DayPart]] = MappingProxyType(
    {
        SpecialKind.MORNING_ONLY: (DayKind.WORKED, DayPart.MORNING),
        SpecialKind.AFTERNOON_ONLY: (DayKind.WORKED, DayPart.AFTERNOON),
        SpecialKind.CLOSED: (DayKind.OFF, DayPart.WHOLE),
        SpecialKind.LOCAL_HOLIDAY: (DayKind.OFF, DayPart.WHOLE),
        SpecialKind.LOCAL_WORKING_DAY: (DayKind.WORKED, DayPart.WHOLE),
    }
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """All published versions of all years; ``in_force`` names the version read for each year.

    Build it with ``Calendar.of``. A clock pins the versions it was computed with (``label``), and
    ``pinned`` gives them back, whatever was published since.
    """

    plans: tuple[YearPlan, ...]
    in_force: Mapping[int, int] = field(compare=False)
    pins: Mapping[int, int] = field(compare=False)
    days: Mapping[date, Day] = field(compare=False, repr=False)

    @classmethod
    def of(cls, plans: Iterable[YearPlan], pins: Mapping[int, int] | None = None) -> "Calendar":
        """The calendar of these year versions; ``pins`` fixes a year to a version, 0 to unpublished."""
        known = tuple(sorted(plans, key=lambda plan: (plan.year, plan.version)))
        fixed = dict(pins or {})
        chosen: dict[int, YearPlan] = {}
        for plan in known:
            if fixed.get(plan.year, plan.version) == plan.version:
                chosen[plan.year] = plan
        days: dict[date, Day] = {}
        for plan in chosen.values():
            for holiday in plan.holidays:
                for day in holiday.days():
                    days[day] = Day(day, DayKind.OFF, "holiday", holiday.name)
            for day in plan.make_up_days:
                days[day] = Day(day, DayKind.WORKED, "make-up-day")
        for plan in chosen.values():
            for special in plan.special_days:
                kind, part = _SPECIAL[special.kind]
                days[special.day] = Day(special.day, kind, special.kind.value, special.note, part)
        versions = {year: plan.version for year, plan in chosen.items()}
        return cls(known, MappingProxyType(versions), MappingProxyType(fixed), MappingProxyType(days))

    def label(self, first: date, last: date) -> str:
        """The versions read between two days, e.g. ``2026.1 2027.0``; 0 is an unpublished year."""
        through = last.year + 1 if (last.month, last.day) >= SPILL_OVER else last.year
        years = sorted(set(self.pins) | set(range(first.year, through + 1)))
        return " ".join(f"{year}.{self.in_force.get(year, 0)}" for year in years)

    def pinned(self, label: str) -> "Calendar":
        """This calendar as it stood when ``label`` was written; years it does not name are read as now."""
        pins = _pins(label)
        versions = {(plan.year, plan.version) for plan in self.plans}
        for year, version in pins.items():
            if version and (year, version) not in versions:
                raise Refused("unknown-calendar-version", version=f"{year}.{version}")
        if all(self.in_force.get(year, 0) == version for year, version in pins.items()):
            return replace(self, pins=MappingProxyType(pins))
        return Calendar.of(self.plans, pins)

    def superseded(self, label: str) -> Mapping[int, int]:
        """Years that have a newer version than ``label`` names, with the version it names."""
        return {
            year: version for year, version in _pins(label).items() if self.in_force.get(year, 0) > version
        }

    @property
    def covered_until(self) -> date | None:
        """The last day whose working status can no longer change by a decree to come.

        24 December of the last year of the unbroken run of published years; None before any.
        """
        if not self.in_force:
            return None
        year = min(self.in_force)
        while year + 1 in self.in_force:
            year += 1
        return date(year, *SPILL_OVER) - DAY

    def day(self, day: date) -> Day:
        """What the published years say of a day."""
        if (known := self.days.get(day)) is not None:
            return known
        spills = (day.month, day.day) >= SPILL_OVER
        if day.year in self.in_force and not (spills and day.year + 1 not in self.in_force):
            return (
                Day(day, DayKind.WORKED, "weekday") if day.weekday() < 5 else Day(day, DayKind.OFF, "weekend")
            )
        if (day.month, day.day) in {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)} or (
            day.year >= 2025 and (day.month, day.day) == (5, 2)
        ):
            return Day(day, DayKind.OFF, "statutory-holiday")
        return Day(day, DayKind.UNDECREED, "undecreed")

    def is_working_day(self, day: date) -> bool | None:
        """Whether a day is worked; None if that is not decreed yet."""
        kind = self.day(day).kind
        return None if kind is DayKind.UNDECREED else kind is DayKind.WORKED

    def counts(self, day: date, bound: Bound) -> bool:
        """Whether a day is read as worked under a bound."""
        kind = self.day(day).kind
        if kind is DayKind.UNDECREED:
            return bound is Bound.EARLIEST or day.weekday() < 5
        return kind is DayKind.WORKED

    def working_day_after(self, day: date, count: int = 1, bound: Bound = Bound.LIKELY) -> date:
        """The ``count``-th worked day after a day."""
        while count:
            day += DAY
            count -= self.counts(day, bound)
        return day

    def working_day_before(self, day: date, bound: Bound = Bound.LIKELY) -> date:
        """The last worked day before a day."""
        day -= DAY
        while not self.counts(day, bound):
            day -= DAY
        return day

    def shifts(self, day: date, hours: WorkingHours, bound: Bound) -> tuple[tuple[datetime, datetime], ...]:
        """The worked stretches of a day as half-open intervals of instants."""
        if not self.counts(day, bound):
            return ()
        part = self.day(day).part
        worked = []
        if part is not DayPart.AFTERNOON:
            worked.append(hours.morning)
        if part is not DayPart.MORNING:
            worked.append(hours.afternoon)
        return tuple((on(day, opens), on(day, closes)) for opens, closes in worked)

    def next_opening(self, at: datetime, hours: WorkingHours | None = None) -> Opening:
        """``at`` itself in working hours, else when the next shift opens (08:30 of the next working day)."""
        moment, day, provisional = instant(at), day_of(at), False
        while True:
            provisional = provisional or self.day(day).kind is DayKind.UNDECREED
            for opens, closes in self.shifts(day, hours or WorkingHours(), Bound.LIKELY):
                if moment < closes:
                    return Opening(max(moment, opens), provisional)
            day += DAY


def _pins(label: str) -> dict[int, int]:
    """Year → version that a label names."""
    return {int(year): int(version) for year, _, version in (each.partition(".") for each in label.split())}
