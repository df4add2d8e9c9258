"""The figures' part of the running service: their read model, what it follows, and their routes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from accountability.application.figure_terms import FigureTermsRecord
from accountability.application.figures import Figures
from accountability.application.freezing import Freezing
from accountability.application.rules import Rules
from accountability.application.spot_checks import Checks
from accountability.entrypoints.application import SERVICE, figure_routers
from accountability.projections.figures.projection import NAME, VERSION, apply, apply_many
from accountability.projections.figures.tables import metadata
from accountability.projections.figures.view import FigureView
from backbone.eventstore import EventStore
from backbone.jetstream import Broker
from backbone.projector import Projector
from backbone.sealing import KeyRing, Sealer
from backbone.subscription import OwnerLog, StoreOwnerLog
from backbone.web import Work


@dataclass(frozen=True, slots=True)
class FigureService:
    """What the service runs and serves for the figures."""

    routers: tuple[APIRouter, ...]
    tasks: Mapping[str, Work]
    projector: Projector


@asynccontextmanager
async def figures_opened(
    database_url: str,
    store: EventStore,
    followed: Mapping[str, OwnerLog],
    broker: Broker | None,
    keys: KeyRing,
    rules: Rules,
) -> AsyncIterator[FigureService]:
    """The figures over the service's own log and the logs it follows."""
    engine = figure_engine(database_url)
    try:
        logs = {**followed, SERVICE: StoreOwnerLog(store, SERVICE)}
        projector = Projector(
            NAME,
            service=SERVICE,
            version=VERSION,
            sources=logs,
            engine=engine,
            broker=broker,
            metadata=metadata,
            apply=apply,
            apply_many=apply_many,
        )
        await projector.prepare()
        view, sealer = FigureView(projector, logs), Sealer(keys)
        figures = Figures(store, view)
        freezing = Freezing(store, figures, sealer)
        checks = Checks(store, sealer, rules, view)
        yield FigureService(
            figure_routers(figures, freezing, FigureTermsRecord(store, figures), projector, checks),
            {"figures": projector.run},
            projector,
        )
    finally:
        await engine.dispose()


def figure_engine(database_url: str) -> AsyncEngine:
    """Connections for the read model, apart from those of the log."""
    return create_async_engine(
        make_url(database_url).set(drivername="postgresql+asyncpg"),
        pool_size=4,
        max_overflow=8,
        pool_pre_ping=True,
        connect_args={
            "server_settings": {
                "search_path": SERVICE,
                "application_name": f"chuishao {SERVICE} figures",
                "statement_timeout": "60000",
                "idle_in_transaction_session_timeout": "30000",
            }
        },
    )
