"""`chuishao prepare` and `chuishao compose-env`: what containers need before the services start."""

import asyncio
import os
import secrets
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from chuishao.database import create_roles, login, migrate
from chuishao.environment import OWNER, SERVICES, role_of
from chuishao.identities import Identities, nats_password, new_secret
from chuishao.words import CommandFailedError, words

PASSWORDS = {OWNER: "OWNER_DATABASE_PASSWORD"} | {
    role_of(service): f"{service.upper()}_DATABASE_PASSWORD" for service in SERVICES
}
"""Database role → the variable that holds its password."""


def prepare(
    identities: Annotated[Path, typer.Option(help="密钥目录 · folder of the services' keys")],
) -> None:
    """准备数据库和服务密钥 · Make roles, schemas and keys, and migrate; safe to repeat.

    Reads CHUISHAO_DATABASE_URL, whose role may create roles and owns the database, and a password per role.
    """
    missing = [name for name in ("CHUISHAO_DATABASE_URL", *PASSWORDS.values()) if not os.environ.get(name)]
    if missing:
        raise CommandFailedError("prepare-variables-missing", names=", ".join(missing))
    Identities(identities).create(development=False)
    url = os.environ["CHUISHAO_DATABASE_URL"]
    passwords = {role: os.environ[name] for role, name in PASSWORDS.items()}
    try:
        asyncio.run(create_roles(url, passwords))
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise CommandFailedError("launcher-database-unreachable", reason=error) from error
    owner_url = login(url, OWNER, passwords[OWNER])
    asyncio.run(migrate(owner_url, lambda name: print(words("launcher-migrating", name=name), flush=True)))


def compose_env() -> None:
    """生成 compose.yaml 所需的密码 · Print fresh secrets for compose.yaml: chuishao compose-env > .env."""
    for name in ("POSTGRES_PASSWORD", *PASSWORDS.values()):
        print(f"{name}={secrets.token_urlsafe(32)}")  # stands in URLs
    for service in SERVICES:
        print(f"{service.upper()}_NATS_PASSWORD={nats_password(new_secret())}")
        print(f"{service.upper()}_REQUEST_SECRET={new_secret()}")
