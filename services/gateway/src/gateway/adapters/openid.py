"""An OpenID provider over HTTP: discovery, code with PKCE (S256), ID tokens, refresh, sign-out both ways."""

import hashlib
import hmac
import ipaddress
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
import orjson
import structlog
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwt import JWTClaimsRegistry, Token

from backbone import telemetry
from backbone.identity import MAX_TOKEN_CHARS
from backbone.key_sets import REGISTRY, KeySource
from gateway.adapters.logout_tokens import logout_of, session_of
from gateway.application.provider import (
    Asked,
    LoginFailed,
    Logout,
    LogoutRefused,
    ProviderUnavailable,
    Redeemed,
    Tokens,
)

T = TypeVar("T")

KEPT_SECONDS: Final = 600.0
"""How long a provider's announcement is believed."""
MAX_ANSWER_BYTES: Final = 262_144
LEEWAY_SECONDS: Final = 5
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_WIDE_HASH: Final = frozenset({"EdDSA", "Ed25519"})

log = structlog.get_logger("chuishao.login")


@dataclass(frozen=True, slots=True)
class Client:
    """How the gateway is registered at the provider."""

    discovery_url: str
    issuer: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    after_logout: str
    scopes: str
    resource: str | None = None
    """The API the access token is for, where the provider asks for it (RFC 8707)."""


class OpenIdProvider:
    """Implements ``gateway.application.provider.Provider``."""

    def __init__(
        self, client: Client, http: httpx.AsyncClient, clock: Callable[[], float] = time.time
    ) -> None:
        self._client, self._http, self._clock = client, http, clock
        self._announced: Mapping[str, Any] = {}
        self._believed_until = float("-inf")
        self._keys: KeySource | None = None

    async def login_url(self, asked: Asked) -> str:
        """The authorization endpoint with everything this login asks."""
        challenge = _base64(hashlib.sha256(asked.verifier.encode()).digest())
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": self._client.scopes,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **self._resource,
        }
        if "offline_access" in self._client.scopes.split():
            query["prompt"] = "consent"  # without it OpenID Connect allows no refresh token
        return _with((await self._metadata())["authorization_endpoint"], query)

    async def redeem(self, code: str, asked: Asked) -> Redeemed:
        """Exchange a code and check the ID token that comes with it."""
        answer = await self._ask(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._client.redirect_uri,
                "code_verifier": asked.verifier,
                **self._resource,
            }
        )
        identity = answer.get("id_token")
        if not isinstance(identity, str):
            raise LoginFailed("no_id_token")
        tokens = _tokens(answer)

        def check(token: Token) -> Redeemed:
            self._registry(asked.nonce).validate(token.claims)
            _check_party(token.claims, self._client.client_id)
            _check_access(token.claims, str(token.header["alg"]), tokens.access)
            return Redeemed(tokens, str(token.claims["sub"]), session_of(token.claims))

        try:
            return await self._signed(identity, check)
        except _Untrue as error:
            log.warning("id token refused", **telemetry.described(error.__cause__ or error))
            raise LoginFailed("id_token_invalid") from error

    async def logout(self, token: str) -> Logout:
        """Check a logout token against the provider's keys."""
        client = self._client
        try:
            if len(token) > MAX_TOKEN_CHARS:
                raise _Untrue
            await self._metadata()
            return await self._signed(
                token,
                lambda good: logout_of(good, client.issuer, client.client_id, self._clock, LEEWAY_SECONDS),
            )
        except _Untrue as error:
            raise LogoutRefused(str(error.__cause__ or "too long")) from error

    async def refresh(self, token: str) -> Tokens:
        """New tokens; a provider that rotates gives a new refresh token too."""
        answer = await self._ask({"grant_type": "refresh_token", "refresh_token": token, **self._resource})
        return _tokens({"refresh_token": token, **answer})

    async def revoke(self, token: str) -> None:
        """RFC 7009, where the provider announces it."""
        try:
            endpoint = (await self._metadata()).get("revocation_endpoint")
            if endpoint:
                form = {"token": token, "token_type_hint": "refresh_token"}
                await self._post(str(endpoint), form)
        except (ProviderUnavailable, httpx.HTTPError) as error:
            log.warning("refresh token not revoked", **telemetry.described(error))

    async def logout_url(self, identity: str | None) -> str | None:
        """RP-initiated logout, where the provider announces it."""
        try:
            endpoint = (await self._metadata()).get("end_session_endpoint")
        except ProviderUnavailable:
            return None
        if not endpoint:
            return None
        query = {
            "client_id": self._client.client_id,
            "post_logout_redirect_uri": self._client.after_logout,
        }
        return _with(str(endpoint), query | ({"id_token_hint": identity} if identity else {}))

    @property
    def _resource(self) -> dict[str, str]:
        return {"resource": self._client.resource} if self._client.resource else {}

    async def _metadata(self) -> Mapping[str, Any]:
        if self._clock() < self._believed_until:
            return self._announced
        try:
            response = await self._http.get(self._client.discovery_url)
            response.raise_for_status()
            announced = _object(response.content)
        except (httpx.HTTPError, ValueError) as error:
            log.warning("provider not reached", **telemetry.described(error))
            if self._announced:
                return self._announced
            raise ProviderUnavailable from error
        wrong = _complaints(announced, self._client.issuer)
        if wrong:
            log.error("provider not usable", problems=wrong)
            raise ProviderUnavailable
        if self._keys is None or self._keys.location != announced["jwks_uri"]:
            self._keys = KeySource(announced["jwks_uri"], self._http)
        self._announced, self._believed_until = announced, self._clock() + KEPT_SECONDS
        return announced

    async def _ask(self, form: Mapping[str, str]) -> dict[str, Any]:
        endpoint = (await self._metadata())["token_endpoint"]
        try:
            response = await self._post(str(endpoint), form)
            answer = _object(response.content)
        except (httpx.HTTPError, ValueError) as error:
            log.warning("provider not reached", **telemetry.described(error))
            raise ProviderUnavailable from error
        if response.status_code >= 500:
            raise ProviderUnavailable
        if not response.is_success:
            raise LoginFailed(reason_of(answer.get("error")))
        return answer

    async def _post(self, endpoint: str, form: Mapping[str, str]) -> httpx.Response:
        secret = self._client.client_secret
        if secret is None:
            return await self._http.post(endpoint, data={**form, "client_id": self._client.client_id})
        # RFC 6749, 2.3.1: both are form-encoded before they become Basic credentials.
        account = (
            urlencode({"": self._client.client_id})[1:],
            urlencode({"": secret})[1:],
        )
        return await self._http.post(endpoint, data=dict(form), auth=httpx.BasicAuth(*account))

    async def _signed(self, token: str, read: Callable[[Token], T]) -> T:
        """What a token of the provider says; raises ``_Untrue`` or ``ProviderUnavailable``."""
        assert self._keys is not None, "the provider was asked before its keys were known"
        unknown: InvalidKeyIdError | None = None
        for again in (False, True):
            keys = await self._keys.keys(again=again)
            if keys is None:
                raise ProviderUnavailable
            try:
                return read(jwt.decode(token, keys, registry=REGISTRY))
            except InvalidKeyIdError as error:
                unknown = error  # the provider may have a new key
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise _Untrue from error
        raise _Untrue from unknown

    def _registry(self, nonce: str) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._client.issuer},
            aud={"essential": True, "value": self._client.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )


