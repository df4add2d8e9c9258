"""Clocks in the case view, and the notices that come from them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, func, insert, update

from contracts.events import Published, accountability
from gateway.projections.facts import Fact, Handler, answered, notice
from gateway.projections.returns import COUNTY_LEADER
from gateway.projections.tables import clocks


def _clock_started(fact: Fact, it: accountability.ClockStarted) -> Sequence[Executable]:
    return (
        insert(clocks).values(
            clock_id=it.clock_id,
            case_id=fact.case_id,
            kind=it.kind,
            unit=it.unit,
            assignment_id=it.assignment_id,
            cycle=it.cycle,
            state="running",
            provisional=it.provisional,
            started_at=it.started_at,
            original_due=it.due,
            due=it.due,
            earliest=it.earliest,
            latest=it.latest,
            policy_version=it.policy_version,
            calendar_version=it.calendar_version,
        ),
        *((answered(fact, "clocks"),) if it.kind in {"C2", "C4", "C5", "C12"} else ()),
    )


def _clock(it: accountability.ClockFact, **values: Any) -> Executable:
    return update(clocks).where(clocks.c.clock_id == it.clock_id).values(**values)


def _clock_moved(fact: Fact, it: accountability.ClockMoved) -> Sequence[Executable]:
    moved: dict[str, Any] = {
        "unit": it.unit,
        "due": it.due,
        "earliest": it.earliest,
        "latest": it.latest,
        "provisional": it.provisional,
    }
    versions = {"policy_version": it.policy_version, "calendar_version": it.calendar_version}
    moved |= {name: version for name, version in versions.items() if version is not None}
    if it.cause == "superseded":
        corrected = {"outcome": it.outcome, "ended_at": it.stopped_at, "paused_at": it.paused_at}
        moved |= {name: value for name, value in corrected.items() if value is not None}
    if it.cause == "resumed":
        moved |= {"state": "running", "paused_at": None}
    return (_clock(it, **moved), *((answered(fact, "extension"),) if it.cause == "extended" else ()))


def _breached(_: Fact, it: accountability.ClockBreached) -> Sequence[Executable]:
    told = func.clock_timestamp()
    breached = _clock(it, breached_at=it.breached_at, breach_told_at=told, waiting_for=[])
    return (breached, _running_again(it))


def _running_again(it: accountability.ClockFact) -> Executable:
    """A clock whose breach was unconfirmed runs on; a paused or stopped one stays as it is."""
    return (
        update(clocks)
        .where(clocks.c.clock_id == it.clock_id, clocks.c.state == "overdue_unconfirmed")
        .values(state="running")
    )


def _reminder(fact: Fact, it: accountability.ReminderDue) -> Sequence[Executable]:
    params = {"kind": it.kind, "due": it.due.isoformat(), "reminder": it.reminder, "duty_desk": it.duty_desk}
    return (notice(str(fact.event.id), it.unit, fact, "reminder", params, it.clock_id),)


def _rung(fact: Fact, it: accountability.LadderRungReached) -> Sequence[Executable]:
    """The unit is told, and of the office's own lateness the county leader."""
    params = {"kind": it.kind, "rung": it.rung}
    told = (notice(str(fact.event.id), it.unit, fact, "ladder", params, it.clock_id),)
    if it.to != "county-leader":
        return told
    above = notice(f"{fact.event.id}/above", COUNTY_LEADER, fact, "ladder", params, it.clock_id)
    return (*told, above)


HANDLERS: Mapping[type[Published], Handler] = {
    accountability.ClockStarted: _clock_started,
    accountability.ClockMoved: _clock_moved,
    accountability.ClockPaused: lambda _, it: (_clock(it, state="paused", paused_at=it.at),),
    accountability.ClockStopped: lambda _, it: (
        _clock(it, state="stopped", outcome=it.outcome, ended_at=it.at, waiting_for=[]),
    ),
    accountability.ClockVoided: lambda _, it: (_clock(it, state="voided", ended_at=it.at, waiting_for=[]),),
    accountability.ClockBreached: _breached,
    accountability.ClockExpired: lambda _, it: (_clock(it, state="expired", ended_at=it.expired_at),),
    accountability.ClockOverdueUnconfirmed: lambda _, it: (
        _clock(it, state="overdue_unconfirmed", waiting_for=list(it.waiting_for)),
    ),
    accountability.ReminderDue: _reminder,
    accountability.LadderRungReached: _rung,
}
"""Published fact → what it changes."""
