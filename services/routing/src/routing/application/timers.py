"""What routing does when a deadline of its own has come: a scheduled whistle goes out."""

from datetime import datetime

from backbone.decider import CommandContext, execute
from backbone.eventstore import EventStore
from routing.application.directory import Directory
from routing.application.publishing import DISPATCH, ISSUE_DISPATCH
from routing.domain.dispatch.commands import IssueDispatch


class ScheduledDispatches:
    """Fires the timers that scheduling a dispatch has set."""

    def __init__(self, store: EventStore, directory: Directory) -> None:
        self._store, self._directory = store, directory

    async def fire(self, key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        """W3 at the scheduled hour, by the list of that hour also when it is fired late."""
        if name == ISSUE_DISPATCH:
            command = IssueDispatch(await self._directory.duties(due_at))
            await execute(self._store, DISPATCH, key, command, context)
