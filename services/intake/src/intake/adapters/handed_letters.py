"""Which letters are with which unit: asked of the log once, when a unit goes into another."""

from collections.abc import Sequence
from typing import Final

import orjson

from backbone.eventstore import EventStore
from backbone.eventstore.postgres import PostgresEventStore
from intake.domain.letter import facts

_STREAM: Final = "letter-"
_NAMED: Final = {facts.LetterHandedOver.name: "unit", facts.LetterMoved.name: "to"}
"""Fact → the field that names who has the letter from then on."""
_FIND: Final = """
SELECT DISTINCT substr(stream, 8) AS key FROM event
WHERE stream >= 'letter-' AND stream < 'letter.'
  AND (type = $1 AND data::jsonb ->> 'unit' = $3 OR type = $2 AND data::jsonb ->> 'to' = $3)
ORDER BY key
"""


class PostgresHandedLetters:
    """Reads the streams of letters alone, by the index of streams."""

    def __init__(self, store: PostgresEventStore) -> None:
        self._store = store

    async def ever_with(self, unit: str) -> Sequence[str]:
        """Letters that were handed or moved to the unit."""
        rows = await self._store.pool.fetch(_FIND, facts.LetterHandedOver.name, facts.LetterMoved.name, unit)
        return [row["key"] for row in rows]


class ReadHandedLetters:
    """Reads the whole log; for a log in memory."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def ever_with(self, unit: str) -> Sequence[str]:
        """Letters that were handed or moved to the unit."""
        found: set[str] = set()
        after = 0
        while page := await self._store.read(after):
            for event in page:
                field = _NAMED.get(event.type)
                if field is not None and orjson.loads(event.data)[field] == unit:
                    found.add(event.stream.removeprefix(_STREAM))
            after = page[-1].seq
        return sorted(found)
