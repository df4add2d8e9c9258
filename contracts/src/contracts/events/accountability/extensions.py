"""延期: the lead asks for more time before its handling clock runs out."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.events.published import Published

ClockUnit = Literal["working-days", "seconds", "working-seconds", "calendar-days"]


class ExtensionFact(Published):
    """A fact of one extension of a whistle; ``number`` counts its applications from 1."""

    number: int
    unit: str
    """The lead that asks."""


class ExtensionAppliedFor(ExtensionFact):
    """W11: ``amount`` more, in the clock's own unit; C11 starts for the office."""

    NAME: ClassVar[str] = "accountability.extension.extension-applied-for.v1"
    clock_id: str
    amount: int
    measure: ClockUnit
    reason_sealed: str
    due: datetime
    """The deadline as it stood."""
    second: bool
    """It was extended before: the county leader decides."""


class ExtensionGranted(ExtensionFact):
    """W11: granted as of ``at``; the clock ``clock_id`` follows."""

    NAME: ClassVar[str] = "accountability.extension.extension-granted.v1"
    clock_id: str
    amount: int
    at: datetime
    second: bool


class ExtensionRefused(ExtensionFact):
    """W11: not granted."""

    NAME: ClassVar[str] = "accountability.extension.extension-refused.v1"
    reason_sealed: str


class ExtensionLeftUndecided(ExtensionFact):
    """W11: nobody decided in time, which is not granted; ``at`` is when that time was over."""

    NAME: ClassVar[str] = "accountability.extension.extension-left-undecided.v1"
    cause: Literal["decision-overdue", "clock-overdue"]
    at: datetime


class ExtensionLapsed(ExtensionFact):
    """W11: there is nothing to extend any more."""

    NAME: ClassVar[str] = "accountability.extension.extension-lapsed.v1"
    cause: Literal["lead-concluded", "lead-changed", "whistle-ended", "clock-stopped"]
