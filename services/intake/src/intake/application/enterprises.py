"""What people ask of enterprises and their service officers: permitted, sealed, numbered, then decided."""

from typing import Final
from uuid import UUID, uuid5

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import OFFICE_DISPATCHER, OFFICE_SUPERVISOR, permit
from intake.application.enterprises_publishing import ENTERPRISE
from intake.application.numbers import Numbers
from intake.domain.enterprise import (
    AssignServiceOfficer,
    Command,
    EndEnterprise,
    Entry,
    Officer,
    RegisterEnterprise,
    RelieveServiceOfficer,
)

_ENTERPRISES: Final = UUID("4a1c8a56-53d4-5f0b-9a68-2f7a1d0c7b31")
"""Name space of the ids of enterprises, each by its credit code: nobody registers one twice."""
_OFFICE: Final = (OFFICE_DISPATCHER, OFFICE_SUPERVISOR)


class Enterprises:
    """The commands on enterprises; each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, numbers: Numbers) -> None:
        self._store, self._sealer, self._numbers = store, sealer, numbers

    async def register(self, entry: Entry, actor: Actor, context: CommandContext) -> Appended:
        """登记企业, or change its entry."""
        if repeated := await self._begin(actor, "register-enterprise", context):
            return repeated
        key = str(uuid5(_ENTERPRISES, entry.credit_code))
        known = ENTERPRISE.fold(await self._store.load(ENTERPRISE.stream(key)))
        number = known.number or await self._numbers.enterprise(await self._store.now())
        return await self._execute(key, RegisterEnterprise(_by(actor), entry, number), context)

    async def assign_officer(
        self, enterprise: str, unit: str, name: str, phone: str, actor: Actor, context: CommandContext
    ) -> Appended:
        """指定首席服务员, or another one; the name is sealed under a key of this assignment alone."""
        if repeated := await self._begin(actor, "assign-service-officer", context):
            return repeated
        known = ENTERPRISE.fold(await self._store.load(ENTERPRISE.stream(enterprise)))
        ENTERPRISE.decide(RelieveServiceOfficer(_by(actor)), known)  # nothing is sealed for a stranger's
        key = key_id("person", f"service-officer-{context.command_id}")
        sealed = iter(await self._sealer.seal_all([(key, text) for text in (name, phone) if text]))
        officer = Officer(unit, *(next(sealed) if text else "" for text in (name, phone)))
        return await self._execute(enterprise, AssignServiceOfficer(_by(actor), officer), context)

    async def relieve_officer(self, enterprise: str, actor: Actor, context: CommandContext) -> Appended:
        """解除首席服务员."""
        if repeated := await self._begin(actor, "relieve-service-officer", context):
            return repeated
        return await self._execute(enterprise, RelieveServiceOfficer(_by(actor)), context)

    async def end(self, enterprise: str, actor: Actor, context: CommandContext) -> Appended:
        """停止服务登记."""
        if repeated := await self._begin(actor, "end-enterprise", context):
            return repeated
        return await self._execute(enterprise, EndEnterprise(_by(actor)), context)

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _execute(self, key: str, command: Command, context: CommandContext) -> Appended:
        return (await execute(self._store, ENTERPRISE, key, command, context, {"id": key})).appended


def _by(actor: Actor) -> str | None:
    return None if actor.role in _OFFICE else actor.unit
