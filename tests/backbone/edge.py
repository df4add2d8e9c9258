"""A small service behind the real edge, with identities, for the tests of the edge."""

import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from backbone.eventstore import EventStore
from backbone.identity import Actor, ServiceTokens, SigningKey, Verifier, write_jwks
from backbone.web import service_app

ISSUER = "https://identity.test"
SECRET = b"the secret of the request hashes"
KEY = UUID("0f6cbb9e-57e5-4d5e-8a57-8a07a3f4b1aa")
OTHER_KEY = UUID("1d0a1cde-0a53-4a5d-b6d0-5b2f8d1f7c02")
CLERK = Actor(subject="clerk-1", name="王小明", role="township_clerk", unit="410923102")
OFFICER = Actor(subject="officer-1", name="李建国", role="duty_officer", unit="water-resources")

SENTENCES: Mapping[str, tuple[str, str]] = {
    "already-decided": ("已经决定（{by}）。", "Already decided ({by})."),
    "concurrent-change": ("刚被更改（{version}）。", "Just changed ({version})."),
}


def sentence(slug: str, language: str, params: Mapping[str, object]) -> str:
    """A catalogue of two sentences; other slugs answer themselves."""
    zh, en = SENTENCES.get(slug, (slug, slug))
    return (en if language == "en" else zh).format_map(params)


class Identities:
    """An identity provider and a service's key, with their key set in a file."""

    def __init__(self, folder: Path) -> None:
        self.jwks = folder / "jwks.json"
        self.person_key = SigningKey.generate()
        self.service_key = SigningKey.generate(["service"])
        write_jwks(self.jwks, [self.person_key, self.service_key])

    def publish(self, key: SigningKey) -> None:
        """Another key whose tokens count."""
        write_jwks(self.jwks, [self.person_key, self.service_key, key])

    def verifier(self) -> Verifier:
        """A verifier that reads the file."""
        return Verifier(self.jwks, ISSUER, pause=0.0)

    def token(self, actor: Actor, *, lifetime: float = 300.0, now: float | None = None) -> str:
        """A person's token."""
        return self.person_key.sign(actor, issuer=ISSUER, lifetime=lifetime, now=now)

    def bearer(self, actor: Actor) -> dict[str, str]:
        """A person's Authorization header."""
        return {"Authorization": f"Bearer {self.token(actor)}"}

    def expired(self, actor: Actor) -> dict[str, str]:
        """The header of a token that ended an hour ago."""
        return {"Authorization": f"Bearer {self.token(actor, now=time.time() - 3_900)}"}

    def service(self, name: str = "routing") -> ServiceTokens:
        """The tokens of a service."""
        return ServiceTokens(self.service_key, ISSUER, name)


def an_app(identities: Identities, *, store: EventStore | None = None, **options: Any) -> FastAPI:
    """A service called ``sample``."""
    options.setdefault("sentence", sentence)
    return service_app("sample", store=store, verifier=identities.verifier(), secret=SECRET, **options)


@contextlib.asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that calls the application in the process, with its background work running."""
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://sample") as client,
    ):
        yield client
