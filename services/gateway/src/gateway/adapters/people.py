"""Who has signed in, in PostgreSQL: the last claims seen, the name sealed under the person's own key."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from backbone.identity import Actor
from backbone.sealing import KeyDestroyed, KeysUnavailable, Sealer, key_id

log = structlog.get_logger()

_SEEN = text(
    """
    INSERT INTO person (subject, name_sealed, role, unit, first_at, last_at)
    SELECT :subject, :name, :role, :unit, coalesce(min(opened_at), chuishao_now()),
           coalesce(max(opened_at), chuishao_now())
    FROM session WHERE subject = :subject
    ON CONFLICT (subject) DO UPDATE SET role = excluded.role, unit = excluded.unit,
        name_sealed = coalesce(excluded.name_sealed, person.name_sealed),
        last_at = greatest(person.last_at, excluded.last_at)
    """
)


class People:
    """The names of people; ``idle`` is how long a session stays open unused."""

    def __init__(self, sealer: Sealer, idle: timedelta) -> None:
        self._sealer, self.idle = sealer, idle

    async def sealed(self, actor: Actor) -> str | None:
        """Their name as it is kept; None for a name that was erased, or that cannot be sealed now."""
        try:
            return await self._sealer.seal(key_id("person", actor.subject), actor.name)
        except KeyDestroyed:
            return None
        except KeysUnavailable:
            log.warning("people.name-not-kept")  # nobody is kept out for that; the next renewal brings it
            return None

    async def names(self, sealed: Sequence[str | None]) -> list[str]:
        """Names in order, empty for those that were erased; raises ``KeysUnavailable``."""
        known = [each for each in sealed if each is not None]
        opened = dict(zip(known, await self._sealer.open_all(known, ""), strict=True))
        return [opened[each] if each is not None else "" for each in sealed]


async def note_claims(connection: AsyncConnection, actor: Actor, name_sealed: str | None) -> None:
    """Keep the claims somebody came with now; when they signed in, their sessions tell."""
    await connection.execute(
        _SEEN,
        {"subject": actor.subject, "name": name_sealed, "role": actor.role, "unit": actor.unit},
    )
