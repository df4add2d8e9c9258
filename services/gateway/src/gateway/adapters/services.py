"""The deciding services over HTTP."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import httpx

from gateway.application.commands import Accepted, CommandRefused, ServiceUnreachable


class HttpServices:
    """Passes commands and reads on with the caller's own token; each service verifies it by itself."""

    def __init__(self, urls: Mapping[str, str], timeout: float = 10.0) -> None:
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
        self._clients = {
            service: httpx.AsyncClient(base_url=url, timeout=timeout, limits=limits, trust_env=False)
            for service, url in urls.items()
        }

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.aclose()

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
        """POST a command with its idempotency key."""
        sent = {**(headers or {}), "Authorization": f"Bearer {token}", "Idempotency-Key": str(key)}
        return _accepted(await self._answer(service, "POST", path, json=dict(body), headers=sent))

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
        """POST a file as it comes in, with its idempotency key."""
        sent = {**headers, "Authorization": f"Bearer {token}", "Idempotency-Key": str(key)}
        return _accepted(await self._answer(service, "POST", path, content=content, headers=sent))

    async def download(self, service: str, path: str, *, token: str) -> bytes:
        """GET a file."""
        response = await self._asked(service, "GET", path, headers={"Authorization": f"Bearer {token}"})
        return response.content

    async def ask(self, service: str, path: str, body: Mapping[str, Any], *, token: str) -> Any:
        """POST a question that changes nothing."""
        headers = {"Authorization": f"Bearer {token}"}
        return await self._answer(service, "POST", path, json=dict(body), headers=headers)

    async def read(self, service: str, path: str, *, token: str, params: Mapping[str, str]) -> Any:
        """GET a document."""
        return await self._answer(
            service, "GET", path, params=dict(params), headers={"Authorization": f"Bearer {token}"}
        )

    async def _answer(self, service: str, method: str, path: str, **request: Any) -> Any:
        return (await self._asked(service, method, path, **request)).json()

    async def _asked(self, service: str, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            response = await self._clients[service].request(method, path, **request)
        except httpx.HTTPError as error:
            raise ServiceUnreachable(service) from error
        if response.is_success:
            return response
        if response.headers.get("content-type", "").startswith("application/problem+json"):
            raise CommandRefused(response.status_code, response.json())
        raise ServiceUnreachable(service)


def _accepted(answer: Mapping[str, Any]) -> Accepted:
    return Accepted(
        service=answer["service"],
        published_seq=answer["published_seq"],
        id=str(answer["id"]),
        details=answer,
    )
