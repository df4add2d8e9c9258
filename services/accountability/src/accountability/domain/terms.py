"""时限条款: how long each clock runs, whom it reminds and what follows a breach, by version and day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

from accountability.domain.calendar import SourceDocument, WorkingHours
from accountability.domain.moments import day_of
from accountability.domain.refusals import Refused
from accountability.domain.working_time import Limit, Unit


class ClockKind(StrEnum):
    """The seventeen clocks."""

    C0 = "C0"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"
    C6 = "C6"
    C7 = "C7"
    C8 = "C8"
    C9 = "C9"
    C10 = "C10"
    C11 = "C11"
    C12 = "C12"
    C13 = "C13"
    C14 = "C14"
    C15 = "C15"
    C16 = "C16"


class Profile(StrEnum):
    """What kind of case a limit is for; a policy without a limit for a profile uses the ordinary one."""

    ORDINARY = "ordinary"
    COMPLEX = "complex"
    EMERGENCY = "emergency"


class Ending(StrEnum):
    """What passing the deadline means: a breach, or an expiry with an effect and no blame."""

    BREACH = "breach"
    EXPIRE = "expire"


class Anchor(StrEnum):
    """What a reminder hangs on."""

    SECONDS_BEFORE_DUE = "seconds-before-due"
    WORKING_DAYS_BEFORE_DUE = "working-days-before-due"
    COUNTED_DAY = "counted-day"


@dataclass(frozen=True, slots=True)
class ReminderRule:
    """When a reminder goes out, and to whom; ``always`` passes quiet hours and reaches the duty desk."""

    name: str
    anchor: Anchor
    amount: int
    to: str
    clock_time: time | None = None
    always: bool = False


@dataclass(frozen=True, slots=True)
class RungRule:
    """A rung of the ladder, ``working_days`` after the breach; a ``proposed`` one waits for a person."""

    name: Literal["BLUE", "ORANGE", "RED"]
    working_days: int
    to: str
    proposed: bool = False
    copy_to: str = ""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Notices that are not urgent wait from ``begin`` to ``end``, and over days off to ``after_days_off``."""

    begin: time = time(21)
    end: time = time(8)
    after_days_off: time = time(8, 30)


@dataclass(frozen=True, slots=True)
class ProfileLimit:
    """The limit for one profile."""

    profile: Profile
    limit: Limit


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a clock needs to know of its policy."""

    limits: tuple[ProfileLimit, ...]
    ending: Ending = Ending.BREACH
    reminders: tuple[ReminderRule, ...] = ()
    ladder: tuple[RungRule, ...] = ()
    hours: WorkingHours = field(default_factory=WorkingHours)
    quiet: QuietHours = field(default_factory=QuietHours)

    def limit(self, profile: Profile) -> Limit:
        """The limit of a profile, else the ordinary one."""
        by_profile = {each.profile: each.limit for each in self.limits}
        return by_profile.get(profile, by_profile[Profile.ORDINARY])


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """An approved record: terms of one clock in one scope (empty: the whole county) for a span of days."""

    kind: ClockKind
    scope: str
    number: int
    terms: Terms
    effective_from: date
    effective_to: date | None
    """The last day, or open."""
    source: SourceDocument

    @property
    def label(self) -> str:
        """How a clock names the version it pinned: ``C5.1`` or, in a scope, ``C5@410923102.1``."""
        place = f"@{self.scope}" if self.scope else ""
        return f"{self.kind}{place}.{self.number}"


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """All approved policy versions."""

    versions: tuple[PolicyVersion, ...]

    @classmethod
    def of(cls, versions: Iterable[PolicyVersion]) -> "PolicyBook":
        """The book of these versions."""
        return cls(tuple(versions))

    def in_force(self, kind: ClockKind, at: datetime, scope: str = "") -> PolicyVersion:
        """The policy of a clock that starts at ``at``: the narrower scope first, then the later record."""
        day = day_of(at)
        fitting = [
            each
            for each in self.versions
            if each.kind is kind
            and each.scope in ("", scope)
            and each.effective_from <= day
            and (each.effective_to is None or day <= each.effective_to)
        ]
        if not fitting:
            raise Refused("no-policy-in-force", clock=kind.value, day=day.isoformat())
        return max(fitting, key=lambda each: (each.scope == scope, each.effective_from, each.number))

    def version(self, label: str) -> PolicyVersion:
        """The version a clock pinned."""
        for each in self.versions:
            if each.label == label:
                return each
        raise Refused("unknown-policy-version", version=label)


def seconds(hours: float) -> Limit:
    """A limit in calendar time, nights and holidays included."""
    return Limit(Unit.SECONDS, round(hours * 3600))


def working_hours(hours: float) -> Limit:
    """A limit in working hours."""
    return Limit(Unit.WORKING_SECONDS, round(hours * 3600))


def working_days(days: int) -> Limit:
    """A limit in working days."""
    return Limit(Unit.WORKING_DAYS, days)


def calendar_days(days: int) -> Limit:
    """A limit in calendar days, ending at 24:00."""
    return Limit(Unit.CALENDAR_DAYS, days)
