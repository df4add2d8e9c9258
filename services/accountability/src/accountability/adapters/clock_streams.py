"""Which clocks read a calendar year or run by a policy, found in the log itself."""

from collections.abc import AsyncIterator
from typing import Final

from accountability.domain.clock import ClockExpired, ClockRecomputed, ClockStopped, ClockVoided
from backbone.eventstore.postgres import PostgresEventStore

_PAGE: Final = 5_000
_TOUCHED: Final = """
SELECT DISTINCT ON (stream) stream FROM event
WHERE stream > $1 AND stream < 'clock.' AND data LIKE '%"calendar_version":"%' || $2 || '.%'
ORDER BY stream LIMIT $3
"""
_RECOMPUTED: Final = """
SELECT DISTINCT ON (stream) stream FROM event
WHERE stream > $1 AND stream < 'clock.' AND type = $4 AND data LIKE '%"cause":"calendar"%'
  AND data LIKE '%"calendar_version":"%' || $2 || '.%'
ORDER BY stream LIMIT $3
"""
_OPEN: Final = """
SELECT e.stream FROM event e
WHERE e.version = 1 AND e.stream > $1 AND e.stream < 'clock.' AND e.data LIKE '%"kind":"' || $2 || '"%'
  AND NOT EXISTS (
      SELECT FROM event x WHERE x.stream = e.stream AND x.type = ANY($4)
  )
ORDER BY e.stream LIMIT $3
"""
_ENDED: Final = [ClockStopped.name, ClockVoided.name, ClockExpired.name]


class PostgresClockStreams:
    """Reads the log in pages; once for every version of a year or a policy."""

    def __init__(self, store: PostgresEventStore) -> None:
        self._store = store

    def touched_by(self, year: int) -> AsyncIterator[str]:
        """Keys of clocks whose deadline read this year, ended ones included."""
        return self._keys(_TOUCHED, str(year))

    def recomputed_in(self, year: int) -> AsyncIterator[str]:
        """Keys of clocks that a published calendar had computed again, reading this year."""
        return self._keys(_RECOMPUTED, str(year), ClockRecomputed.name)

    def open_of(self, kind: str) -> AsyncIterator[str]:
        """Keys of the clocks of a kind that have not ended."""
        return self._keys(_OPEN, kind, _ENDED)

    async def _keys(self, statement: str, wanted: str, *further: object) -> AsyncIterator[str]:
        last = "clock-"
        while True:
            rows = await self._store.pool.fetch(statement, last, wanted, _PAGE, *further)
            for row in rows:
                yield row["stream"].removeprefix("clock-")
            if len(rows) < _PAGE:
                return
            last = rows[-1]["stream"]
