"""One bucket of requests for each caller in PostgreSQL, the same for all replicas.

Kept in an unlogged table: a bucket that a crash takes away is a full one. A row is one caller's, so that
callers do not wait for each other.
"""

import asyncio
import hashlib
import time
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from backbone import telemetry
from gateway.application.allowances import BucketsAway, Taken
from gateway.application.limits import Limits, Rate

PATIENCE_SECONDS: Final = 0.5
"""A request waits for its count so long; then the replica counts by itself."""
SWEPT_SECONDS: Final = 60.0
_TAKE: Final = text(
    """
    INSERT INTO request_bucket AS bucket (caller, granted, remaining, counted_at)
    SELECT :caller, given, CAST(:burst AS float8) - given, chuishao_now()
    FROM least(CAST(:most AS float8), CAST(:burst AS float8)) AS given
    ON CONFLICT (caller) DO UPDATE SET (granted, remaining, counted_at) = (
        SELECT given, available - given, excluded.counted_at
        FROM greatest(0, extract(epoch FROM excluded.counted_at - bucket.counted_at)) AS seconds,
            least(CAST(:burst AS float8), bucket.remaining + CAST(:rate AS float8) * seconds) AS available,
            least(CAST(:most AS float8), floor(available)) AS given
    )
    RETURNING granted, remaining
    """
)
_SWEEP: Final = text(
    "DELETE FROM request_bucket"
    " WHERE counted_at < chuishao_now() - CAST(:full AS float8) * interval '1 second'"
)

log = structlog.get_logger("chuishao.limits")


class PostgresBuckets:
    """Implements ``gateway.application.allowances.Buckets``."""

    def __init__(
        self,
        engine: AsyncEngine,
        limits: Limits,
        patience_seconds: float = PATIENCE_SECONDS,
        rate: Rate | None = None,
    ) -> None:
        """Without a ``rate`` that of a caller."""
        # Each statement is a transaction of its own: one round trip, and no row is held.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        rate = rate or limits.of_caller
        self._burst, self._rate = float(rate.burst), rate.per_second
        # The table has the buckets of both rates; none goes before it is full again.
        self._full = float(max(limits.of_caller.window, limits.of_address.window))
        self._patience, self._swept_at = patience_seconds, time.monotonic()

    async def take(self, caller: str, most: int) -> Taken:
        """Count in the database; raises ``BucketsAway``."""
        name = hashlib.sha256(caller.encode()).digest()
        asked = {"caller": name, "most": float(most), "burst": self._burst, "rate": self._rate}
        try:
            async with asyncio.timeout(self._patience), self._engine.connect() as connection:
                row = (await connection.execute(_TAKE, asked)).one()
                if time.monotonic() - self._swept_at >= SWEPT_SECONDS:
                    self._swept_at = time.monotonic()
                    await connection.execute(_SWEEP, {"full": self._full})
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("requests are counted by this replica alone", **telemetry.described(error))
            raise BucketsAway from error
        return Taken(row.granted, row.remaining)
