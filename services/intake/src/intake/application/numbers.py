"""Numbers as people read them: NL-2026-000123 for a whistle, NL-XJ-… for a letter, NL-WG-…, NL-QY-…."""

from datetime import datetime
from zoneinfo import ZoneInfo

from intake.application.ports import Numbering

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Numbers:
    """Gives the numbers of a county; ``prefix`` is its short name, e.g. ``NL``."""

    def __init__(self, numbering: Numbering, prefix: str) -> None:
        self._numbering, self._prefix = numbering, prefix

    async def whistle(self, at: datetime) -> str:
        """The number of a whistle raised at ``at``."""
        return await self._next(self._prefix, at)

    async def letter(self, at: datetime) -> str:
        """The number of a letter submitted at ``at``."""
        return await self._next(f"{self._prefix}-XJ", at)

    async def grid_report(self, at: datetime) -> str:
        """The number of a grid report made at ``at``."""
        return await self._next(f"{self._prefix}-WG", at)

    async def enterprise(self, at: datetime) -> str:
        """The number of an enterprise registered at ``at``."""
        return await self._next(f"{self._prefix}-QY", at)

    async def _next(self, series: str, at: datetime) -> str:
        year = at.astimezone(SHANGHAI).year
        return f"{series}-{year}-{await self._numbering.next(series, year):06d}"
