"""Clocks that started by rules which were replaced in that very moment: they are computed again.

Whoever starts a clock has read the rules shortly before. What was published in between had no such clock to
move yet, so each start is compared with the rules once it stands in the log.
"""

from collections.abc import Callable
from typing import Final

import structlog

from accountability.application.moves import on_clock
from accountability.application.policies import label_in_force
from accountability.application.publishing import CALENDAR_YEAR, CLOCK, year_key
from accountability.application.rules import Rules
from accountability.domain.clock import Recompute
from accountability.domain.refusals import Refused
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import accountability as published

log = structlog.get_logger("chuishao.latecomers")
FOLLOWED: Final = frozenset({published.ClockStarted.NAME})


class Latecomers:
    """Compares each start of a clock with the rules in force by then."""

    def __init__(self, store: EventStore, rules: Rules) -> None:
        self._store, self._rules = store, rules

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Compute the clock again if it has pinned what was no longer in force."""
        if event.type not in FOLLOWED:
            return
        started = published.ClockStarted.model_validate(event.data)
        book = await self._rules.current(fresh=True)
        label = await self._newer_policy(started, book)
        if label is not None:
            change = Recompute(event.recorded_at, "policy", book, policy_version=label)
        elif await self._newer_calendar(started, event, book):
            change = Recompute(event.recorded_at, "calendar", book)
        else:
            return
        try:
            await execute(
                self._store, CLOCK, started.clock_id, change, on_clock(command(0), started.clock_id)
            )
        except Refused as refused:
            log.warning("clock keeps its rules", clock=started.clock_id, reason=refused.slug)

    async def _newer_policy(self, started: published.ClockStarted, book: Rulebook) -> str | None:
        """The version that is in force for a clock of this start, if it is not the one it has pinned."""
        kind = ClockKind(started.kind)
        scopes = {each.scope for each in book.policies.versions if each.kind is kind}
        labels = {label_in_force(book.policies, kind, started.started_at, each) for each in scopes}
        if labels == {started.policy_version}:
            return None
        clock = CLOCK.fold(await self._store.load(CLOCK.stream(started.clock_id))).running
        if clock is None:
            return None
        label = label_in_force(book.policies, kind, clock.started_at, clock.scope)
        return None if label == clock.schedule.policy_version else label

    async def _newer_calendar(
        self, started: published.ClockStarted, event: Delivered, book: Rulebook
    ) -> bool:
        """Whether a year it has read was replaced before; what was published later moves the clock itself."""
        for year, version in book.calendar.superseded(started.calendar_version).items():
            history = await self._store.load(CALENDAR_YEAR.stream(year_key(year)))
            if history[version].recorded_at <= event.recorded_at:
                return True
        return False
