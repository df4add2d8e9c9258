"""What decisions rely on at their moment: list and rules in force, units, and who succeeded whom."""

import asyncio
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from backbone.eventstore import EventStore
from routing.application.followed_rules import DEFAULTS, FOLLOWED_RULES, FOLLOWED_RULES_KEY
from routing.application.publishing import LIST_KEY, RESPONSIBILITY_LIST
from routing.application.units_publishing import SUCCESSION, SUCCESSION_KEY, UNIT, unit_key
from routing.domain.followed_rules import FollowedRules, Rules
from routing.domain.responsibility_list import ResponsibilityList, Version
from routing.domain.succession import Succession
from routing.domain.suggestion import Index, Suggestions, index, suggest
from routing.domain.unit import Entry, Unit

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The day in China of a moment."""
    return at.astimezone(SHANGHAI).date()


class Directory:
    """Reads the service's own log; list and succession are kept in memory and only what is new is read."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._list, self._read = RESPONSIBILITY_LIST.initial, 0
        self._succession, self._followed = SUCCESSION.initial, 0
        self._index: tuple[Version, Index] | None = None

    async def responsibility_list(self) -> ResponsibilityList:
        """The list with all its versions as of now."""
        known, read = self._list, self._read
        news = await self._store.load(RESPONSIBILITY_LIST.stream(LIST_KEY), after_version=read)
        if news:
            known, read = RESPONSIBILITY_LIST.fold(news, known), read + len(news)
            self._list, self._read = known, read
        return known

    async def succession(self) -> Succession:
        """Which units are no more, and who stands in their place, as of now."""
        known, read = self._succession, self._followed
        news = await self._store.load(SUCCESSION.stream(SUCCESSION_KEY), after_version=read)
        if news:
            known, read = SUCCESSION.fold(news, known), read + len(news)
            self._succession, self._followed = known, read
        return known

    async def case_rules(self, at: datetime) -> Rules:
        """The rules for a command at a moment: of the records noted by now, or the default ones."""
        return (await self._noted()).in_force(day_of(at)) or DEFAULTS

    async def case_rules_version(self, at: datetime) -> int:
        """Their version; 0 for the default ones."""
        return (await self._noted()).version_in_force(day_of(at))

    async def _noted(self) -> FollowedRules:
        return FOLLOWED_RULES.fold(await self._store.load(FOLLOWED_RULES.stream(FOLLOWED_RULES_KEY)))

    async def duties(self, at: datetime) -> Version | None:
        """The version of the list in force at a moment, if any, with heirs for units that are no more."""
        version = (await self.responsibility_list()).in_force(day_of(at))
        succession = await self.succession()
        return succession.follow(version) if version and succession.gone else version

    async def registered(self, codes: Iterable[str]) -> frozenset[str]:
        """Those of the codes that are departments a whistle can go to."""
        gone = (await self.succession()).gone
        units = await self.units(codes)
        return frozenset(code for code, unit in units.items() if unit.answers_whistles and code not in gone)

    async def entries(self, codes: Iterable[str]) -> dict[str, Entry]:
        """The entries of those of the codes that are registered and still are, townships included."""
        gone = (await self.succession()).gone
        units = await self.units(codes)
        return {code: unit.entry for code, unit in units.items() if unit.entry and code not in gone}

    async def units(self, codes: Iterable[str]) -> dict[str, Unit]:
        """What the log says of each of the codes, also of units that are no more."""
        wanted = list(dict.fromkeys(codes))
        histories = await asyncio.gather(*(self._store.load(UNIT.stream(unit_key(code))) for code in wanted))
        return {code: UNIT.fold(history) for code, history in zip(wanted, histories, strict=True)}

    async def speaks_as(self, unit: str, parties: Iterable[str]) -> str:
        """The party that a unit speaks for: itself, or the one in whose place it stands."""
        named = tuple(parties)
        forebears = (await self.succession()).forebears(unit)
        return next((each for each in named if each in forebears and unit not in named), unit)

    async def suggest(self, text: str, at: datetime) -> tuple[Version | None, Suggestions]:
        """The items of the list in force that a sentence most likely speaks of."""
        duties = await self.duties(at)
        if duties is None:
            return None, Suggestions((), 0.0, None)
        if self._index is None or self._index[0] != duties:
            self._index = (duties, index(duties.items))
        return duties, suggest(self._index[1], text)
