"""The door of the gateway: turns sessions and machine keys into bearer tokens, and counts requests.

What is inside sees every caller the same way, as the bearer of a token. A cookie is sent by browsers whoever
asks them to, so with one a request that may change something must prove that a page of ours made it: by the
Origin and by a word that only such a page can read. Bearers prove it by being bearers.
"""

import asyncio
import hmac
from contextlib import ExitStack
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from backbone.identity import IdentityUnavailable, Unauthenticated
from backbone.web import HEADERS, OPEN_PATHS, REFUSAL, Refusal, Words, fault_of, problem_response
from contracts.catalogue import sentence
from contracts.rules import rule_told
from gateway.adapters.sealed_box import SealedBox
from gateway.application.allowances import Allowance, RateExceeded, TooManySockets
from gateway.application.provider import ProviderUnavailable
from gateway.application.sessions import key_of
from gateway.application.strangers import address_of
from gateway.entrypoints.callers import Caller, Callers, bearer_of
from gateway.entrypoints.cookies import CSRF_HEADER, Place
from gateway.entrypoints.socket import WATCHED_SECONDS, Arrived, Watched

GRAPHQL: Final = "/graphql"
ARRIVED: Final = "gateway.arrived"
"""Where in a WebSocket's scope the way to its caller is."""
ALLOWANCE: Final = "gateway.allowance"
"""Where in a request's scope stands what its caller may still ask for."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


_WORDS: Final = Words(sentence, rule_told)


class _NotAdmitted(Exception):
    """A connection is refused before it begins."""

    def __init__(self, why: RateExceeded | TooManySockets) -> None:
        super().__init__(why.slug)
        self.why = why


class Door:
    """ASGI middleware inside the edge, so that what it raises becomes a problem."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        callers: Callers,
        place: Place,
        box: SealedBox,
        watched_seconds: float = WATCHED_SECONDS,
    ) -> None:
        self._app, self._callers, self._place, self._box = app, callers, place, box
        self._watched_seconds = watched_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request or connection in."""
        if scope["type"] not in ("http", "websocket") or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            try:
                await self._connect(scope, receive, send)
            except _NotAdmitted as refused:
                language = Headers(scope=scope).get("accept-language", "")
                answer = problem_response(fault_of(refused.why, {}), language, _WORDS, None)
                if isinstance(refused.why, RateExceeded):
                    answer.headers.update(refused.why.allowance.headers())
                await WebSocket(scope, receive, send).send_denial_response(answer)
            return
        try:
            await self._know(scope)
        except RateExceeded as exceeded:
            allow(scope, exceeded.allowance)
            raise
        if scope["path"] == GRAPHQL:
            await self._in_time(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection. Its caller is looked for when it begins, and again as long as it is open."""
        strangers, address = self._callers.strangers, address_of(scope)
        with ExitStack() as held:
            try:
                await strangers.take(address)
                known = held.enter_context(strangers.waiting(address))
            except (RateExceeded, TooManySockets) as why:
                raise _NotAdmitted(why) from why

            def introduced() -> None:
                known()
                strangers.give_back(address)

            connection = held.enter_context(self._callers.sockets.connection(introduced))
            scope[ARRIVED] = Arrived(partial(self._caller, scope), address, connection)
            watched = Watched(
                self._app,
                connection,
                send,
                receive,
                introduction_seconds=self._callers.limits.introduction_seconds,
            )
            await watched.run(scope, self._watched_seconds)

    async def _know(self, scope: Scope) -> None:
        """Give the scope the caller's token as its bearer, or the reason why there is none."""
        strangers, address = self._callers.strangers, address_of(scope)
        try:
            caller = await self._caller(scope)
        except (Unauthenticated, IdentityUnavailable, ProviderUnavailable, Refusal) as refusal:
            # A page that is open to everybody stays open to somebody whose session has ended.
            _bear(scope, None)
            scope[REFUSAL] = refusal
            allow(scope, strangers.left(address))
            return
        if caller is None:
            allow(scope, await strangers.take(address))
            return
        allow(scope, await self._callers.requests.take(caller.counted))
        _bear(scope, caller.token)

    async def _caller(self, scope: Scope) -> Caller | None:
        connection, callers = HTTPConnection(scope), self._callers
        strangers, address = callers.strangers, address_of(scope)
        authorization = connection.headers.get("authorization", "")
        if authorization:
            word = bearer_of(authorization)
            return await strangers.let_in(address, word, partial(callers.by_bearer, word))
        session_id = connection.cookies.get(self._place.cookie("session"))
        if not session_id:
            return None
        if scope["type"] == "websocket" or scope["method"] not in _SAFE:
            try:
                self._check_page(scope, connection.headers, session_id)
            except Refusal:
                await strangers.take(address)
                raise
        return await strangers.let_in(address, session_id, partial(callers.by_session, session_id))

    def _check_page(self, scope: Scope, headers: Headers, session_id: str) -> None:
        if headers.get("origin") != self._place.url:
            raise Refusal("csrf-refused", 403)
        # A browser lets no script set headers of a WebSocket; there the Origin alone has to prove it.
        proof = csrf_of(self._box, session_id)
        given = headers.get(CSRF_HEADER, "")
        if scope["type"] == "http" and not hmac.compare_digest(given.encode(), proof.encode()):
            raise Refusal("csrf-refused", 403)

    async def _in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        seconds = self._callers.limits.request_seconds
        allowed = asyncio.timeout(seconds)
        try:
            async with allowed:
                await self._app(scope, receive, send)
        except TimeoutError:
            if not allowed.expired():
                raise
            raise Refusal("request-timed-out", 504, seconds=seconds) from None


def allow(scope: Scope, allowance: Allowance | None) -> None:
    """Note what the caller of a request may still ask for; the answer will tell it."""
    if allowance is not None:
        scope[ALLOWANCE], scope[HEADERS] = allowance, allowance.headers()


def csrf_of(box: SealedBox, session_id: str) -> str:
    """The word a page of this session shows with everything that may change something."""
    return box.proof(key_of(session_id).hex())


def same_host(place: Place, host: str) -> bool:
    """Whether a browser came by the gateway's own address."""
    return urlsplit(f"//{host}").netloc.lower() == place.host.lower()


def _bear(scope: Scope, token: str | None) -> None:
    # In place: the edge around this door tells by the same scope which route was taken.
    headers = MutableHeaders(raw=list(scope["headers"]))
    del headers["authorization"]
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    scope["headers"] = headers.raw
