"""Who is asking: bearer tokens signed by an identity provider, and the services' own short-lived tokens."""

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
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jwt import JWTClaimsRegistry

from backbone.claims import Claimed, ClaimMapping, ClaimsRefused, own_claims
from backbone.key_sets import REGISTRY, KeySource

AUDIENCE: Final = "chuishao"
SERVICE_ROLE: Final = "service"
SIGNING_ALGORITHM: Final = "Ed25519"
MAX_TOKEN_CHARS: Final = 8_192
_MAX_KNOWN: Final = 1_024


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, machine or service behind a request; ``name`` is personal data and never enters ``Meta``.

    ``operations`` narrows a machine to some of what its role may do; None narrows nothing.
    """

    subject: str
    name: str = field(repr=False)
    role: str
    unit: str
    operations: frozenset[str] | None = None


class Unauthenticated(Exception):
    """The token is missing, expired or invalid; the slug says which, the token itself is never repeated."""

    status = 401

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug
        self.params: Mapping[str, object] = {}


class NotMapped(Unauthenticated):
    """A genuine token of somebody who has no role or no unit here."""

    status = 403

    def __init__(self, refused: ClaimsRefused) -> None:
        super().__init__(refused.slug)
        self.params = refused.params


class IdentityUnavailable(Exception):
    """The provider's keys cannot be fetched and none are known; trying again later may help."""

    status = 503
    retry_after = 2
    slug = "identity-unavailable"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key that signs tokens; kept in a file as a private JWK (RFC 8037).

    ``roles`` and ``subjects`` in the public JWK limit what its tokens may claim: a service's key can name
    only a service, the key of machine clients only subjects that begin so.
    """

    jwk: Mapping[str, Any] = field(repr=False)

    @classmethod
    def generate(cls, roles: Sequence[str] = (), *, subjects: str = "") -> "SigningKey":
        """A new key; its tokens count only for ``roles`` and subjects that begin so, if given."""
        key = OKPKey.generate_key("Ed25519", private=True, auto_kid=True)
        jwk = {**key.as_dict(private=True), "use": "sig"}
        limits = {"roles": list(roles)} if roles else {}
        return cls({**jwk, **limits, **({"subjects": subjects} if subjects else {})})

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
        key = OKPKey.import_key({k: v for k, v in self.jwk.items() if k not in ("roles", "subjects")})
        key.ensure_kid()
        claims: dict[str, Any] = {
            "iss": issuer,
            "aud": audience,
            "sub": actor.subject,
            "name": actor.name,
            "role": actor.role,
            "unit": actor.unit,
            "iat": issued,
            "exp": issued + int(lifetime),
        }
        if actor.operations is not None:
            claims["operations"] = sorted(actor.operations)
        header = {"alg": SIGNING_ALGORITHM, "kid": key.kid}
        return jwt.encode(header, claims, key, registry=REGISTRY)


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
    for an unknown key id, at most every ``pause`` seconds. With ``mapping`` the tokens of sets that come over
    HTTP are read through it; those of sets in files name role and unit themselves.
    """

    def __init__(
        self,
        jwks: str | Path | Sequence[str | Path],
        issuer: str,
        audience: str = AUDIENCE,
        *,
        mapping: ClaimMapping | None = None,
        leeway: int = 5,
        ttl: float = 300.0,
        pause: float = 5.0,
        client: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if isinstance(jwks, str):
            jwks = jwks.split(",")
        locations = [jwks] if isinstance(jwks, Path) else list(jwks)
        self._sources = [KeySource(str(each), client, ttl=ttl, pause=pause) for each in locations]
        self._mapping = mapping
        self._clock, self._leeway = clock, leeway
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._claims = JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=leeway,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
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
                mapping = self._mapping if source.remote else None
                try:
                    return self._checked(token, keys, mapping)
                except InvalidKeyIdError:
                    continue
        raise Unauthenticated("token-invalid") if reached else IdentityUnavailable()

    def _checked(self, token: str, keys: KeySet, mapping: ClaimMapping | None) -> Actor:
        # A signature costs more than the rest of a small request; a token is checked once for a key set.
        known = self._known.get(token)
        if known is not None and known.keys is keys:
            if known.expires <= int(self._clock()) - self._leeway:
                raise Unauthenticated("token-expired")
            return known.actor
        actor, expires = self._read(token, keys, mapping)
        self._known[token] = _Known(actor, expires, keys)
        if len(self._known) > _MAX_KNOWN:
            self._known.popitem(last=False)
        return actor

    def _read(self, token: str, keys: KeySet, mapping: ClaimMapping | None) -> tuple[Actor, float]:
        try:
            decoded = jwt.decode(token, keys, registry=REGISTRY)
            self._claims.validate(decoded.claims)
        except InvalidKeyIdError:
            raise
        except ExpiredTokenError as error:
            raise Unauthenticated("token-expired") from error
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unauthenticated("token-invalid") from error
        try:
            claimed = own_claims(decoded.claims) if mapping is None else mapping.read(decoded.claims)
        except ClaimsRefused as refused:
            if refused.slug == "token-invalid":
                raise Unauthenticated(refused.slug) from refused
            raise NotMapped(refused) from refused
        key = keys.get_by_kid(decoded.header.get("kid"))
        if not _may_claim(key.get("roles"), key.get("subjects"), claimed):
            raise Unauthenticated("token-invalid")
        actor = Actor(claimed.subject, claimed.name, claimed.role, claimed.unit, claimed.operations)
        return actor, float(decoded.claims["exp"])


def _may_claim(roles: Any, subjects: Any, claimed: Claimed) -> bool:
    return (roles is None or claimed.role in roles) and claimed.subject.startswith(subjects or "")
