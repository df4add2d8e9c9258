"""What every case has in GraphQL, whatever its kind; times are UTC instants."""

from datetime import datetime
from typing import cast

import strawberry
from sqlalchemy import RowMapping
from strawberry import relay
from strawberry.scalars import JSON

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.attachment_types import Attachment
from gateway.entrypoints.graphql.clock_types import Clock
from gateway.entrypoints.graphql.correction_types import Correction
from gateway.entrypoints.graphql.enums import CaseState, CaseType
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_then
from gateway.projections import search


@strawberry.type(description="办理过程 one line of a case's timeline")
class TimelineEntry:
    service: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    unit_code: str | None
    text: str | None
    params: JSON

    @strawberry.field(description="一句话")
    def title(self, info: Info) -> str:
        params, language = cast(dict[str, object], self.params), info.context.language
        told = sentence("timeline-" + self.type.split(".")[2], language, params)
        return told + sentence("timeline-withdrawn", language) if params.get("withdrawn") else told

    @strawberry.field(description="单位,用当时的名称 under the name it had then")
    async def unit(self, info: Info) -> Unit | None:
        return await unit_then(info, self.unit_code, self.at) if self.unit_code else None

    @classmethod
    def of(cls, row: RowMapping) -> "TimelineEntry":
        same = "service seq type at recorded_at text params"
        return cls(unit_code=row["unit"], **{name: row[name] for name in same.split()})


@strawberry.interface(description="案件 anything with a state, clocks and a timeline")
class Case:
    row: strawberry.Private[RowMapping]

    @strawberry.field
    def case_id(self) -> strawberry.ID:
        return strawberry.ID(self.row["case_id"])

    @strawberry.field
    def type(self) -> CaseType:
        return CaseType(self.row["type"])

    @strawberry.field(description="caseChanged 由此续接 where caseChanged is gone on from")
    async def cursor(self, info: Info) -> str:
        return await info.context.place()

    @strawberry.field(description="编号,如 NL-2026-000123")
    def number(self) -> str | None:
        return self._value("number")

    @strawberry.field
    def state(self) -> CaseState:
        return CaseState(self.row["state"])

    @strawberry.field(description="事后补录,只存档备查,不计时限不发通知 recorded after the fact")
    def recorded(self) -> bool:
        return bool(self.row["recorded"])

    @strawberry.field(description="标题")
    def title(self) -> str | None:
        return self._value("title")

    @strawberry.field(description="内容")
    def text(self) -> str:
        return str(self.row["text"])

    @strawberry.field
    def created_at(self) -> datetime:
        moment: datetime = self.row["created_at"]
        return moment

    @strawberry.field
    def updated_at(self) -> datetime:
        moment: datetime = self.row["updated_at"]
        return moment

    @strawberry.field
    def closed_at(self) -> datetime | None:
        moment: datetime | None = self.row["closed_at"]
        return moment

    @strawberry.field(description="正在交接:另一服务尚未答复 a handover between services lacks its answer")
    def settling(self) -> bool:
        return bool(self.row["settling_for"])

    @strawberry.field(description="记录时间的更正,含待核准的")
    def corrections(self) -> list[Correction]:
        known = {} if self._is_redacted else self.row["details"].get("corrections", {})
        return [Correction.of(correction_id, it) for correction_id, it in known.items()]

    @strawberry.field(description="附件,含已移除的;只看到部分内容的单位看不到")
    async def attachments(self, info: Info) -> list[Attachment]:
        return [Attachment.of(row) for row in await info.context.attachments.load(self.row["case_id"])]

    @strawberry.field(description="时限")
    async def clocks(self, info: Info) -> list[Clock]:
        return [Clock.of(row) for row in await info.context.clocks.load(self.row["case_id"])]

    @strawberry.field(description="办理过程,按事实发生的时间")
    async def timeline(self, info: Info) -> list[TimelineEntry]:
        return [TimelineEntry.of(row) for row in await info.context.timeline.load(self.row["case_id"])]

    @property
    def _is_redacted(self) -> bool:
        return "redacted" in self.row and bool(self.row["redacted"])

    def _value(self, name: str) -> str | None:
        value: str | None = self.row[name]
        return value


async def cited(info: Info, case_id: str | None) -> Case | None:
    """The case another one cites; None if the caller cannot see it."""
    row = await info.context.cases.load(case_id) if case_id is not None else None
    if row is None:
        return None
    await info.context.shown("case", [row["case_id"]])
    return case_of(row)


TYPES: dict[str, type[Case]] = {}
"""The GraphQL type by the type of a row; the modules of the types add theirs."""


def case_of(row: RowMapping) -> Case:
    """The GraphQL type of a row of the case view."""
    return TYPES[row["type"]](row=row)


@strawberry.type(description="检索命中 a searched word in its place")
class Highlight:
    field: str = strawberry.field(description="title 标题,text 内容,issue 问题项,answer 答复")
    before: str
    match: str
    after: str

    @classmethod
    def of(cls, hit: search.Hit) -> "Highlight":
        return cls(field=hit.field, before=hit.before, match=hit.match, after=hit.after)


@strawberry.type(description="案件列表的一项")
class CaseEdge:
    cursor: str
    node: Case
    searched: strawberry.Private[str | None] = None

    @strawberry.field(description="检索词在何处;未按文字检索则为空 where the searched words stand")
    async def highlights(self, info: Info) -> list[Highlight]:
        if not self.searched:
            return []
        row = self.node.row
        own = await info.context.issues.load(row["case_id"])
        title = row["title"] if row["title"] and not row["text"].startswith(row["title"]) else None
        texts = {
            "title": [title],
            "text": [row["text"]],
            "issue": [each["text"] for each in own],
            "answer": [row["answer"]],
        }
        return [Highlight.of(hit) for hit in search.hits(texts, self.searched)]


@strawberry.type(description="案件列表")
class CaseConnection:
    edges: list[CaseEdge]
    page_info: relay.PageInfo
    total_count: int = strawberry.field(description="满足条件的总数;检索词太常见时至多数到 10001")


@strawberry.type(description="命令的结果:案件在命令之后的样子")
class CasePayload:
    case_id: strawberry.ID
    case: Case | None = strawberry.field(description="不可见或尚未可读时为空")
    stale: bool = strawberry.field(description="读视图在限定时间内尚未跟上")
    read_back_code: str | None = strawberry.field(
        default=None, description="匿名来信的查询码,只在提交时显示;凭编号和查询码可查询答复和评价"
    )
