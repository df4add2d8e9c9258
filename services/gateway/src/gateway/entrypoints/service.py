"""The running gateway: its read model, what it follows, and GraphQL."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from backbone import telemetry
from backbone.identity import ServiceTokens, Verifier
from backbone.jetstream import Broker
from backbone.projector import Projector
from backbone.sealing import HttpKeyRing, Sealer
from backbone.subscription import HttpOwnerLog
from gateway.adapters.people import People
from gateway.adapters.services import HttpServices
from gateway.entrypoints.application import SERVICE, application
from gateway.entrypoints.graphql.context import Parts
from gateway.entrypoints.letting_in import letting_people_in
from gateway.entrypoints.telling import telling_people
from gateway.projections.case_view import CaseView
from gateway.projections.cases import NAME, VERSION, CaseProjection
from gateway.projections.changes import CaseChanges
from gateway.projections.tables import metadata
from gateway.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[FastAPI]:
    """Open everything the gateway needs, yield its application, and close in reverse order."""
    telemetry.configure_logging(SERVICE, settings.log_level)
    async with AsyncExitStack() as stack:
        engine = _engine(settings.database_url.get_secret_value())
        stack.push_async_callback(engine.dispose)
        broker = await stack.enter_async_context(
            await Broker.open(settings.nats_url.get_secret_value(), name=SERVICE)
        )
        tokens = ServiceTokens(settings.service_key, settings.issuer, SERVICE)
        urls = {
            "intake": settings.intake_url,
            "routing": settings.routing_url,
            "accountability": settings.accountability_url,
        }
        logs = {
            name: await stack.enter_async_context(HttpOwnerLog(url, tokens)) for name, url in urls.items()
        }
        client = await stack.enter_async_context(telemetry.http_client())
        sealer = Sealer(HttpKeyRing(settings.intake_url, tokens.headers, client=client))
        services = HttpServices(urls)
        stack.push_async_callback(services.close)
        view = CaseView()
        changes = CaseChanges(view)
        projection = CaseProjection(sealer)
        projector = Projector(
            NAME,
            service=SERVICE,
            version=VERSION,
            sources=logs,
            engine=engine,
            broker=broker,
            metadata=metadata,
            apply=projection.apply,
            apply_many=projection.apply_many,
            on_applied=changes.applied,
        )
        await projector.prepare()
        view.follow(projector)
        verifier = Verifier(settings.jwks.split(","), settings.issuer, mapping=settings.claim_mapping())
        people = People(sealer, settings.lifetimes().idle)
        letting_in = await stack.enter_async_context(letting_people_in(settings, verifier, engine, people))
        telling = await stack.enter_async_context(telling_people(settings, engine, view, tokens))
        parts = Parts(view, services, changes, verifier, tokens, letting_in.callers, telling, people)
        yield application(
            settings,
            parts,
            letting_in,
            projector,
            engine,
            settings.request_secret_bytes(),
            tasks={"cases": projector.run, "deliveries": telling.deliveries.run},
            tracer_provider=telemetry.tracing(SERVICE, settings.otlp_endpoint),
        )


def _engine(database_url: str) -> AsyncEngine:
    return create_async_engine(
        make_url(database_url).set(drivername="postgresql+asyncpg"),
        pool_size=16,
        max_overflow=16,
        pool_pre_ping=True,
        connect_args={
            "server_settings": {
                "search_path": SERVICE,
                "application_name": "chuishao gateway",
                "statement_timeout": "15000",
                "idle_in_transaction_session_timeout": "30000",
            }
        },
    )
