"""Health and background work: what is up, what is not, and what comes back by itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from structlog.testing import capture_logs

from backbone.eventstore.memory import MemoryEventStore
from backbone.testing import eventually
from backbone.web import Supervisor
from tests.backbone.edge import Identities, an_app, client_of


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    return Identities(tmp_path)


class Worker:
    """Background work that can be made to fail or to end."""

    def __init__(self) -> None:
        self.starts, self.ended = 0, False
        self.fail = asyncio.Event()
        self.broken = False

    async def run(self, stop: asyncio.Event) -> None:
        self.starts += 1
        if self.broken:
            raise RuntimeError("王小明 cannot be handled")
        waiting = [asyncio.ensure_future(each.wait()) for each in (stop, self.fail)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting:
            each.cancel()
        self.ended = True


async def test_a_living_process_says_so_to_anybody(identities: Identities) -> None:
    async with client_of(an_app(identities)) as client:
        response = await client.get("/health/live")

    assert (response.status_code, response.json()) == (200, {"status": "live"})


async def test_a_service_is_ready_when_all_its_parts_are(identities: Identities) -> None:
    async def reached() -> None:
        return None

    async with client_of(an_app(identities, store=MemoryEventStore(), checks={"nats": reached})) as client:
        response = await client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "checks": {"store": "ok", "nats": "ok"}}


async def test_a_part_that_fails_makes_the_service_unready_and_is_named(identities: Identities) -> None:
    async def unreachable() -> None:
        raise ConnectionError("postgresql://intake:secret@db")

    async def behind() -> bool:
        return False

    app = an_app(identities, checks={"nats": unreachable, "projection": behind})
    async with client_of(app) as client:
        response = await client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"] == {"nats": "failing", "projection": "failing"}
    assert "secret" not in response.text


async def test_a_store_that_does_not_answer_makes_the_service_unready(identities: Identities) -> None:
    class Hanging(MemoryEventStore):
        async def now(self) -> datetime:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

    async with client_of(an_app(identities, store=Hanging())) as client:
        response = await client.get("/health/ready")

    assert (response.status_code, response.json()["checks"]) == (503, {"store": "failing"})


async def test_metrics_tell_routes_without_their_ids(identities: Identities) -> None:
    async with client_of(an_app(identities)) as client:
        await client.get("/nowhere/13800000000")
        text = (await client.get("/metrics")).text

    assert 'route="unmatched",service="sample",status="404"' in text
    assert "13800000000" not in text


async def test_metrics_tell_no_word_that_stands_before_the_ending_of_a_path(identities: Identities) -> None:
    routes = APIRouter()

    @routes.get("/calendar/{token}.ics")
    async def calendar(token: str) -> str:
        return token

    @routes.get("/sheets/{sheet}.{format}")
    async def sheet(sheet: str, format: str) -> str:
        return sheet + format

    async with client_of(an_app(identities, routers=[routes])) as client:
        await client.get("/calendar/the.secret-word.ics")
        await client.get("/sheets/NL-2026-000001.pdf")
        text = (await client.get("/metrics")).text

    assert 'route="/calendar/{token}.ics"' in text
    assert 'route="/sheets/{sheet}.{format}"' in text
    assert "secret-word" not in text
    assert "NL-2026-000001" not in text


async def test_background_work_runs_while_the_service_does(identities: Identities) -> None:
    worker = Worker()
    async with client_of(an_app(identities, tasks={"relay": worker.run})) as client:
        await eventually(lambda: worker.starts == 1)
        assert (await client.get("/health/ready")).status_code == 200
        assert not worker.ended

    assert worker.ended


async def test_what_the_service_opens_outlives_its_background_work(identities: Identities) -> None:
    story: list[str] = []

    @contextlib.asynccontextmanager
    async def opened(_app: FastAPI) -> AsyncIterator[None]:
        story.append("opened")
        yield
        story.append("closed")

    async def work(stop: asyncio.Event) -> None:
        story.append("working")
        await stop.wait()
        story.append("worked")

    async with client_of(an_app(identities, tasks={"relay": work}, lifespan=opened)):
        await eventually(lambda: "working" in story)

    assert story == ["opened", "working", "worked", "closed"]


async def test_failed_work_makes_the_service_unready_until_it_runs_again(identities: Identities) -> None:
    worker = Worker()
    worker.broken = True
    async with client_of(an_app(identities, tasks={"relay": worker.run})) as client:

        async def status() -> httpx.Response:
            return await client.get("/health/ready")

        async def unready() -> bool:
            return bool((await status()).json() == {"status": "unready", "checks": {"relay": "failing"}})

        async def ready() -> bool:
            return (await status()).status_code == 200

        await eventually(unready)
        worker.broken = False
        await eventually(ready)

    assert worker.starts >= 2


async def test_failed_work_is_logged_by_its_kind_only() -> None:
    worker = Worker()
    worker.broken = True
    supervisor = Supervisor("sample", {"relay": worker.run}, first_pause=0.01)
    with capture_logs() as logs:
        supervisor.start()
        await eventually(lambda: worker.starts >= 3)
        await supervisor.stop()

    failed = next(each for each in logs if each["event"] == "task failed")
    assert (failed["task"], failed["error"]) == ("relay", "RuntimeError")
    assert "王小明" not in str(logs)


async def test_work_that_ends_early_is_started_again() -> None:
    worker = Worker()
    supervisor = Supervisor("sample", {"relay": worker.run}, first_pause=0.01)
    supervisor.start()
    await eventually(lambda: worker.starts == 1)

    worker.fail.set()

    await eventually(lambda: worker.starts == 2)
    worker.fail.clear()
    await eventually(lambda: supervisor.failing == [])
    await supervisor.stop()


async def test_one_failing_work_leaves_the_others_alone() -> None:
    broken, steady = Worker(), Worker()
    broken.broken = True
    supervisor = Supervisor("sample", {"relay": broken.run, "timers": steady.run}, first_pause=0.01)
    supervisor.start()
    await eventually(lambda: broken.starts >= 3)

    assert supervisor.failing == ["relay"]
    assert steady.starts == 1
    await supervisor.stop()


async def test_work_that_will_not_end_is_cancelled_after_the_grace() -> None:
    cancelled = asyncio.Event()

    async def stubborn(_stop: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    supervisor = Supervisor("sample", {"relay": stubborn}, grace=0.05)
    supervisor.start()
    await asyncio.sleep(0)  # let it begin
    await supervisor.stop()

    assert cancelled.is_set()
