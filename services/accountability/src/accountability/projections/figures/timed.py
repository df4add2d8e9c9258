"""Clocks in the figures: one row per clock, a version per fact that changes how it is judged."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from accountability.domain.figures import CLOCKS
from accountability.projections.figures.ledger import Ledger
from accountability.projections.figures.tables import clocks
from backbone.outbox import Delivered
from contracts.events import Published, accountability

MEASURED: Final = frozenset(each.value for each in CLOCKS)

Handler = Callable[[Ledger, Delivered, Any], None]
"""Writes what a fact means; the third argument is its model."""


def _started(ledger: Ledger, fact: Delivered, it: accountability.ClockStarted) -> None:
    if it.kind not in MEASURED:
        return
    ledger.write(
        clocks,
        it.clock_id,
        fact,
        measure=it.kind,
        case_id=it.case_id,
        subject=it.assignment_id or it.case_id,
        unit=it.unit,
        started_at=it.started_at,
        due=it.due,
        original_due=it.due,
        paused_at=None,
        done_at=None,
        outcome=None,
        breached=False,
        ended=None,
        extended=False,
    )


def _change(ledger: Ledger, fact: Delivered, it: accountability.ClockFact, **values: Any) -> None:
    if ledger.row(clocks, it.clock_id) is not None:
        ledger.write(clocks, it.clock_id, fact, **values)


def _moved(ledger: Ledger, fact: Delivered, it: accountability.ClockMoved) -> None:
    row = ledger.row(clocks, it.clock_id)
    if row is None:
        return
    values: dict[str, Any] = {"unit": it.unit, "due": it.due, "original_due": _original(row, it)}
    if it.cause == "extended":
        values["extended"] = True
    if it.cause == "resumed":
        values["paused_at"] = None
    if it.outcome is not None:
        values["outcome"] = it.outcome
    if it.started_at is not None:
        values["started_at"] = it.started_at
    if it.stopped_at is not None:
        values["done_at"] = row["paused_at"] or it.stopped_at
    ledger.write(clocks, it.clock_id, fact, **values)


def _original(row: Mapping[str, Any], it: accountability.ClockMoved) -> datetime:
    """As the fact says; facts that do not say it yet move it with the due, but for an extension."""
    if it.original_due is not None:
        return it.original_due
    before: datetime = row["original_due"]
    return before if it.cause == "extended" else before + (it.due - it.old_due)


def _stopped(ledger: Ledger, fact: Delivered, it: accountability.ClockStopped) -> None:
    """What was done when the clock was paused was done then."""
    row = ledger.row(clocks, it.clock_id)
    if row is not None:
        done = it.at if row["paused_at"] is None else row["paused_at"]
        ledger.write(clocks, it.clock_id, fact, outcome=it.outcome, done_at=done)


HANDLERS: Final[Mapping[type[Published], Handler]] = {
    accountability.ClockStarted: _started,
    accountability.ClockMoved: _moved,
    accountability.ClockStopped: _stopped,
    accountability.ClockPaused: lambda ledger, fact, it: _change(ledger, fact, it, paused_at=it.at),
    accountability.ClockVoided: lambda ledger, fact, it: _change(ledger, fact, it, ended=it.reason),
    accountability.ClockBreached: lambda ledger, fact, it: _change(ledger, fact, it, breached=True),
    accountability.BreachAnnulled: lambda ledger, fact, it: _change(ledger, fact, it, breached=False),
}
"""Published fact → what it changes."""
