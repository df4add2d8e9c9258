"""Watches until when the working calendar is decreed."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from prometheus_client import Gauge

from accountability.application.calendars import Calendars
from accountability.domain.moments import end_of

EVERY_SECONDS: Final = 600.0

_days_left = Gauge("chuishao_calendar_days_left", "Days until the decreed working calendar ends")
_covered_until = Gauge(
    "chuishao_calendar_covered_until_seconds", "Unix time at which the decreed working calendar ends; 0: none"
)
log = structlog.get_logger("chuishao.calendar")


class CoverageWatch:
    """Exports the days left as a metric, and warns in the log when they run out."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    async def run(self, stop: asyncio.Event) -> None:
        """Look every ten minutes until ``stop`` is set."""
        while not stop.is_set():
            await self.look()
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await stop.wait()

    async def look(self) -> None:
        """Look once."""
        coverage = await self._calendars.coverage()
        until = coverage.covered_until
        _days_left.set(coverage.days_left)
        _covered_until.set(0 if until is None else end_of(until).timestamp())
        if coverage.warning:
            log.warning("calendar ends soon", until=str(until), days_left=coverage.days_left)
