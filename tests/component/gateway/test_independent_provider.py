"""Signing in at an OpenID provider that is not ours: login, query, rotation of its keys, sign-out."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from backbone.claims import ClaimMapping
from backbone.identity import SigningKey, Verifier
from backbone.sealing import MemoryKeyRing, Sealer
from backbone.testing import serving
from backbone.web import service_app
from contracts.catalogue import sentence
from contracts.permissions import PEOPLE
from gateway.adapters.people import People
from gateway.application.commands import ServiceUnreachable
from gateway.entrypoints.graphql.context import Parts
from gateway.entrypoints.graphql.route import graphql_route
from gateway.entrypoints.letting_in import letting_people_in
from gateway.entrypoints.provider_logout import PATH
from gateway.projections.changes import CaseChanges
from gateway.settings import Settings
from tests.backbone.edge import SECRET, Identities
from tests.component.gateway.board import YUANCUN, ServicesInHand, ViewInHand
from tests.component.gateway.house import engine_of
from tests.oidc_provider import CLIENT_SECRET, IndependentProvider, running

HOME = "http://127.0.0.1:8000"
MAPPING = f"""
[groups]
"/吹哨/{{unit}}/经办" = "township_clerk"
"/吹哨/{{unit}}/领导" = "township_leader"
[units]
"元村镇" = "{YUANCUN}"
"""
ME = "{ me { subject name role } }"
RAISE = """mutation { raiseWhistle(whistle: { kind: PUBLIC_APPEAL, ground: CROSS_DEPARTMENT,
  village: "410923102201", text: "沟渠堵塞", departments: ["water-resources"] }) { caseId } }"""


@dataclass
class Site:
    """The gateway as its settings put it together, the provider, and a browser."""

    browser: httpx.AsyncClient
    provider: IndependentProvider
    services: ServicesInHand
    service_verifier: Verifier
    """As the deciding services verify what the gateway passes on."""
    app: FastAPI

    async def follow(self, url: str, login: str) -> httpx.Response:
        """Go where the answers lead and fill in the provider's forms, until a page is ours."""
        answer = await self.browser.get(url, headers={"accept": "text/html"})
        for _ in range(20):
            here = str(answer.url)
            if answer.is_redirect:
                there = urljoin(here, answer.headers["location"])
                if there.startswith(HOME) and "/callback" not in there:
                    return answer
                answer = await self.browser.get(there, headers={"accept": "text/html"})
                continue
            form = re.search(r'<form[^>]*action="([^"]+)"(.*?)</form>', answer.text, re.DOTALL)
            if here.startswith(HOME) or form is None:
                return answer
            hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[2]))
            typed = {"login": login, "password": "any"} if 'name="login"' in form[2] else {}
            if "logout" in here or "/session/end" in here:
                typed |= {"logout": "yes"}
            answer = await self.browser.post(urljoin(here, form[1]), data=hidden | typed)
        raise AssertionError(f"went round in circles to {answer.url}")

    async def sign_in(self, login: str) -> httpx.Response:
        """Sign in at the provider."""
        return await self.follow(f"{HOME}/login", login)

    @asynccontextmanager
    async def another_browser(self) -> AsyncIterator["Site"]:
        """The same site in a browser of its own, where nobody has signed in."""
        mounts = {HOME: httpx.ASGITransport(self.app)}
        async with httpx.AsyncClient(mounts=mounts, trust_env=False, timeout=30.0) as browser:
            yield replace(self, browser=browser)

    async def signed_in(self) -> bool:
        """Whether the browser's session goes on."""
        return (await self.browser.get(f"{HOME}/session")).status_code == 200

    async def leave_the_provider(self) -> None:
        """Sign out at the provider's own page, without a word to the gateway."""
        discovered = (await self.browser.get(self.provider.discovery_url)).json()
        await self.follow(discovered["end_session_endpoint"], "")

    async def ask(self, query: str) -> httpx.Response:
        """A query as a page of ours asks it."""
        csrf = self.browser.cookies.get("chuishao-csrf", domain="127.0.0.1") or ""
        headers = {"origin": HOME, "x-csrf-token": csrf}
        return await self.browser.post(f"{HOME}/graphql", json={"query": query}, headers=headers)

    async def passed_on(self) -> str:
        """The token the gateway gives a deciding service now."""
        self.services.refusal = ServiceUnreachable("intake")
        self.services.tokens.clear()
        await self.ask(RAISE)
        (token,) = self.services.tokens
        return token


@pytest.fixture(scope="module")
def provider() -> Iterator[IndependentProvider]:
    with running(HOME) as made:
        yield made


@pytest.fixture
async def site(provider: IndependentProvider, module_database: str, tmp_path: Path) -> AsyncIterator[Site]:
    engine = await engine_of(module_database)
    try:
        async with _site(provider, module_database, engine, tmp_path) as made:
            yield made
    finally:
        await engine.dispose()


