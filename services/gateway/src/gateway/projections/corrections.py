"""Corrections in the case view: what waits for a second person, the times that hold, and orders withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, Executable, Text, func, literal, update
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events import Published, accountability, intake, routing
from gateway.projections.facts import Fact, Handler, notice, state
from gateway.projections.tables import cases, clocks, entries, notices
from gateway.projections.whistles import assignment

OFFICE: Final = "burden-reduction-office"
"""减负办, whose second person decides."""
_WITHDRAWN: Final = {"withdrawn": True}


def _details(fact: Fact, changed: Any) -> Executable:
    return update(cases).where(cases.c.case_id == fact.case_id).values(details=changed)


def _proposed(fact: Fact, it: routing.CorrectionProposed | intake.CorrectionProposed) -> Sequence[Executable]:
    named = ("fact", "unit", "cycle", "old_at", "new_at", "by")
    told = it.model_dump(mode="json", include=set(named))
    one = literal({it.correction_id: told | {"state": "waiting"}}, JSONB)
    known = func.coalesce(cases.c.details["corrections"], literal({}, JSONB))
    merged = cases.c.details.op("||")(func.jsonb_build_object("corrections", known.op("||")(one)))
    return (
        state(fact, None),
        _details(fact, merged),
        notice(str(fact.event.id), OFFICE, fact, "correction-proposed", {}),
    )


def _decided(fact: Fact, correction_id: str, to: str, by: str) -> Sequence[Executable]:
    def place(name: str) -> Any:
        return literal(["corrections", correction_id, name], ARRAY(Text))

    decided = func.jsonb_set(cases.c.details, place("state"), literal(to, JSONB))
    return (
        state(fact, None),
        _details(fact, func.jsonb_set(decided, place("decided_by"), literal(by, JSONB))),
    )


def _act_corrected(fact: Fact, it: routing.FactCorrected) -> Sequence[Executable]:
    """The old time stays in the timeline."""
    column = "reported_in_at" if it.fact == "report-in" else "concluded_at"
    return (
        assignment(it.assignment_id, **{column: it.new_at}),
        *_decided(fact, it.correction_id, "approved", it.approved_by),
    )


def _step_corrected(fact: Fact, it: intake.FactCorrected) -> Sequence[Executable]:
    ended = (
        (update(cases).where(cases.c.case_id == fact.case_id).values(closed_at=it.new_at),)
        if it.fact == "resolution"
        else ()
    )
    return (*ended, *_decided(fact, it.correction_id, "approved", it.approved_by))


def _declined(fact: Fact, it: routing.CorrectionDeclined | intake.CorrectionDeclined) -> Sequence[Executable]:
    return _decided(fact, it.correction_id, "declined", it.by)


def _annulled(_: Fact, it: accountability.BreachAnnulled) -> Sequence[Executable]:
    """The breach is gone; its line and the orders that followed stay and say that they were withdrawn."""
    told = (accountability.ClockBreached.NAME, accountability.LadderRungReached.NAME)
    withdrawn = literal(_WITHDRAWN, JSONB)
    return (
        update(clocks).where(clocks.c.clock_id == it.clock_id).values(breached_at=None),
        update(entries)
        .where(
            entries.c.case_id == it.case_id,
            entries.c.type.in_(told),
            entries.c.params["clock_id"].astext == it.clock_id,
        )
        .values(params=entries.c.params.op("||")(withdrawn)),
        update(notices)
        .where(notices.c.clock_id == it.clock_id, notices.c.kind == "ladder")
        .values(params=notices.c.params.op("||")(withdrawn)),
    )


HANDLERS: Mapping[type[Published], Handler] = {
    routing.CorrectionProposed: _proposed,
    routing.FactCorrected: _act_corrected,
    routing.CorrectionDeclined: _declined,
    intake.CorrectionProposed: _proposed,
    intake.FactCorrected: _step_corrected,
    intake.CorrectionDeclined: _declined,
    accountability.BreachAnnulled: _annulled,
}
"""Published fact → what it changes."""
