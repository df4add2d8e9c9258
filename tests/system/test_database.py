"""The shared database: one schema and one login per service, made again without harm at every start."""

from collections.abc import Mapping

import asyncpg
import pytest

from chuishao.database import create_database, create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from chuishao.servers import PostgresServer

PASSWORDS = {role: f"secret of {role}" for role in (OWNER, *map(role_of, SERVICES))}


@pytest.fixture
async def prepared(postgres_server: PostgresServer) -> Mapping[str, str]:
    """URL of each role on a server of the test's own, because roles belong to the whole server."""
    await create_database(postgres_server.url(), "chuishao")
    admin_url = postgres_server.url("chuishao")
    await create_roles(admin_url, PASSWORDS)
    return {role: login(admin_url, role, password) for role, password in PASSWORDS.items()}


async def test_is_prepared_twice_without_harm(
    postgres_server: PostgresServer, prepared: Mapping[str, str]
) -> None:
    owner = await asyncpg.connect(prepared[OWNER])
    await owner.execute("CREATE TABLE intake.kept AS SELECT 1 AS n")
    await owner.close()
    changed = PASSWORDS | {role_of("intake"): "another secret"}

    await create_database(postgres_server.url(), "chuishao")
    await create_roles(postgres_server.url("chuishao"), changed)

    owner = await asyncpg.connect(prepared[OWNER])
    assert await owner.fetchval("SELECT n FROM intake.kept") == 1
    await owner.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(prepared[role_of("intake")])


async def test_a_service_owns_nothing_and_sees_its_own_schema_only(prepared: Mapping[str, str]) -> None:
    owner = await asyncpg.connect(prepared[OWNER])
    for service in SERVICES:
        await owner.execute(f"CREATE TABLE {service}.facts AS SELECT 1 AS n")
        await owner.execute(f"GRANT SELECT ON {service}.facts TO {role_of(service)}")
    await owner.close()
    for service in SERVICES:
        connection = await asyncpg.connect(prepared[role_of(service)])
        assert await connection.fetchval("SELECT n FROM facts") == 1
        for statement in (
            f"CREATE TABLE {service}.mine (n int)",
            "CREATE SCHEMA mine",
            f"DROP TABLE {service}.facts",
            *(f"SELECT n FROM {other}.facts" for other in SERVICES if other != service),
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        await connection.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:old@db.test:5432/x", "postgresql://intake:p%40ss%2F@db.test:5432/x"),
        ("postgresql://db.test/x?sslmode=require", "postgresql://intake:p%40ss%2F@db.test/x?sslmode=require"),
    ],
)
def test_another_login_keeps_the_rest_of_the_url(url: str, expected: str) -> None:
    assert login(url, "intake", "p@ss/") == expected
