"""时限: how the clocks run, and what follows from them."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.events.published import Published

Outcome = Literal["on_time", "late", "provisional", "returned"]

ClockKind = Literal[
    "C0",
    "C1",
    "C2",
    "C3",
    "C4",
    "C5",
    "C6",
    "C7",
    "C8",
    "C9",
    "C10",
    "C11",
    "C12",
    "C13",
    "C14",
    "C15",
    "C16",
]


class ClockFact(Published):
    """A fact of one clock: its identity, and where it stands after the fact."""

    clock_id: str
    kind: ClockKind
    unit: str
    """Whose time it is: the answerable unit's code."""
    assignment_id: str | None = None


class ClockStarted(ClockFact):
    """A clock runs. Times are UTC; ``due`` belongs to the clock: done in its second is in time."""

    NAME: ClassVar[str] = "accountability.clock.clock-started.v1"
    started_at: datetime
    due: datetime
    earliest: datetime
    latest: datetime
    provisional: bool
    policy_version: str
    calendar_version: str
    cycle: int = 1
    recorded: bool = False
    """Recorded after the fact: nobody is reminded."""


class ClockMoved(ClockFact):
    """The deadline moved by an explicit act (resume, extension, published calendar); the old one is kept."""

    NAME: ClassVar[str] = "accountability.clock.clock-moved.v1"
    cause: Literal["resumed", "extended", "recomputed", "superseded"]
    at: datetime
    outcome: Outcome | None = None
    """Set where an ended clock was judged anew."""
    old_due: datetime
    due: datetime
    earliest: datetime
    latest: datetime
    provisional: bool
    original_due: datetime | None = None
    """The deadline without extensions; pauses move it too."""
    policy_version: str | None = None
    calendar_version: str | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    """Superseded: when it began and ended, as corrected."""
    paused_at: datetime | None = None
    """Superseded: since when it stands still, as corrected."""


class ClockPaused(ClockFact):
    """The clock stands still."""

    NAME: ClassVar[str] = "accountability.clock.clock-paused.v1"
    at: datetime
    reason: str


class ClockStopped(ClockFact):
    """The clock ended with the awaited act."""

    NAME: ClassVar[str] = "accountability.clock.clock-stopped.v1"
    at: datetime
    outcome: Outcome


class ClockVoided(ClockFact):
    """The clock ended without judgement; an earlier breach stays."""

    NAME: ClassVar[str] = "accountability.clock.clock-voided.v1"
    at: datetime
    reason: str


class ClockBreached(ClockFact):
    """The deadline passed unmet; stated once, with the true time."""

    NAME: ClassVar[str] = "accountability.clock.clock-breached.v1"
    breached_at: datetime


class ClockExpired(ClockFact):
    """The time ran out and has an effect, but is no breach (C7, C10, C16)."""

    NAME: ClassVar[str] = "accountability.clock.clock-expired.v1"
    expired_at: datetime
    cycle: int = 1


class ClockOverdueUnconfirmed(ClockFact):
    """Due has passed, but a source of facts cannot be asked: no breach is stated yet."""

    NAME: ClassVar[str] = "accountability.clock.clock-overdue-unconfirmed.v1"
    due: datetime
    waiting_for: tuple[str, ...]


class BreachAnnulled(ClockFact):
    """A correction or a published calendar took a breach back."""

    NAME: ClassVar[str] = "accountability.clock.breach-annulled.v1"
    at: datetime
    breached_at: datetime


class ReminderDue(ClockFact):
    """A reminder of a clock is to reach its unit."""

    NAME: ClassVar[str] = "accountability.clock.reminder-due.v1"
    reminder: str
    at: datetime
    to: str
    """Who at the unit: ``unit`` (its liaisons), ``department-head``, ``county-leader`` …"""
    due: datetime
    duty_desk: bool = False


class LadderRungReached(ClockFact):
    """A rung of the supervision ladder after a breach; a proposed one waits for a person."""

    NAME: ClassVar[str] = "accountability.clock.ladder-rung-reached.v1"
    rung: Literal["BLUE", "ORANGE", "RED"]
    at: datetime
    to: str
    proposed: bool
