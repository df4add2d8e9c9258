"""Signing in and out at the console: the way to the identity provider and back, and who one is."""

import secrets
import time
from html import escape
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from backbone.identity import IdentityUnavailable, Unauthenticated
from backbone.sealing import Unreadable
from backbone.web import CurrentActor, Problem, Refusal
from backbone.web.callers import canonical
from contracts.catalogue import sentence
from contracts.permissions import ROLES, permit
from gateway.adapters.openid import reason_of
from gateway.adapters.sealed_box import SealedBox
from gateway.application.provider import Asked, LoginFailed, Provider, ProviderUnavailable
from gateway.application.sessions import Sessions
from gateway.entrypoints.cookies import Place
from gateway.entrypoints.door import csrf_of, same_host

LOGIN_SECONDS: Final = 600
"""How long somebody may take at the provider."""
MAX_LINK_CHARS: Final = 1_000
OPEN_ROUTES: Final = {
    "/login": "whoever signs in has no token yet; it only sends the browser to the provider",
    "/callback": "the provider sends the browser back here; the sealed cookie of the login is the proof",
}
"""The gateway's routes that need no token, each with the reason."""


class WhoIAm(BaseModel):
    """The caller; ``csrf`` only within a session, for the header ``X-CSRF-Token`` of its requests."""

    subject: str
    name: str
    role: str
    role_name: str
    unit: str
    operations: list[str] | None = None
    csrf: str | None = None


class SignedOut(BaseModel):
    """Where the browser goes next: to the provider's own sign-out, or home."""

    redirect: str


class WhoseSessions(BaseModel):
    """Whose sessions end."""

    subject: str


class Ended(BaseModel):
    """How many sessions ended."""

    sessions: int


_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": Problem, "content": {"text/html": {"schema": {"type": "string"}}}},
    "5XX": {"model": Problem, "content": {"text/html": {"schema": {"type": "string"}}}},
}
"""A browser that comes by itself is told in a page, everybody else in a problem."""


class Logins:
    """One gateway's logins."""

    def __init__(
        self,
        provider: Provider | None,
        sessions: Sessions | None,
        place: Place,
        box: SealedBox,
        session_box: SealedBox,
    ) -> None:
        """``box`` seals what a login keeps in a cookie, ``session_box`` is the one of the door."""
        self._provider, self._sessions = provider, sessions
        self.place, self._box, self._session_box = place, box, session_box

    @property
    def provider(self) -> Provider:
        """The provider; raises ``Refusal`` where none is configured."""
        if self._provider is None:
            raise Refusal("login-not-configured", 404)
        return self._provider

    @property
    def sessions(self) -> Sessions:
        """The sessions; raises ``Refusal`` where nobody can sign in."""
        if self._sessions is None:
            raise Refusal("login-not-configured", 404)
        return self._sessions

    async def begin(self, return_to: str) -> Response:
        """Send the browser to the provider; a sealed cookie keeps what its answer is checked against."""
        asked = Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        response = RedirectResponse(await self.provider.login_url(asked), 303)
        content = [asked.state, asked.nonce, asked.verifier, return_to, int(time.time()) + LOGIN_SECONDS]
        name = _login(asked.state)
        sealed = await self._box.seal(name, orjson.dumps(content).decode())
        self.place.set(response, name, sealed.encode().hex(), seconds=LOGIN_SECONDS)
        return response

    async def finish(self, request: Request, code: str, state: str) -> Response:
        """Redeem the provider's code, open a session and go where the person wanted to."""
        asked, return_to = await self._begun(request, state)
        session_id = await self.sessions.open(await self.provider.redeem(code, asked))
        if earlier := request.cookies.get(self.place.cookie("session")):
            await self.sessions.end(earlier, "gateway")
        response = RedirectResponse(return_to, 303)
        self.place.set(response, "session", session_id)
        self.place.set(response, "csrf", csrf_of(self._session_box, session_id), hidden=False)
        self.place.clear(response, _login(state))
        return response

    def csrf(self, request: Request) -> str | None:
        """The word for requests of this session; None for a bearer."""
        session_id = request.cookies.get(self.place.cookie("session"))
        return csrf_of(self._session_box, session_id) if session_id else None

    async def _begun(self, request: Request, state: str) -> tuple[Asked, str]:
        name = _login(state)
        try:
            sealed = bytes.fromhex(request.cookies.get(self.place.cookie(name), "")).decode()
            begun, nonce, verifier, return_to, ends = orjson.loads(await self._box.open(name, sealed))
        except (ValueError, Unreadable):
            raise Refusal("login-expired", 400) from None
        if not secrets.compare_digest(str(begun).encode(), state.encode()) or ends < time.time():
            raise Refusal("login-expired", 400)
        return Asked(begun, nonce, verifier), return_to


