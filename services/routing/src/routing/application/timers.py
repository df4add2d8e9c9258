"""What routing does when a deadline of its own has come: whistles go out, rulings are carried out."""

from datetime import datetime

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from routing.application.directory import Directory
from routing.application.disputes_publishing import EXECUTE_RULING
from routing.application.publishing import DISPATCH, ISSUE_DISPATCH
from routing.application.rulings import Rulings
from routing.domain.dispatch.commands import IssueDispatch


class ScheduledDispatches:
    """Fires the timers that scheduling a dispatch or deciding a dispute has set."""

    def __init__(self, store: EventStore, directory: Directory) -> None:
        self._store, self._directory = store, directory
        self._rulings = Rulings(store, directory)

    async def fire(self, key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        """W3 at the scheduled hour, by the list of that hour also when it is fired late."""
        if name == ISSUE_DISPATCH:
            command = IssueDispatch(await self._directory.duties(due_at))
            await execute(self._store, DISPATCH, key, command, context)
        elif name == EXECUTE_RULING:
            await self._rulings.carry_out(key, context)
