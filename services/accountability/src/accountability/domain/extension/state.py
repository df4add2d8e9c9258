"""延期状态: whether more time is asked for, folded from the facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from accountability.domain.extension.facts import (
    Event,
    ExtensionAppliedFor,
    ExtensionGranted,
    ExtensionLapsed,
    ExtensionLeftUndecided,
    ExtensionRefused,
)


class Stage(StrEnum):
    """Where the latest application stands."""

    NONE = "none"
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"
    UNDECIDED = "undecided"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Extension:
    """What the next decision needs to know."""

    stage: Stage = Stage.NONE
    applied: ExtensionAppliedFor | None = None
    """The latest application."""

    @property
    def number(self) -> int:
        """The latest application's number; 0 before the first."""
        return self.applied.number if self.applied else 0


INITIAL = Extension()


def evolve(extension: Extension, event: Event, at: datetime) -> Extension:
    """The extension after a fact; never refuses."""
    match event:
        case ExtensionAppliedFor():
            return Extension(Stage.APPLIED, event)
        case ExtensionGranted():
            return replace(extension, stage=Stage.GRANTED)
        case ExtensionRefused():
            return replace(extension, stage=Stage.REFUSED)
        case ExtensionLeftUndecided():
            return replace(extension, stage=Stage.UNDECIDED)
        case ExtensionLapsed():
            return replace(extension, stage=Stage.LAPSED)
        case _:
            assert_never(event)
