"""Everything by which people and machines are let in, put together from the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware import Middleware

from backbone.identity import SigningKey, Verifier
from gateway.adapters.buckets import PostgresBuckets
from gateway.adapters.machines import PostgresMachines
from gateway.adapters.openid import Client, OpenIdProvider
from gateway.adapters.people import People
from gateway.adapters.sealed_box import SealedBox
from gateway.adapters.sessions import PostgresSessions
from gateway.application.machines import MachineClients
from gateway.application.sessions import Sessions
from gateway.entrypoints.callers import Callers
from gateway.entrypoints.cookies import Place
from gateway.entrypoints.door import Door
from gateway.entrypoints.login import Logins, login_router
from gateway.entrypoints.machine_clients import machine_router
from gateway.entrypoints.provider_logout import provider_logout_router
from gateway.projections import unit_queries
from gateway.projections.case_view import CaseView
from gateway.settings import Settings

PROVIDER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class LettingIn:
    """The callers, the door they come through, and the routes about them."""

    callers: Callers
    door: Middleware
    logins: Logins
    machines: MachineClients | None
    engine: AsyncEngine

    def routers(self, view: CaseView) -> list[APIRouter]:
        """Signing in and out, and machine clients where there is a key for them."""

        async def known_unit(code: str) -> bool:
            async with view.connect() as connection:
                return (await unit_queries.units_by_code(connection, [code]))[0] is not None

        found = [login_router(self.logins), provider_logout_router(self.logins)]
        if self.machines is not None:
            found.append(machine_router(self.machines, self.engine, known_unit))
        return found


@asynccontextmanager
async def letting_people_in(
    settings: Settings, verifier: Verifier, engine: AsyncEngine, people: People
) -> AsyncIterator[LettingIn]:
    """Open the connection to the identity provider, if there is one; ``ValueError`` for a bad public URL."""
    place = Place(settings.public_url)
    secret = settings.request_secret_bytes()
    box = SealedBox(secret, "sessions")
    machines = _machines(settings, engine)
    async with httpx.AsyncClient(timeout=PROVIDER_SECONDS, trust_env=False) as http:
        provider = _provider(settings, place, http)
        sessions = None
        if provider is not None:
            store = PostgresSessions(engine, box, people)
            sessions = Sessions(store, provider, verifier, settings.lifetimes())
        buckets = PostgresBuckets(engine, settings.limits)
        callers = Callers(
            verifier,
            settings.limits,
            sessions=sessions,
            machines=machines,
            buckets=buckets,
            address_buckets=PostgresBuckets(engine, settings.limits, rate=settings.limits.of_address),
        )
        door = Middleware(Door, callers=callers, place=place, box=box)
        logins = Logins(provider, sessions, place, SealedBox(secret, "logins"), box)
        yield LettingIn(callers, door, logins, machines, engine)


def _provider(settings: Settings, place: Place, http: httpx.AsyncClient) -> OpenIdProvider | None:
    if settings.oidc_discovery_url is None:
        return None
    secret = settings.oidc_client_secret
    client = Client(
        discovery_url=settings.oidc_discovery_url,
        issuer=settings.issuer,
        client_id=settings.oidc_client_id,
        client_secret=(secret.get_secret_value() if secret is not None else "") or None,
        redirect_uri=f"{place.url}/callback",
        after_logout=f"{place.url}/",
        scopes=settings.oidc_scopes,
        resource=settings.oidc_resource,
    )
    return OpenIdProvider(client, http)


def _machines(settings: Settings, engine: AsyncEngine) -> MachineClients | None:
    if settings.machine_key is None:
        return None
    key = SigningKey.load(settings.machine_key)
    return MachineClients(PostgresMachines(engine), key, settings.issuer)
