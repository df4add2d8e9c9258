"""A gateway behind its door, with an identity provider in hand and a real database for what it keeps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.middleware import Middleware

from backbone.identity import Actor, SigningKey
from backbone.sealing import MemoryKeyRing, Sealer
from backbone.web import service_app
from contracts.catalogue import sentence
from contracts.permissions import PEOPLE
from contracts.rules import rule_told
from gateway.adapters.machines import PostgresMachines
from gateway.adapters.people import People
from gateway.adapters.registered import RegisteredOperations
from gateway.adapters.sealed_box import SealedBox
from gateway.adapters.sessions import PostgresSessions
from gateway.application.limits import Limits
from gateway.application.machines import SUBJECTS, MachineClients
from gateway.application.provider import (
    Asked,
    LoginFailed,
    Logout,
    LogoutRefused,
    ProviderUnavailable,
    Redeemed,
    Tokens,
)
from gateway.application.sessions import Lifetimes, Sessions
from gateway.entrypoints.callers import Callers
from gateway.entrypoints.cookies import Place
from gateway.entrypoints.door import Door
from gateway.entrypoints.graphql.context import Parts
from gateway.entrypoints.graphql.route import graphql_route
from gateway.entrypoints.login import Logins, login_router
from gateway.entrypoints.machine_clients import machine_router
from gateway.entrypoints.provider_logout import provider_logout_router
from gateway.migrations import migrate
from gateway.projections.changes import CaseChanges
from tests.backbone.edge import ISSUER, SECRET, Identities
from tests.component.gateway.board import LEADER, YUANCUN, ServicesInHand, ViewInHand

HOME = "https://chuishao.test"


class ProviderInHand:
    """Signs in whoever the test names; refresh tokens count once."""

    def __init__(self, identities: Identities, lifetime: float = 300.0) -> None:
        self._identities, self.lifetime = identities, lifetime
        self.person: Actor = LEADER
        self.session: str | None = "sid-1"
        """Of the person at the provider."""
        self.logouts: dict[str, Logout] = {}
        """What each logout token says."""
        self.before_redeeming: Callable[[], Awaitable[object]] | None = None
        self.given: list[str] = []
        self.revoked: list[str] = []
        self.refreshed = 0
        self.away = self.refuses = False

    async def login_url(self, asked: Asked) -> str:
        """The provider's page."""
        if self.away:
            raise ProviderUnavailable
        return f"https://id.test/authorize?state={asked.state}"

    async def redeem(self, code: str, asked: Asked) -> Redeemed:
        """Tokens for any code but a bad one."""
        if code == "bad":
            raise LoginFailed("invalid_grant")
        if self.before_redeeming is not None:
            await self.before_redeeming()
        return Redeemed(self._tokens(), f"id-of-{self.person.subject}", self.session)

    async def refresh(self, token: str) -> Tokens:
        """New tokens for the newest refresh token alone."""
        if self.away:
            raise ProviderUnavailable
        if self.refuses or token != self.given[-1]:
            raise LoginFailed("invalid_grant")
        self.refreshed += 1
        return self._tokens()

    async def revoke(self, token: str) -> None:
        """Note it."""
        self.revoked.append(token)

    async def logout_url(self, identity: str | None) -> str | None:
        """The provider's own sign-out."""
        return f"https://id.test/logout?hint={identity}"

    async def logout(self, token: str) -> Logout:
        """What a known token says."""
        if self.away:
            raise ProviderUnavailable
        if token not in self.logouts:
            raise LogoutRefused("unknown")
        return self.logouts[token]

    def _tokens(self) -> Tokens:
        self.given.append(f"refresh-{len(self.given)}")
        access = self._identities.token(self.person, lifetime=self.lifetime + 60)
        return Tokens(access, self.given[-1], "identity", self.lifetime)


