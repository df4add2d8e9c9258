"""The running system as other commands find it: addresses, tokens and each service's settings."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table

from backbone.identity import Actor, ServiceTokens
from chuishao.data_folder import DataFolder
from chuishao.identities import Identities
from chuishao.words import CommandFailedError
from contracts.permissions import ROLES

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Part:
    """One server or service: its process, address and log."""

    name: str
    address: str
    pid: int | None = None
    born: int | None = None
    log: str | None = None


@dataclass(frozen=True, slots=True)
class System:
    """A local system and what is needed to talk to it; the service mappings have one entry per service."""

    data: DataFolder
    urls: Mapping[str, str]
    environments: Mapping[str, Mapping[str, str]] = field(repr=False)
    owner_url: str = field(repr=False)
    parts: tuple[Part, ...]

    @property
    def url(self) -> str:
        """Where people and other systems come in: the gateway."""
        return self.urls["gateway"]

    @property
    def identities(self) -> Identities:
        return Identities(self.data.path / "identities")

    @classmethod
    def running(cls) -> "System":
        """The system of this folder; `CommandFailedError` if none is running."""
        data = DataFolder.here()
        state = data.running_state()
        if state is None:
            raise CommandFailedError("launcher-not-running", folder=data.path)
        return cls.from_state(data, state)

    @classmethod
    def from_state(cls, data: DataFolder, state: Mapping[str, Any]) -> "System":
        parts = tuple(Part(**part) for part in state["parts"])
        return cls(data, state["urls"], state["environments"], state["owner_url"], parts)

    def token(
        self,
        role: str,
        unit: str,
        *,
        name: str | None = None,
        subject: str | None = None,
        lifetime: float = DAY_SECONDS / 2,
    ) -> str:
        """A bearer token of a development identity; `ValueError` for an unknown role.

        A role and unit without a subject are always the same person.
        """
        if role not in ROLES or role == "service":
            raise ValueError(f"unknown role: {role}")
        actor = Actor(subject or f"{role}@{unit}", name or ROLES[role], role, unit)
        return self.identities.token(actor, lifetime)

    def service_tokens(self, service: str = "gateway") -> ServiceTokens:
        """Tokens of a service, for the routes only services may call."""
        return self.identities.service_tokens(service)


def table_of(system: System, states: Mapping[str, str] | None = None) -> Table:
    """What runs where, with the state of each part if it is known."""
    columns = ["组件 part", "地址 address", "进程 pid"] + (["状态 state"] if states else [])
    table = Table(*columns, caption=f"日志 logs: {system.data.logs}")
    for part in system.parts:
        table.add_row(part.name, part.address, str(part.pid or "–"), *([states[part.name]] if states else []))
    return table


def is_ready(url: str) -> bool:
    """Whether a service says that it is ready."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
