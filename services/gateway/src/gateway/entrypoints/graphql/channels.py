"""Channels that notices leave by, their deliveries, in GraphQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from uuid import UUID, uuid4

import strawberry

from contracts.catalogue import sentence
from contracts.permissions import ADMINISTRATOR, may
from gateway.application import kept_channels
from gateway.application.channels import MANAGE, SUBSCRIBE, ChannelRefused
from gateway.application.kept_channels import LoggedDelivery, Wanted
from gateway.entrypoints.graphql.context import Context, error
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.entrypoints.telling import Telling
from gateway.projections.case_queries import LARGEST_PAGE, BadCursor, PageTooLarge
from gateway.projections.case_view import NoSuchText
from gateway.projections.pages import moment_cursor, place_of


@strawberry.enum(description="通知渠道的种类:邮件、网络回调、钉钉群机器人、企业微信群机器人")
class ChannelKind(Enum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    DINGTALK = "dingtalk"
    WECOM = "wecom"


@strawberry.enum(description="渠道的状态:待验证、已开通、已暂停、单位已合并或撤销")
class ChannelState(Enum):
    UNVERIFIED = "unverified"
    OPEN = "open"
    PAUSED = "paused"
    ENDED = "ended"


@strawberry.enum(description="投递的状态:等待、发送中、已送达、已放弃、不再发送")
class DeliveryState(Enum):
    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@strawberry.type(description="投递记录 one notice on its way by one channel")
class Delivery:
    cursor: str
    delivery_id: strawberry.ID
    case_id: strawberry.ID | None = strawberry.field(description="管理员看不到案件")
    kind: str
    state: DeliveryState
    attempts: int
    result: str | None = strawberry.field(
        description="最近一次的结果,如 ok、timed-out、http-503、errcode-310000"
    )
    queued_at: datetime
    next_at: datetime | None
    tried_at: datetime | None
    delivered_at: datetime | None
    resent_by: str | None

    @classmethod
    def of(cls, row: LoggedDelivery, *, with_case: bool) -> "Delivery":
        return cls(
            cursor=moment_cursor(row.queued_at, str(row.id)),
            delivery_id=strawberry.ID(str(row.id)),
            case_id=strawberry.ID(row.case_id) if with_case else None,
            kind=row.kind,
            state=DeliveryState(row.state),
            attempts=row.attempts,
            result=row.result,
            queued_at=row.queued_at,
            next_at=row.next_at,
            tried_at=row.tried_at,
            delivered_at=row.delivered_at,
            resent_by=row.resent_by,
        )


@strawberry.type(description="通知渠道 a channel that notices leave by")
class NoticeChannel:
    channel_id: strawberry.ID
    kind: ChannelKind
    name: str
    address: str = strawberry.field(description="只显示主机名,或邮箱的首字母和域名")
    unit_code: str
    personal: bool
    duty_desk: bool = strawberry.field(description="值班室的渠道:派单和最后提醒不受免打扰时段限制")
    made_at: datetime
    verified_at: datetime | None = strawberry.field(description="为空时尚未用测试消息验证,不发送")
    paused_at: datetime | None
    last_result: str | None
    last_at: datetime | None
    state: ChannelState
    ended: strawberry.Private[kept_channels.Ended | None]

    @strawberry.field(description="单位已合并或撤销的,为什么不再发送、由谁接收")
    async def reason(self, info: Info) -> str | None:
        if self.ended is None:
            return None
        told: dict[str, object] = {
            "unit": (await unit_of(info, self.unit_code)).short_name,
            "date": self.ended.on.isoformat(),
        }
        if self.ended.heir is None:
            return sentence("channel-ended", info.context.language, told)
        told["heir"] = (await unit_of(info, self.ended.heir)).short_name
        return sentence("channel-ended-with-heir", info.context.language, told)

    @strawberry.field
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, it: kept_channels.Channel) -> "NoticeChannel":
        return cls(
            channel_id=strawberry.ID(str(it.id)),
            kind=ChannelKind(it.target.kind),
            name=it.name,
            address=it.shown_address,
            unit_code=it.unit,
            personal=it.subject is not None,
            duty_desk=it.duty_desk,
            made_at=it.made_at,
            verified_at=it.verified_at,
            paused_at=it.paused_at,
            last_result=it.last_result,
            last_at=it.last_at,
            state=_state(it),
            ended=it.ended,
        )


def _state(it: kept_channels.Channel) -> ChannelState:
    if it.ended is not None:
        return ChannelState.ENDED
    if it.verified_at is None:
        return ChannelState.UNVERIFIED
    return ChannelState.OPEN if it.paused_at is None else ChannelState.PAUSED


@strawberry.type(description="渠道变动的结果")
class ChannelPayload:
    channel: NoticeChannel | None
    secret: str | None = strawberry.field(default=None, description="网络回调的签名密钥,只在建立时显示这一次")
    result: str | None = strawberry.field(default=None, description="测试消息的结果,ok 为已送达")


@strawberry.input(description="新的通知渠道")
class ChannelInput:
    kind: ChannelKind
    name: str
    address: str = strawberry.field(description="邮箱,或以 https 开头的回调地址")
    secret: str | None = strawberry.field(default=None, description="钉钉机器人的加签密钥;用关键词的不填")
    unit: str | None = strawberry.field(default=None, description="不填为本单位;管理员可填其他单位")
    duty_desk: bool = False
    personal: bool = strawberry.field(default=False, description="本人的邮箱,收本单位的通知")


def telling(context: Context) -> Telling:
    """The ways out; a gateway without them says so."""
    if context.parts.telling is None:
        raise error("service-unavailable", context.language)
    return context.parts.telling


@contextmanager
def _told(context: Context) -> Iterator[None]:
    try:
        yield
    except (ChannelRefused, BadCursor, NoSuchText) as refused:
        raise error(refused.slug, context.language, **refused.params) from refused


def id_of(info: Info, text: str, slug: str) -> UUID:
    """The UUID in an ID; what is none is unknown."""
    try:
        return UUID(text)
    except ValueError:
        raise error(slug, info.context.language) from None


def _permitted(context: Context) -> Telling:
    """Managing the unit's channels or having one's own: whose which is, the application looks at."""
    if not may(context.actor, SUBSCRIBE):
        context.permit(MANAGE)
    return telling(context)


@strawberry.type
class ChannelQuery:
    @strawberry.field(description="通知渠道:本人的,以及本单位负责人看本单位的和所承接单位的、管理员看全部的")
    async def channels(self, info: Info) -> list[NoticeChannel]:
        context = info.context
        found = await _permitted(context).channels.seen_by(context.actor)
        return [NoticeChannel.of(each) for each in found]

    @strawberry.field(description="一个渠道的投递记录,最新的在前")
    async def deliveries(
        self,
        info: Info,
        channel: strawberry.ID,
        state: DeliveryState | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> list[Delivery]:
        context = info.context
        if not 0 <= first <= LARGEST_PAGE:
            raise error(PageTooLarge.slug, context.language, **PageTooLarge(first).params)
        with _told(context):
            rows = await _permitted(context).channels.log(
                context.actor,
                id_of(info, channel, "unknown-channel"),
                state.value if state else None,
                first,
                _queued(after) if after is not None else None,
            )
        shown = context.actor.role != ADMINISTRATOR
        return [Delivery.of(each, with_case=shown) for each in rows]


def _queued(cursor: str) -> tuple[datetime, UUID]:
    """When a delivery was queued, and its id; raises ``BadCursor``."""
    moment, keys = place_of(cursor)
    try:
        (key,) = keys
        return moment, UUID(key)
    except (ValueError, AttributeError, TypeError) as error:
        raise BadCursor from error


@strawberry.type
class ChannelMutation:
    @strawberry.mutation(description="建立通知渠道;用测试消息验证后才发送")
    async def create_channel(
        self, info: Info, channel: ChannelInput, idempotency_key: UUID | None = None
    ) -> ChannelPayload:
        context = info.context
        parts = _permitted(context)
        name, address = channel.name.strip(), channel.address.strip()
        if not 1 <= len(name) <= 40 or len(channel.secret or "") > 200:
            raise error("channel-name-invalid", context.language)
        wanted = Wanted(
            unit=channel.unit or context.actor.unit,
            kind=channel.kind.value,
            name=name,
            address=address,
            secret=channel.secret or None,
            duty_desk=channel.duty_desk,
            personal=channel.personal,
        )
        with _told(context):
            made, secret = await parts.channels.make(context.actor, wanted, idempotency_key or uuid4())
        return ChannelPayload(channel=NoticeChannel.of(made), secret=secret)

    @strawberry.mutation(description="发送测试消息,其中有验证码;每分钟至多一次")
    async def test_channel(self, info: Info, channel_id: strawberry.ID) -> ChannelPayload:
        context = info.context
        with _told(context):
            found, outcome = await _permitted(context).channels.test(
                context.actor, id_of(info, channel_id, "unknown-channel")
            )
        return ChannelPayload(channel=NoticeChannel.of(found), result=outcome.result)

    @strawberry.mutation(description="填写测试消息中的验证码,渠道开始发送此后的通知")
    async def confirm_channel(self, info: Info, channel_id: strawberry.ID, code: str) -> ChannelPayload:
        context = info.context
        with _told(context):
            found = await _permitted(context).channels.confirm(
                context.actor, id_of(info, channel_id, "unknown-channel"), code
            )
        return ChannelPayload(channel=NoticeChannel.of(found))

    @strawberry.mutation(description="暂停渠道;等待发送的不再发送")
    async def pause_channel(self, info: Info, channel_id: strawberry.ID) -> ChannelPayload:
        context = info.context
        with _told(context):
            found = await _permitted(context).channels.pause(
                context.actor, id_of(info, channel_id, "unknown-channel")
            )
        return ChannelPayload(channel=NoticeChannel.of(found))

    @strawberry.mutation(description="恢复渠道;暂停期间的通知不补发")
    async def resume_channel(self, info: Info, channel_id: strawberry.ID) -> ChannelPayload:
        context = info.context
        with _told(context):
            found = await _permitted(context).channels.resume(
                context.actor, id_of(info, channel_id, "unknown-channel")
            )
        return ChannelPayload(channel=NoticeChannel.of(found))

    @strawberry.mutation(description="接收所承接单位的渠道,保留投递记录;重新验证后才发送")
    async def adopt_channel(self, info: Info, channel_id: strawberry.ID) -> ChannelPayload:
        context = info.context
        with _told(context):
            found = await _permitted(context).channels.adopt(
                context.actor, id_of(info, channel_id, "unknown-channel")
            )
        return ChannelPayload(channel=NoticeChannel.of(found))

    @strawberry.mutation(description="删除渠道,连同其地址和密钥")
    async def remove_channel(self, info: Info, channel_id: strawberry.ID) -> ChannelPayload:
        context = info.context
        with _told(context):
            await _permitted(context).channels.remove(
                context.actor, id_of(info, channel_id, "unknown-channel")
            )
        return ChannelPayload(channel=None)

    @strawberry.mutation(description="人工重发一次:已放弃的,或对方没有收到的")
    async def resend_delivery(self, info: Info, delivery_id: strawberry.ID) -> ChannelPayload:
        context = info.context
        with _told(context):
            found = await _permitted(context).channels.resend(
                context.actor, id_of(info, delivery_id, "unknown-delivery")
            )
        return ChannelPayload(channel=NoticeChannel.of(found))
