"""Sealed files: a table of ciphertext beside the log, and what a file is by its first bytes."""

import io
import zipfile
from typing import Final
from uuid import UUID

import asyncpg
import filetype  # type: ignore[import-untyped]  # the package has no types

from backbone.eventstore.schema import quoted

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_PARTS: Final = {
    "word/document.xml": f"{_OFFICE}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}.spreadsheetml.sheet",
}
_MOST_PARTS: Final = 10_000


class PostgresBlobs:
    """Keeps sealed files; implements ``intake.application.ports.Blobs``."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", *, schema: str = "intake") -> None:
        self._pool, self._table = pool, f"{quoted(schema)}.attachment"

    async def put(self, attachment: str, case: str, content: bytes) -> None:
        """Keep a sealed file; one of the same id stays as it is."""
        await self._pool.execute(
            f"INSERT INTO {self._table} (attachment_id, case_id, content) VALUES ($1, $2, $3)"
            " ON CONFLICT (attachment_id) DO NOTHING",
            UUID(attachment),
            case,
            content,
        )

    async def get(self, attachment: str) -> bytes | None:
        """A sealed file."""
        found: bytes | None = await self._pool.fetchval(
            f"SELECT content FROM {self._table} WHERE attachment_id = $1", UUID(attachment)
        )
        return found

    async def drop(self, attachment: str) -> None:
        """Forget a sealed file."""
        await self._pool.execute(f"DELETE FROM {self._table} WHERE attachment_id = $1", UUID(attachment))


def media_type_of(content: bytes) -> str | None:
    """What a file is by its content, None if that cannot be told; nothing is decoded or unpacked."""
    found: str | None = filetype.guess_mime(content)
    if found == "application/zip" or (found or "").startswith(_OFFICE):
        return _office_type(content)
    return found


def _office_type(content: bytes) -> str | None:
    """A document or a workbook by the names of its parts; one with macros is neither."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {each.filename for each in archive.infolist()[:_MOST_PARTS]}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "[Content_Types].xml" not in names or any(each.endswith("vbaProject.bin") for each in names):
        return "application/zip"
    types = [media_type for part, media_type in _PARTS.items() if part in names]
    return types[0] if len(types) == 1 else "application/zip"
