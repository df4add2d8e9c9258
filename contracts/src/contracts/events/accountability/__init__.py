"""Published by accountability: clocks, the calendar, supervision."""

from contracts.events.accountability.calendar import CalendarYearPublished
from contracts.events.accountability.checks import SpotCheckFailed
from contracts.events.accountability.clocks import (
    BreachAnnulled,
    ClockBreached,
    ClockExpired,
    ClockFact,
    ClockKind,
    ClockMoved,
    ClockOverdueUnconfirmed,
    ClockPaused,
    ClockStarted,
    ClockStopped,
    ClockVoided,
    LadderRungReached,
    Outcome,
    ReminderDue,
)

__all__ = [
    "BreachAnnulled",
    "CalendarYearPublished",
    "ClockBreached",
    "ClockExpired",
    "ClockFact",
    "ClockKind",
    "ClockMoved",
    "ClockOverdueUnconfirmed",
    "ClockPaused",
    "ClockStarted",
    "ClockStopped",
    "ClockVoided",
    "LadderRungReached",
    "Outcome",
    "ReminderDue",
    "SpotCheckFailed",
]
