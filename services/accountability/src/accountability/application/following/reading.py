"""One fact read as effects on clocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from accountability.application.publishing import clock_id
from accountability.domain.clock import Command, StartClock, StopClock
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, Profile
from backbone.outbox import Delivered

OFFICE: Final = "burden-reduction-office"
"""减负办, whose time C0, C3, C4, C6 and C15 are."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A command on one clock."""

    clock: str
    command: Command


class Reading:
    """One fact, and the clocks it is about: ``at`` is its time, ``book`` the rules in force."""

    def __init__(self, event: Delivered, book: Rulebook) -> None:
        self.event, self.book = event, book
        self.case, self.at = event.case_id, event.effective_at

    def on(self, kind: ClockKind, command: Command, subject: str = "", cycle: int = 1) -> Effect:
        """An assignment belongs to one cycle already; what is about the case starts anew in each."""
        return Effect(clock_id(self.case, kind, subject or self.case, 1 if subject else cycle), command)

    def stop(self, kind: ClockKind, subject: str = "", cycle: int = 1) -> Effect:
        return self.on(kind, StopClock(self.at), subject, cycle)

    def start(
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
            case_id=self.case,
            subject=subject or self.case,
            unit=unit,
            cycle=cycle,
            at=at or self.at,
            rulebook=self.book,
            profile=profile,
            scope=scope,
            cap=cap,
        )
        return self.on(kind, command, subject, cycle)


Handler = Callable[[Reading, Any], Iterator[Effect]]
"""What a published fact, given as its model, calls for."""
