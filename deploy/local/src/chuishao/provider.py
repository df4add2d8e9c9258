"""The development identity provider: a small OpenID provider that signs in anybody of the demo county.

It asks for no password, so it listens on loopback only and starts nowhere else. The launcher runs it as
`python -m chuishao.provider` with PROVIDER_HOST, PROVIDER_PORT, PROVIDER_IDENTITIES (folder of keys) and
PROVIDER_CLIENT (where the gateway is, e.g. http://127.0.0.1:8000). Codes live in memory; refresh tokens are
signed, so sessions outlast a restart.
"""

import asyncio
import contextlib
import hashlib
import hmac
import ipaddress
import os
import secrets
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from backbone.identity import SIGNING_ALGORITHM, Actor, SigningKey
from backbone.key_sets import REGISTRY
from backbone.web import serve
from chuishao.county import County
from chuishao.identities import ISSUER, Identities
from chuishao.provider_page import page
from chuishao.tokens import role_and_unit
from chuishao.words import CommandFailedError, words
from contracts.permissions import ROLES

CLIENT: Final = "chuishao-console"
ACCESS_SECONDS: Final = 900
REFRESH_SECONDS: Final = 43_200
CODE_SECONDS: Final = 60
MAX_FORM_BYTES: Final = 16_384
_REFRESH: Final = "urn:chuishao:development:refresh"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code was given for; it is taken once."""

    actor: Actor
    redirect_uri: str
    nonce: str
    challenge: str
    ends: float


class OAuthError(Exception):
    """An error in OAuth's words."""


