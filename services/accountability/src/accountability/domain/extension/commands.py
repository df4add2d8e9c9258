"""延期指令: what may be asked of an extension. ``by`` is the asking unit's code; texts come sealed."""

from dataclasses import dataclass
from datetime import datetime

from accountability.domain.clock import Running
from accountability.domain.extension.facts import LapseCause, Undecided
from accountability.domain.handling import Handling


@dataclass(frozen=True, slots=True)
class ExtensionLimits:
    """How often a case is extended at ``most``, how many times the office decides, and by how much.

    ``per_cent`` of the original length is the most that one extension adds.
    """

    most: int
    office_decides: int
    per_cent: int

    def longest(self, original: int) -> int:
        """The most that one extension adds to a clock of this original length, in its unit."""
        return original * self.per_cent // 100


@dataclass(frozen=True, slots=True)
class ApplyForExtension:
    """W11, by the lead: ``amount`` more in the unit of ``clock``, the handling clock, if there is one.

    ``limits`` are those in force.
    """

    by: str
    handling: Handling
    clock_id: str
    clock: Running | None
    amount: int
    reason: str
    limits: ExtensionLimits
    at: datetime
    rules_version: int = 0
    """Of the rules in force; 0 for the default ones."""


@dataclass(frozen=True, slots=True)
class GrantExtension:
    """By the office, or after so many times as the rules say by the county leader."""

    county_leader: bool
    clock: Running | None
    limits: ExtensionLimits
    at: datetime
    rules_version: int = 0
    """Of the rules in force; 0 for the default ones."""


@dataclass(frozen=True, slots=True)
class RefuseExtension:
    """By whoever would grant it."""

    county_leader: bool
    reason: str


@dataclass(frozen=True, slots=True)
class NoteUndecided:
    """C11 or the clock itself ran out, at ``at``."""

    cause: Undecided
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteOvertaken:
    """What it was asked for is no more; ``number`` names a granted one that cannot be carried out."""

    cause: LapseCause
    number: int | None = None


Command = ApplyForExtension | GrantExtension | RefuseExtension | NoteUndecided | NoteOvertaken
