"""The identity provider as the gateway needs it: a login, fresh tokens, the way out, and logouts it tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the provider gave for one person; ``lifetime`` of the access token is in seconds."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    identity: str | None = field(repr=False)
    lifetime: float


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a code was worth: tokens, and how the provider names the person (``sub``) and, where it says so,
    the session they have there (``sid``)."""

    tokens: Tokens
    subject: str
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Logout:
    """A logout the provider tells of: a session there, or all of a person; never neither.

    ``id`` is the ``jti`` of the token, which counts once.
    """

    id: str
    subject: str | None
    session: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one login asks the provider with, and checks its answer against (state, nonce, PKCE)."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class ProviderUnavailable(Exception):
    """The identity provider does not answer; trying again later may help."""

    status = 503
    retry_after = 2
    slug = "provider-unavailable"

    def __init__(self) -> None:
        super().__init__(self.slug)
        self.params: Mapping[str, object] = {}


class LoginFailed(Exception):
    """The provider refused, or its answer is not one to be believed; ``reason`` is a word, never a token."""

    status = 401
    slug = "login-failed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.params: Mapping[str, object] = {"reason": reason}


class LogoutRefused(Exception):
    """Not a logout token of this provider for us, or one that was used before; ``reason`` is for the log."""

    status = 400
    slug = "logout-token-invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params: Mapping[str, object] = {}


class Provider(Protocol):
    """An OpenID provider."""

    async def login_url(self, asked: Asked) -> str:
        """Where to send the browser; raises ``ProviderUnavailable``."""
        ...

    async def redeem(self, code: str, asked: Asked) -> Redeemed:
        """What a code is worth; raises ``LoginFailed`` or ``ProviderUnavailable``."""
        ...

    async def refresh(self, token: str) -> Tokens:
        """New tokens for a refresh token; raises ``LoginFailed`` or ``ProviderUnavailable``."""
        ...

    async def revoke(self, token: str) -> None:
        """Tell the provider that a refresh token is needed no more; never raises."""
        ...

    async def logout_url(self, identity: str | None) -> str | None:
        """Where a person signs out at the provider itself; None if it has no such place."""
        ...

    async def logout(self, token: str) -> Logout:
        """What a logout token says; raises ``LogoutRefused`` or ``ProviderUnavailable``."""
        ...
