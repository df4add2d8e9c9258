"""Reading clocks: explanations in words, tallies of outcomes, and when the offices open."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from accountability.application.publishing import CLOCK, clock_id
from accountability.application.rules import Rules, recorded_until
from accountability.domain.calendar import Opening
from accountability.domain.clock import Running
from accountability.domain.explain import Explanation, explain
from accountability.domain.reminders import release
from accountability.domain.terms import ClockKind
from backbone.eventstore import EventStore

Judgement = Literal["on_time", "breached", "provisional", "open", "void"]
JUDGEMENTS: Final[Sequence[Judgement]] = ("on_time", "breached", "provisional", "open", "void")

AT_ONCE: Final = 16
"""Clocks read side by side; as many as the store's pool serves well."""


class UnknownClock(Exception):
    """There is no such clock."""

    status = 404
    slug = "unknown-clock"

    def __init__(self, clock: str) -> None:
        super().__init__(clock)
        self.params: Mapping[str, object] = {"clock": clock}


class NotYetKnown(Exception):
    """What is asked as of the future would be answered otherwise later."""

    status = 422
    slug = "moment-to-come"

    def __init__(self, as_of: datetime) -> None:
        super().__init__(as_of.isoformat())
        self.params: Mapping[str, object] = {"as_of": as_of.isoformat()}


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock and how its deadline comes about."""

    clock_id: str
    clock: Running
    explanation: Explanation


class Readings:
    """Questions about clocks; they change nothing."""

    def __init__(self, store: EventStore, rules: Rules) -> None:
        self._store, self._rules = store, rules

    async def clock(self, key: str, as_of: datetime | None = None) -> ClockReading:
        """One clock with its explanation; raises ``UnknownClock`` and, as ``explained``, ``NotYetKnown``."""
        found = (await self.explained([key], as_of)).get(key)
        if found is None:
            raise UnknownClock(key)
        return found

    async def explained(
        self, keys: Iterable[str], as_of: datetime | None = None
    ) -> Mapping[str, ClockReading]:
        """The clocks there are, by id, with their explanations.

        ``as_of`` a past moment: from what had been recorded by then, so the answer is the same for ever.
        Raises ``NotYetKnown`` for a moment to come.
        """
        if as_of is not None and as_of > (await self._store.published_head()).now:
            raise NotYetKnown(as_of)
        book = await (self._rules.current() if as_of is None else self._rules.as_of(as_of))
        readings: dict[str, ClockReading] = {}
        for key in dict.fromkeys(keys):
            running = await self._running(key, as_of)
            if running is not None:
                readings[key] = ClockReading(key, running, explain(running, book))
        return readings

    async def tally(self, kind: str, cases: Iterable[str]) -> Mapping[Judgement, int]:
        """How the clocks of one kind ended over cases (cycle 1): counted from the ledgers themselves."""
        counts: Counter[Judgement] = Counter()
        keys = [clock_id(case, kind, case, 1) for case in dict.fromkeys(cases)]
        for first in range(0, len(keys), AT_ONCE):
            for running in await asyncio.gather(*map(self._running, keys[first : first + AT_ONCE])):
                if running is not None:
                    counts[_judgement(running)] += 1
        return {each: counts[each] for each in JUDGEMENTS}

    async def next_opening(self, at: datetime) -> Opening:
        """``at`` in working hours, else when the offices open next, by the hours of reporting in."""
        book = await self._rules.current()
        return book.calendar.next_opening(at, book.policies.in_force(ClockKind.C1, at).terms.hours)

    async def release(self, at: datetime) -> datetime:
        """When a notice of ``at`` that is not urgent goes out: outside the quiet hours of reporting in."""
        book = await self._rules.current()
        return release(at, book.calendar, book.policies.in_force(ClockKind.C1, at).terms.quiet)

    async def _running(self, key: str, as_of: datetime | None = None) -> Running | None:
        history = await self._store.load(CLOCK.stream(key))
        return CLOCK.fold(recorded_until(history, as_of)).running


def _judgement(clock: Running) -> Judgement:
    if clock.breached_at is not None:
        return "breached"
    if clock.voided_at is not None:
        return "void"
    match clock.outcome:
        case "on_time" | "provisional":
            return clock.outcome
        case "late":
            return "breached"
        case _:
            return "open"
