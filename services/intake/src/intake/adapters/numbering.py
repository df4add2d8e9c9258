"""Running numbers from a counter table, each in a short transaction of its own."""

import asyncpg

from backbone.eventstore.schema import quoted


class PostgresNumbering:
    """Implements ``intake.application.ports.Numbering``; a number lost with its command leaves a gap."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", *, schema: str = "intake") -> None:
        self._pool, self._table = pool, f"{quoted(schema)}.counter"

    async def next(self, series: str, year: int) -> int:
        """The next number of a series in a year, from 1."""
        number: int = await self._pool.fetchval(
            f"INSERT INTO {self._table} AS counter (series, year, last) VALUES ($1, $2, 1)"
            " ON CONFLICT (series, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
            series,
            year,
        )
        return number
