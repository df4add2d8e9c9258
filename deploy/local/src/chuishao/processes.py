"""Starting child processes that never outlive this one, and finding loopback ports for them."""

import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import chuishao.attached

LOOPBACK = "127.0.0.1"

# Below the range from which the kernel hands out ports to outgoing connections, so that a port stays free
# while its server is down for a moment.
_PORTS = range(20_000, 32_000)


@cache
def _spawner() -> ThreadPoolExecutor:
    # The kernel ties a parent's death to the *thread* that started the child. A thread of a shared pool may
    # end at any time and would take the servers with it; this one lives as long as the process.
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    on_parent_death: signal.Signals,
    user: tuple[int, int] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, its output appended to `log`.

    `user` is (uid, gid) to become, `environment` the whole environment (ours if None), `folder` where it
    runs. When this process dies, however it dies, the child gets `on_parent_death`.
    """
    who = "-" if user is None else f"{user[0]}:{user[1]}"
    attached = [sys.executable, "-I", "-S", chuishao.attached.__file__]
    arguments = [str(os.getpid()), str(int(on_parent_death)), who, *map(str, command)]

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [*attached, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                cwd=folder,
                start_new_session=True,
            )

    return _spawner().submit(start).result()


def children_of(pid: int) -> list[int]:
    """The direct children of a process, empty where the kernel does not tell."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in listed.split()]


def process_born_at(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None if there is no such process.

    A process id alone is soon another process; together with this number it is the same one.
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *fields = status.rpartition(")")[2].split()
    return None if state in "ZX" else int(fields[18])


def send(pid: int, signum: signal.Signals) -> None:
    """Signal a process that may already be gone."""
    try:
        os.kill(pid, signum)
    except ProcessLookupError:
        return


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port nobody listens on; a server that loses the race for it must ask again."""
    for _ in range(200):
        port = random.choice(_PORTS)
        if port_is_free(port):
            return port
    raise OSError("no free loopback port found")
