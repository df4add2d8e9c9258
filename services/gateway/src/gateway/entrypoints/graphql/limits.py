"""What one may ask for, told before it is refused."""

import strawberry

from backbone.sheets import MOST_ROWS
from gateway.application.channels import MOST_OF_PERSON, MOST_OF_UNIT
from gateway.entrypoints.graphql.bulk_mutations import MOST
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections.case_queries import LARGEST_PAGE, PAGE
from gateway.projections.search import LONGEST, MOST_TERMS


@strawberry.type(description="允许的文件类型")
class AttachmentType:
    media_type: str
    endings: list[str] = strawberry.field(description="文件名的后缀,如 .jpg")


@strawberry.type(description="附件的限制 what POST /cases/{caseId}/attachments takes")
class AttachmentLimits:
    bytes: int = strawberry.field(description="每个文件的字节数")
    per_case: int = strawberry.field(description="每件案件同时有几个文件")
    name_characters: int = strawberry.field(description="文件名的字数,含后缀;更长的会截短")
    types: list[AttachmentType]


@strawberry.type(description="一次操作的限制 limits of one operation")
class OperationLimits:
    depth: int = strawberry.field(description="字段的层数")
    aliases: int
    tokens: int = strawberry.field(description="查询文本的词和符号")
    characters: int = strawberry.field(description="查询文本的字数;长文请放入变量")
    repeats: int = strawberry.field(description="同一个值至多取几遍")
    cost: int = strawberry.field(description="所取的值,列表按行数相乘")
    body_bytes: int
    seconds: float


@strawberry.type(description="一个令牌、会话或密钥的限制;请求由全部副本合计,连接和订阅按每个副本计")
class CallerLimits:
    requests_per_minute: int
    burst: int = strawberry.field(description="一时可连发几次")
    connections: int = strawberry.field(description="订阅连接")
    subscriptions: int
    subscriptions_per_connection: int


@strawberry.type(description="未登录的请求,按网络地址计;错误的令牌、会话、密钥也计入")
class AnonymousLimits:
    requests_per_minute: int
    burst: int = strawberry.field(description="一时可连发几次")
    connections: int = strawberry.field(description="尚未表明身份的订阅连接")
    introduction_seconds: float = strawberry.field(description="订阅连接须在几秒内表明身份")


@strawberry.type(description="列表的限制")
class ListLimits:
    page: int = strawberry.field(description="一页至多几行")
    page_unless_asked: int
    search_characters: int
    search_words: int = strawberry.field(description="检索词的个数,以空格分开")
    bulk_cases: int = strawberry.field(description="一次批量办理的案件数")
    export_rows: int


@strawberry.type(description="通知渠道的个数")
class ChannelLimits:
    of_unit: int
    of_person: int


@strawberry.type(description="各种限制;超过的会被拒绝,并说明上限")
class LimitsShown:
    @strawberry.field
    async def operation(self, info: Info) -> OperationLimits:
        it = info.context.parts.callers.limits
        return OperationLimits(
            depth=it.depth,
            aliases=it.aliases,
            tokens=it.tokens,
            characters=it.characters,
            repeats=it.repeats,
            cost=it.cost,
            body_bytes=it.body_bytes,
            seconds=it.request_seconds,
        )

    @strawberry.field
    async def caller(self, info: Info) -> CallerLimits:
        it = info.context.parts.callers.limits
        return CallerLimits(
            requests_per_minute=it.requests_per_minute,
            burst=it.burst,
            connections=it.connections,
            subscriptions=it.subscriptions,
            subscriptions_per_connection=it.subscriptions_per_connection,
        )

    @strawberry.field
    async def anonymous(self, info: Info) -> AnonymousLimits:
        it = info.context.parts.callers.limits
        return AnonymousLimits(
            requests_per_minute=it.anonymous_per_minute,
            burst=it.anonymous_burst,
            connections=it.anonymous_connections,
            introduction_seconds=it.introduction_seconds,
        )

    @strawberry.field
    async def lists(self) -> ListLimits:
        return ListLimits(
            page=LARGEST_PAGE,
            page_unless_asked=PAGE,
            search_characters=LONGEST,
            search_words=MOST_TERMS,
            bulk_cases=MOST,
            export_rows=MOST_ROWS,
        )

    @strawberry.field
    async def channels(self) -> ChannelLimits:
        return ChannelLimits(of_unit=MOST_OF_UNIT, of_person=MOST_OF_PERSON)

    @strawberry.field(description="上传前先看;由受理服务规定")
    async def attachments(self, info: Info) -> AttachmentLimits:
        context = info.context
        told = await context.parts.services.read(
            "intake", "/attachment-limits", token=context.token, params={}
        )
        return AttachmentLimits(
            bytes=min(told["bytes"], context.parts.callers.limits.upload_bytes),
            per_case=told["per_case"],
            name_characters=told["name_characters"],
            types=[AttachmentType(**each) for each in told["types"]],
        )


@strawberry.type
class LimitsQuery:
    @strawberry.field(description="各种限制:页、检索、订阅、请求、附件")
    async def limits(self, info: Info) -> LimitsShown:
        info.context.permit("read-directory")
        return LimitsShown()
