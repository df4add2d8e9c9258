"""The api_key of Open311: the key of a machine client, in the form, in the query or as a bearer's."""

from typing import Annotated, Final

from fastapi import Request, Security
from fastapi.security import APIKeyQuery

from backbone.identity import Unauthenticated
from backbone.web import REFUSAL, AsksWhoCalls, Refusal, current_actor
from backbone.web.callers import Bearer
from gateway.application.machines import is_machine_key
from gateway.entrypoints.callers import Caller, Callers
from gateway.entrypoints.open311.forms import form_of

_IN_QUERY: Final = APIKeyQuery(name="api_key", auto_error=False, description="The key of a machine client")


class AsksForKey(AsksWhoCalls):
    """Lets in whom a key belongs to, or whoever the door knows already."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    async def __call__(
        self, request: Request, bearer: Bearer, in_query: Annotated[str | None, Security(_IN_QUERY)] = None
    ) -> Caller:
        """The caller; raises ``Refusal``, ``Unauthenticated`` or ``RateExceeded``."""
        key = (await form_of(request)).one("api_key") or in_query
        if key:
            return await self._by_key(request, key)
        if bearer is None and REFUSAL not in request.scope:
            raise Refusal("api-key-missing", 403)
        actor = await current_actor(request, bearer)
        assert bearer is not None, "the door gives the scope a bearer or a refusal"
        return Caller(actor, bearer.credentials, "")

    async def _by_key(self, request: Request, key: str) -> Caller:
        try:
            if not is_machine_key(key):
                raise Unauthenticated("machine-key-invalid")
            caller = await self._callers.by_bearer(key)
        except Unauthenticated:
            await self._callers.requests.take(peer_of(request))
            raise
        # The door has counted bearers and sessions; a key that comes elsewhere it does not know.
        await self._callers.requests.take(caller.counted)
        return caller


class Anybody:
    """Lets everybody in, and counts them by where they come from."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    async def __call__(self, request: Request) -> None:
        """Raises ``RateExceeded``."""
        await self._callers.requests.take(peer_of(request))


def peer_of(request: Request) -> str:
    """Whom to count somebody unknown as: the address, or the balancer's for all behind it."""
    return f"open311 {request.client.host if request.client else ''}"
