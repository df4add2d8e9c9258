"""The counted things in PostgreSQL, as their projector keeps them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from accountability.application.figure_facts import Counted, Member, NotYet, Standpoint
from accountability.domain.figures import Item, Measure, Period
from accountability.domain.spot_check import ClosedCase
from accountability.projections.figures.closings import CLOSED
from accountability.projections.figures.selection import ALL_ITEMS, BY_MEASURE, FOUND, GROUPED, LISTED
from accountability.projections.figures.tables import members, metadata
from backbone.eventstore import Head
from backbone.eventstore.schema import quoted
from backbone.projector import Projector
from backbone.subscription import OwnerLog, on_connection, parked, transient

WAIT_SECONDS: Final = 5.0
"""How long a question waits for facts on their way."""
HEAD_SECONDS: Final = 2.0
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
EVER_AFTER: Final = datetime(9000, 1, 1, tzinfo=UTC)


class FigureView:
    """Reads the version that is live, as of any moment."""

    def __init__(
        self, projector: Projector, logs: Mapping[str, OwnerLog], wait: float = WAIT_SECONDS
    ) -> None:
        self._projector, self._logs, self._wait = projector, dict(logs), wait

    async def standpoint(self, asked: datetime | None) -> Standpoint:
        """Wait until everything recorded by a moment is in, or say what is not."""
        heads = dict(
            zip(self._logs, await asyncio.gather(*map(self._head, self._logs.values())), strict=True)
        )
        known = {name: head for name, head in heads.items() if head is not None}
        # Nothing recorded later gets a time at or before a head's clock, so the earliest one is settled.
        now = min(head.now for head in known.values()) if known else EVER_AFTER
        if asked is not None and asked > now:
            raise NotYet(asked, now)
        deadline = asyncio.get_running_loop().time() + self._wait
        behind = [name for name in heads if name not in known]
        for name, head in known.items():
            left = max(0.0, deadline - asyncio.get_running_loop().time())
            if not await self._projector.reached(name, head.seq, left):
                behind.append(name)
        if not self._projector.current:
            behind = list(heads)  # the rows are being built anew
        async with self._projector.engine.connect() as connection:
            held = await parked(on_connection(connection))
        cases = {each.held.case_id for each in held}
        return Standpoint(now if asked is None else asked, tuple(sorted(behind)), len(cases))

    async def items(self, period: Period, as_of: datetime) -> Sequence[Item]:
        """The counted things of a period, alike ones together."""
        found: list[Item] = []
        async with self._projector.engine.connect() as connection:
            for statement in ALL_ITEMS:
                rows = await _rows(connection, GROUPED.format(statement), as_of, period.begin, period.end)
                found += [_item(row) for row in rows]
        return found

    async def members(self, as_of: datetime) -> Mapping[str, Member]:
        """The units by code."""
        valid = (members.c.recorded_at <= as_of, or_(members.c.until.is_(None), members.c.until > as_of))
        async with self._projector.engine.connect() as connection:
            rows = (await connection.execute(select(members).where(*valid))).mappings().all()
        return {row["key"]: Member(row["key"], row["name"], row["short_name"], row["tier"]) for row in rows}

    async def listed(
        self, measure: Measure, period: Period, as_of: datetime, unit: str | None, after: str, limit: int
    ) -> Sequence[Counted]:
        """The counted things of one measure one by one, by key, from after a key on."""
        statement = LISTED.format(BY_MEASURE[measure])
        bounds = (as_of, period.begin, period.end)
        async with self._projector.engine.connect() as connection:
            rows = await _rows(connection, statement, *bounds, measure.value, after, unit, limit)
        return [_counted(row) for row in rows]

    async def find(self, key: str, as_of: datetime) -> Counted | None:
        """One counted thing."""
        async with self._projector.engine.connect() as connection:
            for statement in dict.fromkeys(ALL_ITEMS[:-1]):
                rows = await _rows(connection, FOUND.format(statement), as_of, LONG_AGO, EVER_AFTER, key)
                if rows:
                    return _counted(rows[0])
        return None

    async def closed(self, period: Period, as_of: datetime) -> Sequence[ClosedCase]:
        """The last closing of each whistle in the period, as of a moment."""
        async with self._projector.engine.connect() as connection:
            rows = await _rows(connection, CLOSED, as_of, period.begin, period.end)
        return [ClosedCase(**row) for row in rows]

    async def _head(self, log: OwnerLog) -> Head | None:
        try:
            async with asyncio.timeout(HEAD_SECONDS):
                return await log.head()
        except Exception as error:
            if not transient(error):
                raise
            return None


async def _rows(
    connection: AsyncConnection, statement: str, *arguments: object
) -> Sequence[Mapping[str, Any]]:
    options = connection.sync_connection.get_execution_options() if connection.sync_connection else {}
    slot = options["schema_translate_map"][metadata.schema]
    sql = statement.replace(f"{metadata.schema}.", f"{quoted(slot)}.")
    found = await connection.exec_driver_sql(sql, arguments)
    return [dict(row) for row in found.mappings()]


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        measure=Measure(row["measure"]),
        unit=row["unit"],
        kind=row["kind"],
        outcome=row["outcome"],
        breached=row["breached"],
        ended=row["ended"],
        excluded=row["excluded"],
        in_original=row["in_original"],
        extended=row["extended"],
        seconds=row["seconds"],
        count=row["count"],
    )


def _counted(row: Mapping[str, Any]) -> Counted:
    return Counted(row["key"], row["case_id"], row["at"], _item(row), row["original_due"], row["done_at"])