class DevelopmentProvider:
    """One provider; `url` is where it listens, `client` where the gateway is."""

    def __init__(self, url: str, client: str, key: SigningKey) -> None:
        self.url, self._client, self._key = url, client.rstrip("/"), key
        self._jwk = OKPKey.import_key({k: v for k, v in key.jwk.items() if k != "roles"})
        self._codes: dict[str, Code] = {}
        self._spent: set[str] = set()
        self._people = {
            person.subject: Actor(person.subject, person.name, person.role, person.unit)
            for person in County().people.values()
        }

    def app(self) -> Starlette:
        """The provider as an application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._discovery),
                Route("/jwks", self._jwks),
                Route("/authorize", self._choose, methods=["GET"]),
                Route("/authorize", self._chosen, methods=["POST"]),
                Route("/token", self._token, methods=["POST"]),
                Route("/revoke", self._revoke, methods=["POST"]),
                Route("/userinfo", self._userinfo),
                Route("/logout", self._logout),
                Route("/health/ready", self._ready),
            ]
        )

    async def _discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": ISSUER,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "revocation_endpoint": f"{self.url}/revoke",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "end_session_endpoint": f"{self.url}/logout",
                "jwks_uri": f"{self.url}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [SIGNING_ALGORITHM],
                "token_endpoint_auth_methods_supported": ["none"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "profile"],
            }
        )

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self._key.public()]})

    async def _ready(self, _request: Request) -> Response:
        return JSONResponse({"status": "ready"})

    async def _choose(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if (wrong := self._wrong(asked)) is not None:
            return JSONResponse({"error": "invalid_request", "error_description": wrong}, 400)
        return HTMLResponse(
            page(self._people.values(), asked),
            headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
        )

    async def _chosen(self, request: Request) -> Response:
        asked = await _form(request)
        if (wrong := self._wrong(asked)) is not None:
            return JSONResponse({"error": "invalid_request", "error_description": wrong}, 400)
        try:
            actor = self._somebody(asked)
        except CommandFailedError as error:
            return HTMLResponse(page(self._people.values(), asked, str(error)), 422)
        code = secrets.token_urlsafe(24)
        now = time.monotonic()
        self._codes = {name: each for name, each in self._codes.items() if each.ends > now}
        self._codes[code] = Code(
            actor, asked["redirect_uri"], asked.get("nonce", ""), asked["code_challenge"], now + CODE_SECONDS
        )
        query = urlencode({"code": code, "state": asked.get("state", ""), "iss": ISSUER})
        return RedirectResponse(f"{asked['redirect_uri']}?{query}", 303)

    def _wrong(self, asked: Mapping[str, str]) -> str | None:
        wanted = {
            "client_id": CLIENT,
            "redirect_uri": f"{self._client}/callback",
            "response_type": "code",
            "code_challenge_method": "S256",
        }
        for name, value in wanted.items():
            if asked.get(name) != value:
                return f"{name} must be {value}"
        if "openid" not in asked.get("scope", "").split() or not asked.get("code_challenge"):
            return "scope needs openid, and PKCE a code_challenge"
        return None

    def _somebody(self, asked: Mapping[str, str]) -> Actor:
        if asked.get("sub") in self._people:
            return self._people[asked["sub"]]
        role, unit = role_and_unit(asked.get("as", ""))
        return Actor(f"{role}@{unit}", ROLES[role], role, unit)

    async def _token(self, request: Request) -> Response:
        form = await _form(request)
        try:
            if form.get("client_id") != CLIENT:
                raise OAuthError("invalid_client")
            match form.get("grant_type"):
                case "authorization_code":
                    answer = self._redeemed(form)
                case "refresh_token":
                    answer = self._tokens(self._refreshed(form.get("refresh_token", "")))
                case _:
                    raise OAuthError("unsupported_grant_type")
        except OAuthError as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    def _redeemed(self, form: Mapping[str, str]) -> dict[str, Any]:
        code = self._codes.pop(form.get("code", ""), None)
        challenge = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            code is None
            or code.ends < time.monotonic()
            or code.redirect_uri != form.get("redirect_uri")
            or not hmac.compare_digest(challenge, code.challenge)
        ):
            raise OAuthError("invalid_grant")
        return self._tokens(code.actor, code.nonce)

    def _refreshed(self, token: str) -> Actor:
        claims = self._read(token, _REFRESH)
        if claims["jti"] in self._spent:
            raise OAuthError("invalid_grant")
        self._spent.add(claims["jti"])
        return Actor(claims["sub"], claims["name"], claims["role"], claims["unit"])

    def _tokens(self, actor: Actor, nonce: str = "") -> dict[str, Any]:
        access = self._key.sign(actor, issuer=ISSUER, lifetime=ACCESS_SECONDS)
        hashed = hashlib.sha512(access.encode()).digest()
        person = {"sub": actor.subject, "name": actor.name, "role": actor.role, "unit": actor.unit}
        identity = {**person, "aud": CLIENT, "at_hash": _base64(hashed[:32])}
        refresh = {**person, "aud": _REFRESH, "jti": secrets.token_urlsafe(16)}
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "scope": "openid profile",
            "id_token": self._signed(identity | ({"nonce": nonce} if nonce else {}), ACCESS_SECONDS),
            "refresh_token": self._signed(refresh, REFRESH_SECONDS),
        }

    async def _revoke(self, request: Request) -> Response:
        form = await _form(request)
        with contextlib.suppress(OAuthError):  # RFC 7009: an unknown token is revoked already
            self._spent.add(self._read(form.get("token", ""), _REFRESH)["jti"])
        return Response()

    async def _userinfo(self, request: Request) -> Response:
        try:
            claims = self._read(request.headers.get("authorization", "").partition(" ")[2], "chuishao")
        except OAuthError:
            return JSONResponse({"error": "invalid_token"}, 401, headers={"WWW-Authenticate": "Bearer"})
        return JSONResponse({"sub": claims["sub"], "name": claims["name"]})

    async def _logout(self, request: Request) -> Response:
        wanted = request.query_params.get("post_logout_redirect_uri", "")
        home = f"{self._client}/"
        # Nobody is signed in at this provider itself: it asks every time.
        return RedirectResponse(wanted if wanted == home else home, 303)

    def _signed(self, claims: Mapping[str, Any], lifetime: int) -> str:
        issued = int(time.time())
        header = {"alg": SIGNING_ALGORITHM, "kid": self._jwk.kid}
        content = {**claims, "iss": ISSUER, "iat": issued, "exp": issued + lifetime}
        return jwt.encode(header, content, self._jwk, registry=REGISTRY)

    def _read(self, token: str, audience: str) -> Mapping[str, Any]:
        try:
            claims = jwt.decode(token, self._jwk, registry=REGISTRY).claims
        except (JoseError, ValueError) as error:
            raise OAuthError("invalid_grant") from error
        if claims.get("aud") != audience or claims["exp"] < time.time():
            raise OAuthError("invalid_grant")
        return claims


def require_loopback(host: str) -> None:
    """`CommandFailedError` unless nobody but this machine can reach the address."""
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near:
        raise CommandFailedError("provider-not-on-loopback", host=host)


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def main() -> None:
    """Run until a signal ends it."""
    host, port = os.environ["PROVIDER_HOST"], int(os.environ["PROVIDER_PORT"])
    require_loopback(host)
    key = Identities(Path(os.environ["PROVIDER_IDENTITIES"])).provider_key()
    provider = DevelopmentProvider(f"http://{host}:{port}", os.environ["PROVIDER_CLIENT"], key)
    print(orjson.dumps({"event": words("provider-listening", url=f"http://{host}:{port}")}).decode())
    asyncio.run(serve(provider.app(), host, port))


if __name__ == "__main__":
    try:
        main()
    except CommandFailedError as failed:
        sys.exit(str(failed))