@dataclass
class House:
    """The gateway, and a browser that keeps its cookies."""

    app: FastAPI
    engine: AsyncEngine
    browser: httpx.AsyncClient
    provider: ProviderInHand
    identities: Identities
    services: ServicesInHand
    callers: Callers
    changes: CaseChanges
    ring: MemoryKeyRing
    csrf: str = field(default="", repr=False)

    async def begin(self, return_to: str = "/") -> str:
        """Start to sign in; the state the provider is asked with."""
        answer = await self.browser.get("/login", params={"return_to": return_to})
        assert answer.status_code == 303, answer.text
        return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]

    async def sign_in(self, person: Actor = LEADER) -> httpx.Response:
        """Sign in as somebody; the answer that ends it."""
        self.provider.person = person
        state = await self.begin()
        answer = await self.browser.get("/callback", params={"code": "good", "state": state})
        told = await self.browser.get("/session")
        self.csrf = told.json().get("csrf", "")
        return answer

    def page(self, **changes: str) -> dict[str, str]:
        """What a page of ours sends with a request that may change something."""
        return {"origin": HOME, "x-csrf-token": self.csrf, **changes}

    async def ask(self, query: str, headers: dict[str, str]) -> httpx.Response:
        """A GraphQL request."""
        return await self.browser.post("/graphql", json={"query": query}, headers=headers)

    async def later(self, by: timedelta) -> None:
        """Move the database's clock on."""
        async with self.engine.begin() as connection:
            await connection.execute(text("UPDATE clock_offset SET shift = shift + :by"), {"by": by})

    async def rows(self, statement: str) -> list[Any]:
        """What the database holds."""
        async with self.engine.connect() as connection:
            return list((await connection.execute(text(statement))).all())


async def engine_of(database_url: str, *, emptied: bool = True) -> AsyncEngine:
    """A database of the module with the gateway's schema as its migrations make it, and nothing in it."""
    engine = create_async_engine(
        make_url(database_url).set(drivername="postgresql+asyncpg"),
        connect_args={"server_settings": {"search_path": "gateway"}},
    )
    async with engine.begin() as connection:
        known = (await connection.execute(text("SELECT to_regclass('gateway.session')"))).scalar()
        if known is None:
            await connection.execute(text("CREATE SCHEMA gateway"))
    if known is None:
        await migrate(database_url, role="postgres")
    if not emptied:
        return engine
    async with engine.begin() as connection:
        # The record refuses to be emptied; a superuser of a test may look away for a moment.
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(
            text("TRUNCATE session, person, provider_logout, request_bucket, machine_client, identity_record")
        )
        await connection.execute(text("UPDATE clock_offset SET shift = '0'"))
    return engine


@asynccontextmanager
async def opened(
    database_url: str,
    folder: Path,
    *,
    limits: Limits | None = None,
    home: str = HOME,
    registered: RegisteredOperations | None = None,
    routers: tuple[APIRouter, ...] = (),
    watched_seconds: float = 5.0,
    beside: House | None = None,
) -> AsyncIterator[House]:
    """A house on a database of its own, or another replica beside one."""
    engine = await engine_of(database_url, emptied=beside is None)
    identities = Identities(folder) if beside is None else beside.identities
    machine_key = SigningKey.generate(sorted(PEOPLE), subjects=SUBJECTS)
    identities.publish(machine_key)
    verifier, provider = (
        identities.verifier(),
        ProviderInHand(identities) if beside is None else beside.provider,
    )
    place, box = Place(home), SealedBox(SECRET, "sessions")
    lifetimes = Lifetimes(idle=timedelta(hours=2), absolute=timedelta(hours=12))
    ring = MemoryKeyRing() if beside is None else beside.ring
    people = People(Sealer(ring), lifetimes.idle)
    sessions = Sessions(PostgresSessions(engine, box, people), provider, verifier, lifetimes)
    machines = MachineClients(PostgresMachines(engine), machine_key, ISSUER)
    callers = Callers(verifier, limits, sessions=sessions, machines=machines)
    logins = Logins(provider, sessions, place, SealedBox(SECRET, "logins"), box)
    view, services = ViewInHand(engine), ServicesInHand()
    tokens = identities.service("gateway")
    changes = CaseChanges(view)  # type: ignore[arg-type]
    parts = Parts(view, services, changes, verifier, tokens, callers, None, people)  # type: ignore[arg-type]

    async def known_unit(code: str) -> bool:
        return code == YUANCUN

    app = service_app(
        "gateway",
        store=None,
        verifier=verifier,
        sentence=sentence,
        rule=rule_told,
        secret=SECRET,
        routers=[
            graphql_route(parts, production=True, registered=registered, origin=home),
            login_router(logins),
            provider_logout_router(logins),
            machine_router(machines, engine, known_unit),
            *routers,
        ],
        max_body_bytes=callers.limits.body_bytes,
        middleware=[Middleware(Door, callers=callers, place=place, box=box, watched_seconds=watched_seconds)],
    )
    transport = httpx.ASGITransport(app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=home) as browser:
            yield House(app, engine, browser, provider, identities, services, callers, changes, ring)
    finally:
        await engine.dispose()
