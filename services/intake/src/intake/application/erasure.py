"""Destroying the keys of persons and cases, and telling every reader."""

from collections.abc import Sequence
from uuid import UUID

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from backbone.sealing import key_id
from contracts.permissions import permit
from intake.application.ports import KeyStore
from intake.application.publishing import ERASURE
from intake.application.whistles import new_case
from intake.domain.personal_data import ErasePersonalData


class Erasure:
    """The command that makes sealed words unreadable for ever."""

    def __init__(self, store: EventStore, keys: KeyStore) -> None:
        self._store, self._keys = store, keys

    async def erase(
        self, subjects: Sequence[str], cases: Sequence[UUID], actor: Actor, context: CommandContext
    ) -> Appended:
        """Destroy the keys of these subjects and cases.

        Keys go before the fact: a crash between the two is mended by repeating the request, while the other
        order could announce an erasure that a repeat, answered from the log, never carries out.
        """
        permit(actor, "erase-personal-data")
        if repeated := await self._store.answered(context.command_id, context.request_hash):
            return repeated
        ids = (
            *(key_id("person", subject) for subject in subjects),
            *(key_id("case", str(case)) for case in cases),
        )
        await self._keys.destroy(ids)
        request = new_case(context)
        command = ErasePersonalData(tuple(dict.fromkeys(ids)))
        return (await execute(self._store, ERASURE, request, command, context, {"id": request})).appended
