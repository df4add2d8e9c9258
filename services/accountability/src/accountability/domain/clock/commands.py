"""时限命令: what can be asked of a clock; times, calendar and policies come with the command."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, Profile


@dataclass(frozen=True, slots=True)
class StartClock:
    """Start a clock at ``at``; starting it again changes nothing."""

    kind: ClockKind
    case_id: str
    subject: str
    """What the clock is about: an assignment, a letter, the case itself."""
    unit: str
    """Whose time it is."""
    cycle: int
    at: datetime
    rulebook: Rulebook
    profile: Profile = Profile.ORDINARY
    scope: str = ""
    cap: datetime | None = None
    """Never later than this (C10: the due of C1)."""
    amount: int | None = None
    """A shorter limit decided for this case (C16: days until the sunset)."""


@dataclass(frozen=True, slots=True)
class RecordClock:
    """Start, stop and judge a clock of a case recorded after the fact; no timer, notice or rung follows."""

    start: StartClock
    stopped_at: datetime


@dataclass(frozen=True, slots=True)
class PauseClock:
    """Let the clock stand still from ``at`` on."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ResumeClock:
    """Let the clock run again; ``figures_only`` without reminders and ladder (C5 after rework)."""

    at: datetime
    rulebook: Rulebook
    figures_only: bool = False


@dataclass(frozen=True, slots=True)
class ExtendClock:
    """Add to the limit, in its own unit; the original deadline stays visible."""

    at: datetime
    amount: int
    reason: str
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class SupersedeClock:
    """Correct a recorded start, stop or begin of a pause; by one person, approved by another.

    ``pause`` is (the recorded begin of a pause, the true one).
    """

    at: datetime
    reason: str
    by: str
    approved_by: str
    rulebook: Rulebook
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    pause: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class CorrectClock:
    """What was recorded at ``old_at`` happened at ``new_at``, as two people of its service say.

    Whatever of this clock ended or began to stand still at that moment moves. Its start does not: nobody is
    timed from before he knew.
    """

    at: datetime
    old_at: datetime
    new_at: datetime
    reason: str
    by: str
    approved_by: str
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class StopClock:
    """The awaited act happened at ``at``; early or late, the outcome says which."""

    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnClock:
    """The assignment was returned: the clock ends, neither on time nor breached."""

    at: datetime


@dataclass(frozen=True, slots=True)
class VoidClock:
    """The clock ends without judgement; an earlier breach stays."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Recompute:
    """Compute an open or provisionally judged clock again with the calendar in force.

    ``policy_version`` moves the clock to another approved policy; without it the pinned one stays.
    ``profile`` is what the case turned out to be: complex by the dispatcher's word (C5). ``unit`` is whose
    time it is from now on: another department leads.
    """

    at: datetime
    cause: Literal["calendar", "policy", "profile", "lead"]
    rulebook: Rulebook
    policy_version: str | None = None
    profile: Profile | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class HandOverClock:
    """The unit whose time it was is no more: ``unit`` stands in its place; no deadline moves."""

    at: datetime
    unit: str


@dataclass(frozen=True, slots=True)
class FallDue:
    """The timer of the deadline fired, and every source has been consumed up to its head."""

    at: datetime


@dataclass(frozen=True, slots=True)
class MarkOverdueUnconfirmed:
    """The deadline passed, but a source of facts cannot be asked yet."""

    at: datetime
    waiting_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remind:
    """The timer of a reminder fired."""

    reminder: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClimbRung:
    """The timer of a rung of the ladder fired."""

    rung: str
    at: datetime


Command = (
    StartClock
    | RecordClock
    | PauseClock
    | ResumeClock
    | ExtendClock
    | SupersedeClock
    | CorrectClock
    | StopClock
    | ReturnClock
    | VoidClock
    | Recompute
    | HandOverClock
    | FallDue
    | MarkOverdueUnconfirmed
    | Remind
    | ClimbRung
)
