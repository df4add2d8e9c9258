"""延期事实: what more time was asked for, and what came of it. Texts are sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Undecided = Literal["decision-overdue", "clock-overdue"]
"""减负办未在时限内决定, 办理时限先到期."""
LapseCause = Literal["lead-concluded", "lead-changed", "whistle-ended", "clock-stopped"]
"""主办已办结, 主办已变更, 哨单已终结, 办理时限已停止."""


@dataclass(frozen=True, slots=True)
class ExtensionAppliedFor:
    """The lead asks for ``amount`` more on its clock, in that clock's own unit; ``number`` from 1."""

    name: ClassVar[str] = "accountability.extension.extension-applied-for.v1"
    number: int
    lead: str
    clock_id: str
    amount: int
    unit: str
    """What the clock counts, as ``working_time.Unit``."""
    reason: str
    due: datetime
    """The deadline as it stood."""
    second: bool
    """It was extended as often as the office decides: the county leader does."""


@dataclass(frozen=True, slots=True)
class ExtensionGranted:
    """Granted, as of ``at``; the clock follows."""

    name: ClassVar[str] = "accountability.extension.extension-granted.v1"
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionRefused:
    """Not granted, with a reason."""

    name: ClassVar[str] = "accountability.extension.extension-refused.v1"
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ExtensionLeftUndecided:
    """Nobody decided in time, which is not granted; ``at`` is when that time was over."""

    name: ClassVar[str] = "accountability.extension.extension-left-undecided.v1"
    number: int
    cause: Undecided
    at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionLapsed:
    """There is nothing to extend any more."""

    name: ClassVar[str] = "accountability.extension.extension-lapsed.v1"
    number: int
    cause: LapseCause


Event = ExtensionAppliedFor | ExtensionGranted | ExtensionRefused | ExtensionLeftUndecided | ExtensionLapsed
