"""What routing does on the facts of intake and accountability: it follows, and never refuses."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import accountability, intake
from routing.application.directory import Directory
from routing.application.disputes_publishing import DISPUTE
from routing.application.followed_rules import FOLLOWED_RULES, FOLLOWED_RULES_KEY, noted
from routing.application.publishing import DISPATCH
from routing.application.recorded import recorded
from routing.domain.dispatch import Command
from routing.domain.dispatch.commands import (
    CloseDispatch,
    NoteAppeal,
    NoteReturnWindow,
    OpenCycle,
    OpenDispatch,
    ReopenDispatch,
)
from routing.domain.dispatch.facts import Issue
from routing.domain.dispatch.parking_commands import Park, Unpark
from routing.domain.dispute.commands import ReferUp

HIGHER_LEVEL: Final = "higher-establishment-office"
"""上一级编办, whose a dispute is when the county has not decided it in time."""
FOLLOWED: Final = frozenset(
    {
        intake.WhistleRaised.NAME,
        intake.WhistleSigned.NAME,
        intake.WhistleRecorded.NAME,
        intake.WhistleReworked.NAME,
        intake.WhistleClosed.NAME,
        intake.WhistleAppealed.NAME,
        intake.WhistleRaisedAgain.NAME,
        accountability.ClockStarted.NAME,
        accountability.ClockMoved.NAME,
        accountability.ClockBreached.NAME,
        accountability.ParkingApproved.NAME,
        accountability.ParkingEnded.NAME,
        accountability.CaseRulesApproved.NAME,
    }
)
"""The types that may call for a command."""


_UNDECIDED: Final = ReferUp(HIGHER_LEVEL, "undecided-in-time")


class Follower:
    """Turns foreign facts into commands on the dispatch of the same case."""

    def __init__(self, store: EventStore, directory: Directory) -> None:
        self._store, self._directory = store, directory

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Carry out what a fact calls for, if anything."""
        if event.type not in FOLLOWED:
            return
        if event.type == accountability.CaseRulesApproved.NAME:
            rules = noted(accountability.CaseRulesApproved.model_validate(event.data))
            await execute(self._store, FOLLOWED_RULES, FOLLOWED_RULES_KEY, rules, command(0))
            return
        if event.type == accountability.ClockBreached.NAME:
            if accountability.ClockBreached.model_validate(event.data).kind == "C2":
                await execute(self._store, DISPUTE, event.case_id, _UNDECIDED, command(0))
            return
        wanted = await self._command_for(event)
        if wanted is not None:
            # What follows from a fact on paper happened then, too.
            context = replace(command(0), occurred_at=event.occurred_at)
            await execute(self._store, DISPATCH, event.case_id, wanted, context)

    async def _command_for(self, event: Delivered) -> Command | None:
        match event.type:
            case intake.WhistleRaised.NAME:
                raised = intake.WhistleRaised.model_validate(event.data)
                return await self._open(raised, event.effective_at) if raised.emergency else None
            case intake.WhistleSigned.NAME:
                signed = intake.WhistleSigned.model_validate(event.data)
                return await self._open(signed, event.effective_at)
            case intake.WhistleRecorded.NAME:
                whistle = intake.WhistleRecorded.model_validate(event.data)
                return await recorded(whistle, self._directory)
            case intake.WhistleReworked.NAME:
                return ReopenDispatch(intake.WhistleReworked.model_validate(event.data).cycle)
            case intake.WhistleClosed.NAME:
                return CloseDispatch()
            case intake.WhistleAppealed.NAME:
                return NoteAppeal()
            case intake.WhistleRaisedAgain.NAME:
                cycle = intake.WhistleRaisedAgain.model_validate(event.data).cycle
                rules = await self._directory.case_rules(event.effective_at)
                heirs = (await self._directory.succession()).heirs
                return OpenCycle(cycle, heirs, escalating_cycle=rules.cycles_that_escalate)
            case accountability.ClockStarted.NAME:
                return _window(accountability.ClockStarted.model_validate(event.data))
            case accountability.ClockMoved.NAME:
                return _window(accountability.ClockMoved.model_validate(event.data))
            case accountability.ParkingApproved.NAME:
                approved = accountability.ParkingApproved.model_validate(event.data)
                return Park(approved.number, approved.unit, approved.at)
            case accountability.ParkingEnded.NAME:
                ended = accountability.ParkingEnded.model_validate(event.data)
                return Unpark(ended.number, ended.at)
            case _:
                return None

    async def _open(
        self, whistle: intake.WhistleRaised | intake.WhistleSigned, signed_at: datetime
    ) -> OpenDispatch:
        """An emergency goes out when it is raised; its signature later finds it out already."""
        now = await self._store.now()
        departments = (await self._directory.succession()).named(whistle.departments)
        return OpenDispatch(
            case_id=whistle.case_id,
            township=whistle.township,
            emergency=whistle.emergency,
            issues=tuple(Issue(each.issue_id, each.item_code) for each in whistle.issues),
            departments=departments,
            registered=await self._directory.registered(departments),
            dispatch_at=whistle.dispatch_at if isinstance(whistle, intake.WhistleSigned) else None,
            duties=await self._directory.duties(now),
            at=now,
            signed_at=signed_at,
        )


def _window(clock: accountability.ClockStarted | accountability.ClockMoved) -> NoteReturnWindow | None:
    """C10 says until when a department may ask to return its assignment; the other clocks are not ours."""
    if clock.kind != "C10" or clock.assignment_id is None:
        return None
    return NoteReturnWindow(clock.assignment_id, clock.due)
