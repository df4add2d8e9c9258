"""Who is asking: bearer tokens signed by an identity provider, and the services' own short-lived tokens."""

import asyncio
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

AUDIENCE: Final = "chuishao"
SERVICE_ROLE: Final = "service"
SIGNING_ALGORITHM: Final = "Ed25519"
ALGORITHMS: Final = ("Ed25519", "EdDSA", "RS256")
MAX_TOKEN_CHARS: Final = 8_192
MAX_JWKS_BYTES: Final = 262_144
MAX_CLAIM_CHARS: Final = 200
_MAX_KNOWN: Final = 1_024


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or service behind a request; ``name`` is personal data and never enters ``Meta``."""

    subject: str
    name: str = field(repr=False)
    role: str
    unit: str


class Unauthenticated(Exception):
    """The token is missing, expired or invalid; the slug says which, the token itself is never repeated."""

    status = 401

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params: Mapping[str, object] = {}


class IdentityUnavailable(Exception):
    """The provider's keys cannot be fetched and none are known; trying again later may help."""

    status = 503
    retry_after = 2
    slug = "identity-unavailable"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {}


class _Registry(JWSRegistry):
    """Allows our algorithms only, without the library's warning that ``EdDSA`` has a newer name."""

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError(f"algorithm {name!r} is not allowed")
        return self.algorithms[name]


_REGISTRY: Final = _Registry(strict_check_header=False)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key that signs tokens; kept in a file as a private JWK (RFC 8037).

    ``roles`` in the public JWK limits what its tokens may claim: a service's key can name only a service.
    """

    jwk: Mapping[str, Any] = field(repr=False)

    @classmethod
    def generate(cls, roles: Sequence[str] = ()) -> "SigningKey":
        """A new key; with ``roles`` its tokens count only for those roles."""
        key = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
        jwk = {**key.as_dict(private=True), "use": "sig"}
        return cls({**jwk, "roles": list(roles)} if roles else jwk)

    @classmethod
    def load(cls, path: Path) -> "SigningKey":
        """Read a private JWK file; ``ValueError`` if it is no Ed25519 private key."""
        jwk = orjson.loads(path.read_bytes())
        if not isinstance(jwk, dict) or jwk.get("crv") != "Ed25519" or not jwk.get("d"):
            raise ValueError(f"{path} is no Ed25519 private key in JWK form")
        return cls(jwk)

    def save(self, path: Path) -> None:
        """Write the private JWK, readable by its owner only."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(orjson.dumps(dict(self.jwk)))

    def public(self) -> dict[str, Any]:
        """The public JWK for a key set."""
        return {name: value for name, value in self.jwk.items() if name != "d"}

    def sign(
        self,
        actor: Actor,
        *,
        issuer: str,
        lifetime: float,
        audience: str = AUDIENCE,
        now: float | None = None,
    ) -> str:
        """A token for an actor, valid for ``lifetime`` seconds."""
        issued = int(time.time() if now is None else now)
        key = OKPKey.import_key({k: v for k, v in self.jwk.items() if k != "roles"})
        key.ensure_kid()
        claims = {
            "iss": issuer,
            "aud": audience,
            "sub": actor.subject,
            "name": actor.name,
            "role": actor.role,
            "unit": actor.unit,
            "iat": issued,
            "exp": issued + int(lifetime),
        }
        header = {"alg": SIGNING_ALGORITHM, "kid": key.kid}
        return jwt.encode(header, claims, key, registry=_REGISTRY)


def write_jwks(path: Path, keys: Sequence[SigningKey]) -> None:
    """Write the public key set of these keys; replaced in one step, so a reader never sees half of it."""
    draft = path.with_suffix(".new")
    draft.write_bytes(orjson.dumps({"keys": [key.public() for key in keys]}))
    draft.replace(path)


