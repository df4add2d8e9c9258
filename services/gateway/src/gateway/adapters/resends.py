"""Fingerprints of reports in PostgreSQL; implements ``gateway.application.resends.Resends``."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.application.resends import ALIKE


class PostgresResends:
    """One row for the words of the last day; older ones are swept out as new ones come."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def key_of(self, fingerprint: bytes, new: UUID) -> UUID:
        """The key the same words had, unless that was longer ago; two at once get the same."""
        async with self._engine.begin() as connection:
            await connection.execute(
                text(
                    "DELETE FROM resend WHERE fingerprint IN (SELECT fingerprint FROM resend"
                    " WHERE first_at < chuishao_now() - CAST(:alike AS interval)"
                    " ORDER BY first_at LIMIT 100 FOR UPDATE SKIP LOCKED)"
                ),
                {"alike": ALIKE},
            )
            kept = await connection.execute(
                text(
                    """
                    INSERT INTO resend (fingerprint, command_key, first_at)
                    VALUES (:fingerprint, :new, chuishao_now())
                    ON CONFLICT (fingerprint) DO UPDATE SET
                        command_key = CASE WHEN resend.first_at < chuishao_now() - CAST(:alike AS interval)
                            THEN excluded.command_key ELSE resend.command_key END,
                        first_at = CASE WHEN resend.first_at < chuishao_now() - CAST(:alike AS interval)
                            THEN excluded.first_at ELSE resend.first_at END
                    RETURNING command_key
                    """
                ),
                {"fingerprint": fingerprint, "new": new, "alike": ALIKE},
            )
            key: UUID = kept.scalar_one()
        return key
