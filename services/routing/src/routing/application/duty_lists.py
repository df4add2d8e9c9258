"""What is asked about the responsibility list: its versions, what changes between two, and searching one."""

from collections.abc import Sequence
from datetime import date

from backbone.eventstore import EventStore
from backbone.identity import Actor
from contracts.permissions import permit
from routing.application.directory import Directory, day_of
from routing.domain.list_comparison import ListDiff, diff
from routing.domain.refusals import Refused
from routing.domain.responsibility_list import Item, ItemKind, Version
from routing.domain.suggestion import index, search


class DutyLists:
    """Questions; each raises ``NotPermitted`` or ``Refused`` and changes nothing."""

    def __init__(self, store: EventStore, directory: Directory) -> None:
        self._store, self._directory = store, directory

    async def versions(self, actor: Actor) -> Sequence[Version]:
        """Every version, the first published first."""
        permit(actor, "read-directory")
        return (await self._directory.responsibility_list()).versions

    async def version(self, number: int | None, actor: Actor) -> Version:
        """A version as it was published; None is the one in force today."""
        permit(actor, "read-directory")
        return await self._version(number)

    async def compare(self, old: int, new: int, actor: Actor) -> ListDiff:
        """What a version changes in another."""
        permit(actor, "read-directory")
        return diff((await self._version(old)).items, (await self._version(new)).items)

    async def preview(self, items: Sequence[Item], actor: Actor) -> tuple[Version | None, ListDiff]:
        """What publishing these items today would change in the version in force."""
        permit(actor, "read-directory")
        duties = await self._directory.responsibility_list()
        present = duties.in_force(day_of(await self._store.now()))
        return present, diff(present.items if present else (), items)

    async def search(
        self,
        words: str,
        as_of: date | None,
        kind: ItemKind | None,
        unit: str | None,
        actor: Actor,
    ) -> tuple[Version | None, Sequence[Item]]:
        """The items in force on a day that speak of some words, best first, or all; of a kind, of a unit."""
        permit(actor, "read-directory")
        day = as_of or day_of(await self._store.now())
        version = (await self._directory.responsibility_list()).in_force(day)
        if version is None:
            return None, ()
        items = search(index(version.items), words) if words.strip() else version.items
        return version, [
            item
            for item in items
            if kind in (None, item.kind) and (unit is None or unit in (item.lead, *item.assists))
        ]

    async def _version(self, number: int | None) -> Version:
        duties = await self._directory.responsibility_list()
        if number is None:
            present = duties.in_force(day_of(await self._store.now()))
        else:
            present = next((each for each in duties.versions if each.number == number), None)
        if present is None:
            raise Refused("no-such-list-version", version=number or 0)
        return present
