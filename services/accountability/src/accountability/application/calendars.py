"""Publishing and correcting calendar years, and computing the open clocks they touch again."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from accountability.application.moves import Move, loaded, moved, moved_at, on_clock
from accountability.application.publishing import CALENDAR_YEAR, CLOCK, year_key
from accountability.application.rules import Rules
from accountability.domain.calendar import Calendar, YearPlan
from accountability.domain.calendar_year import Command, decide, evolve
from accountability.domain.clock import Recompute
from accountability.domain.moments import day_of, instant
from accountability.domain.rulebook import Rulebook
from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.outbox import Delivered
from contracts.events import accountability as published

WARN_DAYS: Final = 60
"""The office is warned so long before the published years run out."""


class ClockStreams(Protocol):
    """Which clocks a year of the calendar can touch."""

    def touched_by(self, year: int) -> AsyncIterator[str]:
        """Keys of clocks whose deadline read this year, ended ones included."""
        ...

    def recomputed_in(self, year: int) -> AsyncIterator[str]:
        """Keys of clocks that a published calendar had computed again, reading this year."""
        ...


@dataclass(frozen=True, slots=True)
class Coverage:
    """Until when the working calendar is decreed."""

    covered_until: date | None
    days_left: int
    warning: bool
    years: Sequence[YearPlan]


class UnknownYearVersion(Exception):
    """There is no such version of a calendar year."""

    status = 404
    slug = "unknown-calendar-version"

    def __init__(self, year: int, version: int) -> None:
        super().__init__(f"{year}.{version}")
        self.params: Mapping[str, object] = {"version": f"{year}.{version}"}


class Calendars:
    """The commands on calendar years. Each raises ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, rules: Rules, clocks: ClockStreams) -> None:
        self._store, self._rules, self._clocks = store, rules, clocks

    async def change(self, command: Command, context: CommandContext) -> Appended:
        """Publish, correct, or add and withdraw a special day; open clocks follow on the published fact."""
        key = year_key(command.year)
        handled = await execute(self._store, CALENDAR_YEAR, key, command, context, {"id": key})
        self._rules.forget()
        return handled.appended

    async def preview(self, command: Command) -> list[Move]:
        """Which open clocks a command would move, from what to what; nothing is stored."""
        key = year_key(command.year)
        year = CALENDAR_YEAR.fold(await self._store.load(CALENDAR_YEAR.stream(key)))
        now = await self._store.now()
        for event in decide(command, year):
            year = evolve(year, event, now)
        book = await self._rules.current()
        others = [plan for plan in book.calendar.plans if plan.year != command.year]
        changed = Rulebook(Calendar.of([*others, *year.versions]), book.policies)
        moves = []
        async for clock_id in self._clocks.touched_by(command.year):
            clock = await loaded(self._store, clock_id)
            move = clock and moved(clock_id, clock, Recompute(now, "calendar", changed))
            if move:
                moves.append(move)
        return moves

    async def moved(self, year: int, version: int | None = None) -> list[Move]:
        """Which clocks a version of a year (None: the last one) has moved, from what to what, by deadline.

        Raises ``UnknownYearVersion``. What was recomputed keeps the moment of the publication, so the list is
        the same for ever once every clock has followed.
        """
        history = await self._store.load(CALENDAR_YEAR.stream(year_key(year)))
        number = len(history) if version is None else version
        if not 1 <= number <= len(history):
            raise UnknownYearVersion(year, number)
        at = instant(history[number - 1].effective_at)
        moves = []
        async for clock_id in self._clocks.recomputed_in(year):
            moves += await moved_at(self._store, clock_id, at)
        return sorted(moves, key=lambda it: (it.due, it.clock_id))

    async def follow(self, event: Delivered, command: Callable[[int], CommandContext]) -> None:
        """A year was published or corrected: compute every clock that read it again."""
        if event.type != published.CalendarYearPublished.NAME:
            return
        year = published.CalendarYearPublished.model_validate(event.data).year
        self._rules.forget()
        book = await self._rules.current()
        async for clock_id in self._clocks.touched_by(year):
            recompute = Recompute(event.effective_at, "calendar", book)
            await execute(self._store, CLOCK, clock_id, recompute, on_clock(command(0), clock_id))

    async def coverage(self) -> Coverage:
        """Until when the calendar is decreed, and whether that ends soon."""
        calendar = (await self._rules.current()).calendar
        today = day_of(await self._store.now())
        until = calendar.covered_until
        left = (until - today) // timedelta(days=1) if until else 0
        in_force = [plan for plan in calendar.plans if calendar.in_force.get(plan.year) == plan.version]
        return Coverage(until, left, left <= WARN_DAYS, in_force)
