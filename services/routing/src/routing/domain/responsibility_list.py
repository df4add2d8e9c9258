"""权责清单: whose duty a matter is, in versions that are in force from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final, Literal, assert_never

from routing.domain.refusals import require
from routing.domain.unit import THE_TOWNSHIP

ItemKind = Literal["primary", "supporting", "withdrawn_upward"]
"""基本履职 (the township's own), 配合履职 (a department's, the township supports), 上级收回."""
CAME_WITH: Final = ("people", "funds", "technology")
"""人员, 经费, 技术: what is handed over with a devolved power."""
Level = Literal["township", "county", "city"]
"""乡镇, 县, 市: whose duty it is."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list.

    ``lead`` and ``assists`` are unit codes; the word ``township`` is the township the matter lies in.
    ``complex`` gives the longer handling time. ``devolved`` is 依法下放, ``devolved_with`` what came with it:
    ``people``, ``funds``, ``technology`` (人员、经费、技术).
    """

    code: str
    title: str
    kind: ItemKind
    level: Level
    lead: str
    legal_basis: str
    assists: tuple[str, ...] = ()
    summary: str = ""
    keywords: tuple[str, ...] = ()
    taxonomy: tuple[str, ...] = ()
    complex: bool = False
    devolved: bool = False
    devolved_with: tuple[str, ...] = ()

    @property
    def department(self) -> str | None:
        """The department whose duty it is; None if the list leaves it with the township."""
        return None if self.lead == THE_TOWNSHIP else self.lead


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the list, in force from a day (Asia/Shanghai) until a later version's day."""

    number: int
    effective_from: date
    source_document: str
    items: tuple[Item, ...]

    def item(self, code: str) -> Item | None:
        """The item of a code, if this version has it."""
        return next((item for item in self.items if item.code == code), None)

    def items_of(self, codes: Iterable[str]) -> tuple[Item, ...]:
        """The items of these codes that this version has, each once."""
        wanted = set(codes)
        return tuple(item for item in self.items if item.code in wanted)


@dataclass(frozen=True, slots=True)
class PublishResponsibilityList:
    """Publish a whole version. ``departments`` are the registered codes among the units it names."""

    effective_from: date
    source_document: str
    items: tuple[Item, ...]
    departments: frozenset[str]


Command = PublishResponsibilityList


@dataclass(frozen=True, slots=True)
class ResponsibilityListPublished:
    """This version is in force from its day on."""

    name: ClassVar[str] = "routing.responsibility-list.responsibility-list-published.v1"
    version: int
    effective_from: date
    source_document: str
    items: tuple[Item, ...]


Event = ResponsibilityListPublished


@dataclass(frozen=True, slots=True)
class ResponsibilityList:
    """All versions, in order of publication."""

    versions: tuple[Version, ...] = ()

    def in_force(self, day: date) -> Version | None:
        """The version in force on a day: the latest effective day wins, then the latest publication."""
        begun = [version for version in self.versions if version.effective_from <= day]
        return max(begun, key=lambda version: (version.effective_from, version.number), default=None)


INITIAL = ResponsibilityList()


def evolve(duties: ResponsibilityList, event: Event, at: datetime) -> ResponsibilityList:
    """The list after a fact; never refuses."""
    match event:
        case ResponsibilityListPublished(number, effective_from, source_document, items):
            version = Version(number, effective_from, source_document, items)
            return ResponsibilityList((*duties.versions, version))
        case _:
            assert_never(event)


def decide(command: Command, duties: ResponsibilityList) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case PublishResponsibilityList(effective_from, source_document, items, departments):
            number = len(duties.versions) + 1
            if duties.versions:
                latest = duties.versions[-1]
                if latest == Version(latest.number, effective_from, source_document, items):
                    return []
            require(source_document != "", "list-needs-a-source-document")
            require(len(items) > 0, "list-needs-items")
            known = {THE_TOWNSHIP, *departments}
            codes: set[str] = set()
            for item in items:
                require(item.code not in codes, "item-code-twice", item=item.code)
                codes.add(item.code)
                _complete(item, known)
            return [ResponsibilityListPublished(number, effective_from, source_document, items)]
        case _:
            assert_never(command)


def _complete(item: Item, known: set[str]) -> None:
    _consistent(item)
    require(item.code != "" and item.title != "", "item-needs-a-title", item=item.code)
    require(item.legal_basis != "", "item-needs-a-legal-basis", item=item.code)
    require(item.lead not in item.assists, "item-lead-assists-itself", item=item.code)
    require(len(set(item.assists)) == len(item.assists), "item-assist-twice", item=item.code)
    for unit in (item.lead, *item.assists):
        require(unit in known, "item-names-an-unknown-unit", item=item.code, unit=unit)


def _consistent(item: Item) -> None:
    """基本履职 is the township's and at its level, everything else a department's of a higher one."""
    own = item.kind == "primary"
    require(own == (item.lead == THE_TOWNSHIP), "item-kind-misfits-lead", item=item.code)
    require(own == (item.level == "township"), "item-kind-misfits-level", item=item.code)
    require(item.devolved or not item.devolved_with, "item-came-with-nothing-devolved", item=item.code)
    for each in item.devolved_with:
        require(each in CAME_WITH, "item-came-with-what", item=item.code, value=each)
