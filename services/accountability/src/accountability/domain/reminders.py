"""提醒与督查梯次: when reminders go out and rungs of the ladder are reached, outside quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accountability.domain.calendar import Bound, Calendar
from accountability.domain.moments import DAY, SECOND, closing_day, day_of, instant, on
from accountability.domain.terms import Anchor, QuietHours, ReminderRule, Terms
from accountability.domain.working_time import Deadline, Limit, Pause, Unit, stretches


@dataclass(frozen=True, slots=True)
class Notice:
    """A reminder or rung with the moment it is released and whom it is for."""

    name: str
    at: datetime
    to: str
    duty_desk: bool = False
    proposed: bool = False


def release(at: datetime, calendar: Calendar, quiet: QuietHours) -> datetime:
    """When a notice of ``at`` that is not urgent goes out; undecreed days are read Monday to Friday."""
    moment, day = instant(at), day_of(at)
    if calendar.counts(day, Bound.LIKELY) and moment < on(day, quiet.begin):
        return max(moment, _opens(day, calendar, quiet))
    return _opens(calendar.working_day_after(day), calendar, quiet)


def last_permitted_before(moment: datetime, calendar: Calendar, quiet: QuietHours) -> datetime:
    """The last second before a moment at which a notice may go out."""
    day = day_of(moment)
    while True:
        latest = min(instant(moment), on(day, quiet.begin)) - SECOND
        if calendar.counts(day, Bound.LIKELY) and latest >= _opens(day, calendar, quiet):
            return latest
        day -= DAY


def _opens(day: date, calendar: Calendar, quiet: QuietHours) -> datetime:
    return on(day, quiet.end if calendar.counts(day - DAY, Bound.LIKELY) else quiet.after_days_off)


def reminders(
    terms: Terms,
    limit: Limit,
    urgent: bool,
    since: datetime,
    started_at: datetime,
    deadline: Deadline,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> tuple[Notice, ...]:
    """The reminders still to come after ``since``, in order; the earliest bound of a deadline counts.

    A reminder whose release would not come before the deadline moves to the last permitted moment before it;
    if that moment is gone there is none. Of several at one moment only the last is kept.
    """
    found: dict[tuple[datetime, str, bool], Notice] = {}
    for rule in terms.reminders:
        at = _nominal(rule, terms, limit, started_at, deadline, calendar, pauses)
        if at is None:
            continue
        if not urgent and not rule.always:
            at = release(at, calendar, terms.quiet)
            if at >= deadline.earliest:
                at = last_permitted_before(deadline.earliest, calendar, terms.quiet)
        if instant(since) < at < deadline.earliest:
            found[at, rule.to, rule.always] = Notice(rule.name, at, rule.to, duty_desk=rule.always)
    return tuple(sorted(found.values(), key=lambda notice: notice.at))


def rungs(terms: Terms, urgent: bool, deadline: Deadline, calendar: Calendar) -> tuple[Notice, ...]:
    """The rungs that follow a breach of the deadline, in order; the first is reached with the breach itself.

    ``n`` working days after a deadline is the same time of day on the n-th working day after its day.
    """
    due_day = closing_day(deadline.due)
    found = []
    for rule in terms.ladder:
        at = deadline.due
        if rule.working_days:
            at += calendar.working_day_after(due_day, rule.working_days) - due_day
            if not urgent:
                at = release(at, calendar, terms.quiet)
        found.append(Notice(rule.name, at, rule.to, proposed=rule.proposed))
    return tuple(found)


def _nominal(
    rule: ReminderRule,
    terms: Terms,
    limit: Limit,
    started_at: datetime,
    deadline: Deadline,
    calendar: Calendar,
    pauses: Sequence[Pause],
) -> datetime | None:
    if rule.anchor is Anchor.SECONDS_BEFORE_DUE:
        return deadline.earliest - timedelta(seconds=rule.amount)
    if rule.clock_time is None or not limit.unit.counts_days:
        return None
    day = closing_day(deadline.earliest)
    if rule.anchor is Anchor.COUNTED_DAY:
        walk = stretches(limit, started_at, calendar, terms.hours, pauses)
        counted = [closing_day(stretch.end) for stretch in walk if stretch.counted]
        return on(counted[rule.amount - 1], rule.clock_time) if rule.amount <= len(counted) else None
    for _ in range(rule.amount):
        day = calendar.working_day_before(
            day, Bound.EARLIEST if limit.unit is Unit.WORKING_DAYS else Bound.LIKELY
        )
    return on(day, rule.clock_time)
