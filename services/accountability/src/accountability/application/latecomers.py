"""Clocks that started by rules which were replaced in that very moment: they are computed again.

Whoever starts a clock has read the rules shortly before. What was published in between had no such clock to
move yet, so each start is compared with the rules once it stands in the log.
"""

from collections.abc import Callable
from typing import Final

from accountability.application.moves import loaded, on_clock
from accountability.application.policies import Policies, label_in_force
from accountability.application.publishing import CALENDAR_YEAR, CLOCK, year_key
from accountability.application.rules import Rules
from accountability.domain.clock import Recompute
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, PolicyBook
from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.outbox import Delivered
from contracts.events import accountability as published

FOLLOWED: Final = frozenset({published.ClockStarted.NAME})


class Latecomers:
    """Compares each start of a clock with the rules in force by then."""

    def __init__(self, store: EventStore, rules: Rules, policies: Policies) -> None:
        self._store, self._rules, self._policies = store, rules, policies

    async def react(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """Compute the clock again if it has pinned what was no longer in force."""
        if event.type not in FOLLOWED:
            return
        started = published.ClockStarted.model_validate(event.data)
        clock_id, at = started.clock_id, event.recorded_at
        book = await self._rules.current(fresh=True)
        if _may_be_older(started, book.policies) and (clock := await loaded(self._store, clock_id)):
            await self._policies.apply(clock_id, clock, book, at, on_clock(command(0), clock_id))
        if await self._newer_calendar(started, event, book):
            change = Recompute(at, "calendar", book)
            await execute(self._store, CLOCK, clock_id, change, on_clock(command(1), clock_id))

    async def _newer_calendar(
        self, started: published.ClockStarted, event: Delivered, book: Rulebook
    ) -> bool:
        """Whether a year it has read was replaced before; what was published later moves the clock itself."""
        for year, version in book.calendar.superseded(started.calendar_version).items():
            history = await self._store.load(CALENDAR_YEAR.stream(year_key(year)))
            if history[version].recorded_at <= event.recorded_at:
                return True
        return False


def _may_be_older(started: published.ClockStarted, policies: PolicyBook) -> bool:
    """Whether some policy of its kind is another one than it has pinned; a start does not tell its scope."""
    kind = ClockKind(started.kind)
    scopes = {each.scope for each in policies.versions if each.kind is kind}
    labels = {label_in_force(policies, kind, started.started_at, each) for each in scopes}
    return labels != {started.policy_version}
