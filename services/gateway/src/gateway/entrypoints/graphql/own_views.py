"""What people keep for themselves in GraphQL: views of the case list, and the calendar feed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

import strawberry

from gateway.adapters import calendar_feeds, saved_views
from gateway.adapters.saved_views import TooManyViews
from gateway.entrypoints.calendar_feed import KEEP
from gateway.entrypoints.graphql.channels import id_of, telling
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.enums import CaseState, CaseType, ClockFilter, WhistleKind
from gateway.entrypoints.graphql.inputs import (
    CaseFilterInput,
    CaseOrderField,
    CaseOrderInput,
    OrderDirection,
)
from gateway.entrypoints.graphql.unit_types import Info

T = TypeVar("T")
OWN_VIEWS = "keep-own-views"
LONGEST_NAME = 40


@strawberry.type(description="保存的筛选条件,与案件列表的 filter 同样填写")
class SavedFilter:
    types: list[CaseType] | None = None
    states: list[CaseState] | None = None
    unit: str | None = None
    clock_state: ClockFilter | None = None
    emergency: bool | None = None
    kinds: list[WhistleKind] | None = None
    created_since: datetime | None = None
    created_before: datetime | None = None
    number: str | None = None
    text: str | None = None


@strawberry.type(description="保存的排序,与案件列表的 orderBy 同样填写")
class SavedOrder:
    by: CaseOrderField
    direction: OrderDirection


class _Outdated(Exception):
    """A view holds a condition, or a value of one, that there is no more."""


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "types": lambda kept: [CaseType(each) for each in kept],
    "states": lambda kept: [CaseState(each) for each in kept],
    "unit": str,
    "clock_state": ClockFilter,
    "emergency": bool,
    "kinds": lambda kept: [WhistleKind(each) for each in kept],
    "created_since": datetime.fromisoformat,
    "created_before": datetime.fromisoformat,
    "number": str,
    "text": str,
}
"""Condition → its value as it was kept, read."""
ORDER: Final = "order_by"


def _filter_of(kept: Mapping[str, Any]) -> SavedFilter:
    """What was kept; raises ``_Outdated``."""
    read = {}
    for name, value in kept.items():
        if name == ORDER:
            continue
        try:
            read[name] = _READ[name](value)
        except (KeyError, ValueError) as vanished:
            raise _Outdated(name) from vanished
    return SavedFilter(**read)


def _order_of(kept: Mapping[str, Any]) -> SavedOrder | None:
    """The order that was kept, if any; raises ``_Outdated``."""
    order = kept.get(ORDER)
    if order is None:
        return None
    try:
        return SavedOrder(by=CaseOrderField(order["by"]), direction=OrderDirection(order["direction"]))
    except (KeyError, ValueError) as vanished:
        raise _Outdated(ORDER) from vanished


@strawberry.type(description="常用视图 a saved view of the case list")
class SavedView:
    view_id: strawberry.ID
    name: str
    saved_at: datetime
    kept: strawberry.Private[Mapping[str, Any]]

    @strawberry.field(description="为空时,其中的条件或取值已不再使用,请重新保存")
    def filter(self, info: Info) -> SavedFilter | None:
        return self._read(info, _filter_of)

    @strawberry.field(description="没有存排序的为空")
    def order_by(self, info: Info) -> SavedOrder | None:
        return self._read(info, _order_of)

    def _read(self, info: Info, read: Callable[[Mapping[str, Any]], T]) -> T:
        try:
            return read(self.kept)
        except _Outdated as outdated:
            params = {"name": self.name, "condition": str(outdated)}
            raise error("view-is-outdated", info.context.language, **params) from outdated

    @classmethod
    def of(cls, it: saved_views.SavedView) -> "SavedView":
        return cls(
            view_id=strawberry.ID(str(it.id)),
            name=it.name,
            saved_at=it.saved_at,
            kept=it.wanted,
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


def _kept(wanted: CaseFilterInput | CaseOrderInput) -> dict[str, Any]:
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
    async def save_view(
        self, info: Info, name: str, filter: CaseFilterInput, order_by: CaseOrderInput | None = None
    ) -> SavedView:
        context = info.context
        context.permit(OWN_VIEWS)
        named = name.strip()
        if not 1 <= len(named) <= LONGEST_NAME or len(filter.text or "") > 200:
            raise error("view-name-invalid", context.language, most=LONGEST_NAME)
        kept = _kept(filter) | ({ORDER: _kept(order_by)} if order_by is not None else {})
        try:
            return SavedView.of(await telling(context).views.save(context.actor.subject, named, kept))
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
