"""The table of routes and their need of a token, which every service's own test reads."""

from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, WebSocket

from backbone.eventstore.memory import MemoryEventStore
from backbone.web import (
    OPEN_PATHS,
    AsksWhoCalls,
    CurrentActor,
    CurrentCall,
    RouteAccess,
    current_actor,
    route_accesses,
    service_app,
)
from tests.backbone.edge import Identities, an_app


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    return Identities(tmp_path)


def test_of_the_edges_own_routes_only_health_and_metrics_are_open(identities: Identities) -> None:
    app = an_app(identities, store=MemoryEventStore())

    accesses = route_accesses(app)

    assert {each.path for each in accesses if not each.authenticated} == OPEN_PATHS
    assert {each.path for each in accesses if each.authenticated} == {"/published", "/published/head"}


def test_a_proof_in_another_place_counts_as_one(identities: Identities) -> None:
    class AsksForAWord(AsksWhoCalls):
        async def __call__(self, word: str) -> str:
            return word

    router = APIRouter()

    @router.get("/standard")
    async def standard(_word: Annotated[str, Depends(AsksForAWord())]) -> None: ...

    app = an_app(identities, routers=[router])

    assert RouteAccess("GET", "/standard", True) in route_accesses(app)


def test_a_forgotten_token_is_seen(identities: Identities) -> None:
    router = APIRouter(prefix="/notes")

    @router.get("/asking")
    async def asking(_actor: CurrentActor) -> None: ...

    @router.post("/commanding")
    async def commanding(_call: CurrentCall) -> None: ...

    @router.get("/forgotten")
    async def forgotten() -> None: ...

    @router.websocket("/live")
    async def live(_socket: WebSocket) -> None: ...

    outer = APIRouter()
    outer.include_router(router)
    accesses = route_accesses(an_app(identities, routers=[outer]))

    assert {each for each in accesses if each.path not in OPEN_PATHS} == {
        RouteAccess("GET", "/notes/asking", True),
        RouteAccess("POST", "/notes/commanding", True),
        RouteAccess("GET", "/notes/forgotten", False),
        RouteAccess("WEBSOCKET", "/notes/live", False),
    }


def test_a_token_asked_for_by_the_router_counts(identities: Identities) -> None:
    router = APIRouter(dependencies=[Depends(current_actor)])

    @router.get("/notes")
    async def notes() -> None: ...

    accesses = route_accesses(an_app(identities, routers=[router]))

    assert RouteAccess("GET", "/notes", True) in accesses


def test_a_short_secret_is_refused(identities: Identities) -> None:
    with pytest.raises(ValueError, match="too short"):
        service_app(
            "sample", store=None, verifier=identities.verifier(), sentence=lambda s, _l, _p: s, secret=b"x"
        )
