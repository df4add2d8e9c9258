"""Which clocks start, stop, pause and end with the facts of other services."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accountability.application.publishing import CLOCK, clock_id
from accountability.application.rules import Rules
from accountability.domain.clock import (
    Command,
    PauseClock,
    Recompute,
    RecordClock,
    ResumeClock,
    ReturnClock,
    StartClock,
    StopClock,
    VoidClock,
)
from accountability.domain.clock.schedules import start
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, Profile
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import accountability, intake, routing

OFFICE: Final = "burden-reduction-office"
"""减负办, whose time C0, C3, C4, C6 and C15 are."""
_ENDINGS: Final = {
    routing.DispatchClosed.NAME: "whistle-closed",
    routing.DispatchWithdrawn.NAME: "withdrawn",
    routing.WhistleNotAccepted.NAME: "not-accepted",
}
"""What ends a whistle, and why its clocks are void from then on."""
ESTABLISHMENT: Final = "establishment-office"
"""编办, whose time C2 is."""
HIGHER_LEVEL: Final = "higher-establishment-office"
"""上一级编办, whose time C2 is after a referral."""
_OF_AN_ASSIGNMENT: Final = (ClockKind.C1, ClockKind.C10, ClockKind.C13, ClockKind.C15)
"""The clocks that end with their assignment."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A command on one clock."""

    clock: str
    command: Command


