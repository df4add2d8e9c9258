"""Real servers for every test: own PostgreSQL and nats-server on free loopback ports, gone with the run."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from chuishao.servers import NatsServer, PostgresServer

settings.register_profile("the same each time", derandomize=True)
settings.load_profile("the same each time")
"""What `make test` decides must not hang on luck; `make explore` walks on at random."""
_database_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Cheap log lines: drawing a traceback with all its variables holds up the event loop for seconds."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S.%f", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        cache_logger_on_first_use=False,
    )


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A short path that PostgreSQL's unprivileged user can pass, unlike pytest's own temporary folders."""
    folder = Path(tempfile.mkdtemp(prefix="chuishao-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def shared_postgres(server_folder: Path) -> Iterator[PostgresServer]:
    """The run's PostgreSQL, without fsync; do not stop it (see `postgres_server`)."""
    with PostgresServer(
        server_folder / "postgres", durable=False, settings={"max_connections": "400"}
    ) as server:
        yield server


@pytest.fixture(scope="session")
def shared_nats(server_folder: Path) -> Iterator[NatsServer]:
    """The run's nats-server with JetStream; do not stop it (see `nats_server`)."""
    with NatsServer(server_folder / "nats") as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(shared_postgres: PostgresServer) -> str:
    """`postgresql://` URL of the superuser on the run's PostgreSQL, database `postgres`."""
    return shared_postgres.url()


@pytest.fixture(scope="session")
def nats_url(shared_nats: NatsServer) -> str:
    """`nats://` URL of the run's nats-server."""
    return shared_nats.url()


@pytest.fixture
def fresh_database(shared_postgres: PostgresServer) -> Iterator[str]:
    """Superuser URL of a new, empty database, dropped after the test."""
    yield from _database(shared_postgres)


@pytest.fixture(scope="module")
def module_database(shared_postgres: PostgresServer) -> Iterator[str]:
    """Superuser URL of a database that the tests of one module share."""
    yield from _database(shared_postgres)


def _database(server: PostgresServer) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_database_numbers)}"
    server.sql(f"CREATE DATABASE {name}")
    yield server.url(name)
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def make_postgres_server(server_folder: Path) -> Iterator[Callable[..., PostgresServer]]:
    """Start a PostgreSQL of one's own, to be killed at will; `durable=True` for one with fsync."""
    servers: list[PostgresServer] = []

    def make(*, durable: bool = False) -> PostgresServer:
        server = PostgresServer(Path(tempfile.mkdtemp(dir=server_folder)), durable=durable)
        server.folder.chmod(0o755)
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        server.kill()
        shutil.rmtree(server.folder)


@pytest.fixture
def postgres_server(make_postgres_server: Callable[..., PostgresServer]) -> PostgresServer:
    """A running PostgreSQL of the test's own, to be killed at will."""
    return make_postgres_server()


@pytest.fixture
def make_nats_server(server_folder: Path) -> Iterator[Callable[[], NatsServer]]:
    """Start a nats-server of one's own, to be killed and wiped at will."""
    servers: list[NatsServer] = []

    def make() -> NatsServer:
        server = NatsServer(Path(tempfile.mkdtemp(dir=server_folder)))
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        server.kill()
        shutil.rmtree(server.folder)


@pytest.fixture
def nats_server(make_nats_server: Callable[[], NatsServer]) -> NatsServer:
    """A running nats-server of the test's own, to be killed and wiped at will."""
    return make_nats_server()
