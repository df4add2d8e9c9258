"""What a unit or a person is told, and by which ways, as tables."""

from collections.abc import Awaitable, Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from backbone.sheets import Row
from backbone.web import Refusal
from contracts.permissions import ADMINISTRATOR
from gateway.adapters.saved_views import SavedView
from gateway.application.channels import MANAGE, SUBSCRIBE, ChannelRefused
from gateway.entrypoints.exported.listed import Asking, Listed, Rows, Wanted, moment
from gateway.entrypoints.graphql.channels import DeliveryState, NoticeChannel
from gateway.entrypoints.graphql.own_views import ORDER, OWN_VIEWS
from gateway.entrypoints.telling import Telling
from gateway.projections.case_queries import LARGEST_PAGE
from gateway.projections.notice_queries import notices_for
from gateway.projections.tables import notices

T = TypeVar("T")
_LEFT_OUT: Final = dict.fromkeys(("kind", "rung", "color", "unit"), "…")
"""A delivery knows what a notice is about, not of what it tells."""


class Deliveries(Wanted):
    """Of one channel, in one state or all."""

    channel: UUID
    state: DeliveryState | None = None


async def _notices(asking: Asking, _: Wanted) -> Rows:
    viewer = asking.viewer
    pages = asking.pages(lambda c, first, after: notices_for(c, viewer, first, after), notices.c.at)
    async for rows in pages:
        async with asking.parts.view.connect() as connection:
            numbers = await asking.numbers(connection, {row["case_id"] for row in rows})
        yield [
            [
                moment(row["at"]),
                asking.say(f"notice-{row['kind']}", row["params"]),
                numbers.get(row["case_id"], ""),
                row["case_id"],
                row["clock_id"],
                row["notice_id"],
            ]
            for row in rows
        ]


def _telling(asking: Asking) -> Telling:
    if asking.parts.telling is None:
        raise Refusal("service-unavailable", 503)
    return asking.parts.telling


async def _told(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except ChannelRefused as refused:
        status = 404 if refused.slug.startswith("unknown-") else 403
        raise Refusal(refused.slug, status, **refused.params) from None


async def _channels(asking: Asking, _: Wanted) -> Rows:
    yield [
        [
            each.name,
            asking.word("channel-kind", each.target.kind),
            each.shown_address,
            asking.unit(each.unit),
            asking.yes(each.subject is not None),
            asking.yes(each.duty_desk),
            asking.word("channel-state", NoticeChannel.of(each).state.value),
            each.ended.on if each.ended is not None else None,
            moment(each.made_at),
            moment(each.verified_at),
            moment(each.paused_at),
            each.last_result,
            moment(each.last_at),
            str(each.id),
        ]
        for each in await _told(_telling(asking).channels.seen_by(asking.actor))
    ]


async def _deliveries(asking: Asking, wanted: Deliveries) -> Rows:
    channels, after = _telling(asking).channels, None
    state = wanted.state.value if wanted.state else None
    shown = asking.actor.role != ADMINISTRATOR  # who administers knows of channels, not of cases
    while True:
        rows = await _told(channels.log(asking.actor, wanted.channel, state, LARGEST_PAGE, after))
        yield [
            [
                asking.say(f"notice-{each.kind}", _LEFT_OUT),
                asking.word("delivery-state", each.state),
                each.attempts,
                each.result,
                *map(moment, (each.queued_at, each.next_at, each.tried_at, each.delivered_at)),
                each.resent_by,
                each.case_id if shown else None,
                str(each.id),
            ]
            for each in rows
        ]
        if len(rows) < LARGEST_PAGE:
            return
        after = rows[-1].queued_at, rows[-1].id


async def _saved_views(asking: Asking, _: Wanted) -> Rows:
    yield [_saved_view(asking, each) for each in await _telling(asking).views.of(asking.actor.subject)]


def _saved_view(asking: Asking, it: SavedView) -> Row:
    kept: Mapping[str, Any] = it.wanted
    emergency, order = kept.get("emergency"), kept.get(ORDER) or {}
    return [
        it.name,
        asking.words("case-type", kept.get("types") or ()),
        asking.words("case-state", kept.get("states") or ()),
        asking.unit(kept.get("unit")),
        asking.word("clock-filter", kept.get("clock_state")),
        "" if emergency is None else asking.yes(emergency),
        asking.words("whistle-kind", kept.get("kinds") or ()),
        moment(kept.get("created_since")),
        moment(kept.get("created_before")),
        kept.get("number"),
        kept.get("text"),
        asking.word("case-order", order.get("by")),
        asking.word("direction", order.get("direction")),
        moment(it.saved_at),
    ]


_CHANNELS: Final = (SUBSCRIBE, MANAGE)
LISTS: Final[tuple[Listed[Any], ...]] = (
    Listed(
        name="notices",
        query="notices",
        operations=("read-cases",),
        wanted=Wanted,
        columns=("at", "notice", "number", "case-id", "clock-id", "notice-id"),
        rows=_notices,
    ),
    Listed(
        name="channels",
        query="channels",
        operations=_CHANNELS,
        wanted=Wanted,
        columns=(
            *("name", "channel-kind", "address", "unit", "personal", "duty-desk", "state", "ended-on"),
            *("made", "verified", "paused", "last-result", "last-at", "channel-id"),
        ),
        rows=_channels,
    ),
    Listed(
        name="deliveries",
        query="deliveries",
        operations=_CHANNELS,
        wanted=Deliveries,
        columns=(
            *("notice", "state", "attempts", "last-result", "queued", "next-try", "tried", "delivered"),
            *("resent-by", "case-id", "delivery-id"),
        ),
        rows=_deliveries,
    ),
    Listed(
        name="saved-views",
        query="savedViews",
        operations=(OWN_VIEWS,),
        wanted=Wanted,
        columns=(
            *("name", "type", "state", "unit", "clock-filter", "emergency", "kind", "created-since"),
            *("created-before", "number", "text", "order-by", "direction", "saved"),
        ),
        rows=_saved_views,
    ),
)
