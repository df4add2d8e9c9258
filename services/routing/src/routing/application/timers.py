"""What routing does when a deadline of its own has come: whistles go out, rulings are carried out.

A whistle without an owner is brought before the establishment office in the same way, and what a merged
unit has open moves to its heir.
"""

from datetime import datetime

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from backbone.sealing import Sealer
from routing.application.directory import Directory
from routing.application.disputes_publishing import EXECUTE_RULING
from routing.application.ownerless import OwnerlessDuties
from routing.application.publishing import ASK_WHOSE, DISPATCH, ISSUE_DISPATCH
from routing.application.rulings import Rulings
from routing.application.successions import Successions
from routing.application.units_publishing import MOVE_ASSIGNMENTS
from routing.domain.dispatch.commands import IssueDispatch


class ScheduledDispatches:
    """Fires the timers that scheduling a dispatch, finding no owner or deciding a dispute has set."""

    def __init__(
        self, store: EventStore, sealer: Sealer, directory: Directory, successions: Successions
    ) -> None:
        self._store, self._directory, self._successions = store, directory, successions
        self._rulings = Rulings(store, directory)
        self._ownerless = OwnerlessDuties(store, sealer)

    async def fire(self, key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        """W3 at the scheduled hour, by the list of that hour also when it is fired late."""
        if name == ISSUE_DISPATCH:
            succession = await self._directory.succession()
            command = IssueDispatch(await self._directory.duties(due_at), succession)
            await execute(self._store, DISPATCH, key, command, context)
        elif name == EXECUTE_RULING:
            await self._rulings.carry_out(key, context)
        elif name == ASK_WHOSE:
            await self._ownerless.ask(key, context)
        elif name in MOVE_ASSIGNMENTS:
            await self._successions.move_assignments(key, context)
