"""The limit on request bodies: said clearly, however the body comes."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, Request

from backbone.testing import serving
from backbone.web import CurrentActor
from tests.backbone.edge import CLERK, Identities, an_app

LIMIT = 1_000


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    identities = Identities(tmp_path)
    router = APIRouter()

    @router.post("/notes")
    async def notes(body: dict[str, str], _actor: CurrentActor) -> int:
        return len(body["text"])

    @router.post("/streamed")
    async def streamed(request: Request, _actor: CurrentActor) -> int:
        return sum([len(chunk) async for chunk in request.stream()])

    app = an_app(identities, routers=[router], max_body_bytes=LIMIT)
    async with (
        serving(app) as url,
        httpx.AsyncClient(base_url=url, headers=identities.bearer(CLERK)) as each,
    ):
        yield each


def body_of(size: int) -> bytes:
    empty = b'{"text":""}'
    return b'{"text":"' + b"a" * (size - len(empty)) + b'"}'


async def in_pieces(content: bytes, size: int = 100) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/notes", "/streamed"])
async def test_a_body_of_the_limit_is_taken(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.post(path, content=body_of(LIMIT), headers=JSON)).status_code == 200
    assert (await client.post(path, content=in_pieces(body_of(LIMIT)), headers=JSON)).status_code == 200


@pytest.mark.parametrize("path", ["/notes", "/streamed", "/nowhere"])
async def test_a_larger_declared_body_is_refused(client: httpx.AsyncClient, path: str) -> None:
    response = await client.post(path, content=body_of(LIMIT + 1), headers=JSON)

    assert (response.status_code, response.json()["code"]) == (413, "request-too-large")
    assert response.headers["connection"] == "close"


@pytest.mark.parametrize("path", ["/notes", "/streamed"])
async def test_a_larger_body_in_pieces_is_refused(client: httpx.AsyncClient, path: str) -> None:
    response = await client.post(path, content=in_pieces(body_of(LIMIT + 1)), headers=JSON)

    assert (response.status_code, response.json()["code"]) == (413, "request-too-large")


async def test_ten_megabytes_still_get_the_clear_answer(client: httpx.AsyncClient) -> None:
    response = await client.post("/notes", content=body_of(10_000_000), headers=JSON)

    assert (response.status_code, response.json()["code"]) == (413, "request-too-large")


async def test_the_next_request_is_served(client: httpx.AsyncClient) -> None:
    await client.post("/notes", content=body_of(LIMIT + 1), headers=JSON)

    assert (await client.post("/notes", json={"text": "积水"})).json() == 2
