"""终结事实: how a dispatch ends, and how it is opened again (W7, W8)."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DispatchReopened:
    """W8: the assignments are open again."""

    name: ClassVar[str] = "routing.dispatch.dispatch-reopened.v1"
    cycle: int


@dataclass(frozen=True, slots=True)
class DispatchClosed:
    """The township closed the whistle: no assignment is open any more."""

    name: ClassVar[str] = "routing.dispatch.dispatch-closed.v1"
