"""Applies published facts to the tables of the figures."""

from collections.abc import Container, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from accountability.projections.figures import dispatched, judged, outside, timed
from accountability.projections.figures.ledger import Ledger
from accountability.projections.figures.tables import (
    answerable,
    clocks,
    exclusions,
    judgements,
    members,
    parts,
    subjects,
)
from accountability.projections.figures.timed import Handler
from backbone.outbox import Delivered
from contracts.events import REGISTER, Published, accountability, intake, routing

NAME: Final = "figures"
VERSION: Final = 3
"""Raised whenever a row would come out differently from the same events; a rebuild then runs beside."""

_HANDLERS: Final[Mapping[type[Published], Handler]] = {
    **timed.HANDLERS,
    **dispatched.HANDLERS,
    **judged.HANDLERS,
    **outside.HANDLERS,
}

_UNITS: Final = (routing.UnitRegistered, routing.UnitRenamed)
_CONCLUSIONS: Final = (routing.LeadConcluded, routing.DispatchRecorded)
_CLOSINGS: Final = (intake.WhistleClosed, intake.WhistleRecorded, intake.AdoptedIssuesJudged)
_Fact = tuple[Delivered, type[Published], Any]


async def apply(connection: AsyncConnection, event: Delivered) -> None:
    """Apply one fact."""
    await apply_many(connection, [event])


async def apply_many(connection: AsyncConnection, events: Sequence[Delivered]) -> None:
    """Apply facts in order: the rows they touch are read together and written together."""
    known = [(event, model) for event in events if (model := REGISTER.get(event.type)) in _HANDLERS]
    if not known:
        return
    facts: list[_Fact] = [
        (event, model, model.model_validate(event.data)) for event, model in known if model is not None
    ]
    ledger = Ledger(connection)
    await _read(ledger, facts)
    for event, model, it in facts:
        _HANDLERS[model](ledger, event, it)
    await ledger.flush()


async def _read(ledger: Ledger, facts: Sequence[_Fact]) -> None:
    """The present rows that the facts may change."""

    def cases(models: Container[type[Published]]) -> set[str]:
        return {event.case_id for event, model, _ in facts if model in models}

    await ledger.read(clocks, "key", {it.clock_id for _, model, it in facts if model in timed.HANDLERS})
    await ledger.read(members, "key", {it.code for _, model, it in facts if model in _UNITS})
    dispatches, judges = cases(dispatched.HANDLERS), cases(judged.HANDLERS)
    await ledger.read(parts, "case_id", dispatches)
    await ledger.read(answerable, "case_id", cases(_CONCLUSIONS))
    await ledger.read(judgements, "case_id", cases(_CLOSINGS))
    await ledger.read(subjects, "key", dispatches | judges)
    await ledger.read(exclusions, "target", {target for fact in facts for target in _targets(fact)})


def _targets(fact: _Fact) -> Sequence[str]:
    """What a fact may exclude, or let back in."""
    event, model, it = fact
    if isinstance(it, accountability.SpotCheckFailed):
        return (outside.checked(it),)
    if model in outside.HANDLERS:
        return (event.case_id, getattr(it, "item", event.case_id))
    match it:
        case routing.DispatchCorrected():
            return [each.assignment_id for each in it.voided]
        case routing.AssignmentReturned():
            return (it.assignment_id,)
        case routing.AppealDecided():
            return (event.case_id,)
        case _:
            return ()
