"""挂账指令: what accountability's decisions on parking ask of a dispatch (W10)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Park:
    """Parking ``number`` of department ``lead`` is approved as of ``at``."""

    number: int
    lead: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unpark:
    """Parking ``number`` has ended as of ``at``."""

    number: int
    at: datetime
