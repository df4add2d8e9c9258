"""Forged, old and foreign logout tokens, against keys as a provider publishes them."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey, RSAKey

from gateway.adapters.openid import Client, OpenIdProvider
from gateway.application.provider import Logout, LogoutRefused, ProviderUnavailable

ISSUER = "https://id.test"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
NOON = 1_800_000_000
OURS = RSAKey.generate_key(2048, {"kid": "provider", "use": "sig"})
THEIRS = RSAKey.generate_key(2048, {"kid": "provider", "use": "sig"})
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "chuishao-console",
    "iat": NOON,
    "exp": NOON + 120,
    "jti": "one",
    "sub": "somebody",
    "sid": "a session",
    "events": {EVENT: {}},
}


class World:
    """The provider's answers, and a clock."""

    def __init__(self) -> None:
        self.now = float(NOON)
        self.keys = [OURS]
        self.away = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away")
        if request.url.path == "/jwks":
            return httpx.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})
        places = dict.fromkeys(("authorization_endpoint", "token_endpoint"), f"{ISSUER}/x")
        return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks", **places})


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def party(world: World) -> AsyncIterator[OpenIdProvider]:
    client = Client(
        f"{ISSUER}/discovery", ISSUER, "chuishao-console", None, "https://x/cb", "https://x/", "openid"
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(world)) as http:
        yield OpenIdProvider(client, http, lambda: world.now)


def signed(key: RSAKey = OURS, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A logout token; a claim changed to None is left out."""
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": "provider", "typ": "logout+jwt", **(header or {})}, claims, key)


@pytest.mark.parametrize(
    ("changes", "logout"),
    [
        ({}, Logout("one", "somebody", "a session")),
        ({"sub": None}, Logout("one", None, "a session")),
        ({"sid": None}, Logout("one", "somebody", None)),
        ({"aud": ["another", "chuishao-console"]}, Logout("one", "somebody", "a session")),
        ({"exp": None}, Logout("one", "somebody", "a session")),
        ({"header": {"typ": "JWT"}}, Logout("one", "somebody", "a session")),
    ],
)
async def test_says_who_has_signed_out(
    party: OpenIdProvider, changes: dict[str, Any], logout: Logout
) -> None:
    assert await party.logout(signed(**changes)) == logout


async def test_is_believed_with_a_key_that_is_new(party: OpenIdProvider, world: World) -> None:
    await party.logout(signed())
    newest = RSAKey.generate_key(2048, {"kid": "newest", "use": "sig"})
    world.keys.insert(0, newest)
    party._keys._pause = 0.0  # type: ignore[union-attr]

    assert (await party.logout(signed(newest, {"kid": "newest"}))).id == "one"


@pytest.mark.parametrize(
    "changes",
    [
        {"key": THEIRS},
        {"header": {"kid": "unknown"}},
        {"iss": "https://evil.test"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"iat": None},
        {"iat": NOON + 60},
        {"iat": NOON - 310},
        {"iat": "now"},
        {"exp": NOON - 60},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 300},
        {"events": None},
        {"events": {}},
        {"events": [EVENT]},
        {"events": {EVENT: True}},
        {"events": {"http://schemas.openid.net/event/other": {}}},
        {"nonce": "of an ID token"},
        {"sub": None, "sid": None},
        {"sub": 7},
        {"sid": ""},
        {"sid": ["a session"]},
        {"header": {"typ": "at+jwt"}},
    ],
    ids=str,
)
async def test_is_refused(party: OpenIdProvider, changes: dict[str, Any]) -> None:
    with pytest.raises(LogoutRefused):
        await party.logout(signed(**changes))


async def test_a_good_one_is_refused_when_it_is_old(party: OpenIdProvider, world: World) -> None:
    token = signed(exp=NOON + 86_400)
    assert (await party.logout(token)).id == "one"
    world.now += 310

    with pytest.raises(LogoutRefused):
        await party.logout(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "." * 3, "x" * 10_000])
async def test_what_is_no_token_is_refused(party: OpenIdProvider, token: str) -> None:
    with pytest.raises(LogoutRefused):
        await party.logout(token)


async def test_what_everybody_knows_signs_nothing(party: OpenIdProvider) -> None:
    header, content, signature = signed().split(".")
    public = OURS.as_pem(private=False)
    by_secret, by_nobody = part({"alg": "HS256", "kid": "provider"}), part({"alg": "none", "kid": "provider"})
    digest = hmac.digest(public, f"{by_secret}.{content}".encode(), "sha256")

    for token in (
        f"{by_secret}.{content}.{urlsafe_b64encode(digest).decode().rstrip('=')}",
        f"{by_nobody}.{content}.",
        f"{header}.{content}.",
        f"{header}.{part(CLAIMS | {'sub': 'another'})}.{signature}",
    ):
        with pytest.raises(LogoutRefused):
            await party.logout(token)


def part(content: dict[str, Any]) -> str:
    """A part of a token made by hand."""
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


async def test_a_key_of_our_own_is_none_of_the_provider(party: OpenIdProvider) -> None:
    own = OKPKey.generate_key("Ed25519", {"kid": "provider"})
    token = jwt.encode(
        {"alg": "Ed25519", "kid": "provider", "typ": "logout+jwt"}, CLAIMS, own, algorithms=["Ed25519"]
    )

    with pytest.raises(LogoutRefused):
        await party.logout(token)


async def test_without_keys_nothing_is_believed(party: OpenIdProvider, world: World) -> None:
    world.away = True

    with pytest.raises(ProviderUnavailable):
        await party.logout(signed())
