"""Operators rebuild the case view and look at parked cases; nobody else does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from backbone.identity import Actor
from backbone.projector import Progress, RebuildRunning
from backbone.web import current_actor, service_app
from contracts.catalogue import sentence
from gateway.entrypoints.operations import operations_router
from tests.component.gateway.board import ADMINISTRATOR, CLERK, Board


@dataclass
class ProjectorInHand:
    """A projector that rebuilds at once, or is at it already."""

    busy: bool = False
    name: str = "cases"

    async def rebuild(self) -> Progress:
        """Rebuilt from seven facts."""
        if self.busy:
            raise RebuildRunning(self.name)
        return Progress(2, {"intake": (3, 3), "routing": (4, 4)}, 0)


@dataclass
class Operations:
    """The operators' routes, and who calls."""

    client: httpx.AsyncClient
    projector: ProjectorInHand
    caller: Actor = ADMINISTRATOR


@pytest.fixture
async def operations(board: Board) -> AsyncIterator[Operations]:
    """The routes over the board's database."""
    projector = ProjectorInHand()
    app: FastAPI = service_app(
        "gateway",
        store=None,
        verifier=board.parts.verifier,
        sentence=sentence,
        secret=b"0" * 32,
        routers=[operations_router(projector, board.engine)],  # type: ignore[arg-type]
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        made = Operations(client, projector)
        app.dependency_overrides[current_actor] = lambda: made.caller
        yield made


async def test_a_rebuild_tells_how_much_it_read(operations: Operations) -> None:
    answer = await operations.client.post("/projections/cases/rebuild")

    assert answer.json() == {"version": 2, "events": 7, "held": 0}


async def test_a_second_rebuild_is_refused_while_one_runs(operations: Operations) -> None:
    operations.projector.busy = True

    answer = await operations.client.post("/projections/cases/rebuild")

    assert (answer.status_code, answer.json()["code"]) == (409, "rebuild-running")


async def test_shows_no_parked_case_where_none_is(operations: Operations) -> None:
    assert (await operations.client.get("/parked")).json() == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/projections/cases/rebuild"), ("GET", "/parked"), ("POST", "/parked/x/replay")],
)
async def test_is_for_operators_alone(operations: Operations, method: str, path: str) -> None:
    operations.caller = CLERK

    answer = await operations.client.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")