@asynccontextmanager
async def _site(
    provider: IndependentProvider, database_url: str, engine: AsyncEngine, folder: Path
) -> AsyncIterator[Site]:
    identities = Identities(folder)
    claims, machine_key = folder / "claims.toml", folder / "machines.jwk"
    claims.write_text(MAPPING, encoding="utf-8")
    SigningKey.generate(sorted(PEOPLE), subjects="machine:").save(machine_key)
    settings = Settings(
        database_url=database_url,
        nats_url="nats://unused",
        jwks=f"{identities.jwks},{provider.jwks}",
        issuer=provider.issuer,
        claims=claims,
        service_key=machine_key,
        request_secret=SECRET.hex(),
        intake_url="http://intake",
        routing_url="http://routing",
        accountability_url="http://accountability",
        public_url=HOME,
        oidc_discovery_url=provider.discovery_url,
        oidc_client_secret=CLIENT_SECRET,
        oidc_scopes="openid profile offline_access",
        machine_key=machine_key,
    )

    def verifier() -> Verifier:
        mapping = ClaimMapping.load(claims, PEOPLE)
        return Verifier(settings.jwks, settings.issuer, mapping=mapping, pause=0.0)

    own = verifier()
    view, services = ViewInHand(engine), ServicesInHand()
    changes = CaseChanges(view)  # type: ignore[arg-type]
    people = People(Sealer(MemoryKeyRing()), settings.lifetimes().idle)
    async with letting_people_in(settings, own, engine, people) as letting_in:
        tokens = identities.service("gateway")
        parts = Parts(view, services, changes, own, tokens, letting_in.callers)  # type: ignore[arg-type]
        app = service_app(
            "gateway",
            store=None,
            verifier=own,
            sentence=sentence,
            secret=settings.request_secret_bytes(),
            routers=[graphql_route(parts, production=True), *letting_in.routers(view)],  # type: ignore[arg-type]
            middleware=[letting_in.door],
        )
        mounts = {HOME: httpx.ASGITransport(app)}
        async with httpx.AsyncClient(mounts=mounts, trust_env=False, timeout=30.0) as browser:
            yield Site(browser, provider, services, verifier(), app)


async def test_signs_in_asks_outlives_a_rotation_and_signs_out(site: Site) -> None:
    arrived = await site.sign_in("clerk")

    assert (arrived.status_code, arrived.headers["location"]) == (303, "/")
    me = (await site.ask(ME)).json()["data"]["me"]
    assert me == {"subject": "clerk", "name": "演示·clerk", "role": "township_clerk"}
    before = await site.passed_on()
    assert (await site.service_verifier.verify(before)).unit == YUANCUN

    site.provider.rotate()
    assert (await site.ask(ME)).status_code == 200
    after = await site.passed_on()
    assert after != before
    assert (await site.service_verifier.verify(after)).subject == "clerk"
    assert (await site.service_verifier.verify(before)).subject == "clerk"

    cookie = site.browser.cookies["chuishao-session"]
    csrf = site.browser.cookies["chuishao-csrf"]
    answer = await site.browser.post(f"{HOME}/logout", headers={"origin": HOME, "x-csrf-token": csrf})
    away = answer.json()["redirect"]
    assert away.startswith(site.provider.issuer)
    home = await site.follow(away, "clerk")
    assert home.headers["location"].startswith(f"{HOME}/")

    site.browser.cookies.set("chuishao-session", cookie, domain="127.0.0.1")
    refused = await site.browser.get(f"{HOME}/session")
    assert (refused.status_code, refused.json()["code"]) == (401, "session-ended")


async def test_after_signing_out_the_provider_asks_anew(site: Site) -> None:
    await site.sign_in("clerk")
    csrf = site.browser.cookies["chuishao-csrf"]
    answer = await site.browser.post(f"{HOME}/logout", headers={"origin": HOME, "x-csrf-token": csrf})
    await site.follow(answer.json()["redirect"], "clerk")

    await site.sign_in("leader")

    assert (await site.ask(ME)).json()["data"]["me"]["role"] == "township_leader"


@pytest.mark.parametrize(("login", "said"), [("stranger", "在本系统没有角色"), ("both", "对应多个角色")])
async def test_somebody_without_one_role_is_told_so(site: Site, login: str, said: str) -> None:
    answer = await site.sign_in(login)

    assert answer.status_code == 403
    assert said in answer.text
    assert "chuishao-session" not in site.browser.cookies


@pytest.mark.parametrize("session", [True, False])
async def test_signing_out_at_the_provider_signs_out_here(site: Site, session: bool) -> None:
    async with serving(site.app) as url:
        site.provider.tell(f"{url}{PATH}", session=session)
        await site.sign_in("clerk")
        async with site.another_browser() as elsewhere, site.another_browser() as colleague:
            await elsewhere.sign_in("clerk")
            await colleague.sign_in("leader")
            assert [await each.signed_in() for each in (site, elsewhere, colleague)] == [True] * 3

            await site.leave_the_provider()

            # A session is ended alone; a person without one everywhere.
            assert not await site.signed_in()
            assert await elsewhere.signed_in() is session
            assert await colleague.signed_in()
