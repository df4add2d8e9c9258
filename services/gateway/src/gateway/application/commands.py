"""Passing a command to the service that decides it, and reading one's own write."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

READ_YOUR_WRITE_SECONDS = 2.0
"""How long a mutation waits for its effect before it answers ``stale``."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A service's answer: the id it is about, and the published position that shows its effect."""

    service: str
    published_seq: int
    id: str
    details: Mapping[str, Any]


class CommandRefused(Exception):
    """A service answered with a problem document (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("code", status)))
        self.status, self.problem = status, problem


class ServiceUnreachable(Exception):
    """The deciding service did not answer; the command may be repeated with the same key."""

    slug = "service-unreachable"

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.params: Mapping[str, object] = {"service": service}


class Services(Protocol):
    """The deciding services, over HTTP with the caller's own token."""

    async def command(
        self,
        service: str,
        path: str,
        body: Mapping[str, Any],
        *,
        token: str,
        key: UUID,
        headers: Mapping[str, str] | None = None,
    ) -> Accepted:
        """POST a command; raises ``CommandRefused`` or ``ServiceUnreachable``."""
        ...

    async def upload(
        self,
        service: str,
        path: str,
        content: AsyncIterator[bytes],
        *,
        token: str,
        key: UUID,
        headers: Mapping[str, str],
    ) -> Accepted:
        """POST a file as it comes in; raises like ``command``."""
        ...

    async def download(self, service: str, path: str, *, token: str) -> bytes:
        """GET a file; raises like ``read``."""
        ...

    async def ask(self, service: str, path: str, body: Mapping[str, Any], *, token: str) -> Any:
        """POST a question that changes nothing; raises like ``read``."""
        ...

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """GET a document; raises ``CommandRefused`` or ``ServiceUnreachable``."""
        ...


class ReadModel(Protocol):
    """The read model's progress."""

    async def reached(self, source: str, seq: int, timeout: float) -> bool:
        """Whether everything published by ``source`` up to ``seq`` is visible within ``timeout`` seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Performed:
    """A command was accepted; ``stale`` says its effect cannot be read yet."""

    accepted: Accepted
    stale: bool


async def perform(
    services: Services,
    read_model: ReadModel,
    service: str,
    path: str,
    body: Mapping[str, Any],
    *,
    token: str,
    key: UUID,
) -> Performed:
    """Send a command and wait, bounded, until the read model shows it."""
    accepted = await services.command(service, path, body, token=token, key=key)
    visible = await read_model.reached(accepted.service, accepted.published_seq, READ_YOUR_WRITE_SECONDS)
    return Performed(accepted, stale=not visible)
