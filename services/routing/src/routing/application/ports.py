"""What routing needs beyond its streams: when the offices open, and which dispatches name a unit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class WindowUnknown(Exception):
    """The working calendar cannot be asked, so the time for reconsideration cannot be told; try again."""

    status = 503
    retry_after = 5
    slug = "reconsideration-window-unknown"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: dict[str, str] = {}


class OpeningHours(Protocol):
    """The working hours of the county, owned by accountability."""

    async def next_opening(self, at: datetime) -> datetime | None:
        """When work begins next (UTC), None if ``at`` is in working hours; or ``WindowUnknown``."""
        ...


class OpenDispatches(Protocol):
    """Finds dispatches by a unit they name."""

    async def naming(self, unit: str) -> Sequence[str]:
        """Cases that are out with the unit, and may be some that are no longer: who asks looks again."""
        ...
