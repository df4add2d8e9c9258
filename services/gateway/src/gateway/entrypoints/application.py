"""The HTTP application of the gateway, made from its parts whether they are opened yet or not."""

from collections.abc import Mapping

from fastapi import APIRouter, FastAPI
from opentelemetry.trace import TracerProvider
from sqlalchemy.ext.asyncio import AsyncEngine

from backbone.projector import Projector
from backbone.web import Work, service_app
from contracts.catalogue import sentence
from contracts.rules import rule_told
from gateway.adapters.registered import RegisteredOperations
from gateway.adapters.resends import PostgresResends
from gateway.entrypoints.attachments import BODIES, attachments_router
from gateway.entrypoints.calendar_feed import calendar_router
from gateway.entrypoints.exports import exports_router
from gateway.entrypoints.graphql.context import Parts
from gateway.entrypoints.graphql.route import graphql_route
from gateway.entrypoints.letting_in import LettingIn
from gateway.entrypoints.open311 import errors as open311_errors
from gateway.entrypoints.open311 import routes as open311
from gateway.entrypoints.open311.parts import Open311
from gateway.entrypoints.operations import operations_router
from gateway.entrypoints.read_back import read_back_router
from gateway.entrypoints.trace_backs import trace_backs_router
from gateway.settings import Settings

SERVICE = "gateway"


def application(
    settings: Settings,
    parts: Parts,
    letting_in: LettingIn,
    projector: Projector,
    engine: AsyncEngine,
    secret: bytes,
    *,
    tasks: Mapping[str, Work] | None = None,
    tracer_provider: TracerProvider | None = None,
) -> FastAPI:
    """The gateway with every way in; ``secret`` keys the hashes of requests."""
    return service_app(
        SERVICE,
        store=None,
        verifier=parts.verifier,
        sentence=sentence,
        rule=rule_told,
        secret=secret,
        routers=_routers(settings, parts, letting_in, projector, engine, secret),
        tasks=tasks,
        max_body_bytes=settings.limits.body_bytes,
        larger_bodies={BODIES: settings.limits.upload_bytes, **open311.BODIES},
        fault_forms={open311_errors.PATHS: open311_errors.told},
        middleware=[letting_in.door],
        tracer_provider=tracer_provider,
        title="网关 gateway",
    )


def _routers(
    settings: Settings,
    parts: Parts,
    letting_in: LettingIn,
    projector: Projector,
    engine: AsyncEngine,
    secret: bytes,
) -> list[APIRouter]:
    return [
        graphql_route(
            parts,
            production=settings.production,
            origin=settings.public_url,
            registered=RegisteredOperations.load(
                settings.registered_operations, only=settings.only_registered
            ),
        ),
        operations_router(projector, engine),
        exports_router(parts),
        trace_backs_router(parts.view),
        attachments_router(parts.view, parts.services, parts.tokens),
        read_back_router(parts.view, parts.services, parts.tokens),
        open311.open311_router(_open311(settings, parts, engine, secret)),
        *letting_in.routers(parts.view),
        *([calendar_router(parts.view, parts.telling.feeds, settings.public_url)] if parts.telling else []),
    ]


def _open311(settings: Settings, parts: Parts, engine: AsyncEngine, secret: bytes) -> Open311:
    return Open311(
        parts.view,
        parts.services,
        parts.callers,
        PostgresResends(engine),
        settings.public_url.rstrip("/"),
        secret,
        production=settings.production,
        jurisdiction_id=settings.jurisdiction_id,
        contact=settings.contact,
    )
