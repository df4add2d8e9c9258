"""For administrators: keys of other systems, and the record of who was let in and by whom."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from backbone.web import CurrentActor, CurrentCall, Refusal
from contracts.permissions import permit
from gateway.adapters.identity_record import noted
from gateway.application.machines import MachineClients, Scope

KnownUnit = Callable[[str], Awaitable[bool]]
"""Whether there is a unit with a code."""


class Wanted(BaseModel):
    """A machine client to be: which system, as whom, for which operations, how long."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    role: str = Field(max_length=40)
    unit: str = Field(max_length=60)
    operations: list[Annotated[str, Field(max_length=60)]] = Field(min_length=1, max_length=200)
    days: int = 90


class KeyShown(BaseModel):
    """A new client; its key is shown this once."""

    id: UUID
    key: str


class Client(BaseModel):
    """A machine client as it is listed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    role: str
    unit: str
    operations: list[str]
    issued_by: str
    issued_at: datetime
    ends_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    used_at: datetime | None


class Record(BaseModel):
    """One act about identities: who did what to whom."""

    seq: int
    at: datetime
    act: str
    actor: str
    about: str


def machine_router(machines: MachineClients, engine: AsyncEngine, known_unit: KnownUnit) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["identity"])

    @router.post("/machine-clients", status_code=201)
    async def issue(wanted: Wanted, call: CurrentCall) -> KeyShown:
        """Issue a key; the same request a second time is told that it has been, without the key."""
        permit(call.actor, "manage-machine-clients")
        if not await known_unit(wanted.unit):
            raise Refusal("unknown-unit", 422)
        issued = await machines.issue(
            wanted.name,
            Scope(wanted.role, wanted.unit, frozenset(wanted.operations)),
            wanted.days,
            by=call.actor.subject,
            issue_key=call.key,
        )
        return KeyShown(id=issued.id, key=issued.key)

    @router.get("/machine-clients")
    async def clients(actor: CurrentActor) -> list[Client]:
        """Every client there ever was, with its last use."""
        permit(actor, "manage-machine-clients")
        return [Client.model_validate(each) for each in await machines.all()]

    @router.post("/machine-clients/{client_id}/revoke", status_code=204)
    async def revoke(client_id: UUID, actor: CurrentActor) -> None:
        """Its key counts no more from now on; safe to repeat."""
        permit(actor, "manage-machine-clients")
        await machines.revoke(client_id, actor.subject)

    @router.get("/identity-records")
    async def records(
        actor: CurrentActor,
        before: int | None = None,
        most: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[Record]:
        """Who signed in and out, and which keys were issued and revoked by whom; the newest first."""
        permit(actor, "read-identity-records")
        async with engine.connect() as connection:
            return [Record.model_validate(dict(row)) for row in await noted(connection, before, most)]

    return router
