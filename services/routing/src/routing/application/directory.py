"""What decisions rely on at their moment: the responsibility list in force and the registered units."""

import asyncio
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from backbone.eventstore import EventStore
from routing.application.publishing import LIST_KEY, RESPONSIBILITY_LIST, UNIT, unit_key
from routing.domain.responsibility_list import ResponsibilityList, Version
from routing.domain.suggestion import Index, Suggestions, index, suggest
from routing.domain.unit import Entry

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The day in China of a moment."""
    return at.astimezone(SHANGHAI).date()


class Directory:
    """Reads the service's own log; the list is kept in memory and only what is new is read."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._list, self._read = RESPONSIBILITY_LIST.initial, 0
        self._index: tuple[int, Index] | None = None

    async def responsibility_list(self) -> ResponsibilityList:
        """The list with all its versions as of now."""
        known, read = self._list, self._read
        news = await self._store.load(RESPONSIBILITY_LIST.stream(LIST_KEY), after_version=read)
        if news:
            known, read = RESPONSIBILITY_LIST.fold(news, known), read + len(news)
            self._list, self._read = known, read
        return known

    async def duties(self, at: datetime) -> Version | None:
        """The version of the list that is in force at a moment, if any."""
        return (await self.responsibility_list()).in_force(day_of(at))

    async def registered(self, codes: Iterable[str]) -> frozenset[str]:
        """Those of the codes that are departments a whistle can go to."""
        wanted = list(dict.fromkeys(codes))
        histories = await asyncio.gather(*(self._store.load(UNIT.stream(unit_key(code))) for code in wanted))
        return frozenset(
            code
            for code, history in zip(wanted, histories, strict=True)
            if UNIT.fold(history).answers_whistles
        )

    async def entries(self, codes: Iterable[str]) -> dict[str, Entry]:
        """The entries of those of the codes that are registered, townships included."""
        wanted = list(dict.fromkeys(codes))
        histories = await asyncio.gather(*(self._store.load(UNIT.stream(unit_key(code))) for code in wanted))
        found = {code: UNIT.fold(history).entry for code, history in zip(wanted, histories, strict=True)}
        return {code: entry for code, entry in found.items() if entry is not None}

    async def suggest(self, text: str, at: datetime) -> tuple[Version | None, Suggestions]:
        """The items of the list in force that a sentence most likely speaks of."""
        duties = await self.duties(at)
        if duties is None:
            return None, Suggestions((), 0.0, None)
        if self._index is None or self._index[0] != duties.number:
            self._index = (duties.number, index(duties.items))
        return duties, suggest(self._index[1], text)
