"""Watches until when the working calendar is decreed."""

import asyncio
from contextlib import suppress
from typing import Final

import structlog
from prometheus_client import Gauge

from accountability.application.calendars import Calendars

EVERY_SECONDS: Final = 600.0

_days_left = Gauge("chuishao_calendar_days_left", "Days until the decreed working calendar ends")
log = structlog.get_logger("chuishao.calendar")


class CoverageWatch:
    """Exports the days left as a metric, and warns in the log when they run out."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    async def run(self, stop: asyncio.Event) -> None:
        """Look every ten minutes until ``stop`` is set."""
        while not stop.is_set():
            coverage = await self._calendars.coverage()
            _days_left.set(coverage.days_left)
            if coverage.warning:
                log.warning(
                    "calendar ends soon", until=str(coverage.covered_until), days_left=coverage.days_left
                )
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await stop.wait()
