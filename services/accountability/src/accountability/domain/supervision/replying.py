"""回复期限: until when an order is replied to, and the timer rows that watch over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from accountability.domain.calendar import Calendar, WorkingHours
from accountability.domain.moments import SECOND
from accountability.domain.refusals import Refused
from accountability.domain.supervision.facts import (
    Color,
    Event,
    OrderClosed,
    OrderIssued,
    OrderReplied,
    OrderWithdrawn,
)
from accountability.domain.terms import working_days
from accountability.domain.working_time import deadline

PREFIX = "reply-"


@dataclass(frozen=True, slots=True)
class ReplyTimer:
    """A timer by name, ``reply-ORANGE`` or ``reply-RED``; ``at`` None cancels it."""

    name: str
    at: datetime | None


def reply_by(days: int, issued_at: datetime, calendar: Calendar) -> datetime:
    """24:00 of the last working day for a reply; the day of the order is not counted.

    Where it rests on days that are not decreed yet, the latest bound: nobody is called late too early.
    """
    return deadline(working_days(days), issued_at, calendar, WorkingHours()).due


def reply_timers(events: Sequence[Event]) -> tuple[ReplyTimer, ...]:
    """The rows to set or cancel after these facts; one fires a second after the deadline, when it is over."""
    wanted: dict[str, datetime | None] = {}
    for event in events:
        match event:
            case OrderIssued(color=color, reply_due=due) if due is not None:
                wanted[PREFIX + color] = due + SECOND
            case OrderReplied(color=color) | OrderClosed(color=color) | OrderWithdrawn(color=color):
                wanted[PREFIX + color] = None
    return tuple(ReplyTimer(name, wanted[name]) for name in sorted(wanted))


def color_of(timer: str) -> Color:
    """Which order a timer is about."""
    colors: tuple[Color, ...] = get_args(Color)
    for color in colors:
        if timer == PREFIX + color:
            return color
    raise Refused("unknown-timer", timer=timer)
