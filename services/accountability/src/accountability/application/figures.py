"""Asking for figures: the table of a period as of a moment, frozen or not, and what lies behind."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accountability.application.figure_facts import Counted, FigureFacts, Member, Standpoint
from accountability.application.figure_publishing import (
    FIGURE_POLICY,
    FROZEN_PERIOD,
    POLICY_KEY,
    as_of,
    period_key,
)
from accountability.domain.figure_policy import TermsVersion, terms_of
from accountability.domain.figures import Line, Measure, Period, tabulate
from accountability.domain.figures.sheet import Difference, differences, read
from accountability.domain.figures.terms import FigureTerms
from accountability.domain.frozen_period import FrozenPeriod, Version
from backbone.eventstore import EventStore
from backbone.identity import Actor
from contracts import permissions

ALL_UNITS: Final = frozenset(
    {
        permissions.OFFICE_DISPATCHER,
        permissions.OFFICE_SUPERVISOR,
        permissions.COUNTY_LEADER,
        permissions.AUDITOR,
    }
)
"""Whoever sees every unit's figures; everybody else sees the own unit's and its tier pooled."""
MOST_PERIODS: Final = 24
"""Most periods side by side."""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The figures of a period as a reader may see them."""

    period: Period
    standpoint: Standpoint
    lines: Sequence[Line]
    members: Mapping[str, Member]
    terms: TermsVersion | None
    """None: the default ones."""
    frozen: Version | None = None
    changes: Sequence[Difference] = ()
    """What would be otherwise by what was recorded since a frozen table was made."""


class Figures:
    """Questions about figures; they change nothing."""

    def __init__(self, store: EventStore, facts: FigureFacts) -> None:
        self._store, self._facts = store, facts

    async def table(
        self,
        period: Period,
        asked: datetime | None,
        reader: Actor,
        *,
        kind: str | None = None,
        tier: str | None = None,
    ) -> FigureTable:
        """The table of a period as of a moment, now if none is named; of one kind and tier if wanted.

        A frozen period shows what was frozen, and beside it what has changed since.
        """
        standpoint = await self._facts.standpoint(asked)
        return self._seen(await self._table(period, standpoint), reader, kind, tier)

    async def series(
        self, period: Period, count: int, asked: datetime | None, reader: Actor
    ) -> Sequence[FigureTable]:
        """The tables of a period and of those before it, oldest first, all as of one moment."""
        standpoint = await self._facts.standpoint(asked)
        periods = [period]
        while len(periods) < min(count, MOST_PERIODS):
            periods.append(periods[-1].before())
        tables = [await self._table(each, standpoint) for each in reversed(periods)]
        return [self._seen(table, reader, None, None) for table in tables]

    async def live(
        self, period: Period, standpoint: Standpoint, tried: FigureTerms | None = None
    ) -> FigureTable:
        """The table by everything recorded up to a moment, frozen or not; by other terms to try them."""
        items, members, policy = await asyncio.gather(
            self._facts.items(period, standpoint.as_of),
            self._facts.members(standpoint.as_of),
            as_of(self._store, FIGURE_POLICY, POLICY_KEY, standpoint.as_of),
        )
        terms = policy.in_force(period.first)
        tiers = {code: member.tier for code, member in members.items()}
        return FigureTable(
            period, standpoint, tabulate(items, tiers, tried or terms_of(terms)), members, terms
        )

    async def standpoint(self, asked: datetime | None = None) -> Standpoint:
        """The moment that can be answered for, now if none is named."""
        return await self._facts.standpoint(asked)

    async def frozen(self, period: Period, moment: datetime) -> FrozenPeriod:
        """What was frozen of a period by a moment."""
        key = period_key(period.label, period.boundary.strftime("%H:%M"))
        return await as_of(self._store, FROZEN_PERIOD, key, moment)

    async def listed(
        self,
        measure: Measure,
        period: Period,
        asked: datetime | None,
        reader: Actor,
        *,
        unit: str | None,
        after: str = "",
        limit: int = 100,
    ) -> tuple[Standpoint, Sequence[Counted]]:
        """The counted things behind a figure; a unit sees its own."""
        standpoint = await self._facts.standpoint(asked)
        wanted = unit if reader.role in ALL_UNITS else reader.unit
        if unit is not None and wanted != unit:
            return standpoint, ()
        found = await self._facts.listed(measure, period, standpoint.as_of, wanted, after, limit)
        return standpoint, found

    async def members(self, moment: datetime) -> Mapping[str, Member]:
        """The units by code as of a moment."""
        return await self._facts.members(moment)

    async def find(self, item: str) -> Counted | None:
        """One counted thing as it counts now."""
        standpoint = await self._facts.standpoint(None)
        return await self._facts.find(item, standpoint.as_of)

    async def _table(self, period: Period, standpoint: Standpoint) -> FigureTable:
        live = await self.live(period, standpoint)
        stands = (await self.frozen(period, standpoint.as_of)).stands
        if stands is None:
            return live
        lines = read(stands.table.text)
        return FigureTable(
            period, standpoint, lines, live.members, live.terms, stands, differences(lines, live.lines)
        )

    def _seen(self, table: FigureTable, reader: Actor, kind: str | None, tier: str | None) -> FigureTable:
        own = table.members.get(reader.unit)

        def shown(line: Line | Difference) -> bool:
            if kind is not None and line.kind != kind:
                return False
            if tier is not None and line.tier != tier:
                return False
            if reader.role in ALL_UNITS:
                return True
            if line.unit is not None:
                return line.unit == reader.unit
            return own is not None and line.tier == own.tier

        return FigureTable(
            table.period,
            table.standpoint,
            [line for line in table.lines if shown(line)],
            table.members,
            table.terms,
            table.frozen,
            [change for change in table.changes if shown(change)],
        )
