"""The running service: its log, what it follows, its timers, and HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI

from backbone import telemetry
from backbone.eventstore.postgres import PostgresEventStore
from backbone.identity import ServiceTokens, Verifier
from backbone.jetstream import Broker, StreamSettings
from backbone.reactor import Reactor
from backbone.relay import Relay
from backbone.sealing import HttpKeyRing
from backbone.subscription import HttpOwnerLog
from backbone.timers import Timers
from routing.adapters.open_dispatches import PostgresOpenDispatches
from routing.adapters.opening_hours import HttpOpeningHours
from routing.application.reactions import FOLLOWED
from routing.bootstrap import routing
from routing.entrypoints.http import SERVICE, application
from routing.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[FastAPI]:
    """Open everything the service needs, yield its application, and close in reverse order."""
    telemetry.configure_logging(SERVICE, settings.log_level)
    async with AsyncExitStack() as stack:
        store = await PostgresEventStore.open(
            settings.database_url.get_secret_value(), service=SERVICE, schema=SERVICE
        )
        stack.push_async_callback(store.close)
        broker = await stack.enter_async_context(
            await Broker.open(settings.nats_url.get_secret_value(), name=SERVICE)
        )
        tokens = ServiceTokens(settings.service_key, settings.issuer, SERVICE)
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        parts = routing(
            store,
            HttpKeyRing(settings.intake_url, tokens.headers, client=client),
            HttpOpeningHours(settings.accountability_url, tokens.headers, client=client),
            PostgresOpenDispatches(store),
        )
        sources = {
            "intake": await stack.enter_async_context(HttpOwnerLog(settings.intake_url, tokens)),
            "accountability": await stack.enter_async_context(
                HttpOwnerLog(settings.accountability_url, tokens)
            ),
        }
        reactor = Reactor(
            "dispatches",
            service=SERVICE,
            sources=sources,
            store=store,
            broker=broker,
            react=parts.follower.react,
            types=FOLLOWED,
        )
        timers = Timers(store.pool, parts.scheduled.fire, service=SERVICE)
        relay = Relay(store, broker, SERVICE, StreamSettings(replicas=settings.replicas))
        yield application(
            parts,
            Verifier(settings.jwks.split(","), settings.issuer, mapping=settings.claim_mapping()),
            settings.request_secret_bytes(),
            tasks={"relay": relay.run, "dispatches": reactor.run, "timers": timers.run},
            tracer_provider=telemetry.tracing(SERVICE, settings.otlp_endpoint),
        )
