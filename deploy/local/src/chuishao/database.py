"""The database the services share: roles, schemas, rights and migrations, safe to run at every start."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol, cast
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from backbone.eventstore.schema import quoted
from chuishao.environment import OWNER, SERVICES, role_of

_MIGRATING = 0x6368_7569_7368_616F  # "chuishao" in ASCII: the number of the advisory lock


class Migrations(Protocol):
    """The module `<service>.migrations`."""

    async def migrate(self, database_url: str) -> None:
        """Bring the service's schema up to date, as the owner."""


def login(url: str, user: str, password: str, database: str | None = None) -> str:
    """The same server as another user, and in another database if one is named."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    account = f"{quote(user, safe='')}:{quote(password, safe='')}@"
    path = parts.path if database is None else f"/{quote(database, safe='')}"
    return urlunsplit((parts.scheme, account + host, path, parts.query, ""))


async def create_database(admin_url: str, name: str) -> None:
    """Make the database if it is missing."""
    admin = await asyncpg.connect(admin_url)
    try:
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await admin.execute(f"CREATE DATABASE {quoted(name)}")
    finally:
        await admin.close()


async def create_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make the owner and one login role per service, with these passwords, and a schema for each service.

    The administrator needs the right to create roles and must own the database. A service's role may use its
    own schema only, finds it without naming it, and gets rights on its tables from the migrations.
    """
    admin = await asyncpg.connect(admin_url)
    try:
        database = quoted(await admin.fetchval("SELECT current_database()"))
        async with admin.transaction():
            await admin.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATING)
            for role, password in passwords.items():
                known = await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
                verb = "ALTER" if known else "CREATE"
                secret = await admin.fetchval("SELECT quote_literal($1)", password)
                await admin.execute(f"{verb} ROLE {quoted(role)} LOGIN PASSWORD {secret}")
            for service in SERVICES:
                finding = f"ALTER ROLE {quoted(role_of(service))} IN DATABASE {database}"
                await admin.execute(f"{finding} SET search_path = {quoted(service)}")
            await admin.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
            names = ", ".join(quoted(role) for role in passwords)
            await admin.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {names}")
            await admin.execute(f"GRANT CREATE ON DATABASE {database} TO {quoted(OWNER)}")
    finally:
        await admin.close()
    owner = await asyncpg.connect(login(admin_url, OWNER, passwords[OWNER]))
    try:
        for service in SERVICES:
            await owner.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(service)}")
            await owner.execute(f"GRANT USAGE ON SCHEMA {quoted(service)} TO {quoted(role_of(service))}")
    finally:
        await owner.close()


async def migrate(owner_url: str, progress: Callable[[str], None]) -> None:
    """Migrate every service's schema; a second migrator on the same database waits for the first."""
    lock = await asyncpg.connect(owner_url)
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", _MIGRATING)
        for service in SERVICES:
            progress(service)
            migrations = cast(Migrations, import_module(f"{service}.migrations"))
            await migrations.migrate(owner_url)
    finally:
        await lock.close()


async def log_is_empty(owner_url: str) -> bool:
    """Whether nobody has asked for anything yet; accountability brings its calendar and policies itself."""
    owner = await asyncpg.connect(owner_url)
    try:
        heads = [
            await owner.fetchval(f"SELECT seq FROM {quoted(service)}.log_head")
            for service in ("intake", "routing")
        ]
    finally:
        await owner.close()
    return not any(heads)
