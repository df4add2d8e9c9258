"""Saved views in PostgreSQL: name and filter are ciphertext, for filters name people too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.adapters.sealed_box import SealedBox

MOST: Final = 50
_SPACE: Final = UUID("1c2f7f2a-8a43-5b8d-8a55-6f2f39d2f0c4")


class TooManyViews(Exception):
    """A person has as many views as one may have."""

    slug = "too-many-views"
    params: Mapping[str, object] = {"most": MOST}


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view of the case list: its name and what it asks for."""

    id: UUID
    name: str
    wanted: Mapping[str, Any]
    saved_at: datetime


class SavedViews:
    """Views of a person; a name stands once."""

    def __init__(self, engine: AsyncEngine, box: SealedBox) -> None:
        self._engine, self._box = engine, box

    async def of(self, subject: str) -> Sequence[SavedView]:
        """A person's, by name."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT id, view_sealed, saved_at FROM saved_view WHERE subject = :subject"),
                {"subject": subject},
            )
            found = rows.mappings().all()
        views = []
        for row in found:
            told = orjson.loads(await self._box.open(str(row["id"]), row["view_sealed"]))
            views.append(SavedView(row["id"], told["name"], told["wanted"], row["saved_at"]))
        return sorted(views, key=lambda each: each.name)

    async def save(self, subject: str, name: str, wanted: Mapping[str, Any]) -> SavedView:
        """Keep a view under its name, in the place of the one of that name; raises ``TooManyViews``."""
        proof = self._box.proof(f"name {subject} {name}")
        view_id = uuid5(_SPACE, proof)
        sealed = await self._box.seal(
            str(view_id), orjson.dumps({"name": name, "wanted": dict(wanted)}).decode()
        )
        async with self._engine.begin() as connection:
            await connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext(:of))"), {"of": f"view {subject}"}
            )
            held = await connection.execute(
                text("SELECT count(*) FROM saved_view WHERE subject = :subject AND id <> :id"),
                {"subject": subject, "id": view_id},
            )
            if held.scalar_one() >= MOST:
                raise TooManyViews
            kept = await connection.execute(
                text(
                    "INSERT INTO saved_view (id, subject, name_proof, view_sealed, saved_at)"
                    " VALUES (:id, :subject, :proof, :sealed, chuishao_now())"
                    " ON CONFLICT (id) DO UPDATE SET view_sealed = excluded.view_sealed,"
                    " saved_at = excluded.saved_at RETURNING saved_at"
                ),
                {"id": view_id, "subject": subject, "proof": proof, "sealed": sealed},
            )
            return SavedView(view_id, name, wanted, kept.scalar_one())

    async def delete(self, subject: str, view_id: UUID) -> bool:
        """Take one away; False if it is not there, or another's."""
        async with self._engine.begin() as connection:
            gone = await connection.execute(
                text("DELETE FROM saved_view WHERE id = :id AND subject = :subject"),
                {"id": view_id, "subject": subject},
            )
            return bool(gone.rowcount)
