"""时刻: whole seconds in Asia/Shanghai, and 24:00 as the last moment of a day.

A deadline at 24:00 of a day is the instant 00:00:00 of the next day. Whole seconds are compared with ``<=``,
so what is done in the second of the deadline is in time, and a deadline is past one second later.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accountability.domain.refusals import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def instant(at: datetime) -> datetime:
    """The whole second of a moment, in UTC; a time without zone is refused."""
    if at.tzinfo is None:
        raise Refused("time-without-zone")
    return at.astimezone(UTC).replace(microsecond=0)


def local(at: datetime) -> datetime:
    """The whole second of a moment on the clocks of Asia/Shanghai."""
    return instant(at).astimezone(SHANGHAI)


def day_of(at: datetime) -> date:
    """The Shanghai day a moment lies in; 00:00:00 belongs to the day it opens."""
    return local(at).date()


def on(day: date, clock: time) -> datetime:
    """The instant of a Shanghai wall-clock time."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 of a Shanghai day."""
    return on(day + DAY, time(0))


def closing_day(due: datetime) -> date:
    """The day a deadline belongs to: 00:00:00 is 24:00 of the day before."""
    return day_of(due - SECOND)


def shown(at: datetime) -> str:
    """A deadline as people read it: ``2026-02-25 24:00``, ``2026-02-25 15:20`` or ``… 15:20:07``."""
    there = local(at)
    if there.time() == time(0):
        return f"{there.date() - DAY} 24:00"
    return there.strftime("%Y-%m-%d %H:%M:%S" if there.second else "%Y-%m-%d %H:%M")
