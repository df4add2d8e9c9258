"""The running service: its log, what it follows, its timers, and HTTP."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI

from accountability.adapters.clock_streams import PostgresClockStreams
from accountability.adapters.rule_streams import PostgresRuleStreams
from accountability.adapters.sources import FollowedSource
from accountability.application.deadlines import Detector, LagGuard
from accountability.application.deciding import FOLLOWED as OWN_FACTS
from accountability.application.latecomers import FOLLOWED as STARTS
from accountability.application.supervising import FOLLOWED as ORDERED
from accountability.bootstrap import accountability, install_rules
from accountability.entrypoints.application import SERVICE, application
from accountability.entrypoints.coverage import CoverageWatch
from accountability.entrypoints.figure_service import figures_opened
from accountability.settings import Settings
from backbone import telemetry
from backbone.eventstore.postgres import PostgresEventStore
from backbone.identity import ServiceTokens, Verifier
from backbone.jetstream import Broker, StreamSettings
from backbone.reactor import Reactor
from backbone.relay import Relay
from backbone.sealing import HttpKeyRing
from backbone.subscription import HttpOwnerLog, StoreOwnerLog
from backbone.timers import Timers
from contracts.events.accountability import CalendarYearPublished, PolicyApproved


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[FastAPI]:
    """Open everything the service needs, yield its application, and close in reverse order."""
    telemetry.configure_logging(SERVICE, settings.log_level)
    async with AsyncExitStack() as stack:
        store = await PostgresEventStore.open(
            settings.database_url.get_secret_value(), service=SERVICE, schema=SERVICE
        )
        stack.push_async_callback(store.close)
        await install_rules(store)
        broker = await stack.enter_async_context(
            await Broker.open(settings.nats_url.get_secret_value(), name=SERVICE)
        )
        tokens = ServiceTokens(settings.service_key, settings.issuer, SERVICE)
        logs = {
            "intake": await stack.enter_async_context(HttpOwnerLog(settings.intake_url, tokens)),
            "routing": await stack.enter_async_context(HttpOwnerLog(settings.routing_url, tokens)),
        }
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        keys = HttpKeyRing(settings.intake_url, tokens.headers, client=client)
        service = accountability(store, PostgresRuleStreams(store), PostgresClockStreams(store), keys)
        reactor = Reactor(
            "clocks", service=SERVICE, sources=logs, store=store, broker=broker, react=service.follower.react
        )
        recompute = Reactor(
            "recompute",
            service=SERVICE,
            sources={SERVICE: StoreOwnerLog(store, SERVICE)},
            store=store,
            broker=broker,
            react=service.apply_rules,
            types=frozenset({CalendarYearPublished.NAME, PolicyApproved.NAME}) | STARTS,
        )
        own_log = StoreOwnerLog(store, SERVICE)
        decisions = Reactor(
            "decisions",
            service=SERVICE,
            sources={SERVICE: own_log},
            store=store,
            broker=broker,
            react=service.decisions.react,
            types=OWN_FACTS,
        )
        supervising = Reactor(
            "supervision",
            service=SERVICE,
            sources={"routing": logs["routing"], SERVICE: own_log},
            store=store,
            broker=broker,
            react=service.supervising.react,
            types=ORDERED,
        )
        sources = {name: FollowedSource(name, each, reactor) for name, each in logs.items()}
        guard = LagGuard({**sources, SERVICE: FollowedSource(SERVICE, own_log, decisions)})
        detector = Detector(store, guard)
        timers = Timers(store.pool, detector.fire, service=SERVICE)
        relay = Relay(store, broker, SERVICE, StreamSettings(replicas=settings.replicas))
        figures = await stack.enter_async_context(
            figures_opened(settings.database_url.get_secret_value(), store, logs, broker, keys, service.rules)
        )
        yield application(
            service,
            figures.routers,
            Verifier(settings.jwks.split(","), settings.issuer, mapping=settings.claim_mapping()),
            settings.request_secret_bytes(),
            tasks={
                "relay": relay.run,
                "clocks": reactor.run,
                "recompute": recompute.run,
                "decisions": decisions.run,
                "supervision": supervising.run,
                "timers": timers.run,
                "coverage": CoverageWatch(service.calendars).run,
                **figures.tasks,
            },
            tracer_provider=telemetry.tracing(SERVICE, settings.otlp_endpoint),
        )
