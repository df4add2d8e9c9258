"""The keys of personal data: a table apart from the log, each key wrapped under a master key from a file.

A dump of the database alone opens nothing, and a backup of the log (schema ``intake``) holds no key at all:
they lie in the schema ``intake_keys``. Whoever backs that up must let its copies expire, or an erased key
lives on in them.
"""

import binascii
import math
import time
from base64 import urlsafe_b64decode
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from os import urandom
from pathlib import Path
from typing import Final

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backbone.eventstore.schema import quoted
from backbone.sealing import KEY_BYTES, NONCE_BYTES


class MasterKeyError(Exception):
    """The master key is missing, malformed, or another one than the keys were wrapped with."""


class MasterKey:
    """Wraps and unwraps keys (AES-256-GCM, the key's id authenticated)."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise MasterKeyError(f"the master key has {len(secret)} bytes instead of {KEY_BYTES}")
        self._cipher = AESGCM(secret)

    @classmethod
    def load(cls, path: Path) -> "MasterKey":
        """From a file that holds 32 bytes as base64url; raises ``MasterKeyError``."""
        try:
            text = path.read_text(encoding="ascii").strip()
            return cls(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (OSError, ValueError, binascii.Error) as error:
            raise MasterKeyError(f"{path} holds no master key") from error

    def wrap(self, key_id: str, key: bytes) -> bytes:
        """Nonce and ciphertext."""
        nonce = urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, key_id.encode())

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """The key; raises ``MasterKeyError`` if it was wrapped otherwise."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.encode())
        except InvalidTag as error:
            raise MasterKeyError(f"the key {key_id} was wrapped with another master key") from error


KEPT: Final = 10_000
"""Keys kept in memory at most."""
KEPT_SECONDS: Final = 60.0
"""How long another replica's erasure may stay unnoticed."""


class PostgresKeyStore:
    """Makes, keeps and destroys keys; implements ``intake.application.ports.KeyStore``."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        master: MasterKey,
        *,
        schema: str = "intake_keys",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool, self._master, self._clock = pool, master, clock
        self._table = f"{quoted(schema)}.personal_key"
        self._kept: OrderedDict[str, tuple[float, bytes | None]] = OrderedDict()

    async def keys(self, ids: Iterable[str]) -> dict[str, bytes | None]:
        """Key by id, missing ones made now; None means destroyed."""
        found, missing = self._recall(ids)
        if missing:
            fetched = await self._fetch(missing)
            self._keep(fetched)
            found |= fetched
        return found

    async def destroy(self, ids: Iterable[str]) -> None:
        """Destroy keys for ever; an id that never had a key gets none any more."""
        gone = sorted(set(ids))
        await self._pool.execute(
            f"INSERT INTO {self._table} (key_id, wrapped, destroyed_at)"
            " SELECT each, NULL, clock_timestamp() FROM unnest($1::text[]) each"
            " ON CONFLICT (key_id) DO UPDATE SET wrapped = NULL, destroyed_at = excluded.destroyed_at"
            " WHERE personal_key.destroyed_at IS NULL",
            gone,
        )
        for each in gone:
            self._kept[each] = (math.inf, None)

    async def check(self) -> bool:
        """Whether the master key is the one the stored keys were wrapped with."""
        row = await self._pool.fetchrow(
            f"SELECT key_id, wrapped FROM {self._table} WHERE wrapped IS NOT NULL LIMIT 1"
        )
        if row is not None:
            self._master.unwrap(row["key_id"], row["wrapped"])
        return True

    def _recall(self, ids: Iterable[str]) -> tuple[dict[str, bytes | None], list[str]]:
        now = self._clock()
        found: dict[str, bytes | None] = {}
        missing: list[str] = []
        for each in dict.fromkeys(ids):
            kept = self._kept.get(each)
            if kept is not None and kept[0] > now:
                found[each] = kept[1]
            else:
                missing.append(each)
        return found, missing

    def _keep(self, keys: Mapping[str, bytes | None]) -> None:
        until = self._clock() + KEPT_SECONDS
        for each, key in keys.items():
            # A key read before it was destroyed, and kept after, would bring it back for a while.
            if self._kept.get(each, (0.0, b""))[1] is not None:
                self._kept[each] = (until, key)
                self._kept.move_to_end(each)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def _fetch(self, ids: list[str]) -> dict[str, bytes | None]:
        """The keys, missing ones made in the same statement."""
        new = {each: urandom(KEY_BYTES) for each in ids}
        rows = await self._pool.fetch(
            f"""
            WITH asked AS (SELECT * FROM unnest($1::text[], $2::bytea[]) a (key_id, wrapped)),
            made AS (
                INSERT INTO {self._table} (key_id, wrapped)
                SELECT key_id, wrapped FROM asked
                WHERE NOT EXISTS (SELECT FROM {self._table} k WHERE k.key_id = asked.key_id)
                ORDER BY key_id
                ON CONFLICT (key_id) DO NOTHING
                RETURNING key_id
            )
            SELECT key_id, k.wrapped, m.key_id IS NOT NULL AS made
            FROM asked LEFT JOIN {self._table} k USING (key_id) LEFT JOIN made m USING (key_id)
            WHERE k.key_id IS NOT NULL OR m.key_id IS NOT NULL
            """,
            ids,
            [self._master.wrap(each, new[each]) for each in ids],
        )
        found = {row["key_id"]: new[row["key_id"]] if row["made"] else self._unwrapped(row) for row in rows}
        # Made by another request while this statement ran: not in its snapshot, so asked again.
        others = [each for each in ids if each not in found]
        return found | await self._fetch(others) if others else found

    def _unwrapped(self, row: "asyncpg.Record") -> bytes | None:
        return None if row["wrapped"] is None else self._master.unwrap(row["key_id"], row["wrapped"])
