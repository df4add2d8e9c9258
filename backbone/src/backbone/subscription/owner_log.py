"""The owner's published log, read directly: for holes, rebuilds, replays, and while JetStream is away."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, Self
from uuid import UUID

import httpx
import orjson

from backbone.eventstore import EventStore, Head
from backbone.outbox import BadEnvelope, Delivered, envelope, read_envelope, read_envelopes


class OwnerUnavailable(Exception):
    """The service that owns the log did not answer, or not what was asked."""


class OwnerLog(Protocol):
    """The published log of another service."""

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> Sequence[Delivered]:
        """Facts with ``seq > after`` in order, of one case if given; raises ``OwnerUnavailable``."""
        ...

    async def head(self) -> Head:
        """Every fact recorded at or before its ``now`` has a seq at or before its ``seq``."""
        ...


class HttpOwnerLog:
    """Reads ``GET /published`` and ``GET /published/head`` of the service at ``base_url``."""

    def __init__(self, base_url: str, token: Callable[[], str], timeout: float = 10.0) -> None:
        """``token`` gives a valid service token; ``timeout`` is in seconds."""
        self._token = token
        self._client = httpx.AsyncClient(base_url=base_url, timeout=timeout, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> Sequence[Delivered]:
        """Facts with ``seq > after`` in order, of one case if given; raises ``OwnerUnavailable``."""
        query: dict[str, str | int] = {"after": after, "limit": limit}
        if case_id is not None:
            query["case"] = case_id
        body = await self._get("/published", query)
        try:
            return read_envelopes(body)
        except BadEnvelope as error:
            raise OwnerUnavailable("no page of a published log") from error

    async def head(self) -> Head:
        """Epoch, last published seq and the owner's clock."""
        body = await self._get("/published/head", {})
        try:
            value = orjson.loads(body)
            return Head(UUID(value["epoch"]), int(value["seq"]), datetime.fromisoformat(value["now"]))
        except (KeyError, TypeError, ValueError) as error:
            raise OwnerUnavailable("no head of a published log") from error

    async def _get(self, path: str, query: dict[str, str | int]) -> bytes:
        try:
            response = await self._client.get(
                path, params=query, headers={"Authorization": f"Bearer {self._token()}"}
            )
        except (httpx.HTTPError, OSError) as error:
            raise OwnerUnavailable(type(error).__name__) from error
        if response.status_code != httpx.codes.OK:
            raise OwnerUnavailable(f"HTTP {response.status_code}")
        return response.content


class StoreOwnerLog:
    """The published log of a store in this process."""

    def __init__(self, store: EventStore, service: str) -> None:
        self._store = store
        self._service = service

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> Sequence[Delivered]:
        """Facts with ``seq > after`` in order, of one case if given."""
        head = await self._store.published_head()
        rows = await self._store.published(after, limit, case_id)
        return [read_envelope(envelope(self._service, head.epoch, row)) for row in rows]

    async def head(self) -> Head:
        """Epoch, last published seq and the store's clock."""
        return await self._store.published_head()
