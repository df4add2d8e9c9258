"""清单比对: what one version of the responsibility list changes in another, item by item."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from routing.domain.responsibility_list import Item

Value = str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an item, before and after."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that both versions have, with the fields that differ."""

    item: Item
    """As it is afterwards."""
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class ListDiff:
    """What differs; each part in the order of the list it is taken from."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[ItemChange, ...]
    unchanged: int

    @property
    def nothing(self) -> bool:
        """Whether both lists say the same."""
        return not (self.added or self.removed or self.changed)


def diff(old: Iterable[Item], new: Iterable[Item]) -> ListDiff:
    """Compare two lists by the codes of their items; their order means nothing."""
    before, after = {item.code: item for item in old}, {item.code: item for item in new}
    both = [(before[code], item) for code, item in after.items() if code in before]
    changed = tuple(ItemChange(item, _changes(was, item)) for was, item in both if was != item)
    return ListDiff(
        added=tuple(item for code, item in after.items() if code not in before),
        removed=tuple(item for code, item in before.items() if code not in after),
        changed=changed,
        unchanged=len(both) - len(changed),
    )


def _changes(was: Item, item: Item) -> tuple[FieldChange, ...]:
    named = ((each.name, getattr(was, each.name), getattr(item, each.name)) for each in fields(Item))
    return tuple(FieldChange(name, old, new) for name, old, new in named if old != new)
