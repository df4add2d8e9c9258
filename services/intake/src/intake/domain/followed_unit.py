"""机构(跟随): what intake knows of a unit of the county, which routing registers, merges and ends."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from intake.domain.refusals import require


@dataclass(frozen=True, slots=True)
class NoteUnit:
    """There is a unit of this code."""

    code: str


@dataclass(frozen=True, slots=True)
class NoteUnitGone:
    """It is no more; ``heir`` stands in its place, if anybody does."""

    code: str
    heir: str | None


@dataclass(frozen=True, slots=True)
class UnitNoted:
    """As ``NoteUnit``."""

    name: ClassVar[str] = "intake.followed-unit.unit-noted.v1"
    code: str


@dataclass(frozen=True, slots=True)
class UnitGoneNoted:
    """As ``NoteUnitGone``."""

    name: ClassVar[str] = "intake.followed-unit.unit-gone-noted.v1"
    code: str
    heir: str | None


Command = NoteUnit | NoteUnitGone
Event = UnitNoted | UnitGoneNoted


@dataclass(frozen=True, slots=True)
class FollowedUnit:
    """One unit, known or not."""

    known: bool = False
    gone: bool = False
    heir: str | None = None

    def can_get_cases(self, code: str) -> None:
        """Refuses a unit that is not there, or is no more."""
        require(self.known, "unknown-unit", unit=code)
        require(not self.gone, "unit-is-no-more", unit=code)


INITIAL = FollowedUnit()


def decide(command: Command, unit: FollowedUnit) -> list[Event]:
    """What is new of it; it only follows, and never refuses."""
    match command:
        case NoteUnit(code):
            return [] if unit.known else [UnitNoted(code)]
        case NoteUnitGone(code, heir):
            return [] if unit.gone else [UnitGoneNoted(code, heir)]


def evolve(unit: FollowedUnit, event: Event, at: datetime) -> FollowedUnit:
    """The unit after a fact."""
    match event:
        case UnitNoted():
            return replace(unit, known=True)
        case UnitGoneNoted(_, heir):
            return FollowedUnit(known=True, gone=True, heir=heir)
