"""机构沿革: which units are no more and who stands in their place, in one register without contradiction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar, Final, assert_never

from routing.domain.refusals import require
from routing.domain.responsibility_list import Item, Version
from routing.domain.unit import THE_TOWNSHIP, UnitClass

DISSOLVABLE: Final = frozenset({"department", "vertical", "utility"})
"""Townships and offices are renamed at most: villages, and the rules themselves, name them."""


@dataclass(frozen=True, slots=True)
class MergeUnits:
    """``unit`` goes into ``into`` from ``effective_from`` on; ``classes`` are those of the registered two."""

    unit: str
    into: str
    effective_from: date
    source_document: str
    classes: Mapping[str, UnitClass]
    asked_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class EndUnit:
    """``unit`` ends and nobody stands in its place; it must have nothing open any more."""

    unit: str
    effective_from: date
    source_document: str
    classes: Mapping[str, UnitClass]
    open_assignments: int
    asked_on: date


Command = MergeUnits | EndUnit


@dataclass(frozen=True, slots=True)
class UnitMerged:
    """``into`` has what was the unit's; its open assignments move ``at`` this moment."""

    name: ClassVar[str] = "routing.unit.unit-merged.v1"
    unit: str
    into: str
    effective_from: date
    source_document: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UnitEnded:
    """The unit is no more."""

    name: ClassVar[str] = "routing.unit.unit-ended.v1"
    unit: str
    effective_from: date
    source_document: str


Event = UnitMerged | UnitEnded


@dataclass(frozen=True, slots=True)
class Succession:
    """The units that are no more, each with the unit it went into, None if into none."""

    gone: Mapping[str, str | None] = field(default_factory=dict)

    def heir(self, unit: str) -> str | None:
        """The unit that stands where this one stood, itself if it still is; None if nobody does."""
        while unit in self.gone:
            into = self.gone[unit]
            if into is None:
                return None
            unit = into
        return unit

    @property
    def heirs(self) -> dict[str, str]:
        """Unit that is no more → who stands in its place, where somebody does."""
        found = {unit: self.heir(unit) for unit in self.gone}
        return {unit: heir for unit, heir in found.items() if heir is not None}

    def named(self, units: Iterable[str]) -> tuple[str, ...]:
        """Units as they were named, each heir in its forebear's place; one without heirs stands as it is."""
        return tuple(dict.fromkeys(self.heir(unit) or unit for unit in units))

    def forebears(self, unit: str) -> frozenset[str]:
        """The units in whose place this one stands."""
        return frozenset(gone for gone, heir in self.heirs.items() if heir == unit)

    def follow(self, version: Version) -> Version:
        """The list as it is to be carried out: it names a unit that is no more until it is revised."""
        items = (self._followed(item) for item in version.items)
        return replace(version, items=tuple(item for item in items if item is not None))

    def _followed(self, item: Item) -> Item | None:
        """An item whose owner has no heir says nothing about whose duty it is."""
        lead = self.heir(item.lead)
        if lead is None:
            return None
        assists = dict.fromkeys(heir for unit in item.assists if (heir := self.heir(unit)) is not None)
        return replace(item, lead=lead, assists=tuple(unit for unit in assists if unit != lead))


INITIAL = Succession()


def evolve(succession: Succession, event: Event, at: datetime) -> Succession:
    """The register after a fact; never refuses."""
    match event:
        case UnitMerged(unit, into):
            return Succession({**succession.gone, unit: into})
        case UnitEnded(unit):
            return Succession({**succession.gone, unit: None})
        case _:
            assert_never(event)


def decide(command: Command, succession: Succession) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case MergeUnits(unit, into, effective_from, source_document):
            if succession.gone.get(unit) == into:
                return []
            _may_go(command, succession)
            require(into != unit, "unit-merges-into-itself")
            require(into in command.classes, "no-such-unit", unit=into)
            require(into not in succession.gone, "unit-is-no-more", unit=into)
            require(command.classes[into] != "township", "township-takes-no-department", unit=into)
            return [UnitMerged(unit, into, effective_from, source_document, command.at)]
        case EndUnit(unit, effective_from, source_document, _, open_assignments):
            if unit in succession.gone and succession.gone[unit] is None:
                return []
            _may_go(command, succession)
            require(open_assignments == 0, "unit-has-open-assignments", unit=unit, count=open_assignments)
            return [UnitEnded(unit, effective_from, source_document)]
        case _:
            assert_never(command)


def _may_go(command: Command, succession: Succession) -> None:
    unit = command.unit
    require(unit in command.classes and unit != THE_TOWNSHIP, "no-such-unit", unit=unit)
    require(unit not in succession.gone, "unit-is-no-more", unit=unit)
    require(command.classes[unit] in DISSOLVABLE, "only-departments-dissolve", unit=unit)
    require(command.source_document != "", "unit-change-needs-a-document")
    ahead = command.effective_from > command.asked_on
    require(not ahead, "unit-change-lies-ahead", effective_from=command.effective_from.isoformat())
