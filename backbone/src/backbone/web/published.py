"""The published log over HTTP: what other services read to fill holes and to rebuild."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from starlette.responses import Response

from backbone.eventstore import EventStore
from backbone.outbox import BATCH_TYPE, envelopes
from backbone.web.callers import ServiceActor


class PublishedHead(BaseModel):
    """Epoch, last published seq and the service's clock, read together."""

    epoch: str
    seq: int
    now: AwareDatetime


_BATCH: Final = {BATCH_TYPE: {"schema": {"type": "array", "items": {"type": "object"}}}}


def published_router(service: str, store: EventStore) -> APIRouter:
    """``GET /published`` and ``GET /published/head``, for services only."""
    router = APIRouter(tags=["published"])

    @router.get("/published", response_class=Response, responses={200: {"content": _BATCH}})
    async def published(
        _caller: ServiceActor,
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
        case: Annotated[str | None, Query(pattern=r"^[0-9A-Za-z-]{1,64}$")] = None,
    ) -> Response:
        """A CloudEvents batch (JSON array) of the facts with ``seq > after`` in order; empty at the end."""
        head = await store.published_head()
        events = await store.published(after, limit, case)
        return Response(envelopes(service, head.epoch, events), media_type=BATCH_TYPE)

    @router.get("/published/head")
    async def published_head(_caller: ServiceActor) -> PublishedHead:
        """Every fact recorded at or before ``now`` has a seq at or before ``seq``."""
        head = await store.published_head()
        return PublishedHead(epoch=str(head.epoch), seq=head.seq, now=head.now)

    return router
