"""Channels in PostgreSQL, sealed; implements ``gateway.application.kept_channels.ChannelStore``."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from gateway.adapters.identity_record import note
from gateway.adapters.sealed_box import SealedBox
from gateway.application.channels import MOST_OF_PERSON, MOST_OF_UNIT, ChannelRefused
from gateway.application.kept_channels import Channel, LoggedDelivery, Wanted
from gateway.application.outward import Target

_LOGGED: Final = (
    "id, channel_id, case_id, kind, state, attempts, result, queued_at, next_at, tried_at, delivered_at,"
    " resent_by"
)
_DROP: Final = (
    "UPDATE delivery SET state = 'dropped', next_at = NULL, leased_until = NULL, result = :why"
    " WHERE channel_id = :id AND state IN ('waiting', 'sending')"
)


class PostgresChannels:
    """Names, addresses and secrets are ciphertext here; codes are proofs that only the gateway can make."""

    def __init__(self, engine: AsyncEngine, box: SealedBox) -> None:
        self._engine, self._box = engine, box

    async def add(self, channel_id: UUID, wanted: Wanted, role: str, subject: str | None, by: str) -> bool:
        """Keep a new one."""
        place, secret = str(channel_id), wanted.secret
        async with self._engine.begin() as connection:
            await _alone(connection, subject or wanted.unit)
            if await _row(connection, channel_id) is not None:
                return False
            await _room(connection, wanted.unit, subject)
            await connection.execute(
                text(
                    """
                    INSERT INTO channel (id, unit, role, subject, kind, name_sealed, address_sealed,
                                         secret_sealed, duty_desk, made_by, made_at)
                    VALUES (:id, :unit, :role, :subject, :kind, :name, :address, :secret, :duty_desk, :by,
                            chuishao_now())
                    """
                ),
                {
                    "id": channel_id,
                    "unit": wanted.unit,
                    "role": role,
                    "subject": subject,
                    "kind": wanted.kind,
                    "name": await self._box.seal(place, wanted.name),
                    "address": await self._box.seal(place, wanted.address),
                    "secret": await self._box.seal(place, secret) if secret is not None else None,
                    "duty_desk": wanted.duty_desk,
                    "by": by,
                },
            )
            await note(connection, "channel-made", by, place)
        return True

    async def find(self, channel_id: UUID) -> Channel | None:
        """One that was not removed."""
        async with self._engine.connect() as connection:
            row = await _row(connection, channel_id)
        return None if row is None or row["removed_at"] is not None else await self._opened(row)

    async def of(self, units: Collection[str] | None, subject: str | None) -> Sequence[Channel]:
        """Units' own ones, a person's, or with neither all."""
        condition: str = "true"
        of: dict[str, object] = {}
        if subject is not None:
            condition, of = "subject = :of", {"of": subject}
        elif units is not None:
            condition, of = "unit = ANY (:of) AND subject IS NULL", {"of": sorted(units)}
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                text(f"SELECT * FROM channel WHERE removed_at IS NULL AND {condition} ORDER BY made_at, id"),
                of,
            )
            return [await self._opened(row) for row in rows.mappings()]

    async def expect(self, channel_id: UUID, code: str, between: timedelta) -> bool:
        """Keep the proof of a code."""
        async with self._engine.begin() as connection:
            kept = await connection.execute(
                text(
                    "UPDATE channel SET code_proof = :proof, code_at = chuishao_now(), code_tries = 0"
                    " WHERE id = :id AND removed_at IS NULL"
                    " AND (code_at IS NULL OR code_at <= chuishao_now() - CAST(:between AS interval))"
                ),
                {"id": channel_id, "proof": self._proof(channel_id, code), "between": between},
            )
            return bool(kept.rowcount)

    async def told(self, channel_id: UUID, result: str) -> None:
        """Keep how a test message ended."""
        async with self._engine.begin() as connection:
            await connection.execute(
                text("UPDATE channel SET last_result = :result, last_at = chuishao_now() WHERE id = :id"),
                {"id": channel_id, "result": result},
            )

    async def confirm(self, channel_id: UUID, code: str, lasts: timedelta, tries: int, by: str) -> bool:
        """Open the channel if this is its code."""
        async with self._engine.begin() as connection:
            counted = await connection.execute(
                text(
                    "UPDATE channel SET code_tries = code_tries + 1 WHERE id = :id AND removed_at IS NULL"
                    " AND code_proof IS NOT NULL AND code_tries < :tries"
                    " AND code_at > chuishao_now() - CAST(:lasts AS interval) RETURNING code_proof"
                ),
                {"id": channel_id, "tries": tries, "lasts": lasts},
            )
            proof = counted.scalar_one_or_none()
            if proof is None or not compare_digest(proof, self._proof(channel_id, code)):
                return False
            await connection.execute(
                text(
                    "UPDATE channel SET code_proof = NULL,"
                    " verified_at = coalesce(verified_at, chuishao_now()),"
                    " active_since = CASE WHEN paused_at IS NULL"
                    " THEN coalesce(active_since, chuishao_now()) END WHERE id = :id"
                ),
                {"id": channel_id},
            )
            await note(connection, "channel-verified", by, str(channel_id))
        return True

    async def pause(self, channel_id: UUID, by: str) -> None:
        """Send nothing from now on; what waits is dropped."""
        change = "SET paused_at = chuishao_now(), active_since = NULL WHERE paused_at IS NULL"
        if await self._change(channel_id, change, "channel-paused", by):
            await self._drop(channel_id, "channel-paused")

    async def resume(self, channel_id: UUID, by: str) -> None:
        """Send what is told from now on."""
        change = "SET paused_at = NULL, active_since = chuishao_now() WHERE paused_at IS NOT NULL"
        await self._change(channel_id, f"{change} AND verified_at IS NOT NULL", "channel-resumed", by)

    async def remove(self, channel_id: UUID, by: str) -> None:
        """Take it away for ever, with its address and secret."""
        change = (
            "SET removed_at = chuishao_now(), active_since = NULL, secret_sealed = NULL, code_proof = NULL,"
            " address_sealed = '' WHERE true"
        )
        if await self._change(channel_id, change, "channel-removed", by):
            await self._drop(channel_id, "channel-removed")

    async def adopt(self, channel_id: UUID, unit: str, role: str, by: str) -> None:
        """Make it another unit's, closed until it is proved anew."""
        async with self._engine.begin() as connection:
            await _alone(connection, unit)
            row = await _row(connection, channel_id)
            if row is None or row["removed_at"] is not None or row["unit"] == unit:
                return
            if row["subject"] is None:
                await _room(connection, unit, None)
            await connection.execute(
                text(
                    "UPDATE channel SET unit = :unit, role = :role, verified_at = NULL, active_since = NULL,"
                    " paused_at = NULL, code_proof = NULL, code_at = NULL WHERE id = :id"
                ),
                {"id": channel_id, "unit": unit, "role": role},
            )
            await connection.execute(text(_DROP), {"id": channel_id, "why": "channel-adopted"})
            await note(connection, "channel-adopted", by, str(channel_id))

    async def log(
        self, channel_id: UUID, state: str | None, most: int, after: tuple[datetime, UUID] | None
    ) -> Sequence[LoggedDelivery]:
        """Its deliveries, the newest first, from a place on."""
        asked: dict[str, object] = {"id": channel_id, "most": most}
        conditions = ["channel_id = :id"]
        if state is not None:
            conditions.append("state = :state")
            asked["state"] = state
        if after is not None:
            conditions.append("(queued_at < :at OR queued_at = :at AND id > :beyond)")
            asked |= {"at": after[0], "beyond": after[1]}
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                text(
                    f"SELECT {_LOGGED} FROM delivery WHERE {' AND '.join(conditions)}"
                    " ORDER BY queued_at DESC, id LIMIT :most"
                ),
                asked,
            )
            return [LoggedDelivery(**row) for row in rows.mappings()]

    async def channel_of(self, delivery_id: UUID) -> UUID | None:
        """Which channel a delivery is for."""
        async with self._engine.connect() as connection:
            found = await connection.execute(
                text("SELECT channel_id FROM delivery WHERE id = :id"), {"id": delivery_id}
            )
            channel_id: UUID | None = found.scalar_one_or_none()
            return channel_id

    async def resend(self, delivery_id: UUID, by: str) -> bool:
        """Send one again that failed or arrived."""
        async with self._engine.begin() as connection:
            again = await connection.execute(
                text(
                    "UPDATE delivery SET state = 'waiting', next_at = chuishao_now(), attempts = 0,"
                    " resent_by = :by FROM channel WHERE channel.id = delivery.channel_id"
                    " AND channel.active_since IS NOT NULL AND delivery.id = :id"
                    " AND delivery.state IN ('failed', 'delivered')"
                ),
                {"id": delivery_id, "by": by},
            )
            return bool(again.rowcount)

    async def _change(self, channel_id: UUID, change: str, act: str, by: str) -> bool:
        async with self._engine.begin() as connection:
            changed = await connection.execute(
                text(f"UPDATE channel {change} AND id = :id AND removed_at IS NULL"), {"id": channel_id}
            )
            if changed.rowcount:
                await note(connection, act, by, str(channel_id))
            return bool(changed.rowcount)

    async def _drop(self, channel_id: UUID, why: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(text(_DROP), {"id": channel_id, "why": why})

    def _proof(self, channel_id: UUID, code: str) -> str:
        return self._box.proof(f"code {channel_id} {code}")

    async def _opened(self, row: RowMapping) -> Channel:
        return Channel(
            id=row["id"],
            unit=row["unit"],
            role=row["role"],
            subject=row["subject"],
            name=await self._box.open(str(row["id"]), row["name_sealed"]),
            target=await target_of(self._box, row, row["id"]),
            duty_desk=row["duty_desk"],
            made_by=row["made_by"],
            made_at=row["made_at"],
            verified_at=row["verified_at"],
            paused_at=row["paused_at"],
            last_result=row["last_result"],
            last_at=row["last_at"],
        )


async def target_of(box: SealedBox, row: RowMapping, channel_id: UUID) -> Target:
    """Where a row of ``channel`` leads."""
    place, secret = str(channel_id), row["secret_sealed"]
    return Target(
        kind=row["kind"],
        address=await box.open(place, row["address_sealed"]),
        secret=await box.open(place, secret) if secret is not None else None,
    )


async def _row(connection: AsyncConnection, channel_id: UUID) -> Any:
    found = await connection.execute(text("SELECT * FROM channel WHERE id = :id"), {"id": channel_id})
    return found.mappings().one_or_none()


async def _alone(connection: AsyncConnection, of: str) -> None:
    """Let whoever counts the channels of a unit or person wait for each other."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:of))"), {"of": f"channel {of}"})


async def _room(connection: AsyncConnection, unit: str, subject: str | None) -> None:
    """Raise ``ChannelRefused`` at the limit of a unit or person."""
    condition = "subject = :of" if subject is not None else "unit = :of AND subject IS NULL"
    held = await connection.execute(
        text(f"SELECT count(*) FROM channel WHERE removed_at IS NULL AND {condition}"),
        {"of": subject or unit},
    )
    most = MOST_OF_UNIT if subject is None else MOST_OF_PERSON
    if held.scalar_one() >= most:
        raise ChannelRefused("too-many-channels", most=most)
