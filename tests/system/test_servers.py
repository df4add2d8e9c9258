"""PostgreSQL and nats-server from their wheels: the ground every other test stands on."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import nats
import pytest

from chuishao.processes import LOOPBACK, port_is_free
from chuishao.servers import NatsServer, PostgresServer
from chuishao.wheels import ServerFailedError, reachable_by_others


async def test_a_fresh_database_is_reached_by_url(fresh_database: str) -> None:
    connection = await asyncpg.connect(fresh_database)
    assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert int(await connection.fetchval("SHOW server_version_num")) >= 180000
    await connection.close()


async def test_a_wrong_password_is_refused(shared_postgres: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(shared_postgres.url(password="guessed"))


async def test_postgres_keeps_what_it_acknowledged_when_killed(postgres_server: PostgresServer) -> None:
    postgres_server.sql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
    port, first_pid = postgres_server.port, postgres_server.pid
    postgres_server.kill()
    assert not postgres_server.running
    postgres_server.start()
    assert postgres_server.port == port
    assert postgres_server.pid != first_pid
    assert postgres_server.sql("SELECT n FROM kept") == "1"


async def test_nats_keeps_its_streams_until_it_is_wiped(nats_server: NatsServer) -> None:
    async def stream_names() -> list[str | None]:
        client = await nats.connect(nats_server.url())
        names = [stream.config.name for stream in await client.jetstream().streams_info()]
        await client.close()
        return names

    client = await nats.connect(nats_server.url())
    await client.jetstream().add_stream(name="EV_TEST", subjects=["ev.test.>"])
    await client.close()
    nats_server.kill()
    nats_server.start()
    assert await stream_names() == ["EV_TEST"]
    nats_server.kill()
    nats_server.wipe()
    nats_server.start()
    assert await stream_names() == []


def test_a_server_says_why_it_did_not_start(nats_server: NatsServer, tmp_path: Path) -> None:
    second = NatsServer(tmp_path, port=nats_server.port)
    with pytest.raises(ServerFailedError, match="address already in use"):
        second.start()
    assert not second.running


def test_servers_end_when_their_starter_is_killed(server_folder: Path) -> None:
    program = (
        "import sys, pathlib, chuishao.servers as s\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "postgres = s.PostgresServer(folder / 'pg', durable=False).start()\n"
        "nats = s.NatsServer(folder / 'nats').start()\n"
        "print(postgres.pid, nats.pid, postgres.port, nats.port, flush=True)\n"
        "input()\n"
    )
    folder = server_folder / "orphans"
    folder.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        *pids, postgres_port, nats_port = (int(word) for word in starter.stdout.readline().split())
        watched = [os.pidfd_open(pid) for pid in pids]
        starter.send_signal(signal.SIGKILL)
    for process in watched:
        assert _ended(process)
        os.close(process)
    assert port_is_free(postgres_port)
    assert port_is_free(nats_port)


def _ended(process: int, seconds: float = 20.0) -> bool:
    return bool(select.select([process], [], [], seconds)[0])


def test_a_path_closed_to_others_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert not reachable_by_others(closed / "data")
    assert reachable_by_others(Path("/usr/bin/env"))


def test_servers_listen_on_loopback_only(shared_postgres: PostgresServer) -> None:
    assert shared_postgres.sql("SHOW listen_addresses") == LOOPBACK
    assert shared_postgres.sql("SHOW unix_socket_directories") == ""
