"""时限测算: the deadline of a clock from its history and the policy and calendar it has pinned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from accountability.domain.calendar import Calendar
from accountability.domain.clock.commands import StartClock
from accountability.domain.clock.events import Outcome, Schedule
from accountability.domain.clock.ledger import Running
from accountability.domain.moments import closing_day, day_of, instant
from accountability.domain.refusals import require
from accountability.domain.reminders import reminders, rungs
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import PolicyVersion, Profile
from accountability.domain.working_time import Deadline, Limit, Pause, deadline


@dataclass(frozen=True, slots=True)
class History:
    """What a deadline is computed from, besides policy and calendar."""

    started_at: datetime
    base: Limit
    limit: Limit
    pauses: Sequence[Pause]
    cap: datetime | None
    profile: Profile
    silent: bool

    @classmethod
    def of(cls, clock: Running) -> "History":
        """The history of a running clock."""
        return cls(
            clock.started_at, clock.base, clock.limit, clock.pauses, clock.cap, clock.profile, clock.silent
        )


def compute(history: History, policy: PolicyVersion, calendar: Calendar, since: datetime) -> Schedule:
    """The schedule of a history; reminders only for what lies after ``since``."""
    terms = policy.terms
    started_at, limit, pauses = history.started_at, history.limit, history.pauses
    due = deadline(limit, started_at, calendar, terms.hours, pauses, history.cap)
    original = due
    if history.base != limit:
        original = deadline(history.base, started_at, calendar, terms.hours, pauses, history.cap)
    label = ""
    if limit.unit.needs_calendar:
        label = calendar.label(day_of(started_at), closing_day(due.latest))
    schedule = Schedule(due, original.due, policy.label, label, (), ())
    if history.silent:
        return schedule
    urgent = history.profile is Profile.EMERGENCY
    return replace(
        schedule,
        reminders=reminders(terms, limit, urgent, since, started_at, due, calendar, pauses),
        rungs=rungs(terms, urgent, due, calendar),
    )


def start(command: StartClock, silent: bool) -> tuple[PolicyVersion, History, Schedule]:
    """The policy in force at the start, with the history and schedule that begin there."""
    book = command.rulebook
    policy = book.policies.in_force(command.kind, command.at, command.scope)
    limit = policy.terms.limit(command.profile)
    if command.amount is not None:
        within = 0 < command.amount <= limit.amount
        require(within, "amount-exceeds-the-policy", most=limit.amount, rules_version=policy.label)
        limit = Limit(limit.unit, command.amount)
    started_at = instant(command.at)
    cap = None if command.cap is None else instant(command.cap)
    history = History(started_at, limit, limit, (), cap, command.profile, silent)
    return policy, history, compute(history, policy, book.calendar, started_at)


def pinned(clock: Running, book: Rulebook) -> tuple[PolicyVersion, Calendar]:
    """The policy and calendar versions a clock was computed with."""
    policy = book.policies.version(clock.schedule.policy_version)
    return policy, book.calendar.pinned(clock.schedule.calendar_version)


def judge(moment: datetime, due: Deadline) -> Outcome:
    """On time by the earliest bound, late after the latest, provisional between them."""
    if moment <= due.earliest:
        return "on_time"
    return "provisional" if moment <= due.latest else "late"