def login_router(logins: Logins) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["identity"])
    place = logins.place

    @router.get("/login", response_class=Response, status_code=303, responses=_PAGE)
    async def login(
        request: Request, return_to: Annotated[str, Query(max_length=MAX_LINK_CHARS)] = "/"
    ) -> Response:
        """Begin to sign in; ``return_to`` is a path of this site."""
        if not same_host(place, request.headers.get("host", "")):
            # The cookie of this login must lie where the provider sends the browser back to.
            return RedirectResponse(f"{place.url}/login?{urlencode({'return_to': return_to})}", 303)
        try:
            return await logins.begin(_own_path(return_to))
        except (ProviderUnavailable, Refusal) as problem:
            return _told(request, problem)

    @router.get("/callback", response_class=Response, status_code=303, responses=_PAGE)
    async def callback(
        request: Request,
        state: Annotated[str, Query(max_length=200)] = "",
        code: Annotated[str, Query(max_length=4_000)] = "",
        error: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """Come back from the provider."""
        try:
            if error:
                raise LoginFailed(reason_of(error))
            return await logins.finish(request, code, state)
        except (LoginFailed, ProviderUnavailable, Unauthenticated, IdentityUnavailable, Refusal) as problem:
            return _told(request, problem)

    @router.get("/session")
    async def session(request: Request, actor: CurrentActor) -> WhoIAm:
        """Who the caller is."""
        return WhoIAm(
            subject=actor.subject,
            name=actor.name,
            role=actor.role,
            role_name=ROLES.get(actor.role, actor.role),
            unit=actor.unit,
            operations=None if actor.operations is None else sorted(actor.operations),
            csrf=logins.csrf(request),
        )

    @router.post("/logout", response_model=SignedOut)
    async def logout(request: Request, actor: CurrentActor) -> Response:
        """End the session here and at the provider; a bearer has none and nothing ends."""
        session_id = request.cookies.get(place.cookie("session"))
        away = await logins.sessions.end(session_id, actor.subject) if session_id else None
        response = JSONResponse(SignedOut(redirect=away or "/").model_dump())
        for name in ("session", "csrf"):
            place.clear(response, name)
        return response

    @router.post("/sessions/revoke")
    async def revoke(asked: WhoseSessions, actor: CurrentActor) -> Ended:
        """End every session of a person, as after a lost telephone or a changed post."""
        permit(actor, "revoke-sessions")
        canonical(asked)  # refuses text that no database keeps
        return Ended(sessions=await logins.sessions.end_all(asked.subject, actor.subject))

    return router


def _login(state: str) -> str:
    # Several windows may sign in at once, as after a night: each has a cookie of its own.
    return "login-" + "".join(
        each for each in state[:8] if each.isascii() and (each.isalnum() or each in "-_")
    )


def _own_path(path: str) -> str:
    """A path of this site, never an address elsewhere: browsers read ``//`` and ``/\\`` as one."""
    own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if own else "/"


def _told(request: Request, problem: Exception) -> Response:
    """A page for a person, a problem for anything else."""
    if "text/html" not in request.headers.get("accept", ""):
        raise problem
    slug, params = str(getattr(problem, "slug", "internal-error")), getattr(problem, "params", {})
    zh, en = (escape(sentence(slug, language, params)) for language in ("zh", "en"))
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>吹哨 · 登录</title>'
        f'<h1>登录未完成</h1><p>{zh}</p><p lang="en">{en}</p><p><a href="/login">重新登录</a></p></html>'
    )
    headers = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"}
    return HTMLResponse(page, getattr(problem, "status", 400), headers=headers)
