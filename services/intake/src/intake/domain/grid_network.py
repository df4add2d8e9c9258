"""网格: the unit grids of the county, who is in charge, and the matters admitted to them (准入清单)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from intake.domain.refusals import require


@dataclass(frozen=True, slots=True)
class Grid:
    """A unit grid; ``worker`` and ``leader`` are subjects: who walks it, and who is in charge (包保领导)."""

    code: str
    name: str
    township: str
    villages: tuple[str, ...]
    worker: str
    leader: str


@dataclass(frozen=True, slots=True)
class AdmittedItem:
    """One kind of matter that may be reported to a grid."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class PublishGridNetwork:
    """Put these grids and admitted items in the place of the earlier ones."""

    version: int
    source_document: str
    grids: tuple[Grid, ...]
    items: tuple[AdmittedItem, ...]


@dataclass(frozen=True, slots=True)
class GridNetworkPublished:
    """These are the grids and the admitted items from now on."""

    name: ClassVar[str] = "intake.grid-network.grid-network-published.v1"
    version: int
    source_document: str
    grids: tuple[Grid, ...]
    items: tuple[AdmittedItem, ...]


Command = PublishGridNetwork
Event = GridNetworkPublished


@dataclass(frozen=True, slots=True)
class GridNetwork:
    """The network in force; version 0 is none: then any report is taken and goes to the township."""

    version: int = 0
    source_document: str = ""
    grids: tuple[Grid, ...] = ()
    items: tuple[AdmittedItem, ...] = ()

    def grid_for(self, township: str, grid: str | None, village: str | None) -> Grid | None:
        """The grid that is named, else the village's; ``unknown-grid`` where the township has none such."""
        if self.version == 0 or (grid is None and village is None):
            return None
        own = [each for each in self.grids if each.township == township]
        found = [each for each in own if each.code == grid or (grid is None and village in each.villages)]
        require(len(found) > 0, "unknown-grid", rules_version=self.version)
        return found[0]

    def admit(self, item: str | None) -> None:
        """Refuse an item that is not on the admitted list."""
        admitted = item is None or self.version == 0 or any(each.code == item for each in self.items)
        require(admitted, "item-not-admitted", rules_version=self.version)


INITIAL = GridNetwork()


def evolve(network: GridNetwork, event: Event, at: datetime) -> GridNetwork:
    """The network after its newest publication."""
    return _of(event)


def _of(event: Event) -> GridNetwork:
    return GridNetwork(event.version, event.source_document, event.grids, event.items)


def decide(command: Command, network: GridNetwork) -> list[Event]:
    """State the new network; versions only grow."""
    published = GridNetworkPublished(command.version, command.source_document, command.grids, command.items)
    if _of(published) == network:
        return []
    require(command.version > network.version, "network-version-not-newer")
    require(command.source_document != "", "network-needs-a-source")
    codes = [each.code for each in command.grids]
    require(len(set(codes)) == len(codes), "grid-named-twice")
    villages = [village for each in command.grids for village in each.villages]
    require(len(set(villages)) == len(villages), "village-in-two-grids")
    return [published]
