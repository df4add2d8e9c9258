"""挂账: the dispatch stands still and goes on."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.events.published import Published


class DispatchParked(Published):
    """W10: the dispatch stands still as of ``at``; C5 and C8 pause, C9 and C16 start."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-parked.v1"
    number: int
    """Which application of this whistle."""
    unit: str
    township: str
    cycle: int
    at: datetime


class ParkingRefused(Published):
    """W10: approved too late: the lead had concluded, another leads, or the whistle has ended."""

    NAME: ClassVar[str] = "routing.dispatch.parking-refused.v1"
    number: int
    cause: Literal["lead-concluded", "lead-changed", "whistle-ended"]


class DispatchUnparked(Published):
    """W10: the dispatch goes on as of ``at``; C5 and C8 resume."""

    NAME: ClassVar[str] = "routing.dispatch.dispatch-unparked.v1"
    number: int
    unit: str
    township: str
    cycle: int
    at: datetime
