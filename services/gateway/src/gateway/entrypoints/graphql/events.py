"""Published events in GraphQL, for the auditor; the service whose log it is is asked each time."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

import orjson
import strawberry
from strawberry import relay
from strawberry.scalars import JSON

from backbone.outbox import Delivered, read_envelopes
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.paging import page_info
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections.case_queries import LARGEST_PAGE, BadCursor, PageTooLarge
from gateway.projections.pages import log_cursor, seq_of


@strawberry.enum(description="事件由哪个服务公布:受理、派单与权责、时限与督查")
class EventSource(Enum):
    INTAKE = "intake"
    ROUTING = "routing"
    ACCOUNTABILITY = "accountability"


@strawberry.type(description="公布的事件,如原样所存;内容密封 a published event as it is stored")
class PublishedEvent:
    event_id: strawberry.ID
    seq: int = strawberry.field(description="在该服务公布日志中的序号")
    type: str
    case_id: strawberry.ID
    recorded_at: datetime
    occurred_at: datetime | None = strawberry.field(description="事后补录的,实际发生的时间")
    actor: str
    unit_code: str
    data: JSON

    @classmethod
    def of(cls, event: Delivered) -> "PublishedEvent":
        return cls(
            event_id=strawberry.ID(str(event.id)),
            seq=event.seq,
            type=event.type,
            case_id=strawberry.ID(event.case_id),
            recorded_at=event.recorded_at,
            occurred_at=event.occurred_at,
            actor=event.actor,
            unit_code=event.unit,
            data=JSON(event.data),
        )


@strawberry.type(description="公布的事件的一项")
class PublishedEventEdge:
    cursor: str
    node: PublishedEvent


@strawberry.type(description="公布的事件,最早的在前")
class PublishedEventConnection:
    edges: list[PublishedEventEdge]
    page_info: relay.PageInfo


@strawberry.type
class EventQuery:
    @strawberry.field(description="一个服务公布的事件,可只看一件案件;仅审计员")
    async def events(
        self,
        info: Info,
        service: EventSource,
        case_id: strawberry.ID | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> PublishedEventConnection:
        context = info.context
        context.permit("read-events")
        try:
            found = await _page(info, service, case_id, first, after)
        except (BadCursor, PageTooLarge) as problem:
            raise error(problem.slug, context.language, **problem.params) from problem
        await context.shown("events", {each.case_id for each in found[:first]})
        edges = [
            PublishedEventEdge(cursor=log_cursor(each.seq), node=PublishedEvent.of(each))
            for each in found[:first]
        ]
        return PublishedEventConnection(
            edges=edges,
            page_info=page_info([each.cursor for each in edges], more=len(found) > first, after=after),
        )


async def _page(
    info: Info, service: EventSource, case_id: str | None, first: int, after: str | None
) -> Sequence[Delivered]:
    """Up to one more event than is asked for."""
    if not 0 <= first <= LARGEST_PAGE:
        raise PageTooLarge(first)
    place = 0 if after is None else seq_of(after)
    asked = {"after": str(place), "limit": str(first + 1)} | ({} if case_id is None else {"case": case_id})
    context = info.context
    told = await context.parts.services.read(service.value, "/published", token=context.token, params=asked)
    return read_envelopes(orjson.dumps(told))
