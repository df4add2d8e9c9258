"""Every way into the gateway asks for a token, but those that are named here or in the code with a reason."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from backbone.identity import SigningKey
from backbone.sealing import MemoryKeyRing, Sealer
from backbone.web import OPEN_PATHS, route_accesses
from gateway.adapters.people import People
from gateway.application.limits import Limits
from gateway.entrypoints import calendar_feed, login, provider_logout, read_back
from gateway.entrypoints.application import application
from gateway.entrypoints.graphql.context import Parts
from gateway.entrypoints.letting_in import letting_people_in
from gateway.entrypoints.open311 import services as open311
from gateway.entrypoints.telling import telling_people
from gateway.projections.changes import CaseChanges
from gateway.settings import Settings
from tests.backbone.edge import ISSUER, SECRET, Identities
from tests.component.gateway.board import ServicesInHand, ViewInHand
from tests.component.gateway.house import engine_of

OPEN_ROUTES = {
    **login.OPEN_ROUTES,
    **provider_logout.OPEN_ROUTES,
    **read_back.OPEN_ROUTES,
    **calendar_feed.OPEN_ROUTES,
    **open311.OPEN_ROUTES,
}
"""An anonymous letter is opened by its code, a calendar by its token: that is the authentication there."""
ASKS_ITSELF = {"/graphql": "over each transport in its own way, see below and test_door.py"}
SOMETHING = "7d0f3a1e-5c1b-4a55-9a0c-0d9a1a6f2b11"


@pytest.fixture
async def app(module_database: str, tmp_path: Path) -> AsyncIterator[FastAPI]:
    """The gateway with every route it is started with; nothing behind them is there."""
    engine = await engine_of(module_database)
    identities, machine_key = Identities(tmp_path), tmp_path / "machines.jwk"
    SigningKey.generate(["auditor"], subjects="machine:").save(machine_key)
    settings = Settings(
        database_url=module_database,
        nats_url="nats://unused",
        jwks=str(identities.jwks),
        issuer=ISSUER,
        service_key=machine_key,
        request_secret=SECRET.hex(),
        intake_url="http://intake",
        routing_url="http://routing",
        accountability_url="http://accountability",
        machine_key=machine_key,
        limits=Limits(anonymous_burst=100_000),
    )
    verifier, view = identities.verifier(), ViewInHand(engine)
    tokens = identities.service("gateway")
    people = People(Sealer(MemoryKeyRing()), settings.lifetimes().idle)
    async with (
        letting_people_in(settings, verifier, engine, people) as letting_in,
        telling_people(settings, engine, view, tokens) as telling,  # type: ignore[arg-type]
    ):
        changes = CaseChanges(view)  # type: ignore[arg-type]
        parts = Parts(view, ServicesInHand(), changes, verifier, tokens, letting_in.callers, telling)  # type: ignore[arg-type]
        yield application(settings, parts, letting_in, None, engine, SECRET)  # type: ignore[arg-type]
    await engine.dispose()


async def test_only_what_is_named_with_a_reason_is_open(app: FastAPI) -> None:
    open_ones = {each.path for each in route_accesses(app) if not each.authenticated}

    assert open_ones == OPEN_PATHS | set(OPEN_ROUTES) | set(ASKS_ITSELF)
    assert all(OPEN_ROUTES.values())


async def test_whoever_shows_nothing_good_gets_no_further(app: FastAPI) -> None:
    shown: list[dict[str, str]] = [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer chuishao_nonsense"},
        {"Authorization": "Basic eDp5"},
        {"Cookie": "chuishao-session=made-up", "Origin": "http://127.0.0.1:8000"},
    ]
    transport = httpx.ASGITransport(app)
    closed = [
        each
        for each in route_accesses(app)
        if each.path not in OPEN_PATHS | set(OPEN_ROUTES) and each.method != "WEBSOCKET"
    ]
    assert len(closed) > 8
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        for access in closed:
            path = access.path.replace("{format}", "json")
            while "{" in path:
                path = path[: path.index("{")] + SOMETHING + path[path.index("}") + 1 :]
            for headers in shown:
                answer = await client.request(access.method, path, json={}, headers=headers)
                assert answer.status_code in (401, 403), (access, headers)
                # Open311 tells errors in a list.
                (problem,) = told if isinstance(told := answer.json(), list) else [told]
                assert problem["code"] in (
                    "api-key-missing",
                    "token-missing",
                    "token-invalid",
                    "machine-key-invalid",
                    "session-ended",
                    "csrf-refused",
                )


async def test_without_a_provider_nobody_is_sent_anywhere(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        answer = await client.get("/login")

    assert (answer.status_code, answer.json()["code"]) == (404, "login-not-configured")
