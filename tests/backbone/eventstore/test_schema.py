"""The store's tables go into any schema, over any driver."""

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from backbone.eventstore import Appended, ddl, statements, verify
from backbone.eventstore.postgres import PostgresEventStore
from backbone.eventstore.schema import quoted
from tests.backbone.eventstore.appends import command, pair

ODD_SCHEMA = """s; DROP "TABLE" $$event$$ --'吹哨"""
ODD_ROLE = """r'";--$$ %s"""


async def test_bears_odd_names_and_is_made_statement_by_statement(fresh_database: str) -> None:
    engine = create_async_engine(make_url(fresh_database).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"CREATE SCHEMA {quoted(ODD_SCHEMA)}")
        await connection.exec_driver_sql(f"CREATE ROLE {quoted(ODD_ROLE)} LOGIN PASSWORD 'writer'")
        for statement in statements(ODD_SCHEMA, ODD_ROLE):
            await connection.execute(text(statement))
    await engine.dispose()

    url = make_url(fresh_database).set(username=ODD_ROLE, password="writer")
    dsn = url.render_as_string(hide_password=False).replace("+", "%20")
    async with await PostgresEventStore.open(dsn, service="sample", schema=ODD_SCHEMA) as store:
        assert await store.append(command(pair("whistle-1", 0, "{}"), publish=1)) == Appended(1, 1, "{}")
        assert (await store.published_head()).seq == 1
        assert [broken async for broken in verify(store)] == []
    await _drop(fresh_database, ODD_SCHEMA, ODD_ROLE)


async def test_is_found_by_the_search_path_of_the_role(fresh_database: str) -> None:
    owner = await asyncpg.connect(fresh_database)
    await owner.execute("CREATE SCHEMA here; CREATE ROLE finder LOGIN PASSWORD 'writer'")
    await owner.execute("ALTER ROLE finder SET search_path = here")
    await owner.execute(ddl("here", "finder"))
    await owner.close()

    url = make_url(fresh_database).set(username="finder", password="writer")
    async with await PostgresEventStore.open(
        url.render_as_string(hide_password=False), service="sample"
    ) as store:
        assert await store.append(command(pair("whistle-1", 0, "{}"))) == Appended(1, 0, "{}")
    await _drop(fresh_database, "here", "finder")


@pytest.mark.parametrize("name", ["", "a\x00b", "x" * 64, "吹" * 22])
def test_refuses_a_name_that_postgresql_would_cut(name: str) -> None:
    with pytest.raises(ValueError):
        ddl(name, "role")


async def _drop(database: str, schema: str, role: str) -> None:
    owner = await asyncpg.connect(database)
    await owner.execute(f"DROP SCHEMA {quoted(schema)} CASCADE; DROP ROLE {quoted(role)}")
    await owner.close()
