"""Two whistles about one matter, and a store that lets somebody be quicker."""

from collections.abc import Awaitable, Callable
from typing import Any

from backbone.eventstore import Append, Appended, EventStore
from backbone.identity import Actor
from tests.component.routing.service import ARRIVAL, DISPATCHER, WATER, Desk

HANZHANG = "410923101"
LEADER_THERE = Actor("leader-410923101", "演示·丁", "township_leader", HANZHANG)


class Overtaken:
    """A store on which ``first`` happens between a command's reading and its storing, once."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.first: Callable[[], Awaitable[Any]] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, append: Append) -> Appended:
        """Let the other one through, then store."""
        first, self.first = self.first, None
        if first is not None:
            await first()
        return await self._store.append(append)


async def two_whistles(desk: Desk) -> tuple[str, str]:
    """(parent, child): 元村镇's ditch with water in the lead, then 韩张镇's transformer with power's."""
    parent = await desk.dispatched("SL-01")
    child = await desk.dispatched("DL-01", departments=(WATER,), township=HANZHANG)
    return parent, child


async def merge(desk: Desk, one: str, other: str) -> Any:
    """The dispatcher's command that is accepted; answers its document."""
    response = await desk.post(DISPATCHER, f"/dispatches/{one}/merge", {"with_case": other})
    assert response.status_code == 200, response.text
    return response.json()


def report_in(desk: Desk, actor: Actor, case: str) -> Awaitable[str]:
    """A department's plain report-in."""
    return desk.done(actor, f"/dispatches/{case}/assignments/{actor.unit}/report-in", ARRIVAL)


def conclude(desk: Desk, actor: Actor, case: str) -> Awaitable[str]:
    """A department's plain conclusion."""
    return desk.done(actor, f"/dispatches/{case}/assignments/{actor.unit}/conclude", {"sentence": "已办"})
