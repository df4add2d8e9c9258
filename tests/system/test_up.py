"""`chuishao up`: one command runs the system, keeps its data and leaves nothing behind."""

import asyncio
import os
import shutil
import signal
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from chuishao.data_folder import DataFolder
from chuishao.environment import PROVIDER, SERVICES, SOURCES
from chuishao.launcher import Restarts
from chuishao.processes import LOOPBACK, port_is_free, process_born_at
from chuishao.servers import NatsServer, PostgresServer
from chuishao.wheels import reachable_by_others
from tests.system.launched import Launched

Launch = Callable[..., Launched]

PARTS = {"nats", "postgres", PROVIDER, *SERVICES}


async def facts(owner_url: str) -> dict[str, object]:
    """Epoch, length and last hash of every log: the same before and after if nothing was lost or added."""
    owner = await asyncpg.connect(owner_url)
    try:
        return {
            service: await owner.fetchrow(
                f"SELECT epoch, seq, (SELECT hash FROM {service}.event e WHERE e.seq = h.seq)"
                f" FROM {service}.log_head h"
            )
            for service in SOURCES
        }
    finally:
        await owner.close()


def born(launcher: Launched) -> dict[int, int]:
    """Process id → birth of every part that runs."""
    return {part.pid: part.born for part in launcher.system.parts if part.pid and part.born}


def alive(processes: dict[int, int]) -> list[int]:
    return [pid for pid, birth in processes.items() if process_born_at(pid) == birth]


def test_shows_what_runs_where_and_says_ready_last(launched: Launched) -> None:
    *_, last, rest = launched.said.split("\n")
    assert (last, rest) == (f"ready {launched.url}", "")
    for part in PARTS:
        assert f"│ {part} " in launched.said


def test_tells_its_state(launched: Launched) -> None:
    state = launched.status()
    assert (state["running"], state["ready"], state["url"]) == (True, True, launched.url)
    assert {part["name"]: part["state"] for part in state["parts"]} == dict.fromkeys(PARTS, "ready")
    assert launched.run("status").returncode == 0


def test_keeps_secrets_to_itself(launched: Launched) -> None:
    folder = launched.data.path
    assert stat.S_IMODE(folder.stat().st_mode) in (0o700, 0o711)
    for path in folder.iterdir():
        if path.is_dir():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == 0o600 or path.name == "lock", f"{path} has {mode:o}"
    for name in ("identities", "logs", "nats"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700


def test_refuses_to_run_twice_on_one_folder(launched: Launched) -> None:
    second = launched.run("up")
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert str(launched.data.path) in second.stderr


def test_keeps_everything_however_it_ends(launch: Launch) -> None:
    first = launch().ready()
    before = asyncio.run(facts(first.system.owner_url))
    processes = born(first)
    assert len(processes) == len(PARTS)

    # Asked to stop: everything it started ends, PostgreSQL last and orderly.
    assert first.stop(signal.SIGINT) == 0
    assert alive(processes) == []
    assert port_is_free(first.port)
    assert first.run("status").returncode == 1
    log = (first.data.logs / "postgres.log").read_text(encoding="utf-8")
    assert log.rstrip().endswith("database system is shut down")
    second = launch(first.data.path, port=first.port).ready()
    assert asyncio.run(facts(second.system.owner_url)) == before

    # The launcher alone is killed: the kernel tells its children, the next start waits for those that linger.
    second.kill()
    third = launch(first.data.path, port=first.port).ready()
    assert asyncio.run(facts(third.system.owner_url)) == before

    # Everything is killed at once, as when the machine runs out of memory.
    processes = born(third)
    for pid in (third.process.pid, *processes):
        os.kill(pid, signal.SIGKILL)
    third.end()
    fourth = launch(first.data.path, port=first.port).ready()
    assert asyncio.run(facts(fourth.system.owner_url)) == before
    assert alive(processes) == []


def test_starts_a_part_again_that_died(launch: Launch) -> None:
    launcher = launch().ready()
    for part in ("routing", "nats", "postgres"):
        (victim,) = (each.pid for each in launcher.system.parts if each.name == part)
        assert victim is not None

        os.kill(victim, signal.SIGKILL)

        assert "1/5" in launcher.wait_until(f"{part} ended unexpectedly")
        launcher.wait_until(f"{part} is back")
        (successor,) = (each.pid for each in launcher.system.parts if each.name == part)
        assert successor not in (None, victim)
    assert launcher.stop() == 0


def test_says_in_one_line_that_the_port_is_used(launch: Launch) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        launcher = launch(port=other.getsockname()[1]).start()
        assert launcher.end() == 1
    assert launcher.said.count("\n") == 1
    assert f"port {launcher.port} is in use" in launcher.said
    assert not launcher.data.postgres().exists()


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "８０"])
def test_says_in_one_line_that_a_port_is_none(launch: Launch, port: str) -> None:
    launcher = launch(variables={"PORT": port}).start()
    assert launcher.end() == 1
    assert launcher.said.count("\n") == 1
    assert port in launcher.said


