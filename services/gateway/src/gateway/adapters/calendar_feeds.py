"""Who reads which calendar feed: a token per person, kept as its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.adapters.identity_record import note
from gateway.domain.visibility import Viewer

LASTS: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as its person sees it; the token is shown once, when it is made."""

    made_at: datetime
    ends_at: datetime
    read_at: datetime | None


class CalendarFeeds:
    """At most one feed of a person at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def open(self, viewer: Viewer) -> tuple[str, Feed]:
        """A new token; the one before counts no more."""
        token = secrets.token_urlsafe(32)
        async with self._engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:of))"), {"of": f"feed {viewer.subject}"}
            )
            await connection.execute(
                text(
                    "UPDATE calendar_feed SET revoked_at = chuishao_now()"
                    " WHERE subject = :subject AND revoked_at IS NULL"
                ),
                {"subject": viewer.subject},
            )
            made = await connection.execute(
                text(
                    "INSERT INTO calendar_feed (token_hash, subject, role, unit, made_at, ends_at)"
                    " SELECT :hash, :subject, :role, :unit, now, now + CAST(:lasts AS interval)"
                    " FROM chuishao_now() AS now RETURNING made_at, ends_at, read_at"
                ),
                {
                    "hash": _hash(token),
                    "subject": viewer.subject,
                    "role": viewer.role,
                    "unit": viewer.unit,
                    "lasts": LASTS,
                },
            )
            row = made.one()
            await note(connection, "calendar-feed-opened", viewer.subject, viewer.subject)
        return token, Feed(row.made_at, row.ends_at, row.read_at)

    async def of(self, subject: str) -> Feed | None:
        """A person's feed that counts."""
        async with self._engine.connect() as connection:
            found = await connection.execute(
                text(
                    "SELECT made_at, ends_at, read_at FROM calendar_feed WHERE subject = :subject"
                    " AND revoked_at IS NULL AND ends_at > chuishao_now()"
                ),
                {"subject": subject},
            )
            row = found.one_or_none()
        return None if row is None else Feed(row.made_at, row.ends_at, row.read_at)

    async def revoke(self, subject: str, by: str) -> bool:
        """A person's token counts no more; False if there was none."""
        async with self._engine.begin() as connection:
            revoked = await connection.execute(
                text(
                    "UPDATE calendar_feed SET revoked_at = chuishao_now()"
                    " WHERE subject = :subject AND revoked_at IS NULL"
                ),
                {"subject": subject},
            )
            if revoked.rowcount:
                await note(connection, "calendar-feed-revoked", by, subject)
            return bool(revoked.rowcount)

    async def reader(self, token: str) -> Viewer | None:
        """Whose token this is, if it counts."""
        async with self._engine.begin() as connection:
            found = await connection.execute(
                text(
                    "UPDATE calendar_feed SET read_at = chuishao_now() WHERE token_hash = :hash"
                    " AND revoked_at IS NULL AND ends_at > chuishao_now() RETURNING subject, role, unit"
                ),
                {"hash": _hash(token)},
            )
            row = found.one_or_none()
        return None if row is None else Viewer(row.subject, row.role, row.unit)


def _hash(token: str) -> bytes:
    # 256 random bits: nothing is gained by a slow hash.
    return hashlib.sha256(token.encode()).digest()
