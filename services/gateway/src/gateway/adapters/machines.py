"""Machine clients in PostgreSQL; implements ``gateway.application.machines.MachineStore``."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from gateway.adapters.identity_record import note
from gateway.application.machines import MachineClient, Scope

_SHOWN = "id, name, role, unit, operations, issued_by, issued_at, ends_at, revoked_by, revoked_at, used_at"


class PostgresMachines:
    """Clients with the hashes of their keys; a client that was revoked stays in the list."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(
        self,
        client_id: UUID,
        name: str,
        scope: Scope,
        key_hash: bytes,
        lifetime: timedelta,
        *,
        by: str,
        issue_key: UUID,
    ) -> bool:
        """Keep a new one unless the same request has made one."""
        async with self._engine.begin() as connection:
            added = await connection.execute(
                text(
                    """
                    INSERT INTO machine_client (id, name, role, unit, operations, key_hash, issue_key,
                                                issued_by, issued_at, ends_at)
                    SELECT :id, :name, :role, :unit, :operations, :key_hash, :issue_key, :by, now,
                           now + CAST(:lifetime AS interval)
                    FROM chuishao_now() AS now
                    ON CONFLICT (issue_key) DO NOTHING
                    """
                ),
                {
                    "id": client_id,
                    "name": name,
                    "role": scope.role,
                    "unit": scope.unit,
                    "operations": sorted(scope.operations),
                    "key_hash": key_hash,
                    "issue_key": issue_key,
                    "by": by,
                    "lifetime": lifetime,
                },
            )
            if added.rowcount:
                await note(connection, "machine-client-issued", by, str(client_id))
            return bool(added.rowcount)

    async def find(self, client_id: UUID) -> tuple[MachineClient, bytes] | None:
        """A client whose key counts; its use is written down once a minute."""
        async with self._engine.begin() as connection:
            found = await connection.execute(
                text(
                    f"SELECT {_SHOWN}, key_hash,"
                    " used_at IS NULL OR used_at < chuishao_now() - interval '1 minute' AS stale"
                    " FROM machine_client"
                    " WHERE id = :id AND revoked_at IS NULL AND ends_at > chuishao_now()"
                ),
                {"id": client_id},
            )
            row = found.one_or_none()
            if row is not None and row.stale:
                await connection.execute(
                    text("UPDATE machine_client SET used_at = chuishao_now() WHERE id = :id"),
                    {"id": client_id},
                )
        return (_client(row), row.key_hash) if row is not None else None

    async def revoke(self, client_id: UUID, by: str) -> bool:
        """Revoke it; doing so again changes nothing."""
        async with self._engine.begin() as connection:
            revoked = await connection.execute(
                text(
                    "UPDATE machine_client SET revoked_at = chuishao_now(), revoked_by = :by"
                    " WHERE id = :id AND revoked_at IS NULL"
                ),
                {"id": client_id, "by": by},
            )
            if revoked.rowcount:
                await note(connection, "machine-client-revoked", by, str(client_id))
                return True
            known = await connection.execute(
                text("SELECT 1 FROM machine_client WHERE id = :id"), {"id": client_id}
            )
            return known.one_or_none() is not None

    async def all(self) -> list[MachineClient]:
        """The newest first."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                text(f"SELECT {_SHOWN} FROM machine_client ORDER BY issued_at DESC, id")
            )
            return [_client(row) for row in rows.all()]


def _client(row: Row[tuple[object, ...]]) -> MachineClient:
    return MachineClient(**{name: getattr(row, name) for name in _SHOWN.split(", ")})
