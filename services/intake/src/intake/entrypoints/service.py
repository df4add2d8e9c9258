"""The running service: its log, what it follows, and HTTP."""

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
from backbone.subscription import HttpOwnerLog, StoreOwnerLog
from intake.adapters.blobs import PostgresBlobs
from intake.adapters.handed_letters import PostgresHandedLetters
from intake.adapters.keys import MasterKey, PostgresKeyStore
from intake.adapters.numbering import PostgresNumbering
from intake.adapters.opening_hours import HttpOpeningHours
from intake.application.attachments import Rules
from intake.application.reactions import FOLLOWED
from intake.application.reporters import TOLD
from intake.bootstrap import intake
from intake.entrypoints.http import SERVICE, application
from intake.settings import Settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[FastAPI]:
    """Open everything the service needs, yield its application, and close in reverse order.

    Raises ``MasterKeyError`` if the stored keys of personal data were wrapped with another master key.
    """
    telemetry.configure_logging(SERVICE, settings.log_level)
    master = MasterKey.load(settings.master_key)
    async with AsyncExitStack() as stack:
        store = await PostgresEventStore.open(
            settings.database_url.get_secret_value(), service=SERVICE, schema=SERVICE
        )
        stack.push_async_callback(store.close)
        keys = PostgresKeyStore(store.pool, master)
        await keys.check()
        broker = await stack.enter_async_context(
            await Broker.open(settings.nats_url.get_secret_value(), name=SERVICE)
        )
        tokens = ServiceTokens(settings.service_key, settings.issuer, SERVICE)
        sources = {
            "routing": await stack.enter_async_context(HttpOwnerLog(settings.routing_url, tokens)),
            "accountability": await stack.enter_async_context(
                HttpOwnerLog(settings.accountability_url, tokens)
            ),
        }
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        parts = intake(
            store,
            keys,
            PostgresNumbering(store.pool),
            HttpOpeningHours(settings.accountability_url, tokens.headers, client=client),
            PostgresBlobs(store.pool),
            number_prefix=settings.number_prefix,
            rules=Rules(settings.attachment_bytes, settings.attachments_per_case),
            handed=PostgresHandedLetters(store),
        )
        reactor = Reactor(
            "whistles",
            service=SERVICE,
            sources=sources,
            store=store,
            broker=broker,
            react=parts.follower.react,
            types=FOLLOWED,
        )
        reporters = Reactor(
            "reporters",
            service=SERVICE,
            sources={SERVICE: StoreOwnerLog(store, SERVICE), "routing": sources["routing"]},
            store=store,
            broker=broker,
            react=parts.reporters.react,
            types=TOLD,
        )
        relay = Relay(store, broker, SERVICE, StreamSettings(replicas=settings.replicas))
        yield application(
            parts,
            Verifier(settings.jwks.split(","), settings.issuer, mapping=settings.claim_mapping()),
            settings.request_secret_bytes(),
            tasks={"relay": relay.run, "whistles": reactor.run, "reporters": reporters.run},
            tracer_provider=telemetry.tracing(SERVICE, settings.otlp_endpoint),
        )
