"""Talks to a running system as its people do: commands, GraphQL and reads, patient with what passes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Self
from uuid import UUID, uuid5

import asyncpg
import httpx

from backbone.eventstore.schema import quoted
from chuishao.county import Person
from chuishao.system import System
from chuishao.words import CommandFailedError

KEYS: Final = UUID("5c2b8f0e-4f0f-5d53-9d5e-8f3c2b7a6e11")
PATIENCE_SECONDS: Final = 60.0
"""How long a request is repeated while a service is away; its key makes sure it counts once."""
TIMEOUT_SECONDS: Final = 30.0
"""How long one answer may take."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
LOOK_SECONDS = 0.1
_PASSING: Final = frozenset(
    {
        "service-unavailable",
        "service-unreachable",
        "keys-unavailable",
        "identity-unavailable",
        "calendar-unavailable",
        "concurrent-change",
    }
)
"""Codes of what may be gone at the next try."""


def key_of(name: str) -> UUID:
    """The idempotency key of a command that this name stands for, the same every time."""
    return uuid5(KEYS, name)


class Refused(CommandFailedError):
    """A service or the gateway said no; ``slug`` says why."""

    def __init__(
        self, slug: str, status: int, params: Mapping[str, object], fields: Sequence[str] = ()
    ) -> None:
        super().__init__(slug, **params)
        self.status, self.params = status, params
        self.fields = fields
        """What of the request cannot be read."""


class _Passing(Exception):
    """No answer, or one that says to try again."""


class Client:
    """One connection to each service; ``async with`` closes them."""

    def __init__(self, system: System, *, patience: float = PATIENCE_SECONDS) -> None:
        self._system = system
        self._patience = patience
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False)
        self._tokens: dict[Person, str] = {}
        self._services = system.service_tokens()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def command(
        self,
        service: str,
        path: str,
        body: Mapping[str, object],
        person: Person,
        key: UUID,
        *,
        timeout: float | None = TIMEOUT_SECONDS,
    ) -> Mapping[str, Any]:
        """POST a command to its service; raises ``Refused``, or ``CommandFailedError`` without an answer."""
        headers = self._bearer(person) | {"Idempotency-Key": str(key)}
        answer: Mapping[str, Any] = await self._request(
            service, "POST", path, json=body, headers=headers, timeout=timeout
        )
        return answer

    async def ask(self, service: str, path: str, person: Person, body: Mapping[str, object]) -> Any:
        """POST a question; raises like ``command``."""
        return await self._request(service, "POST", path, json=body, headers=self._bearer(person))

    async def read(self, service: str, path: str, person: Person | None = None) -> Any:
        """GET as a person, or as a service; raises like ``command``."""
        headers = self._services.headers() if person is None else self._bearer(person)
        return await self._request(service, "GET", path, headers=headers)

    async def download(self, service: str, path: str, person: Person) -> bytes:
        """GET a file as a person; raises like ``command``."""

        async def once() -> bytes:
            response = await self._sent(service, "GET", path, headers=self._bearer(person))
            return response.content

        content: bytes = await self._patiently(service, once)
        return content

    async def graphql(
        self, document: str, variables: Mapping[str, object], person: Person
    ) -> Mapping[str, Any]:
        """The data of one operation; the first coded error is raised as ``Refused``."""

        async def once() -> Mapping[str, Any]:
            body = {"query": document, "variables": variables}
            answer = await self._once("gateway", "POST", "/graphql", json=body, headers=self._bearer(person))
            for error in answer.get("errors") or ():
                told = error.get("extensions") or {}
                code = str(told.get("code", "internal-error"))
                if code in _PASSING:
                    raise _Passing(code)
                raise Refused(code, int(told.get("status", 422)), told.get("params") or {})
            data: Mapping[str, Any] = answer["data"]
            return data

        data: Mapping[str, Any] = await self._patiently("gateway", once)
        return data

    async def published_head(self, service: str) -> int:
        """The last published seq of a service."""
        return int((await self.read(service, "/published/head"))["seq"])

    async def consumed(self, service: str, source: str, seq: int, timeout: float) -> bool:
        """Whether every consumer of ``service`` has gone past ``seq`` of ``source`` in ``timeout`` seconds.

        A case one of them had to set aside does not hold the others up.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        connection = await connected(self._system, service)
        try:
            while True:
                position = await connection.fetchval(
                    "SELECT min(seq) FROM projection WHERE source = $1 AND status = 'live'", source
                )
                if position is not None and position >= seq:
                    return True
                if loop.time() >= deadline:
                    return False
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await connection.close()

    def _bearer(self, person: Person) -> dict[str, str]:
        if person not in self._tokens:
            self._tokens[person] = self._system.token(
                person.role, person.unit, name=person.name, subject=person.subject
            )
        return {"Authorization": f"Bearer {self._tokens[person]}"}

    async def _request(self, service: str, method: str, path: str, **request: Any) -> Any:
        return await self._patiently(service, lambda: self._once(service, method, path, **request))

    async def _once(self, service: str, method: str, path: str, **request: Any) -> Any:
        return (await self._sent(service, method, path, **request)).json()

    async def _sent(self, service: str, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            response = await self._http.request(method, self._system.urls[service] + path, **request)
        except httpx.TransportError as error:
            raise _Passing(type(error).__name__) from error
        if response.is_success:
            return response
        problem = _problem(response)
        code = str(problem.get("code", f"http-{response.status_code}"))
        if code in _PASSING or response.status_code in (429, 502, 503, 504):
            raise _Passing(code)
        fields = [str(each.get("field", "")) for each in problem.get("errors") or ()]
        raise Refused(code, response.status_code, problem.get("params") or {}, fields)

    async def _patiently(self, service: str, once: Callable[[], Awaitable[Any]]) -> Any:
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._patience, FIRST_PAUSE
        while True:
            try:
                return await once()
            except _Passing as passing:
                if loop.time() + pause > deadline:
                    raise CommandFailedError("service-silent", service=service, reason=passing) from passing
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def connected(system: System, service: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection to a service's own schema as its own role, for what only an operator looks at."""
    url = system.environments[service][f"{service.upper()}_DATABASE_URL"]
    try:
        return await asyncpg.connect(url, server_settings={"search_path": quoted(service)}, timeout=10.0)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise CommandFailedError("launcher-database-unreachable", reason=error) from error


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    if "json" not in response.headers.get("content-type", ""):
        return {}
    problem = response.json()
    return problem if isinstance(problem, dict) else {}
