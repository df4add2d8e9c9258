"""From the facts of clocks, calendar years and policies to the published language and to timer rows."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID, uuid5

from accountability.application.publishing_policies import publish_policy
from accountability.domain import calendar_year, clock, policy
from accountability.domain.calendar import YearPlan
from backbone.decider import Aggregate, Codec
from backbone.eventstore import Deadline
from contracts.events import Published
from contracts.events import accountability as published

Outbound = Sequence[tuple[str, str, str]]
IDS: Final = UUID("0d1b8c7e-5a51-5e4e-8d0c-0b7f0b8f6a11")
"""Namespace of the ids that follow from what they name."""


def clock_id(case_id: str, kind: str, subject: str, cycle: int) -> str:
    """The id of a clock: the same facts always name the same clock."""
    return str(uuid5(IDS, f"{case_id}/{kind}/{subject}/{cycle}"))


def year_key(year: int) -> str:
    """The key of a calendar year."""
    return str(uuid5(IDS, f"calendar-year/{year}"))


def policy_key(kind: str, scope: str) -> str:
    """The key of the policies of one clock in one scope."""
    return str(uuid5(IDS, f"policy/{kind}/{scope}"))


def _out(fact: Published) -> tuple[str, str, str]:
    return fact.NAME, fact.case_id, fact.model_dump_json(exclude_none=True)


def _identity(state: clock.Clock, key: str) -> dict[str, Any]:
    running = state.running
    assert running is not None, "a clock's first fact starts it"
    return {
        "case_id": running.case_id,
        "clock_id": key,
        "kind": running.kind.value,
        "unit": running.unit,
        "assignment_id": running.subject if running.subject != running.case_id else None,
    }


def _schedule(schedule: clock.Schedule) -> dict[str, Any]:
    deadline = schedule.deadline
    return {
        "due": deadline.due,
        "earliest": deadline.earliest,
        "latest": deadline.latest,
        "provisional": deadline.provisional,
    }


def publish_clock(event: clock.Event, state: clock.Clock, key: str) -> Outbound:
    """What others learn of a clock's fact."""
    who = _identity(state, key)
    fact: Published
    match event:
        case clock.ClockStarted():
            fact = published.ClockStarted(
                **who,
                **_schedule(event.schedule),
                started_at=event.started_at,
                policy_version=event.schedule.policy_version,
                calendar_version=event.schedule.calendar_version,
                cycle=event.cycle,
                recorded=event.recorded,
            )
        case clock.ClockPaused(at, reason):
            fact = published.ClockPaused(**who, at=at, reason=reason)
        case clock.ClockResumed(at, old_due, schedule, _):
            fact = _moved(who, "resumed", at, old_due, schedule)
        case clock.ClockExtended(at, _, _, old_due, schedule):
            fact = _moved(who, "extended", at, old_due, schedule)
        case clock.ClockSuperseded():
            moved = _moved(who, "superseded", event.at, event.old_due, event.schedule, event.outcome)
            paused_at = state.running.paused_at if state.running else None
            times = {"started_at": event.started_at, "stopped_at": event.stopped_at, "paused_at": paused_at}
            fact = moved.model_copy(update=times)
        case clock.ClockRecomputed(at, _, old_due, _, schedule, outcome):
            fact = _moved(who, "recomputed", at, old_due, schedule, outcome)
        case clock.ClockStopped(at, judged, _):
            fact = published.ClockStopped(**who, at=at, outcome=judged)
        case clock.ClockVoided(at, reason):
            fact = published.ClockVoided(**who, at=at, reason=reason)
        case clock.ClockBreached(breached_at):
            fact = published.ClockBreached(**who, breached_at=breached_at)
        case clock.BreachAnnulled(at, breached_at, _):
            fact = published.BreachAnnulled(**who, at=at, breached_at=breached_at)
        case clock.ClockExpired(expired_at):
            cycle = state.running.cycle if state.running else 1
            fact = published.ClockExpired(**who, expired_at=expired_at, cycle=cycle)
        case clock.ClockOverdueUnconfirmed(_, due, waiting_for):
            fact = published.ClockOverdueUnconfirmed(**who, due=due, waiting_for=waiting_for)
        case clock.ReminderDue(reminder, at, due, to, duty_desk):
            fact = published.ReminderDue(**who, reminder=reminder, at=at, due=due, to=to, duty_desk=duty_desk)
        case clock.LadderRungReached(rung, at, to, proposed):
            fact = published.LadderRungReached(**who, rung=rung, at=at, to=to, proposed=proposed)
    return [_out(fact)]


def _moved(
    who: dict[str, Any],
    cause: Any,
    at: Any,
    old_due: Any,
    schedule: clock.Schedule,
    outcome: Any = None,
) -> published.ClockMoved:
    return published.ClockMoved(
        **who,
        **_schedule(schedule),
        cause=cause,
        at=at,
        old_due=old_due,
        outcome=outcome,
        original_due=schedule.original_due,
        policy_version=schedule.policy_version,
        calendar_version=schedule.calendar_version,
    )


def clock_deadlines(events: Sequence[clock.Event], state: clock.Clock, key: str) -> Sequence[Deadline]:
    """The timer rows a clock wants after new facts."""
    return [Deadline(key, timer.name, timer.at) for timer in clock.timers(events, state)]


def publish_year(event: calendar_year.Event, state: calendar_year.CalendarYear, key: str) -> Outbound:
    """The year as it is in force after the fact."""
    assert state.latest is not None, "a year's first fact publishes it"
    return [_out(_year(state.latest, key))]


def _year(plan: YearPlan, key: str) -> published.CalendarYearPublished:
    return published.CalendarYearPublished(
        case_id=key,
        year=plan.year,
        version=plan.version,
        source_document=f"{plan.source.title} {plan.source.number}".strip(),
        holidays=tuple(day for holiday in plan.holidays for day in holiday.days()),
        make_up_days=plan.make_up_days,
    )


CLOCK: Final[Aggregate[clock.Command, clock.Event, clock.Clock]] = Aggregate(
    category="clock",
    initial=clock.INITIAL,
    decide=clock.decide,
    evolve=clock.evolve,
    codec=Codec(clock.Event),
    publish=publish_clock,
    deadlines=clock_deadlines,
)
CALENDAR_YEAR: Final[Aggregate[calendar_year.Command, calendar_year.Event, calendar_year.CalendarYear]] = (
    Aggregate(
        category="calendar-year",
        initial=calendar_year.INITIAL,
        decide=calendar_year.decide,
        evolve=calendar_year.evolve,
        codec=Codec(calendar_year.Event),
        publish=publish_year,
    )
)
POLICY: Final[Aggregate[policy.Command, policy.Event, policy.PolicyRecord]] = Aggregate(
    category="policy",
    initial=policy.INITIAL,
    decide=policy.decide,
    evolve=policy.evolve,
    codec=Codec(policy.Event),
    publish=publish_policy,
)
