"""Who signed in and out, and which keys were issued and revoked by whom: rows that are only ever added."""

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection


async def note(connection: AsyncConnection, act: str, actor: str, about: str) -> None:
    """Add a row in the transaction of what it tells."""
    await connection.execute(
        text(
            "INSERT INTO identity_record (at, act, actor, about)"
            " VALUES (chuishao_now(), :act, :actor, :about)"
        ),
        {"act": act, "actor": actor, "about": about},
    )


async def noted(connection: AsyncConnection, before: int | None, most: int) -> list[RowMapping]:
    """At most so many rows, the newest first, older than ``before``."""
    found = await connection.execute(
        text(
            "SELECT seq, at, act, actor, about FROM identity_record"
            " WHERE CAST(:before AS bigint) IS NULL OR seq < :before ORDER BY seq DESC LIMIT :most"
        ),
        {"before": before, "most": most},
    )
    return list(found.mappings())
