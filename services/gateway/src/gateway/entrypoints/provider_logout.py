"""Back-channel logout: the identity provider itself tells that somebody has signed out there."""

from typing import Any, Final
from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from backbone.web import Refusal
from gateway.application.provider import LogoutRefused, ProviderUnavailable
from gateway.entrypoints.login import Logins

PATH: Final = "/backchannel-logout"
"""Registered at the provider as ``backchannel_logout_uri``, below the gateway's public address."""
OPEN_ROUTES: Final = {PATH: "the provider calls it; the logout token it has signed is the proof"}
"""The gateway's routes that need no token, each with the reason."""
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"logout_token": {"type": "string"}},
                    "required": ["logout_token"],
                }
            }
        },
    }
}

log = structlog.get_logger("chuishao.login")


def provider_logout_router(logins: Logins) -> APIRouter:
    """The route."""
    router = APIRouter(tags=["identity"])

    @router.post(PATH, response_class=Response, openapi_extra=_FORM)
    async def logout(request: Request) -> Response:
        """End the sessions of somebody who signed out at the provider, on every replica."""
        try:
            forget = await logins.sessions.told(await _token(request))
        except LogoutRefused as refused:
            log.warning("logout token refused", reason=refused.reason)
            raise
        except ProviderUnavailable as away:
            raise Refusal(away.slug, 400) from away  # the specification knows no other status for a failure
        # The provider waits for the answer; its refresh tokens can be given back afterwards.
        return Response(headers={"Cache-Control": "no-store"}, background=BackgroundTask(forget))

    return router


async def _token(request: Request) -> str:
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        raise LogoutRefused("no form")
    try:
        given = parse_qs((await request.body()).decode("ascii"), max_num_fields=8).get("logout_token", [])
    except ValueError:
        raise LogoutRefused("no form") from None
    if len(given) != 1:
        raise LogoutRefused("not one token")
    return given[0]
