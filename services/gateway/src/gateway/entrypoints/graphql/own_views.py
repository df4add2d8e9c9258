"""What people keep for themselves in GraphQL: views of the case list, and the calendar feed."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from gateway.adapters import calendar_feeds, saved_views
from gateway.adapters.saved_views import TooManyViews
from gateway.entrypoints.calendar_feed import KEEP
from gateway.entrypoints.graphql.channels import id_of, telling
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.enums import CaseState, CaseType, ClockFilter, WhistleKind
from gateway.entrypoints.graphql.inputs import CaseFilterInput
from gateway.entrypoints.graphql.unit_types import Info

OWN_VIEWS = "keep-own-views"
LONGEST_NAME = 40


@strawberry.type(description="保存的筛选条件,与案件列表的 filter 同样填写")
class SavedFilter:
    types: list[CaseType] | None
    states: list[CaseState] | None
    unit: str | None
    clock_state: ClockFilter | None
    emergency: bool | None
    kinds: list[WhistleKind] | None
    created_since: datetime | None
    created_before: datetime | None
    number: str | None
    text: str | None

    @classmethod
    def of(cls, kept: Any) -> "SavedFilter":
        types, states, kinds, clock_state = (
            kept.get(name) for name in ("types", "states", "kinds", "clock_state")
        )
        return cls(
            types=[CaseType(each) for each in types] if types is not None else None,
            states=[CaseState(each) for each in states] if states is not None else None,
            unit=kept.get("unit"),
            clock_state=ClockFilter(clock_state) if clock_state is not None else None,
            emergency=kept.get("emergency"),
            kinds=[WhistleKind(each) for each in kinds] if kinds is not None else None,
            created_since=_moment(kept.get("created_since")),
            created_before=_moment(kept.get("created_before")),
            number=kept.get("number"),
            text=kept.get("text"),
        )


@strawberry.type(description="常用视图 a saved view of the case list")
class SavedView:
    view_id: strawberry.ID
    name: str
    filter: SavedFilter
    saved_at: datetime

    @classmethod
    def of(cls, it: saved_views.SavedView) -> "SavedView":
        return cls(
            view_id=strawberry.ID(str(it.id)),
            name=it.name,
            filter=SavedFilter.of(it.wanted),
            saved_at=it.saved_at,
        )


@strawberry.type(description="日历订阅 the feed of one's deadlines")
class CalendarFeed:
    made_at: datetime
    ends_at: datetime
    read_at: datetime | None = strawberry.field(description="日历最近一次读取")
    path: str | None = strawberry.field(default=None, description="订阅地址的路径,只在开通时显示这一次")

    @classmethod
    def of(cls, feed: calendar_feeds.Feed, token: str | None = None) -> "CalendarFeed":
        path = None if token is None else f"/calendar/{token}.ics"
        return cls(made_at=feed.made_at, ends_at=feed.ends_at, read_at=feed.read_at, path=path)


def _kept(wanted: CaseFilterInput) -> dict[str, Any]:
    return {
        name: [each.value for each in value]
        if isinstance(value, list)
        else value.value
        if isinstance(value, Enum)
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for name, value in vars(wanted).items()
        if value is not None
    }


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept is not None else None


@strawberry.type
class OwnViewQuery:
    @strawberry.field(description="本人的常用视图,按名称")
    async def saved_views(self, info: Info) -> list[SavedView]:
        context = info.context
        context.permit(OWN_VIEWS)
        return [SavedView.of(each) for each in await telling(context).views.of(context.actor.subject)]

    @strawberry.field(description="本人的日历订阅;没有则为空")
    async def calendar_feed(self, info: Info) -> CalendarFeed | None:
        context = info.context
        context.permit(KEEP)
        feed = await telling(context).feeds.of(context.actor.subject)
        return CalendarFeed.of(feed) if feed is not None else None


@strawberry.type
class OwnViewMutation:
    @strawberry.mutation(description="保存常用视图;同名的被替换,至多 50 个")
    async def save_view(self, info: Info, name: str, filter: CaseFilterInput) -> SavedView:
        context = info.context
        context.permit(OWN_VIEWS)
        named = name.strip()
        if not 1 <= len(named) <= LONGEST_NAME or len(filter.text or "") > 200:
            raise error("view-name-invalid", context.language, most=LONGEST_NAME)
        try:
            return SavedView.of(
                await telling(context).views.save(context.actor.subject, named, _kept(filter))
            )
        except TooManyViews as refused:
            raise error(refused.slug, context.language, **refused.params) from refused

    @strawberry.mutation(description="删除常用视图;没有的也算删除")
    async def delete_view(self, info: Info, view_id: strawberry.ID) -> bool:
        context = info.context
        context.permit(OWN_VIEWS)
        found = id_of(info, view_id, "unknown-view")
        return await telling(context).views.delete(context.actor.subject, found)

    @strawberry.mutation(description="开通日历订阅;原来的地址随即失效")
    async def open_calendar_feed(self, info: Info) -> CalendarFeed:
        context = info.context
        context.permit(KEEP)
        token, feed = await telling(context).feeds.open(context.viewer)
        return CalendarFeed.of(feed, token)

    @strawberry.mutation(description="停用日历订阅;管理员可停用他人的")
    async def revoke_calendar_feed(self, info: Info, subject: str | None = None) -> bool:
        context = info.context
        whose = subject or context.actor.subject
        context.permit(KEEP if whose == context.actor.subject else "revoke-sessions")
        return await telling(context).feeds.revoke(whose, context.actor.subject)
