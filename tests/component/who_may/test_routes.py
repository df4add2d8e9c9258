"""Every route of the deciding services as every role, of the right unit, of a wrong one, and as nobody."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from backbone.eventstore import EventStore
from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from backbone.sealing import MemoryKeyRing
from backbone.web import OPEN_PATHS, route_accesses
from intake.bootstrap import intake
from intake.entrypoints.http import application as intake_application
from routing.adapters.open_dispatches import ReadOpenDispatches
from routing.bootstrap import routing
from routing.entrypoints.http import application as routing_application
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.intake import service as at_intake
from tests.component.intake.conftest import MONDAY_NOON
from tests.component.intake.test_enterprises import MILL
from tests.component.intake.test_grid_reports import NETWORK, PUDDLE
from tests.component.intake.test_recording_whistles import ON_PAPER
from tests.component.routing import service as at_routing
from tests.component.routing.test_disputes import MATTER
from tests.component.routing.test_task_down_reviews import CENSUS
from tests.component.who_may import table
from tests.component.who_may.asking import WATER, YUANCUN, Document, ask, bearer, somebody, told

NEEDS_MORE_THAN_THE_UNIT = {
    "/letters/{id}/appraise": "only the person who wrote it has this letter",
    "/whistles/{case}/judge-adopted-issues": "only a township whose issues were adopted has this whistle",
}


@dataclass
class Service:
    """One service behind its real edge, in memory, and how to make what its routes are about."""

    name: str
    client: httpx.AsyncClient
    identities: Identities
    store: EventStore
    desk: Any
    routes: set[tuple[str, str]]
    document: Document = field(init=False)

    def __post_init__(self) -> None:
        self.document = Document(self.name)

    async def asked(self, actor: Actor | None, method: str, path: str, ids: dict[str, str]) -> Any:
        """What somebody is told on a route."""
        body, query = self.document.parts(method, path)
        if path.endswith("/merge") and "case" in path:
            body["with_case"] = ids["other"]
        if path == "/whistles/record":
            body = ON_PAPER
        headers = bearer(self.identities, actor)
        return told(await ask(self.client, headers, method, path.format(**ids), (body, query)))

    async def ids(self, path: str) -> dict[str, str]:
        """Path parameters of something that is there and that the right units have to do with."""
        made = at_routing_case if self.name == "routing" else at_intake_case
        case, other = await made(self.desk, path), ""
        if path.endswith("/merge"):
            other = await made(self.desk, path)
        return {
            "case": case,
            "id": case,
            "other": other,
            "unit": WATER,
            "correction": str(uuid4()),
            "attachment": str(uuid4()),
            "number": "1",
        }


async def at_intake_case(desk: at_intake.Desk, path: str) -> str:
    """A whistle of Yuancun, a letter that was handed to it and to water, a report, or an enterprise."""
    clerk, leader = somebody("township_clerk"), somebody("township_leader")
    match path.split("/")[1]:
        case "letters":
            letter = await desk.done(clerk, "/letters", at_intake.LETTER)
            await desk.registered(WATER, YUANCUN)
            for unit in (WATER, YUANCUN):
                body = {"unit": unit, "words": "某镇报表重复"}
                await desk.done(at_intake.SUPERVISOR, f"/letters/{letter}/hand-over", body)
            return letter
        case "grid-reports":
            return await desk.done(somebody("grid_worker"), "/grid-reports", PUDDLE)
        case "enterprises":
            return await desk.done(clerk, "/enterprises", MILL)
    whistle = await desk.done(clerk, "/whistles", at_intake.FLOOD)
    if "submit" in path or "revise" in path or "discard" in path:
        await desk.done(leader, f"/whistles/{whistle}/send-back", {"reason": "再写清楚"})
    return whistle


async def at_routing_case(desk: at_routing.Desk, path: str) -> str:
    """A dispatch to water and the fields, a dispute over it, or a review of what water asks of Yuancun."""
    match path.split("/")[1]:
        case "disputes":
            whistle = await desk.dispatched("SL-01")
            arrival = f"/dispatches/{whistle}/assignments/{WATER}/report-in"
            await desk.done(at_routing.WATER_LIAISON, arrival, at_routing.ARRIVAL)
            return await desk.done(at_routing.WATER_LEADER, "/disputes", MATTER | {"whistle": whistle})
        case "task-down-reviews":
            return await desk.done(at_routing.WATER_LEADER, "/task-down-reviews", CENSUS)
    return await desk.dispatched("SL-01")


@pytest.fixture(params=["intake", "routing"])
async def service(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Service]:
    """It is Monday noon; units, list and grids are known."""
    identities, store = Identities(tmp_path), MemoryEventStore(clock=lambda: MONDAY_NOON)
    opened = _intake if request.param == "intake" else _routing
    app, desk_of = opened(identities, store)
    async with client_of(app) as client:
        desk = await desk_of(client)
        routes = {(each.method, each.path) for each in route_accesses(app) if each.path not in OPEN_PATHS}
        yield Service(request.param, client, identities, store, desk, routes)


Opened = tuple[FastAPI, Callable[[httpx.AsyncClient], Awaitable[Any]]]
"""An application, and how somebody sits down at it."""


def _intake(identities: Identities, store: MemoryEventStore) -> Opened:
    numbers, hours = at_intake.NumbersInMemory(), at_intake.Calendar()
    parts = intake(store, at_intake.KeysInMemory(), numbers, hours, at_intake.BlobsInMemory())

    async def desk_of(client: httpx.AsyncClient) -> at_intake.Desk:
        desk = at_intake.Desk(client, identities, store, parts, numbers, hours)
        await desk.done(at_intake.ADMINISTRATOR, "/grid-reports/network", NETWORK)
        return desk

    return intake_application(parts, identities.verifier(), SECRET), desk_of


def _routing(identities: Identities, store: MemoryEventStore) -> Opened:
    keys = MemoryKeyRing()
    parts = routing(store, keys, at_routing.OfficeHours(), ReadOpenDispatches(store))

    async def desk_of(client: httpx.AsyncClient) -> at_routing.Desk:
        desk = at_routing.Desk(client, identities, store, keys, parts)
        await desk.prepared()
        return desk

    return routing_application(parts, identities.verifier(), SECRET), desk_of


async def test_every_route_stands_in_the_table(service: Service) -> None:
    assert service.routes == set(table.of_routes(service.name))


async def test_every_route_answers_every_role_as_the_table_says(service: Service) -> None:
    wrong: list[tuple[object, ...]] = []
    for (method, path), rule in table.of_routes(service.name).items():
        ids = await service.ids(path)
        before = (await service.store.published_head()).seq
        if (await service.asked(None, method, path, ids))[0] != 401:
            wrong.append((path, "nobody"))
        for role in set(table.EVERYBODY) - set(rule.roles):
            status, content = await service.asked(somebody(role), method, path, ids)
            if (status, content["code"]) != (403, "not-permitted"):
                wrong.append((path, role, status, content))
        assert (await service.store.published_head()).seq == before, "a refusal that left something"
        for role in rule.roles:
            status, content = await service.asked(somebody(role), method, path, await service.ids(path))
            unseen = _missing(content) and path not in NEEDS_MORE_THAN_THE_UNIT
            if status in (401, 403) or status >= 500 or unseen:
                wrong.append((path, role, status, content))
    assert not wrong, "\n".join(map(str, wrong))


async def test_another_units_case_is_answered_like_none(service: Service) -> None:
    wrong: list[tuple[object, ...]] = []
    for (method, path), rule in table.of_routes(service.name).items():
        if not rule.of_case or "{" not in path:
            continue
        ids = await service.ids(path)
        none = ids | {"case": str(uuid4()), "id": str(uuid4())}
        before = (await service.store.published_head()).seq
        for role in set(rule.roles) & set(table.OF_A_UNIT):
            stranger = somebody(role, elsewhere=True)
            told_of_it = await service.asked(stranger, method, path, ids)
            if not _missing(told_of_it[1]) or told_of_it != await service.asked(stranger, method, path, none):
                wrong.append((path, role, *told_of_it))
        assert (await service.store.published_head()).seq == before
    assert not wrong, "\n".join(map(str, wrong))


def _missing(content: Any) -> bool:
    return isinstance(content, dict) and content.get("code") == "unknown-case"
