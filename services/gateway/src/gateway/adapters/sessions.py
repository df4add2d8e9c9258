"""Sessions in PostgreSQL: ids as hashes, tokens sealed to their session, times by the database's clock."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.adapters.identity_record import note
from gateway.adapters.sealed_box import SealedBox
from gateway.application.provider import Tokens
from gateway.application.sessions import Lifetimes, Session

_LIVE = "ended_at IS NULL AND ends_at > chuishao_now() AND seen_at > chuishao_now() - CAST(:idle AS interval)"


class PostgresSessions:
    """Implements ``gateway.application.sessions.SessionStore``."""

    def __init__(self, engine: AsyncEngine, box: SealedBox) -> None:
        self._engine, self._box = engine, box

    async def open(self, key: bytes, subject: str, tokens: Tokens, lifetimes: Lifetimes) -> None:
        """Keep a new session; those that ended a day ago are forgotten."""
        async with self._engine.begin() as connection:
            await connection.execute(
                text("DELETE FROM session WHERE ends_at < chuishao_now() - interval '1 day'")
            )
            await connection.execute(
                text(
                    """
                    INSERT INTO session (id_hash, subject, tokens_sealed, access_ends_at, opened_at, seen_at,
                                         ends_at)
                    SELECT :key, :subject, :tokens, now + CAST(:lifetime AS interval), now, now,
                           now + CAST(:absolute AS interval)
                    FROM chuishao_now() AS now
                    """
                ),
                {
                    "key": key,
                    "subject": subject,
                    "tokens": await self._sealed(key, tokens),
                    "lifetime": timedelta(seconds=tokens.lifetime),
                    "absolute": lifetimes.absolute,
                },
            )
            await note(connection, "signed-in", subject, subject)

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

    async def end(self, key: bytes, act: str, by: str) -> Tokens | None:
        """End one; its tokens go with it."""
        ended = await self._end("id_hash = :value", key, act, by)
        return ended[0] if ended else None

    async def end_all(self, subject: str, by: str) -> list[Tokens]:
        """End all of a person."""
        return await self._end("subject = :value", subject, "session-revoked", by)

    async def _end(self, which: str, value: object, act: str, by: str) -> list[Tokens]:
        async with self._engine.begin() as connection:
            rows = await connection.execute(
                text(f"SELECT * FROM session WHERE {which} AND ended_at IS NULL FOR UPDATE"), {"value": value}
            )
            ended = []
            for row in rows.all():
                ended.append(await self._tokens(row))
                await connection.execute(
                    text(
                        "UPDATE session SET ended_at = chuishao_now(), tokens_sealed = ''"
                        " WHERE id_hash = :key"
                    ),
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
