"""The outermost layer of a service: trace, body limit, one log line and one measurement for each request."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backbone import telemetry
from backbone.web.problems import Fault, Words, fault_of, fault_response

REQUESTS: Final = Counter(
    "chuishao_http_requests", "Answered requests", ["service", "method", "route", "status"]
)
SECONDS: Final = Histogram(
    "chuishao_http_request_seconds",
    "Time to answer a request, in seconds",
    ["service", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET: Final = frozenset({"/health/live", "/health/ready", "/metrics", "/published/head"})
"""Asked for by machines all the time; counted, but not told in the log."""
HEADERS: Final = "chuishao.headers"
"""Where in a request's scope an inner layer leaves headers for its answer, whatever that will be."""
_DRAIN_BYTES: Final = 32 * 1024 * 1024
_DRAIN_SECONDS: Final = 3.0

log = structlog.get_logger("chuishao.edge")


class Edge:
    """ASGI middleware around a whole service; every exception ends here as a problem."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        words: Words,
        statuses: Mapping[str, int],
        max_body_bytes: int,
        larger_bodies: Mapping[str, int],
    ) -> None:
        self._app, self._service, self._words = app, service, words
        self._statuses, self._max, self._larger = statuses, max_body_bytes, larger_bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request or connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # With tracing on, the server span is current already and stays the parent.
        parent = None if telemetry.trace_id() else headers.get("traceparent")
        with telemetry.following(parent):
            if scope["type"] == "websocket":
                await self._app(scope, receive, send)
            else:
                await _Exchange(self, headers, scope, receive, send).run()

    async def through(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call what is inside."""
        await self._app(scope, receive, send)

    def fault(self, error: Exception) -> Fault:
        """What an exception means to the caller; our own defects are logged without their texts."""
        fault = fault_of(error, self._statuses)
        if fault.unexpected:
            log.error("request failed", **telemetry.described(error))
        elif fault.status == 503:
            log.warning("request could not be served", code=fault.slug, **telemetry.described(error))
        return fault

    async def answer(
        self, fault: Fault, headers: Headers, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send a fault as a problem, or in the form of this path."""
        language = headers.get("accept-language", "")
        response = fault_response(fault, scope["path"], language, self._words)
        await response(scope, receive, send)

    def max_body_bytes(self, scope: Scope) -> int:
        """The largest body of this request."""
        path: str = scope["path"]
        return next((most for end, most in self._larger.items() if path.endswith(end)), self._max)

    def told(self, scope: Scope, status: int, seconds: float) -> None:
        """Measure and log a finished request; paths are told as templates, without ids or queries."""
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        route = route_template(scope)
        REQUESTS.labels(self._service, method, route, str(status)).inc()
        SECONDS.labels(self._service, route).observe(seconds)
        if route not in _QUIET:
            log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


class _TooLarge(HTTPException):
    """A body grew beyond its limit; what reads bodies lets no other exception through."""

    def __init__(self, most: int) -> None:
        super().__init__(413, headers={"Connection": "close"})
        self.params: Mapping[str, object] = {"most": most}


class _Exchange:
    """One request and its answer."""

    def __init__(self, edge: Edge, headers: Headers, scope: Scope, receive: Receive, send: Send) -> None:
        self._edge, self._headers = edge, headers
        self._scope, self._receive, self._send = scope, receive, send
        self._most = edge.max_body_bytes(scope)
        self._read = 0
        self._status = 0

    async def run(self) -> None:
        started = time.perf_counter()
        try:
            if self._declared() > self._most:
                await self._refuse_size()
            else:
                await self._edge.through(self._scope, self._limited, self._observed)
        except Exception as error:
            fault = self._edge.fault(error)
            if self._status:
                # Half an answer is out: only closing the connection tells the caller so.
                raise ConnectionAbortedError("the answer could not be completed") from None
            await self._edge.answer(fault, self._headers, self._scope, self._receive, self._observed)
        finally:
            # 499: the caller went away before an answer.
            self._edge.told(self._scope, self._status or 499, time.perf_counter() - started)

    def _declared(self) -> int:
        try:
            return int(self._headers.get("content-length", "0"))
        except ValueError:
            return 0

    async def _limited(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._most:
                raise _TooLarge(self._most)
        return message

    async def _refuse_size(self) -> None:
        # Closing on unread bytes resets the connection and can lose the answer, so a bounded rest is read.
        drained = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while drained < _DRAIN_BYTES:
                    message = await self._receive()
                    drained += len(message.get("body", b""))
                    if message["type"] != "http.request" or not message.get("more_body"):
                        break
        fault = Fault(413, "request-too-large", {"most": self._most}, headers={"Connection": "close"})
        await self._edge.answer(fault, self._headers, self._scope, self._receive, self._observed)

    async def _observed(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            identifier, headers = telemetry.trace_id(), MutableHeaders(scope=message)
            headers.update(self._scope.get(HEADERS, {}))
            if identifier:
                headers["X-Request-Id"] = identifier
        await self._send(message)


def route_template(scope: Scope) -> str:
    """The path with its parameters as ``{name}``, or ``unmatched``: bounded, and free of ids."""
    if "endpoint" not in scope:
        return "unmatched"
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items() if value}
    return "/".join(_without_values(each, names) for each in scope["path"].split("/"))


def _without_values(segment: str, names: Mapping[str, str]) -> str:
    if segment in names:
        return names[segment]
    # A parameter may stand before the ending of a file, and the ending may be another.
    value, dot, ending = segment.rpartition(".")
    return f"{names.get(value, value)}{dot}{names.get(ending, ending)}"