class _Untrue(Exception):
    """A token the provider has not made, or not for this; the cause says why."""


def reason_of(error: object) -> str:
    """An OAuth error code as it may be shown: a short word, whatever was sent."""
    text = str(error or "unknown")
    return text if len(text) <= 60 and text.replace("_", "").isalnum() and text.isascii() else "unknown"


def loopback(host: str | None) -> bool:
    """Whether a host name is this machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _complaints(announced: Mapping[str, Any], issuer: str) -> list[str]:
    found = [name for name in _NEEDED if not isinstance(announced.get(name), str)]
    if announced.get("issuer") != issuer:
        found.append("issuer")
    # Development alone talks plain HTTP, and never beyond this machine.
    for name in (*_NEEDED, "revocation_endpoint", "end_session_endpoint"):
        place = urlsplit(str(announced.get(name) or "https:"))
        if place.scheme != "https" and not (place.scheme == "http" and loopback(place.hostname)):
            found.append(name)
    methods = announced.get("code_challenge_methods_supported")
    if methods is not None and "S256" not in methods:
        found.append("code_challenge_methods_supported")
    return sorted(set(found))


def _tokens(answer: Mapping[str, Any]) -> Tokens:
    access, kind = answer.get("access_token"), str(answer.get("token_type", ""))
    if not isinstance(access, str) or kind.lower() != "bearer":
        raise LoginFailed("no_access_token")
    lifetime = answer.get("expires_in", 300)
    return Tokens(
        access=access,
        refresh=answer.get("refresh_token"),
        identity=answer.get("id_token"),
        lifetime=float(lifetime) if isinstance(lifetime, int | float) else 300.0,
    )


def _check_party(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims["aud"]
    several = isinstance(audience, list) and len(audience) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise ValueError("the ID token was made for another client")


def _check_access(claims: Mapping[str, Any], algorithm: str, access: str) -> None:
    if "at_hash" not in claims:
        return
    hashed = (hashlib.sha512 if algorithm in _WIDE_HASH else hashlib.sha256)(access.encode()).digest()
    if not hmac.compare_digest(_base64(hashed[: len(hashed) // 2]), str(claims["at_hash"])):
        raise ValueError("the access token is not the one of the ID token")


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_ANSWER_BYTES:
        raise ValueError("the answer is too large")
    answer = orjson.loads(body)
    if not isinstance(answer, dict):
        raise ValueError("the answer is no object")
    return answer


def _with(endpoint: str, query: Mapping[str, str]) -> str:
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
