"""What routing needs from outside its log: when the offices open."""

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
