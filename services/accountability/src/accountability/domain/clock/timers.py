"""定时: the timer rows a clock wants after new facts; the store keeps them in the append of those facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accountability.domain.clock.commands import ClimbRung, FallDue, Remind
from accountability.domain.clock.events import (
    ClockOverdueUnconfirmed,
    Event,
    LadderRungReached,
    ReminderDue,
)
from accountability.domain.clock.ledger import Clock
from accountability.domain.moments import SECOND
from accountability.domain.refusals import Refused

DUE = "due"
_LEAVES_ROWS_ALONE = ReminderDue | LadderRungReached | ClockOverdueUnconfirmed


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer by name: ``due``, ``remind-1`` …, ``rung-ORANGE`` …; ``at`` None cancels it."""

    name: str
    at: datetime | None


def timers(events: Sequence[Event], clock: Clock) -> tuple[Timer, ...]:
    """The rows to set or cancel after ``events`` led to ``clock``.

    ``due`` fires one second after the deadline, when its second is over. A reminder or rung that fired
    leaves the other rows alone, and so does an unconfirmed deadline: its row is the detector's to try again.
    Clocks recorded after the fact never have a row.
    """
    running = clock.running
    if running is None or running.recorded:
        return ()
    if all(isinstance(event, _LEAVES_ROWS_ALONE) for event in events):
        return ()
    wanted: dict[str, datetime | None] = {DUE: None, **dict.fromkeys(map(_row, running.timer_names))}
    if running.runs and running.breached_at is None:
        wanted[DUE] = running.due + SECOND
        wanted |= {notice.name: notice.at for notice in running.reminders}
    if running.runs and running.breached_at is not None and not running.silent:
        wanted |= {_row(rung.name): rung.at for rung in running.rungs}
    return tuple(Timer(name, wanted[name]) for name in sorted(wanted))


def fired(name: str, at: datetime) -> FallDue | Remind | ClimbRung:
    """The command of a timer that fired."""
    if name == DUE:
        return FallDue(at)
    if name.startswith("remind-"):
        return Remind(name, at)
    if name.startswith("rung-"):
        return ClimbRung(name.removeprefix("rung-"), at)
    raise Refused("unknown-timer", timer=name)


def _row(notice: str) -> str:
    return notice if notice.startswith("remind-") else f"rung-{notice}"
