"""The log of reading in GraphQL, for the auditor."""

from datetime import datetime

import strawberry
from sqlalchemy import RowMapping
from strawberry import relay

from gateway.entrypoints.graphql.paging import page_info
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.pages import log_cursor
from gateway.projections.read_log import Asked, readings


@strawberry.type(description="查阅记录 one reading")
class Reading:
    at: datetime
    subject: str
    role: str
    unit_code: str
    way: str = strawberry.field(
        description="case 单件,list 列表,command 办理后,subscription 推送,file 导出,sheet 打印,"
        "attachment 附件,open311 市民上报客户端,read-back 凭查询码,events 公布的事件"
    )
    case_ids: list[strawberry.ID]

    @strawberry.field
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, row: RowMapping) -> "Reading":
        return cls(
            at=row["at"],
            subject=row["subject"],
            role=row["role"],
            unit_code=row["unit"],
            way=row["way"],
            case_ids=[strawberry.ID(each) for each in row["case_ids"]],
        )


@strawberry.type(description="查阅记录的一项")
class ReadingEdge:
    cursor: str
    node: Reading


@strawberry.type(description="查阅记录列表,最新的在前")
class ReadingConnection:
    edges: list[ReadingEdge]
    page_info: relay.PageInfo


@strawberry.input(description="筛选条件,同时满足")
class ReadLogFilter:
    case_id: strawberry.ID | None = None
    subject: str | None = None
    unit: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@strawberry.type
class ReadLogQuery:
    @strawberry.field(description="谁在何时查阅了哪些案件;仅审计员")
    async def read_log(
        self, info: Info, filter: ReadLogFilter | None = None, first: int = 50, after: str | None = None
    ) -> ReadingConnection:
        info.context.permit("read-log")
        asked = Asked(**vars(filter)) if filter is not None else Asked()
        rows, more = await info.context.read(lambda connection: readings(connection, asked, first, after))
        edges = [ReadingEdge(cursor=log_cursor(row["seq"]), node=Reading.of(row)) for row in rows]
        return ReadingConnection(
            edges=edges,
            page_info=page_info([each.cursor for each in edges], more=more, after=after),
        )
