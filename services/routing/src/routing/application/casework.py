"""What every command of people on a dispatch goes through: permitted, sealed, then decided."""

from collections.abc import Sequence

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import Sealer, key_id
from contracts.permissions import permit
from routing.application.directory import Directory
from routing.application.publishing import DISPATCH
from routing.domain.dispatch import Command, Dispatch


class Casework:
    """Commands on dispatches. Each raises ``NotPermitted``, ``Refused`` or what the store raises."""

    def __init__(self, store: EventStore, sealer: Sealer, directory: Directory) -> None:
        self._store, self._sealer, self._directory = store, sealer, directory

    async def _begin(self, actor: Actor, operation: str, context: CommandContext) -> Appended | None:
        """Permit; and the first answer to a repeat, before anything is sealed for it."""
        permit(actor, operation)
        return await self._store.answered(context.command_id, context.request_hash)

    async def _execute(self, case: str, command: Command, context: CommandContext) -> Appended:
        return (await execute(self._store, DISPATCH, case, command, context, {"id": case})).appended

    async def _dispatch(self, case: str) -> Dispatch:
        return DISPATCH.fold(await self._store.load(DISPATCH.stream(case)))

    async def _seal(self, case: str, texts: Sequence[str]) -> list[str]:
        return await self._seal_under(key_id("case", case), texts)

    async def _seal_under(self, key: str, texts: Sequence[str]) -> list[str]:
        """Each text sealed; what was not said stays empty."""
        sealed = iter(await self._sealer.seal_all([(key, text) for text in texts if text]))
        return [next(sealed) if text else "" for text in texts]
