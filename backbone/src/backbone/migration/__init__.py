"""Bringing a service's schema up to date with alembic: one runner, the revisions are the service's own."""

from pathlib import Path

import alembic.command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


async def upgrade(database_url: str, revisions: Path, *, schema: str, role: str) -> None:
    """Run the revisions in a folder that ``schema`` lacks; ``role`` gets the rights the service needs.

    ``database_url`` is ``postgresql://`` of a role that owns the schema. Schema and role exist already.
    Everything happens in one transaction, one migrator at a time; safe to call at every start.
    """
    engine = create_async_engine(
        make_url(database_url).set(drivername="postgresql+asyncpg"), poolclass=NullPool
    )
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, revisions, schema, role)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, revisions: Path, schema: str, role: str) -> None:
    config = Config()
    # Alembic's options interpolate: a percent sign in a path has to be doubled.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(revisions).replace("%", "%%"))
    config.attributes.update(connection=connection, schema=schema, role=role)
    alembic.command.upgrade(config, "head")
