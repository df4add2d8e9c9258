"""Which streams hold rules, asked of the store's own table of stream heads."""

from backbone.eventstore.postgres import PostgresEventStore


class PostgresRuleStreams:
    """Reads the versions of the rule streams; a range on the primary key, not a scan."""

    def __init__(self, store: PostgresEventStore) -> None:
        self._store = store

    async def versions(self) -> dict[str, int]:
        """Stream id → version, of all calendar years and policies."""
        rows = await self._store.pool.fetch(
            "SELECT stream, version FROM stream_head"
            " WHERE stream >= 'calendar-year-' AND stream < 'calendar-year.'"
            " UNION ALL SELECT stream, version FROM stream_head"
            " WHERE stream >= 'policy-' AND stream < 'policy.'"
        )
        return {row["stream"]: row["version"] for row in rows}
