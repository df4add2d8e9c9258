"""The published log over HTTP: what other services read to fill holes and to rebuild."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel
from starlette.responses import Response

from backbone.eventstore import EventStore
from backbone.identity import Actor
from backbone.outbox import BATCH_TYPE, envelopes
from backbone.web.callers import CurrentActor
from backbone.web.problems import Refusal


class PublishedHead(BaseModel):
    """Epoch, last published seq and the service's clock, read together."""

    epoch: str
    seq: int
    now: AwareDatetime


_BATCH: Final = {BATCH_TYPE: {"schema": {"type": "array", "items": {"type": "object"}}}}


Admits = Callable[[Actor], bool]
"""Whether somebody may read the published log."""


def published_router(service: str, store: EventStore, admits: Admits) -> APIRouter:
    """``GET /published`` and ``GET /published/head``, for those who may read facts as they are stored."""

    async def reader(request: Request, actor: CurrentActor) -> None:
        if not admits(actor):
            raise Refusal("not-permitted", 403, operation=request.url.path)

    Reader = Annotated[None, Depends(reader)]
    router = APIRouter(tags=["published"])

    @router.get("/published", response_class=Response, responses={200: {"content": _BATCH}})
    async def published(
        _caller: Reader,
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
        case: Annotated[str | None, Query(pattern=r"^[0-9A-Za-z-]{1,64}$")] = None,
    ) -> Response:
        """A CloudEvents batch (JSON array) of the facts with ``seq > after`` in order; empty at the end."""
        head = await store.published_head()
        events = await store.published(after, limit, case)
        return Response(envelopes(service, head.epoch, events), media_type=BATCH_TYPE)

    @router.get("/published/head")
    async def published_head(_caller: Reader) -> PublishedHead:
        """Every fact recorded at or before ``now`` has a seq at or before ``seq``."""
        head = await store.published_head()
        return PublishedHead(epoch=str(head.epoch), seq=head.seq, now=head.now)

    return router
