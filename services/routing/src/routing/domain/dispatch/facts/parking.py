"""挂账事实: the dispatch stands still, and goes on (W10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

TooLate = Literal["lead-concluded", "lead-changed", "whistle-ended"]
"""主办已办结, 主办已变更, 哨单已终结."""


@dataclass(frozen=True, slots=True)
class DispatchParked:
    """Accountability has approved parking ``number``: nothing is due as of ``at``."""

    name: ClassVar[str] = "routing.dispatch.dispatch-parked.v1"
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ParkingRefused:
    """The approval came too late."""

    name: ClassVar[str] = "routing.dispatch.parking-refused.v1"
    number: int
    cause: TooLate


@dataclass(frozen=True, slots=True)
class DispatchUnparked:
    """It goes on as of ``at``."""

    name: ClassVar[str] = "routing.dispatch.dispatch-unparked.v1"
    number: int
    at: datetime
