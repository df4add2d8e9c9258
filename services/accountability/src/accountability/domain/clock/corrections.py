"""时限更正: computing a clock again after a correction or a published calendar, keeping what stood before."""

from dataclasses import replace

from accountability.domain.clock.commands import CorrectClock, HandOverClock, Recompute, SupersedeClock
from accountability.domain.clock.events import (
    BreachAnnulled,
    ClockBreached,
    ClockRecomputed,
    ClockSuperseded,
    Event,
    Outcome,
)
from accountability.domain.clock.ledger import Running, paused_from
from accountability.domain.clock.schedules import History, compute, judge, pinned
from accountability.domain.moments import instant
from accountability.domain.refusals import require
from accountability.domain.terms import Ending


def correct(command: CorrectClock, clock: Running) -> list[Event]:
    """Whatever rests on the old moment moves to the new one; a clock that does not stays as it is.

    It is a fact of another service: what cannot be taken back here is left, and nothing is refused.
    """
    if clock.voided_at is not None or clock.expired_at is not None:
        return []
    old_at, new_at = instant(command.old_at), instant(command.new_at)
    moved = SupersedeClock(command.at, command.reason, command.by, command.approved_by, command.rulebook)
    begins = [each.begin for each in clock.pauses] + [clock.paused_at]
    pause = stopped_at = None
    if clock.stopped_at == old_at:
        stopped_at = max(clock.pauses[-1].end if clock.pauses else clock.started_at, new_at)
    if old_at in begins:
        place = begins.index(old_at)
        earliest = clock.pauses[place - 1].end if place else clock.started_at
        latest = clock.pauses[place].end if place < len(clock.pauses) else stopped_at or clock.stopped_at
        pause = (old_at, max(earliest, new_at if latest is None else min(new_at, latest)))
    if pause is None and stopped_at is None:
        return []
    return supersede(replace(moved, pause=pause, stopped_at=stopped_at), clock)


def supersede(command: SupersedeClock, clock: Running) -> list[Event]:
    """Correct the start, the stop or a pause; a breach the corrected times do not bear out is annulled."""
    require(command.by != command.approved_by, "second-person-needed")
    require(bool(command.reason.strip()), "reason-missing")
    require(clock.voided_at is None and clock.expired_at is None, "clock-not-running")
    require(command.stopped_at is None or clock.stopped_at is not None, "clock-still-running")
    at = instant(command.at)
    started_at = clock.started_at if command.started_at is None else instant(command.started_at)
    stopped_at = clock.stopped_at if command.stopped_at is None else instant(command.stopped_at)
    pauses, paused_at = paused_from(clock, command.pause)
    same = (clock.started_at, clock.stopped_at, clock.pauses, clock.paused_at)
    if (started_at, stopped_at, pauses, paused_at) == same:
        return []
    first_pause = pauses[0].begin if pauses else paused_at
    require(first_pause is None or started_at <= first_pause, "started-after-a-pause")
    require(stopped_at is None or started_at <= stopped_at, "stopped-before-started")
    history = replace(History.of(clock), started_at=started_at, pauses=pauses)
    schedule = compute(history, *pinned(clock, command.rulebook), since=at)
    judged_at = paused_at or stopped_at
    returned = clock.outcome == "returned"
    judged: Outcome | None = judge(judged_at, schedule.deadline) if judged_at and not returned else None
    outcome = "returned" if returned else judged if stopped_at else None
    due = schedule.deadline.due
    late = judged == "late" if judged else at > due and not returned
    events: list[Event] = []
    if clock.breached_at is not None and not (late and clock.breached_at == due):
        events.append(BreachAnnulled(at, clock.breached_at, "superseded"))
    events.append(
        ClockSuperseded(
            at=at,
            reason=command.reason,
            by=command.by,
            approved_by=command.approved_by,
            old_started_at=clock.started_at,
            started_at=started_at,
            old_stopped_at=clock.stopped_at,
            stopped_at=stopped_at,
            old_due=clock.due,
            schedule=schedule,
            outcome=outcome,
            pause=None if command.pause is None else (instant(command.pause[0]), instant(command.pause[1])),
        )
    )
    if late and clock.ending is Ending.BREACH and clock.breached_at != due:
        events.append(ClockBreached(due))
    return events


def recompute(command: Recompute, clock: Running) -> list[Event]:
    """Compute an open clock again, and judge anew what stopped while provisional; the rest stays as it is."""
    open_to_judgement = not clock.ended or clock.outcome == "provisional"
    if not open_to_judgement or clock.voided_at is not None or clock.breached_at is not None:
        return []
    at = instant(command.at)
    label = command.policy_version or clock.schedule.policy_version
    policy = command.rulebook.policies.version(label)
    require(policy.kind is clock.kind, "policy-of-another-clock", clock=clock.kind.value)
    base = clock.base
    profile = command.profile or clock.profile
    if (command.policy_version is not None or profile is not clock.profile) and not clock.limit_decided:
        base = policy.terms.limit(profile)
        require(base.unit is clock.base.unit or not clock.extensions, "extended-in-another-unit")
    limit = replace(base, amount=base.amount + sum(each.amount for each in clock.extensions))
    history = replace(History.of(clock), base=base, limit=limit, profile=profile)
    schedule = compute(history, policy, command.rulebook.calendar, since=at)
    was = clock.schedule
    if (schedule.deadline, policy.label) == (was.deadline, was.policy_version):
        schedule = replace(schedule, reminders=clock.reminders)
    same = (schedule.deadline, schedule.policy_version, schedule.calendar_version, base)
    handed_over = command.unit is not None and command.unit != clock.unit
    if not handed_over and same == (was.deadline, was.policy_version, was.calendar_version, clock.base):
        return []
    judged_at = (clock.paused_at or clock.stopped_at) if clock.stopped_at else None
    outcome = judge(judged_at, schedule.deadline) if judged_at else None
    recomputed = ClockRecomputed(
        at, command.cause, clock.due, base, schedule, outcome, command.profile, command.unit
    )
    if outcome == "late" and clock.ending is Ending.BREACH:
        return [recomputed, ClockBreached(schedule.deadline.due)]
    return [recomputed]


def hand_over(command: HandOverClock, clock: Running) -> list[Event]:
    """What still runs is the heir's time as it stands, breached or not; the breach said whose it was."""
    if clock.ended or clock.unit == command.unit:
        return []
    schedule = replace(clock.schedule, reminders=clock.reminders)
    at = instant(command.at)
    return [
        ClockRecomputed(at, "unit", clock.due, clock.base, schedule, None, unit=command.unit),
    ]
