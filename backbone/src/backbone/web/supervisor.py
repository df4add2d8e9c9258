"""Background work of a service: started with it, restarted when it fails, stopped in order."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from prometheus_client import Counter

from backbone import telemetry

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set; returning earlier or raising counts as a failure."""

RESTARTS: Final = Counter("chuishao_task_restarts", "Background tasks that failed", ["service", "task"])
FIRST_PAUSE: Final = 0.2
LAST_PAUSE: Final = 10.0

log = structlog.get_logger("chuishao.supervisor")


@dataclass
class _Watched:
    work: Work
    steady: bool = True
    task: "asyncio.Task[None] | None" = field(default=None, repr=False)


class Supervisor:
    """Runs named work side by side; each is restarted alone, with growing pauses up to 10 s."""

    def __init__(
        self, service: str, works: Mapping[str, Work], *, first_pause: float = FIRST_PAUSE, grace: float = 8.0
    ) -> None:
        self._service, self._first_pause, self._grace = service, first_pause, grace
        self._watched = {name: _Watched(work) for name, work in works.items()}
        self._stop = asyncio.Event()

    @property
    def failing(self) -> list[str]:
        """Names of work that failed and has not yet run again for as long as its pause."""
        return [name for name, each in self._watched.items() if not each.steady]

    def start(self) -> None:
        """Start everything."""
        for name, each in self._watched.items():
            each.task = asyncio.create_task(self._keep(name, each), name=f"{self._service}-{name}")

    async def stop(self) -> None:
        """Ask all to end, wait for the grace time, then cancel the rest."""
        self._stop.set()
        tasks = [each.task for each in self._watched.values() if each.task]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=self._grace)
        for task in late:
            log.warning("task cancelled at shutdown", task=task.get_name())
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep(self, name: str, watched: _Watched) -> None:
        pause = self._first_pause
        while not self._stop.is_set():
            proving = asyncio.create_task(self._prove(watched, pause))
            started = asyncio.get_running_loop().time()
            try:
                await watched.work(self._stop)
                if self._stop.is_set():
                    return
                log.error("task ended early", task=name)
            except Exception as error:
                if self._stop.is_set():
                    log.warning("task failed while stopping", task=name, **telemetry.described(error))
                    return
                log.error("task failed", task=name, **telemetry.described(error))
            finally:
                proving.cancel()
            watched.steady = False
            RESTARTS.labels(self._service, name).inc()
            ran = asyncio.get_running_loop().time() - started
            pause = self._first_pause if ran > LAST_PAUSE else min(pause * 2, LAST_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), pause)

    async def _prove(self, watched: _Watched, pause: float) -> None:
        if not watched.steady:
            await asyncio.sleep(pause)
            watched.steady = True