def test_uses_servers_of_ones_own(
    launch: Launch, postgres_server: PostgresServer, nats_server: NatsServer
) -> None:
    postgres_server.sql("CREATE ROLE operator LOGIN CREATEROLE PASSWORD 'one'")
    postgres_server.sql("CREATE DATABASE county OWNER operator")
    own = {
        "CHUISHAO_DATABASE_URL": postgres_server.url("county", "operator", "one"),
        "CHUISHAO_NATS_URL": nats_server.url(),
    }
    launcher = launch(variables=own).ready()
    assert {part.name for part in launcher.system.parts if part.pid} == {PROVIDER, *SERVICES}
    assert launcher.status()["ready"]
    assert "one@" not in launcher.said
    assert launcher.stop() == 0
    assert postgres_server.running
    assert nats_server.running


def test_says_in_one_line_that_ones_own_database_cannot_be_used(launch: Launch) -> None:
    launcher = launch(
        variables={"CHUISHAO_DATABASE_URL": "postgresql://me:secret@127.0.0.1:1/county"}
    ).start()
    assert launcher.end() == 1
    last = launcher.said.rstrip("\n").rpartition("\n")[2]
    assert "the database cannot be used" in last
    assert "secret" not in launcher.said


def test_says_in_one_line_that_ones_own_nats_does_not_answer(launch: Launch) -> None:
    launcher = launch(variables={"CHUISHAO_NATS_URL": "nats://me:secret@127.0.0.1:1"}).start()
    assert launcher.end() == 1
    assert launcher.said.count("\n") == 1
    assert "NATS does not answer" in launcher.said
    assert "secret" not in launcher.said


def test_says_in_one_line_that_the_folder_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    launcher = Launched(tmp_path / "file" / "data").start()
    assert launcher.end() == 1
    assert launcher.said.count("\n") == 1
    assert str(tmp_path / "file" / "data") in launcher.said


def test_says_that_nothing_runs(launch: Launch) -> None:
    launcher = launch()
    answer = launcher.run("status")
    assert answer.returncode == 1
    assert "not running" in answer.stdout
    assert launcher.status() == {"running": False, "ready": False, "data": str(launcher.data.path)}
    assert launcher.run("token", "--as", "auditor@county-leadership").returncode == 1


def test_gives_up_a_part_that_keeps_ending() -> None:
    restarts = Restarts(limit=2, window=60)
    assert [restarts.another("intake", now) for now in (0.0, 1.0, 2.0)] == [1, 2, None]
    assert restarts.another("routing", 2.0) == 1
    assert restarts.another("intake", 60.5) == 2


def test_finds_its_folder_by_variable_or_in_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CHUISHAO_DATA", raising=False)
    assert DataFolder.here().path == tmp_path / ".data"
    monkeypatch.setenv("CHUISHAO_DATA", "elsewhere")
    assert DataFolder.here().path == tmp_path / "elsewhere"


def test_root_keeps_postgresql_where_its_user_gets_to(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "closed" / "data")
    data.create()
    data.path.parent.chmod(0o700)
    place = data.postgres()
    try:
        if os.geteuid() == 0:
            assert reachable_by_others(place / "data")
            assert DataFolder(data.path).postgres() == place
        else:
            assert place == data.path / "postgres"
    finally:
        shutil.rmtree(place, ignore_errors=True)
