"""What people ask of corrections: a report-in or a conclusion was recorded late, and happened before."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, PublishedEvent
from backbone.identity import Actor
from contracts.events import routing as published
from routing.application.casework import Casework
from routing.application.corrections_publishing import CORRECTION
from routing.application.publishing import NAMES
from routing.domain.correction import (
    ApproveCorrection,
    Command,
    Corrections,
    DeclineCorrection,
    Fact,
    ProposeCorrection,
    Recorded,
    Subject,
)
from routing.domain.dispatch import require_dispatched
from routing.domain.refusals import require

_FACTS = 10_000
"""More than any case has."""


class CorrectedTimes(Casework):
    """Four eyes: proposed by one, approved by another."""

    async def propose(
        self,
        case: str,
        fact: Fact,
        unit: str | None,
        happened_at: datetime,
        reason: str,
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """更正: a department's report-in, or the lead's conclusion, happened at another time."""
        if repeated := await self._begin(actor, "propose-correction", context):
            return repeated
        dispatch = await self._dispatch(case)
        require_dispatched(dispatch)
        assignment = dispatch.lead if unit is None or fact == "conclusion" else dispatch.assignment(unit)
        require(assignment is not None, "department-has-no-part", unit=unit or "")
        assert assignment is not None
        assigned = assignment.assigned
        cycle = dispatch.cycle if fact == "conclusion" else 1
        subject = Subject(fact, assigned.assignment_id, assigned.unit, assigned.part, cycle)
        rows = await self._store.published(0, _FACTS, case)
        corrections = CORRECTION.fold(await self._store.load(CORRECTION.stream(case)))
        recorded = _recorded(subject, rows, corrections)
        [sealed] = await self._seal(case, [reason])
        correction = str(uuid5(NAMES, f"correction/{context.command_id}"))
        now = await self._store.now()
        command = ProposeCorrection(correction, subject, recorded, happened_at, sealed, actor.subject, now)
        return await self._run(case, correction, command, context)

    async def approve(self, case: str, correction: str, actor: Actor, context: CommandContext) -> Appended:
        """核准更正, by somebody else."""
        if repeated := await self._begin(actor, "approve-correction", context):
            return repeated
        return await self._run(case, correction, ApproveCorrection(correction, actor.subject), context)

    async def decline(
        self, case: str, correction: str, reason: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """否决更正."""
        if repeated := await self._begin(actor, "decline-correction", context):
            return repeated
        corrections = CORRECTION.fold(await self._store.load(CORRECTION.stream(case)))
        require(corrections.proposal(correction) is not None, "unknown-correction")
        [sealed] = await self._seal(case, [reason])
        return await self._run(
            case, correction, DeclineCorrection(correction, actor.subject, sealed), context
        )

    async def _run(self, case: str, correction: str, command: Command, context: CommandContext) -> Appended:
        answer = {"id": case, "correction": correction}
        return (await execute(self._store, CORRECTION, case, command, context, answer)).appended


def _recorded(subject: Subject, rows: Sequence[PublishedEvent], corrections: Corrections) -> Recorded | None:
    """The time others know, after the assignment was given and before what followed from it."""
    given = arrived = concluded = after = None
    for row in rows:
        at = row.occurred_at or row.recorded_at
        if given is None and f'"{subject.assignment_id}"' in row.data:
            given = at
        if row.type == published.DepartmentReportedIn.NAME:
            reported = published.DepartmentReportedIn.model_validate_json(row.data)
            arrived = at if reported.assignment_id == subject.assignment_id else arrived
        elif row.type == published.LeadConcluded.NAME:
            ended = published.LeadConcluded.model_validate_json(row.data)
            mine = ended.assignment_id == subject.assignment_id
            if mine and (subject.fact == "report-in" or ended.cycle == subject.cycle):
                concluded = concluded or at
        elif row.type in (published.DispatchClosed.NAME, published.DispatchReopened.NAME):
            after = (after or at) if concluded else None
    if subject.fact == "report-in":
        return None if arrived is None else Recorded(arrived, given, concluded)
    if concluded is None:
        return None
    known = Subject("report-in", subject.assignment_id, subject.unit, subject.part, 1)
    begun = given if arrived is None else corrections.time_of(known, arrived)
    return Recorded(concluded, begun, after)
