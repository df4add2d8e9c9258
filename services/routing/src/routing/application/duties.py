"""What is asked of the duties of units: publish the list, suggest its items, register units."""

from collections.abc import Sequence
from datetime import date

from backbone.decider import CommandContext, execute
from backbone.eventstore import Appended, EventStore
from backbone.identity import Actor
from contracts.permissions import permit
from routing.application.directory import Directory
from routing.application.publishing import LIST_KEY, RESPONSIBILITY_LIST
from routing.application.units_publishing import UNIT, unit_key
from routing.domain.responsibility_list import Item, PublishResponsibilityList, Version
from routing.domain.suggestion import Suggestions
from routing.domain.unit import Entry, RegisterUnit


class Duties:
    """The commands on units and their duties; each raises ``NotPermitted``, ``Refused`` or a store error."""

    def __init__(self, store: EventStore, directory: Directory) -> None:
        self._store, self._directory = store, directory

    async def publish_list(
        self,
        effective_from: date,
        source_document: str,
        items: Sequence[Item],
        actor: Actor,
        context: CommandContext,
    ) -> Appended:
        """权责清单: a whole new version."""
        permit(actor, "publish-responsibility-list")
        named = [unit for item in items for unit in (item.lead, *item.assists)]
        departments = await self._directory.registered(named)
        command = PublishResponsibilityList(effective_from, source_document, tuple(items), departments)
        handled = await execute(
            self._store, RESPONSIBILITY_LIST, LIST_KEY, command, context, {"id": LIST_KEY}
        )
        return handled.appended

    async def suggest(self, text: str, actor: Actor) -> tuple[Version | None, Suggestions]:
        """事项推荐: the items of the list in force that a sentence most likely speaks of."""
        permit(actor, "read-directory")
        return await self._directory.suggest(text, await self._store.now())

    async def register_unit(self, entry: Entry, actor: Actor, context: CommandContext) -> Appended:
        """单位: enter it, or change its entry."""
        permit(actor, "register-unit")
        key = unit_key(entry.code)
        handled = await execute(self._store, UNIT, key, RegisterUnit(entry), context, {"id": key})
        return handled.appended
