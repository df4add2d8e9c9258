"""The database objects of intake, brought up to date by the owner of the schemas."""

from importlib.resources import as_file, files

import alembic.command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

SCHEMA = "intake"
ROLE = "chuishao_intake"


async def migrate(database_url: str, *, schema: str = SCHEMA, role: str = ROLE) -> None:
    """Bring the schema up to date; ``role`` gets the rights the service needs. Both exist already.

    ``database_url`` is ``postgresql://`` of a role that owns ``schema`` and may create another one in the
    database: the keys of personal data lie in ``<schema>_keys``. Safe to call at every start.
    """
    url = make_url(database_url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, schema, role)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, schema: str, role: str) -> None:
    with as_file(files(__package__)) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes.update(connection=connection, schema=schema, role=role)
        alembic.command.upgrade(config, "head")
