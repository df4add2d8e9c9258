"""A service's FastAPI application with everything that all services share at their edge."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final, Literal

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from fastapi.telemetry import TelemetryConfig
from opentelemetry.trace import TracerProvider
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response

from backbone import telemetry
from backbone.eventstore import EventStore
from backbone.identity import Verifier
from backbone.web.callers import AsksWhoCalls, Gate, current_actor, current_call, is_service
from backbone.web.document import DocumentedApp
from backbone.web.edge import Edge
from backbone.web.problems import (
    STATUSES,
    FaultForm,
    Problem,
    RuleOf,
    Sentence,
    Words,
    fault_of,
    fault_response,
    no_rules,
)
from backbone.web.published import Admits, published_router
from backbone.web.supervisor import Supervisor, Work

Check = Callable[[], Awaitable[object]]
"""Readiness of one part: raises or answers False when it is not ready."""

MAX_BODY_BYTES: Final = 1_048_576
OPEN_PATHS: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
"""The only paths that need no token."""
_CHECK_SECONDS: Final = 2.0

log = structlog.get_logger("chuishao.service")


class Readiness(BaseModel):
    """Whether a service can do its work, and each part of it."""

    status: Literal["ready", "unready"]
    checks: dict[str, Literal["ok", "failing"]]


def service_app(
    service: str,
    *,
    store: EventStore | None,
    verifier: Verifier,
    sentence: Sentence,
    rule: RuleOf = no_rules,
    secret: bytes,
    routers: Sequence[APIRouter] = (),
    tasks: Mapping[str, Work] | None = None,
    checks: Mapping[str, Check] | None = None,
    statuses: Mapping[str, int] | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    max_body_bytes: int = MAX_BODY_BYTES,
    larger_bodies: Mapping[str, int] | None = None,
    fault_forms: Mapping[str, FaultForm] | None = None,
    middleware: Sequence[Middleware] = (),
    reads_log: Admits = is_service,
    tracer_provider: TracerProvider | None = None,
    title: str = "",
    version: str = "0.1.0",
) -> FastAPI:
    """The application of a service.

    ``store`` serves ``/published`` and is a readiness check; None for a service without a log. ``secret``
    (32 bytes or more) keys the hash of requests. ``tasks`` run from start to shutdown, supervised; a failed
    one makes the service unready until it runs again. ``statuses`` gives refusal slugs a status other than
    422; ``rule`` names the rule behind each. ``larger_bodies`` gives paths that end so another limit,
    ``fault_forms`` paths that begin so another form of errors. ``lifespan`` surrounds the tasks.
    ``middleware`` lies inside the edge, the first outermost. ``reads_log`` says who may read ``/published``.
    Errors are problems otherwise, whatever raised them.
    """
    if len(secret) < 16:
        raise ValueError("the secret that keys request hashes is too short")
    known, words = {**STATUSES, **(statuses or {})}, Words(sentence, rule, fault_forms or {})
    supervisor = Supervisor(service, tasks or {})
    parts: dict[str, Check] = {**({"store": store.now} if store is not None else {}), **(checks or {})}

    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app) if lifespan else contextlib.nullcontext():
            supervisor.start()
            try:
                yield
            finally:
                app.state.stopping = True
                await supervisor.stop()

    native: TelemetryConfig = {
        "tracer_provider": tracer_provider,
        "tracing": True,
        "metrics": False,
        "logs": False,  # would record exception texts and submitted values
        "operation_spans": False,
        "auto_configure": False,
        "exclude": lambda scope: scope.get("path") in OPEN_PATHS,
    }
    app = DocumentedApp(
        title=title or f"Chuishao {service}",
        version=version,
        telemetry=native,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        responses={"4XX": {"model": Problem}, "5XX": {"model": Problem}},
    )
    app.state.gate = Gate(service, verifier, secret)
    app.state.stopping = False

    async def on_fault(request: Request, error: Exception) -> Response:
        language = request.headers.get("accept-language", "")
        return fault_response(fault_of(error, known), request.url.path, language, words)

    app.add_exception_handler(HTTPException, on_fault)
    app.add_exception_handler(RequestValidationError, on_fault)
    for each in reversed(middleware):
        app.add_middleware(each.cls, *each.args, **each.kwargs)
    app.add_middleware(
        Edge,
        service=service,
        words=words,
        statuses=known,
        max_body_bytes=max_body_bytes,
        larger_bodies=larger_bodies or {},
    )
    app.include_router(_health_router(app, supervisor, parts))
    if store is not None:
        app.include_router(published_router(service, store, reads_log))
    for router in routers:
        app.include_router(router)
    return app


def _health_router(app: FastAPI, supervisor: Supervisor, checks: Mapping[str, Check]) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "live"}

    @router.get("/health/ready", responses={503: {"model": Readiness}})
    async def ready(response: Response) -> Readiness:
        """Whether the service can do its work, and which part cannot."""
        results = await asyncio.gather(*(_passes(name, check) for name, check in checks.items()))
        states = dict(zip(checks, results, strict=True))
        states.update(dict.fromkeys(supervisor.failing, False))
        good = all(states.values()) and not app.state.stopping
        response.status_code = 200 if good else 503
        return Readiness(
            status="ready" if good else "unready",
            checks={name: "ok" if passed else "failing" for name, passed in states.items()},
        )

    @router.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        """Prometheus metrics of the process."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _passes(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return await check() is not False
    except Exception as error:
        log.warning("not ready", part=name, **telemetry.described(error))
        return False


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """One route of an application and whether it asks for a token."""

    method: str
    path: str
    authenticated: bool


def route_accesses(app: FastAPI) -> list[RouteAccess]:
    """Every route with every method; websockets have the method ``WEBSOCKET``, mounts ``MOUNT``."""
    return list(_accesses(app))


def _accesses(app: FastAPI) -> Iterator[RouteAccess]:
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        authenticated = dependant is not None and _asks(dependant)
        endpoint: Any = route.endpoint
        methods = sorted(route.methods or ()) or ["MOUNT" if endpoint is None else "WEBSOCKET"]
        for method in methods:
            yield RouteAccess(method, route.path or "", authenticated)


def _asks(dependant: Dependant) -> bool:
    call: object = dependant.call
    own = call in (current_actor, current_call) or isinstance(call, AsksWhoCalls)
    return own or any(_asks(each) for each in dependant.dependencies)
