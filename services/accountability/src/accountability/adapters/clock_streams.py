"""Which clocks read a calendar year, found in the log itself."""

from collections.abc import AsyncIterator
from typing import Final

from backbone.eventstore.postgres import PostgresEventStore

_PAGE: Final = 5_000
_TOUCHED: Final = """
SELECT DISTINCT ON (stream) stream FROM event
WHERE stream > $1 AND stream < 'clock.' AND data LIKE '%"calendar_version":"%' || $2 || '.%'
ORDER BY stream LIMIT $3
"""


class PostgresClockStreams:
    """Reads the log in pages; once a year, and once for every correction of a year."""

    def __init__(self, store: PostgresEventStore) -> None:
        self._store = store

    async def touched_by(self, year: int) -> AsyncIterator[str]:
        """Keys of clocks whose deadline read this year, ended ones included."""
        last = "clock-"
        while True:
            rows = await self._store.pool.fetch(_TOUCHED, last, str(year), _PAGE)
            for row in rows:
                yield row["stream"].removeprefix("clock-")
            if len(rows) < _PAGE:
                return
            last = rows[-1]["stream"]
