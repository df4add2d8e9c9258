"""What intake does on the facts of routing and accountability: it follows, and never refuses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import accountability, routing
from intake.application.followed_rules import FOLLOWED_RULES, FOLLOWED_RULES_KEY, noted
from intake.application.followed_units import note
from intake.application.ports import HandedLetters
from intake.application.publishing import LETTER, WHISTLE
from intake.domain.followed_unit import NoteUnit, NoteUnitGone
from intake.domain.letter.commands import MoveLetter, NoteDispute
from intake.domain.whistle import Command
from intake.domain.whistle.commands import (
    AwaitConfirmation,
    CloseUnappraised,
    NoteAppealDecision,
    NoteDispatch,
    NoteFailedCheck,
    NoteHandling,
    NoteNotAccepted,
    NoteWithdrawal,
)
from intake.domain.whistle.facts import AdoptedIssues, IssueJudgement
from intake.domain.whistle.merging_commands import NoteAdoption, NoteConfirmationWindow, NoteMerger

FOLLOWED: Final = frozenset(
    {
        routing.DispatchIssued.NAME,
        routing.DispatchCorrected.NAME,
        routing.DepartmentReportedIn.NAME,
        routing.LeadConcluded.NAME,
        routing.DispatchReopened.NAME,
        routing.DispatchWithdrawn.NAME,
        routing.WhistleNotAccepted.NAME,
        routing.AppealDecided.NAME,
        routing.AssignmentReturned.NAME,
        routing.AssignmentReleased.NAME,
        routing.AssignmentMoved.NAME,
        routing.ChildAdopted.NAME,
        routing.WhistleMerged.NAME,
        routing.DisputeFiled.NAME,
        routing.UnitRegistered.NAME,
        routing.UnitMerged.NAME,
        routing.UnitEnded.NAME,
        accountability.ClockStarted.NAME,
        accountability.ClockMoved.NAME,
        accountability.ClockExpired.NAME,
        accountability.SpotCheckFailed.NAME,
        accountability.CaseRulesApproved.NAME,
    }
)
"""The types that may call for a command."""


class Follower:
    """Turns foreign facts into commands on the whistle of the same case, and on letters: one that is cited,
    those of a unit that went into another. Rules and units are kept for the decisions they bind."""

    def __init__(self, store: EventStore, handed: HandedLetters) -> None:
        self._store, self._handed = store, handed

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Carry out what a fact calls for, if anything."""
        if event.type not in FOLLOWED:
            return
        match event.type:
            case routing.DisputeFiled.NAME:
                cited = routing.DisputeFiled.model_validate(event.data).letter
                if cited is not None:
                    await execute(self._store, LETTER, cited, NoteDispute(event.case_id), command(0))
            case accountability.CaseRulesApproved.NAME:
                rules = noted(accountability.CaseRulesApproved.model_validate(event.data))
                await execute(self._store, FOLLOWED_RULES, FOLLOWED_RULES_KEY, rules, command(0))
            case routing.UnitRegistered.NAME:
                registered = routing.UnitRegistered.model_validate(event.data)
                await note(self._store, NoteUnit(registered.code), command(0))
            case routing.UnitMerged.NAME:
                merged = routing.UnitMerged.model_validate(event.data)
                # First: what is handed over from here on is refused, what was handed over before is found.
                await note(self._store, NoteUnitGone(merged.code, merged.into), command(1))
                await self._move_letters(merged.code, merged.into, command(0))
            case routing.UnitEnded.NAME:
                ended = routing.UnitEnded.model_validate(event.data)
                await note(self._store, NoteUnitGone(ended.code, None), command(0))
            case _:
                wanted = command_for(event)
                if wanted is not None:
                    await execute(self._store, WHISTLE, event.case_id, wanted, command(0))

    async def _move_letters(self, unit: str, to: str, context: CommandContext) -> None:
        """What the unit still has goes to its heir; safe to be asked again."""
        for letter in await self._handed.ever_with(unit):
            own = replace(context, command_id=uuid5(context.command_id, letter))
            await execute(self._store, LETTER, letter, MoveLetter(unit, to), own)


def command_for(event: Delivered) -> Command | None:
    """The command on the whistle that a followed fact calls for."""
    match event.type:
        case routing.DispatchIssued.NAME:
            issued = routing.DispatchIssued.model_validate(event.data)
            return NoteDispatch(_units(issued.assignments))
        case routing.DispatchReopened.NAME:
            reopened = routing.DispatchReopened.model_validate(event.data)
            return NoteDispatch(_units(reopened.assignments))
        case routing.DispatchCorrected.NAME:
            corrected = routing.DispatchCorrected.model_validate(event.data)
            return NoteDispatch(_units(corrected.issued), left=_units(corrected.voided))
        case routing.DepartmentReportedIn.NAME:
            reported = routing.DepartmentReportedIn.model_validate(event.data)
            return NoteHandling() if reported.part == "lead" else None
        case routing.LeadConcluded.NAME:
            concluded = routing.LeadConcluded.model_validate(event.data)
            results = tuple(IssueJudgement(each.issue_id, each.result) for each in concluded.results)
            return AwaitConfirmation(results, concluded.cycle)
        case routing.AssignmentReturned.NAME:
            returned = routing.AssignmentReturned.model_validate(event.data)
            return NoteDispatch(_units(returned.issued), left=(returned.unit,))
        case routing.AssignmentReleased.NAME:
            return NoteDispatch((), left=(routing.AssignmentReleased.model_validate(event.data).unit,))
        case routing.AssignmentMoved.NAME:
            moved = routing.AssignmentMoved.model_validate(event.data)
            return NoteDispatch((moved.to,), left=(moved.unit,))
        case routing.DispatchWithdrawn.NAME:
            return NoteWithdrawal()
        case routing.WhistleNotAccepted.NAME:
            return NoteNotAccepted()
        case routing.AppealDecided.NAME:
            decided = routing.AppealDecided.model_validate(event.data)
            return NoteAppealDecision(decided.granted, decided.cycle)
        case routing.ChildAdopted.NAME:
            adoption = routing.ChildAdopted.model_validate(event.data)
            adopted = tuple(
                AdoptedIssues(each.case_id, each.township, each.issue_ids, each.departments)
                for each in adoption.adopted
            )
            return NoteAdoption(adopted, _units(adoption.issued))
        case routing.WhistleMerged.NAME:
            return NoteMerger(routing.WhistleMerged.model_validate(event.data).parent)
        case accountability.ClockStarted.NAME:
            started = accountability.ClockStarted.model_validate(event.data)
            return NoteConfirmationWindow(started.cycle, started.due) if started.kind == "C7" else None
        case accountability.ClockMoved.NAME:
            delayed = accountability.ClockMoved.model_validate(event.data)
            return NoteConfirmationWindow(None, delayed.due) if delayed.kind == "C7" else None
        case accountability.SpotCheckFailed.NAME:
            failed = accountability.SpotCheckFailed.model_validate(event.data)
            return NoteFailedCheck(failed.unit, failed.finding_sealed, failed.cycle)
        case accountability.ClockExpired.NAME:
            expired = accountability.ClockExpired.model_validate(event.data)
            return CloseUnappraised(expired.cycle) if expired.kind == "C7" else None
        case _:
            return None


def _units(assignments: tuple[routing.Assigned, ...]) -> tuple[str, ...]:
    return tuple(each.unit for each in assignments)