class ServiceTokens:
    """Mints this service's own tokens for calls to the others; each is used until a minute before its end."""

    def __init__(
        self,
        key: SigningKey | Path,
        issuer: str,
        service: str,
        *,
        audience: str = AUDIENCE,
        lifetime: float = 300.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._key = SigningKey.load(key) if isinstance(key, Path) else key
        self._issuer, self._audience = issuer, audience
        self._lifetime, self._clock = lifetime, clock
        self.actor = Actor(subject=f"service:{service}", name=service, role=SERVICE_ROLE, unit=service)
        self._token, self._fresh_until = "", float("-inf")

    def token(self) -> str:
        """A valid token."""
        now = self._clock()
        if now >= self._fresh_until:
            self._token = self._key.sign(
                self.actor, issuer=self._issuer, audience=self._audience, lifetime=self._lifetime, now=now
            )
            self._fresh_until = now + self._lifetime - min(60.0, self._lifetime / 2)
        return self._token

    __call__ = token

    def headers(self) -> dict[str, str]:
        """The Authorization header for a call."""
        return {"Authorization": f"Bearer {self.token()}"}


class _Source:
    """One key set, from a file or over HTTP, kept until it is old or a key is missing from it."""

    def __init__(self, location: str, client: httpx.AsyncClient | None, ttl: float, pause: float) -> None:
        self.location, self._client = location, client
        self._ttl, self._pause = ttl, pause
        self._keys: KeySet | None = None
        self._tried = self._loaded = float("-inf")
        self._lock = asyncio.Lock()

    async def keys(self, *, again: bool = False) -> KeySet | None:
        """The set; ``again`` asks for a newer one, which is granted at most every ``pause`` seconds."""
        if not self._due(again):
            return self._keys
        async with self._lock:
            if self._due(again):
                self._tried = time.monotonic()
                try:
                    content = await self._fetch()
                    self._keys = KeySet.import_key_set(content)
                    self._loaded = time.monotonic()
                except (OSError, ValueError, KeyError, TypeError, httpx.HTTPError, JoseError):
                    # The old keys stay good: a provider that is down must not lock everyone out.
                    return self._keys
        return self._keys

    def _due(self, again: bool) -> bool:
        now = time.monotonic()
        if now - self._tried < self._pause:
            return False
        return again or now - self._loaded >= self._ttl

    async def _fetch(self) -> Any:
        if not self.location.startswith(("http://", "https://")):
            return _key_set(Path(self.location).read_bytes())
        if self._client is not None:
            return await self._get(self._client)
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            return await self._get(client)

    async def _get(self, client: httpx.AsyncClient) -> Any:
        body = b""
        async with client.stream("GET", self.location, timeout=5.0) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_JWKS_BYTES:
                    raise ValueError("the key set is too large")
        return _key_set(body)


def _key_set(body: bytes) -> dict[str, Any]:
    if len(body) > MAX_JWKS_BYTES:
        raise ValueError("the key set is too large")
    keys = orjson.loads(body)["keys"]
    # Symmetric keys have no place here: whoever can verify with one could also sign with it.
    return {"keys": [key for key in keys if key.get("kty") in ("OKP", "RSA")]}


@dataclass(frozen=True, slots=True)
class _Known:
    """A token found good with a key set."""

    actor: Actor
    expires: float
    keys: KeySet


class Verifier:
    """Checks bearer tokens: signature, issuer, audience and expiry, and reads the actor from the claims.

    ``jwks`` is one location or several (file paths or http URLs), e.g. the identity provider's and the
    services' own; in a string commas part them. Sets are refetched when older than ``ttl`` seconds and
    for an unknown key id, at most every ``pause`` seconds.
    """

    def __init__(
        self,
        jwks: str | Path | Sequence[str | Path],
        issuer: str,
        audience: str = AUDIENCE,
        *,
        leeway: int = 5,
        ttl: float = 300.0,
        pause: float = 5.0,
        client: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if isinstance(jwks, str):
            jwks = jwks.split(",")
        locations = [jwks] if isinstance(jwks, Path) else list(jwks)
        self._sources = [_Source(str(each), client, ttl, pause) for each in locations]
        self._clock, self._leeway = clock, leeway
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._claims = JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=leeway,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
            role={"essential": True},
        )

    async def verify(self, token: str) -> Actor:
        """The actor of a token; raises ``Unauthenticated`` or ``IdentityUnavailable``."""
        if not token:
            raise Unauthenticated("token-missing")
        if len(token) > MAX_TOKEN_CHARS:
            raise Unauthenticated("token-invalid")
        reached = False
        for again in (False, True):
            for source in self._sources:
                keys = await source.keys(again=again)
                if keys is None:
                    continue
                reached = True
                try:
                    return self._checked(token, keys)
                except InvalidKeyIdError:
                    continue
        raise Unauthenticated("token-invalid") if reached else IdentityUnavailable()

    def _checked(self, token: str, keys: KeySet) -> Actor:
        # A signature costs more than the rest of a small request; a token is checked once for a key set.
        known = self._known.get(token)
        if known is not None and known.keys is keys:
            if known.expires <= int(self._clock()) - self._leeway:
                raise Unauthenticated("token-expired")
            return known.actor
        actor, expires = self._read(token, keys)
        self._known[token] = _Known(actor, expires, keys)
        if len(self._known) > _MAX_KNOWN:
            self._known.popitem(last=False)
        return actor

    def _read(self, token: str, keys: KeySet) -> tuple[Actor, float]:
        try:
            decoded = jwt.decode(token, keys, registry=_REGISTRY)
            self._claims.validate(decoded.claims)
        except InvalidKeyIdError:
            raise
        except ExpiredTokenError as error:
            raise Unauthenticated("token-expired") from error
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unauthenticated("token-invalid") from error
        actor = _actor(decoded.claims)
        allowed = keys.get_by_kid(decoded.header.get("kid")).get("roles")
        if allowed is not None and actor.role not in allowed:
            raise Unauthenticated("token-invalid")
        return actor, float(decoded.claims["exp"])


def _actor(claims: Mapping[str, Any]) -> Actor:
    read = {name: claims.get(name, "") for name in ("sub", "name", "role", "unit")}
    for value in read.values():
        if not isinstance(value, str) or len(value) > MAX_CLAIM_CHARS or not value.isprintable():
            raise Unauthenticated("token-invalid")
    if not read["sub"] or not read["role"]:
        raise Unauthenticated("token-invalid")
    return Actor(subject=read["sub"], name=read["name"], role=read["role"], unit=read["unit"])
