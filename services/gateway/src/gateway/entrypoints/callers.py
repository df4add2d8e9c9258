"""Who calls the gateway: the bearer of a token or of a machine client's key, or somebody signed in."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from backbone.identity import Actor, Unauthenticated, Verifier
from gateway.application.allowances import Buckets, Requests, Sockets
from gateway.application.limits import Limits
from gateway.application.machines import MachineClients, is_machine_key
from gateway.application.sessions import Sessions
from gateway.application.strangers import Strangers

BEARER: Final = "bearer"


async def _nobody() -> None:
    raise Unauthenticated("token-missing")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in: what the services are told, and what their use is counted under."""

    actor: Actor
    token: str = field(repr=False)
    counted: str = field(repr=False)
    still: Callable[[], Awaitable[object]] = field(repr=False, default=_nobody)
    """Raises when they would be let in no more; asking is no use of a session."""


class Callers:
    """Lets callers in, and counts what they do."""

    def __init__(
        self,
        verifier: Verifier,
        limits: Limits | None = None,
        *,
        sessions: Sessions | None = None,
        machines: MachineClients | None = None,
        buckets: Buckets | None = None,
        address_buckets: Buckets | None = None,
    ) -> None:
        """Without ``buckets`` requests are counted by this process alone."""
        self.limits = limits or Limits()
        self.requests, self.sockets = Requests(self.limits, buckets), Sockets(self.limits)
        self.strangers = Strangers(self.limits, address_buckets)
        self._verifier, self._sessions, self._machines = verifier, sessions, machines

    async def by_bearer(self, token: str) -> Caller:
        """Whoever bears a token or a machine's key; raises ``Unauthenticated`` or ``IdentityUnavailable``."""
        if is_machine_key(token):
            if self._machines is None:
                raise Unauthenticated("machine-key-invalid")
            actor, minted = await self._machines.token(token)
            return Caller(actor, minted, _counted(token), partial(self.by_bearer, token))
        actor = await self._verifier.verify(token)
        return Caller(actor, token, _counted(token), partial(self._verifier.verify, token))

    async def by_session(self, session_id: str) -> Caller:
        """Whoever is signed in; raises ``SessionEnded`` and what renewing a session may raise."""
        if self._sessions is None:
            raise Unauthenticated("session-ended")
        found = await self._sessions.signed_in(session_id)
        still = partial(self._sessions.live, found.key)
        return Caller(found.actor, found.token, found.key.hex(), still)


def bearer_of(authorization: str) -> str:
    """The word after ``Bearer``; empty for another scheme or none."""
    scheme, _, word = authorization.partition(" ")
    return word if scheme.lower() == BEARER else ""


def _counted(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