class Follower:
    """Turns foreign facts into commands on clocks; a fact that comes again changes nothing."""

    def __init__(self, store: EventStore, rules: Rules) -> None:
        self._store, self._rules = store, rules

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Carry out what a fact calls for; the clocks of one fact are independent streams."""
        reading = _Reading(event, await self._rules.current())
        effects = list(reading.effects())
        if event.type in _ENDINGS:
            effects += await self._left_running(event, _ENDINGS[event.type])
        await asyncio.gather(
            *(
                execute(self._store, CLOCK, each.clock, each.command, command(number))
                for number, each in enumerate(effects)
            )
        )

    async def _left_running(self, event: Delivered, reason: str) -> list[Effect]:
        """What an ended whistle leaves running is void: nobody waits for it any more."""
        void = VoidClock(event.effective_at, reason)
        effects = []
        for row in await self._store.published(0, limit=10_000, case_id=event.case_id):
            if row.type == accountability.ClockStarted.NAME:
                started = accountability.ClockStarted.model_validate_json(row.data)
                effects.append(Effect(started.clock_id, void))
        return effects


class _Reading:
    """One fact, read as effects on clocks."""

    def __init__(self, event: Delivered, book: Rulebook) -> None:
        self._event, self._book = event, book
        self._case, self._at = event.case_id, event.effective_at

    def effects(self) -> Iterator[Effect]:
        """The commands the fact calls for."""
        data = self._event.data
        match self._event.type:
            case intake.WhistleRaised.NAME:
                yield from self._raised(intake.WhistleRaised.model_validate(data))
            case intake.WhistleSigned.NAME:
                yield from self._signed(intake.WhistleSigned.model_validate(data))
            case routing.DispatchIssued.NAME:
                yield from self._issued(routing.DispatchIssued.model_validate(data))
            case routing.DispatchConfirmed.NAME:
                yield self._stop(ClockKind.C6)
                yield from self._complex(routing.DispatchConfirmed.model_validate(data).complex)
            case routing.DispatchCorrected.NAME:
                yield from self._corrected(routing.DispatchCorrected.model_validate(data))
            case routing.AppealDecided.NAME:
                yield from self._appeal_decided(routing.AppealDecided.model_validate(data))
            case routing.CycleOpened.NAME:
                yield from self._cycle_opened(routing.CycleOpened.model_validate(data))
            case routing.ReturnRequested.NAME:
                yield from self._return_requested(routing.ReturnRequested.model_validate(data))
            case routing.AssignmentReturned.NAME:
                yield from self._returned(routing.AssignmentReturned.model_validate(data))
            case routing.ReturnRefused.NAME:
                refused = routing.ReturnRefused.model_validate(data)
                yield self._stop(ClockKind.C15, refused.assignment_id)
            case routing.AssignmentReleased.NAME:
                yield from self._released(routing.AssignmentReleased.model_validate(data))
            case routing.DepartmentReportedIn.NAME:
                yield from self._reported_in(routing.DepartmentReportedIn.model_validate(data))
            case routing.FeedbackGiven.NAME:
                feedback = routing.FeedbackGiven.model_validate(data)
                if feedback.part == "lead":
                    yield self._stop(ClockKind.C13, feedback.assignment_id)
            case routing.LeadConcluded.NAME:
                yield from self._concluded(routing.LeadConcluded.model_validate(data))
            case intake.WhistleClosed.NAME:
                closed = intake.WhistleClosed.model_validate(data)
                yield from self._on_handling(StopClock(self._at), closed.cycle)
                yield self._stop(ClockKind.C7, cycle=closed.cycle)
            case intake.WhistleReworked.NAME:
                reworked = intake.WhistleReworked.model_validate(data)
                yield self._stop(ClockKind.C7, cycle=reworked.cycle - 1)
                resumed = ResumeClock(self._at, self._book, figures_only=True)
                yield from self._on_handling(resumed, reworked.cycle)
            case routing.DispatchReopened.NAME:
                yield from self._reopened(routing.DispatchReopened.model_validate(data))
            case routing.DisputeFiled.NAME:
                yield self._start(ClockKind.C2, ESTABLISHMENT)
            case routing.DisputeReferredUp.NAME:
                yield self._stop(ClockKind.C2)
                yield self._start(ClockKind.C2, HIGHER_LEVEL, cycle=2)
            case routing.DutyRuled.NAME | routing.DutyAgreed.NAME | routing.DisputeNotAccepted.NAME:
                yield self._stop(ClockKind.C2)
                yield self._stop(ClockKind.C2, cycle=2)
            case routing.TaskDownProposed.NAME:
                yield self._start(ClockKind.C12, OFFICE)
            case routing.TaskDownDecided.NAME:
                yield self._stop(ClockKind.C12)
            case intake.LetterSubmitted.NAME:
                yield self._start(ClockKind.C3, OFFICE)
                yield self._start(ClockKind.C4, OFFICE)
            case intake.LetterResponded.NAME:
                yield self._stop(ClockKind.C3)
                if intake.LetterResponded.model_validate(data).final:
                    yield self._stop(ClockKind.C4)
            case intake.LetterResolved.NAME | intake.LetterNotAccepted.NAME | intake.LetterReferredUp.NAME:
                yield self._stop(ClockKind.C3)
                yield self._stop(ClockKind.C4)
            case intake.LetterRecorded.NAME:
                yield from self._letter_recorded(intake.LetterRecorded.model_validate(data))
            case _:
                return

    def _on(self, kind: ClockKind, command: Command, subject: str = "", cycle: int = 1) -> Effect:
        """An assignment belongs to one cycle already; what is about the case starts anew in each."""
        return Effect(clock_id(self._case, kind, subject or self._case, 1 if subject else cycle), command)

    def _stop(self, kind: ClockKind, subject: str = "", cycle: int = 1) -> Effect:
        return self._on(kind, StopClock(self._at), subject, cycle)

    def _start(
        self,
        kind: ClockKind,
        unit: str,
        *,
        subject: str = "",
        cycle: int = 1,
        profile: Profile = Profile.ORDINARY,
        scope: str = "",
        at: datetime | None = None,
        cap: datetime | None = None,
    ) -> Effect:
        command = StartClock(
            kind=kind,
            case_id=self._case,
            subject=subject or self._case,
            unit=unit,
            cycle=cycle,
            at=at or self._at,
            rulebook=self._book,
            profile=profile,
            scope=scope,
            cap=cap,
        )
        return self._on(kind, command, subject, cycle)

    def _raised(self, it: intake.WhistleRaised) -> Iterator[Effect]:
        if it.emergency:
            yield self._start(ClockKind.C0, OFFICE, profile=Profile.EMERGENCY, scope=it.township)
            yield self._start(ClockKind.C14, it.township, profile=Profile.EMERGENCY, scope=it.township)

    def _signed(self, it: intake.WhistleSigned) -> Iterator[Effect]:
        if it.emergency:
            yield self._stop(ClockKind.C14)
        elif it.dispatch_at is None:
            yield self._start(ClockKind.C0, OFFICE, scope=it.township)

    def _issued(self, it: routing.DispatchIssued) -> Iterator[Effect]:
        profile = _profile(it.emergency, it.complex)
        if it.scheduled:
            yield self._start(ClockKind.C0, OFFICE, profile=profile, scope=it.township)
        yield from self._assigned(it.assignments, profile, it.cycle, it.township)
        lead = _lead(it.assignments)
        if lead is not None:
            yield self._start(ClockKind.C5, lead.unit, profile=profile, scope=it.township)
        if it.provisional:
            yield self._start(ClockKind.C6, OFFICE, profile=profile, scope=it.township)

    def _assigned(
        self,
        assignments: Sequence[routing.Assigned],
        profile: Profile,
        cycle: int,
        scope: str = "",
        *,
        first_feedback: bool = True,
    ) -> Iterator[Effect]:
        for each in assignments:
            report_in = self._start(
                ClockKind.C1, each.unit, subject=each.assignment_id, cycle=cycle, profile=profile, scope=scope
            )
            yield report_in
            assert isinstance(report_in.command, StartClock)
            _, _, schedule = start(report_in.command, silent=False)
            yield self._start(
                ClockKind.C10,
                each.unit,
                subject=each.assignment_id,
                cycle=cycle,
                profile=profile,
                scope=scope,
                cap=schedule.deadline.due,
            )
            if each.part == "lead" and first_feedback:
                yield self._first_feedback(each, profile, cycle, scope)

    def _corrected(self, it: routing.DispatchCorrected) -> Iterator[Effect]:
        yield self._stop(ClockKind.C6)
        for each in it.voided:
            void = VoidClock(self._at, "dispatch-corrected")
            for kind in _OF_AN_ASSIGNMENT:
                yield self._on(kind, void, each.assignment_id)
        profile = _profile(it.emergency, it.complex)
        yield from self._complex(it.complex and not it.emergency)
        yield from self._led_by(_lead((*it.issued, *it.changed)), it.cycle)
        yield from self._assigned(it.issued, profile, it.cycle, it.township or "")
        for each in it.changed:
            if each.part == "lead":
                yield from self._new_lead(each, profile, it.cycle, it.township or "")
            else:
                yield self._on(ClockKind.C13, VoidClock(self._at, "dispatch-corrected"), each.assignment_id)

    def _new_lead(self, lead: routing.Assigned, profile: Profile, cycle: int, scope: str) -> Iterator[Effect]:
        """A department that had a part already leads now; the promise is kept if it has reported in."""
        yield self._first_feedback(lead, profile, cycle, scope)
        if lead.reported_in:
            yield self._stop(ClockKind.C0)

    def _return_requested(self, it: routing.ReturnRequested) -> Iterator[Effect]:
        """C1 runs on; the window has served its purpose."""
        yield self._stop(ClockKind.C10, it.assignment_id)
        profile = _profile(it.emergency, False)
        yield self._start(ClockKind.C15, OFFICE, subject=it.assignment_id, profile=profile, scope=it.township)

    def _returned(self, it: routing.AssignmentReturned) -> Iterator[Effect]:
        """The old clocks end without blame, the new department's start afresh, C5 runs on."""
        yield self._stop(ClockKind.C15, it.assignment_id)
        reason = "dispatch-error" if it.dispatch_error else "returned"
        ended = VoidClock(self._at, reason) if it.dispatch_error else ReturnClock(self._at)
        yield self._on(ClockKind.C1, ended, it.assignment_id)
        yield self._on(ClockKind.C13, VoidClock(self._at, reason), it.assignment_id)
        profile = _profile(it.emergency, it.complex)
        yield from self._assigned(it.issued, profile, it.cycle, it.township)
        if it.part == "lead":
            yield from self._led_by(_lead((*it.issued, *it.changed)), it.cycle)
        for each in it.changed:
            if each.part == "lead" and it.part == "lead":
                yield from self._new_lead(each, profile, it.cycle, it.township)
        if it.settled:
            yield self._stop(ClockKind.C6)

    def _released(self, it: routing.AssignmentReleased) -> Iterator[Effect]:
        for kind in _OF_AN_ASSIGNMENT:
            yield self._on(kind, VoidClock(self._at, "released"), it.assignment_id)
        if it.settled:
            yield self._stop(ClockKind.C6)

    def _on_handling(self, command: Command, cycle: int) -> Iterator[Effect]:
        """C5 began in the first cycle, or in a later one after a granted appeal; an ended one is past."""
        for each in range(1, cycle + 1):
            yield self._on(ClockKind.C5, command, cycle=each)

    def _led_by(self, lead: routing.Assigned | None, cycle: int) -> Iterator[Effect]:
        """What is left of handling and rework is the new lead's time; a breach stays whose it was."""
        if lead is None:
            return
        handed_over = Recompute(self._at, "lead", self._book, unit=lead.unit)
        yield from self._on_handling(handed_over, cycle)
        if cycle > 1:
            yield self._on(ClockKind.C8, handed_over, cycle=cycle)

    def _appeal_decided(self, it: routing.AppealDecided) -> Iterator[Effect]:
        """Sent out once more: the departments' clocks and C5 start afresh; the promise C0 stays void."""
        if not it.granted:
            return
        profile = _profile(it.emergency, it.complex)
        yield from self._assigned(it.assignments, profile, it.cycle, it.township)
        lead = _lead(it.assignments)
        if lead is not None:
            yield self._start(ClockKind.C5, lead.unit, cycle=it.cycle, profile=profile, scope=it.township)

    def _cycle_opened(self, it: routing.CycleOpened) -> Iterator[Effect]:
        """Raised again: report-in and rework are timed; handling was timed to its end before."""
        profile = _profile(it.emergency, it.complex)
        yield from self._assigned(it.assignments, profile, it.cycle, it.township, first_feedback=False)
        lead = _lead(it.assignments)
        if lead is not None:
            yield self._start(ClockKind.C8, lead.unit, cycle=it.cycle, scope=it.township)

    def _complex(self, is_complex: bool) -> Iterator[Effect]:
        """The dispatcher's word, with a reason, makes a matter complex; it never makes one simple again."""
        if is_complex:
            yield self._on(ClockKind.C5, Recompute(self._at, "profile", self._book, profile=Profile.COMPLEX))

    def _first_feedback(self, lead: routing.Assigned, profile: Profile, cycle: int, scope: str) -> Effect:
        return self._start(
            ClockKind.C13, lead.unit, subject=lead.assignment_id, cycle=cycle, profile=profile, scope=scope
        )

    def _reported_in(self, it: routing.DepartmentReportedIn) -> Iterator[Effect]:
        yield self._stop(ClockKind.C1, it.assignment_id)
        yield self._stop(ClockKind.C10, it.assignment_id)
        if it.part == "lead":
            yield self._stop(ClockKind.C0)

    def _concluded(self, it: routing.LeadConcluded) -> Iterator[Effect]:
        yield from self._on_handling(PauseClock(self._at, "awaiting-confirmation"), it.cycle)
        yield self._stop(ClockKind.C13, it.assignment_id)
        yield self._stop(ClockKind.C8, cycle=it.cycle)
        yield self._start(ClockKind.C7, it.township, cycle=it.cycle, scope=it.township)

    def _reopened(self, it: routing.DispatchReopened) -> Iterator[Effect]:
        lead = _lead(it.assignments)
        if lead is not None:
            yield self._start(ClockKind.C8, lead.unit, cycle=it.cycle, scope=it.township or "")

    def _letter_recorded(self, it: intake.LetterRecorded) -> Iterator[Effect]:
        for kind, done in ((ClockKind.C3, it.responded_at), (ClockKind.C4, it.resolved_at)):
            started = self._start(kind, OFFICE, at=it.submitted_at)
            assert isinstance(started.command, StartClock)
            yield self._on(kind, RecordClock(started.command, done))


def _profile(emergency: bool, complex_: bool) -> Profile:
    if emergency:
        return Profile.EMERGENCY
    return Profile.COMPLEX if complex_ else Profile.ORDINARY


def _lead(assignments: Sequence[routing.Assigned]) -> routing.Assigned | None:
    return next((each for each in assignments if each.part == "lead"), None)
