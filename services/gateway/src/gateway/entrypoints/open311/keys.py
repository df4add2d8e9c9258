"""The api_key of Open311: the key of a machine client, in the form, in the query or as a bearer's."""

from typing import Annotated, Final

from fastapi import Request, Security
from fastapi.security import APIKeyQuery

from backbone.identity import Unauthenticated
from backbone.web import REFUSAL, AsksWhoCalls, Refusal, current_actor
from backbone.web.callers import Bearer
from gateway.application.allowances import RateExceeded
from gateway.application.machines import is_machine_key
from gateway.application.strangers import address_of
from gateway.entrypoints.callers import Caller, Callers
from gateway.entrypoints.door import ALLOWANCE, allow
from gateway.entrypoints.open311.forms import form_of

_IN_QUERY: Final = APIKeyQuery(name="api_key", auto_error=False, description="The key of a machine client")


class AsksForKey(AsksWhoCalls):
    """Lets in whom a key belongs to, or whoever the door knows already."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    async def __call__(
        self, request: Request, bearer: Bearer, in_query: Annotated[str | None, Security(_IN_QUERY)] = None
    ) -> Caller:
        """The caller; raises ``Refusal``, ``Unauthenticated`` or ``RateExceeded``.

        The door has counted the request: a bearer's or a session's as theirs, any other by its address.
        """
        key = (await form_of(request)).one("api_key") or in_query
        if key:
            return await self._by_key(request, key)
        if bearer is None and REFUSAL not in request.scope:
            raise Refusal("api-key-missing", 403)
        actor = await current_actor(request, bearer)
        assert bearer is not None, "the door gives the scope a bearer or a refusal"
        return Caller(actor, bearer.credentials, "")

    async def _by_key(self, request: Request, key: str) -> Caller:
        if not is_machine_key(key):
            raise Unauthenticated("machine-key-invalid")
        caller = await self._callers.by_bearer(key)
        counted = request.scope.get(ALLOWANCE)
        if counted is not None and counted.rate.of == "address":
            self._callers.strangers.give_back(address_of(request.scope))
        try:
            allow(request.scope, await self._callers.requests.take(caller.counted))
        except RateExceeded as exceeded:
            allow(request.scope, exceeded.allowance)
            raise
        return caller
