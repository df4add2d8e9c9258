"""The development identity provider: anybody of the demo county signs in, on this machine alone."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from backbone.identity import Verifier
from backbone.testing import serving
from chuishao.identities import ISSUER, Identities
from chuishao.provider import CLIENT, DevelopmentProvider, require_loopback
from chuishao.words import CommandFailedError
from gateway.adapters.openid import Client, OpenIdProvider
from gateway.application.provider import Asked, LoginFailed

GATEWAY = "http://127.0.0.1:8000"
ASKED = Asked("state", "nonce", "verifier " * 6)
LEADER = "leader-410923102"


class Development:
    """The provider on a port, and the gateway's own way of talking to it."""

    def __init__(self, url: str, identities: Identities, http: httpx.AsyncClient) -> None:
        self.url, self.identities, self.http = url, identities, http
        client = Client(
            discovery_url=f"{url}/.well-known/openid-configuration",
            issuer=ISSUER,
            client_id=CLIENT,
            client_secret=None,
            redirect_uri=f"{GATEWAY}/callback",
            after_logout=f"{GATEWAY}/",
            scopes="openid profile",
        )
        self.party = OpenIdProvider(client, http)

    async def asked(self) -> dict[str, str]:
        """What the gateway asks with."""
        query = urlsplit(await self.party.login_url(ASKED)).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    async def code(self, **typed: str) -> str:
        """The code of somebody who was chosen on the page."""
        asked = {
            name: values[0]
            for name, values in parse_qs(urlsplit(await self.party.login_url(ASKED)).query).items()
        }
        answer = await self.http.post(f"{self.url}/authorize", data=asked | typed)
        assert answer.status_code == 303, answer.text
        sent = parse_qs(urlsplit(answer.headers["location"]).query)
        assert sent["state"] == ["state"]
        return sent["code"][0]

    async def redeem(self, code: str, **changes: str) -> httpx.Response:
        """Ask for tokens by hand."""
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT,
            "redirect_uri": f"{GATEWAY}/callback",
            "code": code,
            "code_verifier": ASKED.verifier,
        }
        return await self.http.post(f"{self.url}/token", data=form | changes)


@pytest.fixture
async def development(tmp_path: Path) -> AsyncIterator[Development]:
    identities = Identities(tmp_path)
    identities.create(development=True)
    provider = DevelopmentProvider("", GATEWAY, identities.provider_key())
    async with serving(provider.app()) as url, httpx.AsyncClient(trust_env=False) as http:
        provider.url = url
        yield Development(url, identities, http)


async def test_whoever_is_chosen_is_believed_by_every_service(development: Development) -> None:
    tokens = (await development.party.redeem(await development.code(sub=LEADER), ASKED)).tokens

    actor = await Verifier(development.identities.jwks, ISSUER).verify(tokens.access)
    assert (actor.subject, actor.role, actor.unit) == (LEADER, "township_leader", "410923102")


async def test_shows_everybody_of_the_county(development: Development) -> None:
    page = (await development.http.get(await development.party.login_url(ASKED))).text

    assert f'value="{LEADER}"' in page
    assert "元村镇" in page


async def test_any_role_and_unit_may_be_typed(development: Development) -> None:
    code = await development.code(**{"as": "auditor@county-leadership"})
    tokens = (await development.party.redeem(code, ASKED)).tokens

    actor = await Verifier(development.identities.jwks, ISSUER).verify(tokens.access)
    assert (actor.role, actor.unit) == ("auditor", "county-leadership")


async def test_a_role_nobody_has_is_told_on_the_page(development: Development) -> None:
    asked = await development.asked() | {"as": "mayor@x"}

    answer = await development.http.post(f"{development.url}/authorize", data=asked)

    assert answer.status_code == 422
    assert "mayor" in answer.text


async def test_a_code_counts_once(development: Development) -> None:
    code = await development.code(sub=LEADER)
    assert (await development.redeem(code)).status_code == 200

    again = await development.redeem(code)

    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"redirect_uri": "http://evil.test/callback"}, "invalid_grant"),
        ({"client_id": "somebody"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_a_code_is_for_the_one_who_asked(
    development: Development, changes: dict[str, str], error: str
) -> None:
    answer = await development.redeem(await development.code(sub=LEADER), **changes)

    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://evil.test/callback"},
        {"client_id": "somebody"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"scope": "profile"},
    ],
)
async def test_asks_nobody_to_choose_for_a_request_that_is_wrong(
    development: Development, changes: dict[str, str]
) -> None:
    challenge = urlsafe_b64encode(hashlib.sha256(b"x").digest()).decode().rstrip("=")
    good: dict[str, Any] = {
        "client_id": CLIENT,
        "redirect_uri": f"{GATEWAY}/callback",
        "response_type": "code",
        "scope": "openid",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    assert (await development.http.get(f"{development.url}/authorize", params=good)).status_code == 200

    shown = await development.http.get(f"{development.url}/authorize", params=good | changes)
    chosen = await development.http.post(
        f"{development.url}/authorize", data=good | changes | {"sub": LEADER}
    )

    assert (shown.status_code, chosen.status_code) == (400, 400)


async def test_a_refresh_token_counts_once_and_outlasts_a_restart(development: Development) -> None:
    tokens = (await development.party.redeem(await development.code(sub=LEADER), ASKED)).tokens
    restarted = DevelopmentProvider("", GATEWAY, development.identities.provider_key())
    async with serving(restarted.app()) as url:
        form = {"grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": tokens.refresh}
        first = await development.http.post(f"{url}/token", data=form)
        second = await development.http.post(f"{url}/token", data=form)

    assert (first.status_code, second.status_code) == (200, 400)


async def test_a_revoked_refresh_token_counts_no_more(development: Development) -> None:
    tokens = (await development.party.redeem(await development.code(sub=LEADER), ASKED)).tokens
    assert tokens.refresh is not None

    await development.party.revoke(tokens.refresh)

    with pytest.raises(LoginFailed, match="invalid_grant"):
        await development.party.refresh(tokens.refresh)


async def test_an_id_token_for_another_login_is_refused(development: Development) -> None:
    code = await development.code(sub=LEADER)

    with pytest.raises(LoginFailed, match="id_token_invalid"):
        await development.party.redeem(code, Asked("state", "another nonce", ASKED.verifier))


async def test_tells_who_a_token_is_of(development: Development) -> None:
    tokens = (await development.party.redeem(await development.code(sub=LEADER), ASKED)).tokens
    header = {"Authorization": f"Bearer {tokens.access}"}

    known = await development.http.get(f"{development.url}/userinfo", headers=header)
    unknown = await development.http.get(f"{development.url}/userinfo")

    assert known.json()["sub"] == LEADER
    assert unknown.status_code == 401


async def test_sends_home_after_signing_out_and_nowhere_else(development: Development) -> None:
    for wanted in (f"{GATEWAY}/", "http://evil.test/"):
        answer = await development.http.get(
            f"{development.url}/logout", params={"post_logout_redirect_uri": wanted}
        )
        assert answer.headers["location"] == f"{GATEWAY}/"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "chuishao.test", ""])
def test_starts_on_no_address_that_others_can_reach(host: str) -> None:
    with pytest.raises(CommandFailedError) as refused:
        require_loopback(host)
    assert refused.value.slug == "provider-not-on-loopback"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1"])
def test_starts_on_this_machine(host: str) -> None:
    require_loopback(host)
