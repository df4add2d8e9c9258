"""单位: a township, department or office that whistles, answers or watches."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Literal, assert_never

from routing.domain.refusals import require

UnitClass = Literal["township", "department", "vertical", "utility", "office"]
"""乡镇街道, 县直部门, 垂直管理单位, 公用企业, 办公室."""

THE_TOWNSHIP = "township"
"""In the responsibility list: the township the matter lies in, whichever it is."""


@dataclass(frozen=True, slots=True)
class Village:
    """A village or residents' committee (村, 社区) by its official 12-digit code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a unit. ``tier`` is the group it is compared in.

    ``code`` is the official 9-digit code of a township, a slug for all others. ``ruled_by_county`` is False
    for units whose duties the county cannot rule on (垂直管理、公用企业).
    """

    code: str
    full_name: str
    short_name: str
    unit_class: UnitClass
    tier: str
    duty_desk_phone: str | None = None
    ruled_by_county: bool = True
    villages: tuple[Village, ...] = ()
    """A township's villages, in the order of their codes."""


@dataclass(frozen=True, slots=True)
class RegisterUnit:
    """Enter a unit, or change its entry."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class RenameUnit:
    """改名 from a day on, that may lie ahead; ``is_no_more`` if it was merged or has ended."""

    code: str
    full_name: str
    short_name: str
    effective_from: date
    source_document: str
    is_no_more: bool = False


Command = RegisterUnit | RenameUnit


@dataclass(frozen=True, slots=True)
class UnitRegistered:
    """The unit exists with this entry."""

    name: ClassVar[str] = "routing.unit.unit-registered.v1"
    entry: Entry


@dataclass(frozen=True, slots=True)
class UnitRenamed:
    """The unit is called so from a day on; before that day it keeps the name it had."""

    name: ClassVar[str] = "routing.unit.unit-renamed.v1"
    full_name: str
    short_name: str
    effective_from: date
    source_document: str


Event = UnitRegistered | UnitRenamed


@dataclass(frozen=True, slots=True)
class Unit:
    """What the next decision needs to know."""

    entry: Entry | None = None
    """With the last name it was given, also where that counts from a day ahead."""
    renamed: UnitRenamed | None = None

    @property
    def answers_whistles(self) -> bool:
        """Whether a whistle can be dispatched to it: townships are whistled for, not at."""
        return self.entry is not None and self.entry.unit_class != "township"


INITIAL = Unit()


def evolve(unit: Unit, event: Event, at: datetime) -> Unit:
    """The unit after a fact; never refuses."""
    match event:
        case UnitRegistered(entry):
            return replace(unit, entry=entry)
        case UnitRenamed(full_name, short_name):
            assert unit.entry is not None, "a unit begins with its entry"
            return Unit(replace(unit.entry, full_name=full_name, short_name=short_name), event)
        case _:
            assert_never(event)


def decide(command: Command, unit: Unit) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    match command:
        case RegisterUnit(entry):
            if unit.entry == entry:
                return []
            require(entry.code != "" and entry.code != THE_TOWNSHIP, "unit-needs-a-code")
            require(entry.full_name != "" and entry.short_name != "", "unit-needs-a-name")
            is_township = entry.unit_class == "township"
            require(_is_township_code(entry.code) == is_township, "unit-code-misfits-class")
            require(unit.entry is None or unit.entry.unit_class == entry.unit_class, "unit-class-is-fixed")
            codes = [village.code for village in entry.villages]
            require(len(set(codes)) == len(codes), "village-stands-twice")
            for village in entry.villages:
                within = _is_village_code(village.code) and village.code.startswith(entry.code)
                require(within and village.name != "", "village-outside-the-township", village=village.code)
            return [UnitRegistered(entry)]
        case RenameUnit():
            return _rename(command, unit)
        case _:
            assert_never(command)


def _rename(command: RenameUnit, unit: Unit) -> list[Event]:
    renamed = UnitRenamed(
        command.full_name, command.short_name, command.effective_from, command.source_document
    )
    if unit.renamed == renamed:
        return []
    require(unit.entry is not None, "no-such-unit", unit=command.code)
    require(not command.is_no_more, "unit-is-no-more", unit=command.code)
    require(command.full_name != "" and command.short_name != "", "unit-needs-a-name")
    require(command.source_document != "", "unit-change-needs-a-document")
    earlier = unit.renamed is None or unit.renamed.effective_from <= command.effective_from
    require(earlier, "renamed-again-before")
    return [renamed]


def _is_village_code(code: str) -> bool:
    return len(code) == 12 and code.isascii() and code.isdigit()


def _is_township_code(code: str) -> bool:
    return len(code) == 9 and code.isascii() and code.isdigit()
