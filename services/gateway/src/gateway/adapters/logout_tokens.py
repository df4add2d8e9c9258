"""Back-channel logout: what a logout token must say (OpenID Connect Back-Channel Logout 1.0, section 2.6)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from joserfc.jwt import JWTClaimsRegistry, Token

from gateway.application.provider import Logout

OLDEST_SECONDS: Final = 300
"""A logout token counts so long, however long it says; used ones are remembered much longer."""
MAX_CHARS: Final = 255
"""The longest ``jti``, ``sub`` and ``sid``."""
_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_TYPES: Final = frozenset({"logout+jwt", "jwt"})


def logout_of(token: Token, issuer: str, client_id: str, now: Callable[[], float], leeway: int) -> Logout:
    """The logout a token with a good signature tells of; raises ``ValueError`` or ``JoseError``."""
    claims = token.claims
    JWTClaimsRegistry(
        now=lambda: int(now()),
        leeway=leeway,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        jti={"essential": True},
    ).validate(claims)
    kind = str(token.header.get("typ", "jwt")).lower().removeprefix("application/")
    if kind not in _TYPES:
        raise ValueError("the token is of another type")
    if now() - float(claims["iat"]) > OLDEST_SECONDS + leeway:
        raise ValueError("the token is old")
    if "nonce" in claims:
        raise ValueError("the token has a nonce, as ID tokens have")
    events = claims.get("events")
    if not isinstance(events, Mapping) or not isinstance(events.get(_EVENT), Mapping):
        raise ValueError("the token tells of no logout")
    subject, session = _text(claims, "sub"), _text(claims, "sid")
    if subject is None and session is None:
        raise ValueError("the token names neither a person nor a session")
    name = _text(claims, "jti")
    if name is None:
        raise ValueError("the token has no id")
    return Logout(name, subject, session)


def session_of(claims: Mapping[str, Any]) -> str | None:
    """The session at the provider that an ID token names, if any; raises ``ValueError``."""
    return _text(claims, "sid")


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= MAX_CHARS or not value.isprintable():
        raise ValueError(f"{name} is no name")
    return value
