"""时限事实: what happened to a clock, with every computed time as data, so that replay needs no calendar."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from accountability.domain.reminders import Notice
from accountability.domain.terms import ClockKind, Ending, Profile
from accountability.domain.working_time import Deadline, Limit

Outcome = Literal["on_time", "late", "provisional", "returned"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A computed deadline with the versions it rests on and the notices that hang on it.

    ``original_due`` is the deadline without extensions, over the same pauses.
    """

    deadline: Deadline
    original_due: datetime
    policy_version: str
    calendar_version: str
    """Versions of the years read, e.g. ``2026.1``; empty where no working calendar is needed."""
    reminders: tuple[Notice, ...]
    rungs: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class ClockStarted:
    """A clock runs."""

    name: ClassVar[str] = "accountability.clock.clock-started.v1"
    kind: ClockKind
    case_id: str
    subject: str
    unit: str
    cycle: int
    profile: Profile
    started_at: datetime
    limit: Limit
    limit_decided: bool
    """The limit was decided for this case, so a change of policy leaves it alone."""
    ending: Ending
    cap: datetime | None
    schedule: Schedule
    recorded: bool = False
    """Recorded after the fact: nobody is reminded or supervised."""
    scope: str = ""
    """Where the clock runs: policies of this place come before those of the county."""


@dataclass(frozen=True, slots=True)
class ClockPaused:
    """The clock stands still."""

    name: ClassVar[str] = "accountability.clock.clock-paused.v1"
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClockResumed:
    """The clock runs again; a breached clock keeps its deadline."""

    name: ClassVar[str] = "accountability.clock.clock-resumed.v1"
    at: datetime
    old_due: datetime
    schedule: Schedule
    figures_only: bool


@dataclass(frozen=True, slots=True)
class ClockExtended:
    """The limit grew."""

    name: ClassVar[str] = "accountability.clock.clock-extended.v1"
    at: datetime
    amount: int
    reason: str
    old_due: datetime
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class ClockSuperseded:
    """A recorded time was corrected; the old ones stay here."""

    name: ClassVar[str] = "accountability.clock.clock-superseded.v1"
    at: datetime
    reason: str
    by: str
    approved_by: str
    old_started_at: datetime
    started_at: datetime
    old_stopped_at: datetime | None
    stopped_at: datetime | None
    old_due: datetime
    schedule: Schedule
    outcome: Outcome | None
    pause: tuple[datetime, datetime] | None = None
    """Set where the begin of a pause was corrected: the recorded and the true one."""


@dataclass(frozen=True, slots=True)
class ClockRecomputed:
    """The deadline was computed again, by other rules or as another kind of case.

    ``outcome`` is set where an ended clock is judged anew.
    """

    name: ClassVar[str] = "accountability.clock.clock-recomputed.v1"
    at: datetime
    cause: Literal["calendar", "policy", "profile", "lead", "unit"]
    old_due: datetime
    limit: Limit
    schedule: Schedule
    outcome: Outcome | None
    profile: Profile | None = None
    """Set where the case turned out to be of another kind."""
    unit: str | None = None
    """Set where it is another unit's time from now on."""


@dataclass(frozen=True, slots=True)
class ClockStopped:
    """The clock ended with the awaited act."""

    name: ClassVar[str] = "accountability.clock.clock-stopped.v1"
    at: datetime
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class ClockVoided:
    """The clock ended without judgement."""

    name: ClassVar[str] = "accountability.clock.clock-voided.v1"
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ClockBreached:
    """The deadline passed unmet; ``breached_at`` is the deadline, whenever it was noticed."""

    name: ClassVar[str] = "accountability.clock.clock-breached.v1"
    breached_at: datetime


@dataclass(frozen=True, slots=True)
class BreachAnnulled:
    """The breach did not happen: the facts it rested on were corrected."""

    name: ClassVar[str] = "accountability.clock.breach-annulled.v1"
    at: datetime
    breached_at: datetime
    reason: Literal["superseded", "stopped-in-time", "returned"]


@dataclass(frozen=True, slots=True)
class ClockExpired:
    """The time ran out, which has an effect but is nobody's breach."""

    name: ClassVar[str] = "accountability.clock.clock-expired.v1"
    expired_at: datetime


@dataclass(frozen=True, slots=True)
class ClockOverdueUnconfirmed:
    """The deadline passed, but no breach can be stated before the sources have answered."""

    name: ClassVar[str] = "accountability.clock.clock-overdue-unconfirmed.v1"
    at: datetime
    due: datetime
    waiting_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A reminder goes out."""

    name: ClassVar[str] = "accountability.clock.reminder-due.v1"
    reminder: str
    at: datetime
    due: datetime
    to: str
    duty_desk: bool


@dataclass(frozen=True, slots=True)
class LadderRungReached:
    """A rung of the ladder is reached; a proposed one waits for a person."""

    name: ClassVar[str] = "accountability.clock.ladder-rung-reached.v1"
    rung: Literal["BLUE", "ORANGE", "RED"]
    at: datetime
    to: str
    proposed: bool


Event = (
    ClockStarted
    | ClockPaused
    | ClockResumed
    | ClockExtended
    | ClockSuperseded
    | ClockRecomputed
    | ClockStopped
    | ClockVoided
    | ClockBreached
    | BreachAnnulled
    | ClockExpired
    | ClockOverdueUnconfirmed
    | ReminderDue
    | LadderRungReached
)
