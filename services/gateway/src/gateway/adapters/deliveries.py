"""Deliveries in PostgreSQL; implements ``gateway.application.deliveries.DeliveryStore``."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.adapters.channels import target_of
from gateway.adapters.sealed_box import SealedBox
from gateway.application.deliveries import Claimed, Waiting
from gateway.domain.channels import ROBOT_MESSAGES_A_MINUTE, ROBOTS

# Both rows are locked: two workers never count a robot's last minute at the same moment.
_CLAIM: Final = text(
    """
    WITH due AS (
        SELECT d.id FROM delivery d JOIN channel c ON c.id = d.channel_id
        WHERE (d.state = 'waiting' AND d.next_at <= chuishao_now()
               OR d.state = 'sending' AND d.leased_until < chuishao_now())
          AND c.active_since IS NOT NULL
          AND (c.rests_until IS NULL OR c.rests_until <= chuishao_now())
          AND (c.kind <> ALL (:robots) OR :pace > (
               SELECT count(*) FROM delivery tried
               WHERE tried.channel_id = c.id AND tried.tried_at > chuishao_now() - interval '1 minute'))
        ORDER BY d.next_at, d.id LIMIT 1 FOR UPDATE OF d, c SKIP LOCKED
    )
    UPDATE delivery SET state = 'sending', attempts = attempts + 1, tried_at = chuishao_now(),
                        leased_until = chuishao_now() + CAST(:lease AS interval)
    FROM due, channel
    WHERE delivery.id = due.id AND channel.id = delivery.channel_id
    RETURNING delivery.id AS delivery_id, delivery.attempts, delivery.channel_id, delivery.case_id,
              delivery.clock_id, delivery.kind AS notice_kind, delivery.params, delivery.noticed_at,
              channel.unit, channel.role, channel.subject, channel.kind, channel.address_sealed,
              channel.secret_sealed
    """
)


class PostgresDeliveries:
    """One row per notice and channel."""

    def __init__(self, engine: AsyncEngine, box: SealedBox) -> None:
        self._engine, self._box = engine, box

    async def queue(self, rows: Collection[tuple[UUID, Waiting, datetime]]) -> int:
        """Keep those that are not there."""
        new = 0
        async with self._engine.begin() as connection:
            for id_, each, leaves in rows:
                added = await connection.execute(
                    text(
                        """
                        INSERT INTO delivery (id, channel_id, notice_id, case_id, clock_id, kind, params,
                                              noticed_at, state, next_at, queued_at)
                        SELECT :id, :channel_id, :notice_id, :case_id, :clock_id, :kind,
                               CAST(:params AS jsonb), :at, 'waiting', :leaves, chuishao_now()
                        FROM channel WHERE channel.id = :channel_id AND channel.active_since < :at
                        ON CONFLICT DO NOTHING
                        """
                    ),
                    {
                        "id": id_,
                        "channel_id": each.channel_id,
                        "notice_id": each.notice_id,
                        "case_id": each.case_id,
                        "clock_id": each.clock_id,
                        "kind": each.kind,
                        "params": orjson.dumps(dict(each.params)).decode(),
                        "at": each.at,
                        "leaves": leaves,
                    },
                )
                new += added.rowcount
        return new

    async def claim(self, lease: timedelta) -> Claimed | None:
        """One that is due and whose channel is open."""
        async with self._engine.begin() as connection:
            found = await connection.execute(
                _CLAIM, {"lease": lease, "robots": sorted(ROBOTS), "pace": ROBOT_MESSAGES_A_MINUTE}
            )
            row = found.mappings().one_or_none()
        if row is None:
            return None
        return Claimed(
            id=row["delivery_id"],
            attempt=row["attempts"],
            channel_id=row["channel_id"],
            case_id=row["case_id"],
            clock_id=row["clock_id"],
            kind=row["notice_kind"],
            params=row["params"],
            at=row["noticed_at"],
            unit=row["unit"],
            role=row["role"],
            subject=row["subject"],
            target=await target_of(self._box, row, row["channel_id"]),
        )

    async def settle(self, delivery: Claimed, state: str, result: str, pause: timedelta | None) -> bool:
        """Write down how an attempt ended."""
        async with self._engine.begin() as connection:
            settled = await connection.execute(
                text(
                    """
                    UPDATE delivery SET state = CAST(:state AS text), result = :result, leased_until = NULL,
                        next_at = chuishao_now() + CAST(:pause AS interval),
                        delivered_at = CASE WHEN CAST(:state AS text) = 'delivered'
                            THEN chuishao_now() ELSE delivered_at END
                    WHERE id = :id AND state = 'sending' AND attempts = :attempt
                    """
                ),
                {
                    "id": delivery.id,
                    "attempt": delivery.attempt,
                    "state": state,
                    "result": result,
                    "pause": pause,
                },
            )
            if settled.rowcount:
                await connection.execute(
                    text("UPDATE channel SET last_result = :result, last_at = chuishao_now() WHERE id = :id"),
                    {"id": delivery.channel_id, "result": result},
                )
            return bool(settled.rowcount)

    async def rest(self, channel_id: UUID, rest: timedelta) -> None:
        """Send nothing to a channel for a while."""
        async with self._engine.begin() as connection:
            await connection.execute(
                text(
                    "UPDATE channel SET rests_until = greatest(coalesce(rests_until, chuishao_now()),"
                    " chuishao_now() + CAST(:rest AS interval)) WHERE id = :id"
                ),
                {"id": channel_id, "rest": rest},
            )

    async def forget(self, kept: timedelta) -> int:
        """Take old rows out of the log that are over and done."""
        async with self._engine.begin() as connection:
            gone = await connection.execute(
                text(
                    "DELETE FROM delivery WHERE queued_at < chuishao_now() - CAST(:kept AS interval)"
                    " AND state NOT IN ('waiting', 'sending')"
                ),
                {"kept": kept},
            )
            return gone.rowcount
