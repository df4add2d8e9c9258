"""Sessions in PostgreSQL: ids as hashes, tokens sealed to their session, times by the database's clock."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from backbone.identity import Actor
from gateway.adapters.identity_record import note
from gateway.adapters.people import People, note_claims
from gateway.adapters.sealed_box import SealedBox
from gateway.application.provider import Logout, Redeemed, Tokens
from gateway.application.sessions import Lifetimes, Session

_LIVE = "ended_at IS NULL AND ends_at > chuishao_now() AND seen_at > chuishao_now() - CAST(:idle AS interval)"


class PostgresSessions:
    """Implements ``gateway.application.sessions.SessionStore``."""

    def __init__(self, engine: AsyncEngine, box: SealedBox, people: People) -> None:
        self._engine, self._box, self._people = engine, box, people

    async def open(self, key: bytes, actor: Actor, redeemed: Redeemed, lifetimes: Lifetimes) -> bool:
        """Keep a new session, unless the provider has told meanwhile that it ended.

        Sessions that ended a day ago, and logouts told then, are forgotten.
        """
        tokens, subject = redeemed.tokens, actor.subject
        name = await self._people.sealed(actor)
        async with self._engine.begin() as connection:
            await connection.execute(
                text("DELETE FROM session WHERE ends_at < chuishao_now() - interval '1 day'")
            )
            await connection.execute(
                text("DELETE FROM provider_logout WHERE told_at < chuishao_now() - interval '1 day'")
            )
            if redeemed.session is not None:
                await _alone(connection, redeemed.session)
                ended = await connection.execute(
                    text("SELECT 1 FROM provider_logout WHERE provider_session = :session LIMIT 1"),
                    {"session": redeemed.session},
                )
                if ended.one_or_none() is not None:
                    return False
            await connection.execute(
                text(
                    """
                    INSERT INTO session (id_hash, subject, provider_subject, provider_session, tokens_sealed,
                                         access_ends_at, opened_at, seen_at, ends_at)
                    SELECT :key, :subject, :provider_subject, :provider_session, :tokens,
                           now + CAST(:lifetime AS interval), now, now, now + CAST(:absolute AS interval)
                    FROM chuishao_now() AS now
                    """
                ),
                {
                    "key": key,
                    "subject": subject,
                    "provider_subject": redeemed.subject,
                    "provider_session": redeemed.session,
                    "tokens": await self._sealed(key, tokens),
                    "lifetime": timedelta(seconds=tokens.lifetime),
                    "absolute": lifetimes.absolute,
                },
            )
            await note_claims(connection, actor, name)
            await note(connection, "signed-in", subject, subject)
        return True

    async def seen(self, actor: Actor) -> None:
        """Keep the claims of a renewed token."""
        name = await self._people.sealed(actor)
        async with self._engine.begin() as connection:
            await note_claims(connection, actor, name)

    async def find(self, key: bytes, idle: timedelta) -> Session | None:
        """A live session."""
        async with self._engine.connect() as connection:
            return await self._read(connection, key, idle)

    async def touch(self, key: bytes) -> None:
        """Used now."""
        async with self._engine.begin() as connection:
            await connection.execute(
                text("UPDATE session SET seen_at = chuishao_now() WHERE id_hash = :key AND ended_at IS NULL"),
                {"key": key},
            )

    @asynccontextmanager
    async def renewing(
        self, key: bytes, idle: timedelta
    ) -> AsyncIterator[tuple[Session | None, Callable[[Tokens], None]]]:
        """Hold the row; other renewals of this session wait, on every replica."""
        kept: list[Tokens] = []
        async with self._engine.begin() as connection:
            yield await self._read(connection, key, idle, "FOR UPDATE"), kept.append
            for tokens in kept:
                await connection.execute(
                    text(
                        "UPDATE session SET tokens_sealed = :tokens, seen_at = chuishao_now(),"
                        " access_ends_at = chuishao_now() + CAST(:lifetime AS interval) WHERE id_hash = :key"
                    ),
                    {
                        "key": key,
                        "tokens": await self._sealed(key, tokens),
                        "lifetime": timedelta(seconds=tokens.lifetime),
                    },
                )

    async def live(self, key: bytes, idle: timedelta) -> bool:
        """Whether it goes on."""
        async with self._engine.connect() as connection:
            found = await connection.execute(
                text(f"SELECT 1 FROM session WHERE id_hash = :key AND {_LIVE}"), {"key": key, "idle": idle}
            )
            return found.one_or_none() is not None

    async def end(self, key: bytes, act: str, by: str) -> Tokens | None:
        """End one; its tokens go with it."""
        async with self._engine.begin() as connection:
            ended = await self._end(connection, act, by, id_hash=key)
        return ended[0] if ended else None

    async def end_all(self, subject: str, by: str) -> list[Tokens]:
        """End all of a person."""
        async with self._engine.begin() as connection:
            return await self._end(connection, "session-revoked", by, subject=subject)

    async def end_told(self, logout: Logout) -> list[Tokens] | None:
        """End those of a session at the provider, or of a person there; a logout counts once."""
        about = {"provider_session": logout.session, "provider_subject": logout.subject}
        async with self._engine.begin() as connection:
            if logout.session is not None:
                await _alone(connection, logout.session)
            new = await connection.execute(
                text(
                    "INSERT INTO provider_logout (id_hash, provider_session, told_at)"
                    " VALUES (:id, :session, chuishao_now()) ON CONFLICT DO NOTHING"
                ),
                {"id": hashlib.sha256(logout.id.encode()).digest(), "session": logout.session},
            )
            if not new.rowcount:
                return None
            named = {name: value for name, value in about.items() if value is not None}
            return await self._end(connection, "signed-out-at-provider", "provider", **named)

    async def _end(self, connection: AsyncConnection, act: str, by: str, **which: object) -> list[Tokens]:
        """End the sessions that are like ``which`` in each of its columns."""
        alike = " AND ".join(f"{name} = :{name}" for name in which)
        rows = await connection.execute(
            text(f"SELECT * FROM session WHERE {alike} AND ended_at IS NULL FOR UPDATE"), which
        )
        ended = []
        for row in rows.all():
            ended.append(await self._tokens(row))
            await connection.execute(
                text("UPDATE session SET ended_at = chuishao_now(), tokens_sealed = '' WHERE id_hash = :key"),
                {"key": row.id_hash},
            )
            await note(connection, act, by, row.subject)
        return ended

    async def _read(
        self, connection: AsyncConnection, key: bytes, idle: timedelta, locking: str = ""
    ) -> Session | None:
        found = await connection.execute(
            text(f"SELECT *, chuishao_now() AS now FROM session WHERE id_hash = :key AND {_LIVE} {locking}"),
            {"key": key, "idle": idle},
        )
        row = found.one_or_none()
        if row is None:
            return None
        return Session(
            key=key,
            subject=row.subject,
            tokens=await self._tokens(row),
            access_ends_at=row.access_ends_at,
            seen_at=row.seen_at,
            ends_at=row.ends_at,
            now=row.now,
        )

    async def _sealed(self, key: bytes, tokens: Tokens) -> str:
        content = [tokens.access, tokens.refresh, tokens.identity, tokens.lifetime]
        return await self._box.seal(key.hex(), orjson.dumps(content).decode())

    async def _tokens(self, row: Row[Any]) -> Tokens:
        content = orjson.loads(await self._box.open(row.id_hash.hex(), row.tokens_sealed))
        access, refresh, identity, lifetime = content
        return Tokens(access, refresh, identity, lifetime)


async def _alone(connection: AsyncConnection, provider_session: str) -> None:
    """Let a sign-in and a logout of one session at the provider wait for each other, on every replica."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"provider session {provider_session}"},
    )
