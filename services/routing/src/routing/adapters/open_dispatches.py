"""Which dispatches name a unit: by an index of the log, or by reading all of it where there is none."""

from collections.abc import Sequence
from typing import Final

import orjson

from backbone.eventstore import EventStore
from backbone.eventstore.postgres import PostgresEventStore
from routing.domain.dispatch import facts

_STREAM: Final = "dispatch-"
_ENDING: Final = (
    facts.DispatchClosed.name,
    facts.DispatchWithdrawn.name,
    facts.WhistleNotAccepted.name,
    facts.WhistleMerged.name,
)
_FIND: Final = """
SELECT DISTINCT substr(e.stream, 10) AS key FROM event e
WHERE e.stream >= 'dispatch-' AND e.stream < 'dispatch.' AND e.data LIKE '%"unit":"%'
  AND jsonb_path_query_array(e.data::jsonb, '$.**.unit') ? $2
  AND NOT EXISTS (
      SELECT FROM event later
      WHERE later.stream = e.stream AND later.version > e.version AND later.type = ANY ($1)
  )
ORDER BY key
"""
"""The conditions before the unit's are those of the index."""


class PostgresOpenDispatches:
    """Asks the index ``dispatches_by_unit``, whatever the number of cases."""

    def __init__(self, store: PostgresEventStore) -> None:
        self._store = store

    async def naming(self, unit: str) -> Sequence[str]:
        """Cases that name the unit and have not ended since."""
        rows = await self._store.pool.fetch(_FIND, list(_ENDING), unit)
        return [row["key"] for row in rows]


class ReadOpenDispatches:
    """Reads the whole log; for a log in memory."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def naming(self, unit: str) -> Sequence[str]:
        """Cases that name the unit and have not ended since."""
        found: set[str] = set()
        after = 0
        while page := await self._store.read(after):
            for event in page:
                key = event.stream.removeprefix(_STREAM)
                if event.type in _ENDING:
                    found.discard(key)
                elif event.stream.startswith(_STREAM) and unit in _units(orjson.loads(event.data)):
                    found.add(key)
            after = page[-1].seq
        return sorted(found)


def _units(value: object) -> Sequence[str]:
    match value:
        case dict():
            own = [each for name, each in value.items() if name == "unit" and isinstance(each, str)]
            return [*own, *(unit for each in value.values() for unit in _units(each))]
        case list():
            return [unit for each in value for unit in _units(each)]
        case _:
            return []
