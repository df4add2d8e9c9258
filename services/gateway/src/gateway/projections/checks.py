"""Spot checks and trace-backs in the case view."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, update
from sqlalchemy.dialects.postgresql import insert as upsert

from contracts.events import Published, accountability
from gateway.projections.facts import Fact, Handler, notice, state
from gateway.projections.supervision_tables import spot_checks, trace_backs

DISCIPLINE = "discipline-inspection"


def _drawn(fact: Fact, it: accountability.SpotCheckDrawn) -> Sequence[Executable]:
    """Neither the township nor the departments hear of it before it is done."""
    drawn = upsert(spot_checks).values(
        check_id=it.check_id,
        case_id=fact.case_id,
        period=it.period,
        cycle=it.cycle,
        stratum=it.stratum,
        weight=it.weight,
        state="drawn",
        drawn_at=fact.at,
    )
    return (drawn,)


def _check(check_id: str, **values: Any) -> Executable:
    return update(spot_checks).where(spot_checks.c.check_id == check_id).values(**values)


def _assigned(fact: Fact, it: accountability.SpotCheckAssigned) -> Sequence[Executable]:
    return (
        _check(it.check_id, state="assigned", checker=it.checker, checker_unit=it.unit),
        notice(str(fact.event.id), it.unit, fact, "spot-check-assigned", {}),
    )


def _done(
    fact: Fact, it: accountability.SpotCheckPassed | accountability.SpotCheckFailed, to: str
) -> Sequence[Executable]:
    found = {"way": it.way, "asked": fact.plain(it.asked_sealed), "finding": fact.plain(it.finding_sealed)}
    told = [notice(str(fact.event.id), it.unit, fact, "spot-check-failed", {})] if to == "failed" else []
    return (_check(it.check_id, state=to, done_at=fact.at, **found), state(fact, None), *told)


def _released(fact: Fact, it: accountability.TraceBackReleased) -> Sequence[Executable]:
    released = upsert(trace_backs).values(
        case_id=fact.case_id,
        number=it.number,
        digest=it.digest,
        by=it.by,
        reason=fact.plain(it.reason_sealed) or "",
        document=fact.plain(it.document_sealed) or "",
        released_at=fact.at,
    )
    return (released, notice(str(fact.event.id), DISCIPLINE, fact, "trace-back-released", {}))


HANDLERS: Mapping[type[Published], Handler] = {
    accountability.SpotCheckDrawn: _drawn,
    accountability.SpotCheckAssigned: _assigned,
    accountability.SpotCheckPassed: lambda fact, it: _done(fact, it, "passed"),
    accountability.SpotCheckFailed: lambda fact, it: _done(fact, it, "failed"),
    accountability.TraceBackReleased: _released,
}
"""Published fact → what it changes."""
UNTOLD = frozenset(
    {
        accountability.SpotCheckDrawn.NAME,
        accountability.SpotCheckAssigned.NAME,
        accountability.TraceBackReleased.NAME,
    }
)
"""No line in the timeline: who is checked is not to know, and who traces back reads the document."""
