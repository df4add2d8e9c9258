"""A subscription's connection: what it came with, and how long its caller is let in.

Whoever signs out, or whose key or token ends, may listen no longer, even where nothing happens that would be
told. So each connection's caller is looked for again every few seconds, and one that is gone is closed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backbone import telemetry
from backbone.identity import IdentityUnavailable, Unauthenticated
from backbone.subscription import transient
from gateway.application.allowances import Connection, Sockets
from gateway.application.limits import Limits
from gateway.entrypoints.callers import Caller

WATCHED_SECONDS: Final = 5.0
"""How long a connection may go on after its caller's session, key or token has ended."""
UNAUTHORIZED: Final = 4401
"""The code of graphql-transport-ws that a client does not answer by coming back."""

log = structlog.get_logger("chuishao.socket")


async def nobody() -> Caller | None:
    """A connection that came with nothing."""
    return None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A connection: ``again`` finds its caller by header or session, None if it came with neither;
    ``address`` is where it came from."""

    again: Callable[[], Awaitable[Caller | None]] = nobody
    address: str = ""
    connection: Connection = field(default_factory=lambda: Connection(Sockets(Limits())))


class Watched:
    """The application on one connection, closed with a code as soon as its caller is let in no more."""

    def __init__(
        self,
        app: ASGIApp,
        connection: Connection,
        send: Send,
        receive: Receive,
        *,
        introduction_seconds: float = Limits().introduction_seconds,
    ) -> None:
        self._app, self._connection, self._introduction = app, connection, introduction_seconds
        self._outward, self._inward = send, receive
        self._over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._closed = False

    async def run(self, scope: Scope, every: float = WATCHED_SECONDS) -> None:
        """Serve it to its end; its caller is looked for every so many seconds."""
        watching = asyncio.create_task(self._watch(every))
        try:
            await self._app(scope, self._receive, self._send)
        finally:
            watching.cancel()

    async def _receive(self) -> Message:
        message: asyncio.Future[Message] = asyncio.ensure_future(self._inward())
        either: set[asyncio.Future[Any]] = {message, self._over}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if message.done():
                return message.result()
        finally:
            message.cancel()
        reason = self._over.result()
        if not self._closed:
            await self._send({"type": "websocket.close", "code": UNAUTHORIZED, "reason": reason})
        return {"type": "websocket.disconnect", "code": UNAUTHORIZED, "reason": reason}

    async def _send(self, message: Message) -> None:
        if self._closed:
            return  # what a subscription still had to say when its connection was closed
        self._closed = message["type"] == "websocket.close"
        await self._outward(message)

    async def _watch(self, every: float) -> None:
        loop = asyncio.get_running_loop()
        known_until = loop.time() + self._introduction
        while not self._over.done():
            waits = self._connection.still is None
            await asyncio.sleep(min(every, max(0.0, known_until - loop.time())) if waits else every)
            if self._connection.still is not None:
                reason = await self._ended(self._connection.still)
            else:
                reason = "token-missing" if loop.time() >= known_until else None
            if reason is not None:
                self._over.set_result(reason)

    async def _ended(self, still: Callable[[], Awaitable[object]]) -> str | None:
        try:
            await still()
        except Unauthenticated as ended:
            return ended.slug
        except IdentityUnavailable:
            return None
        except Exception as error:
            if not transient(error):
                log.error("caller not looked for", **telemetry.described(error))
                return "internal-error"
            # Without the database nothing is told either.
        return None
