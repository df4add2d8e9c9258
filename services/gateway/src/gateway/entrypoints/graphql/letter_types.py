"""A letter to the office in GraphQL."""

from datetime import datetime

import strawberry
from sqlalchemy import RowMapping

from gateway.entrypoints.graphql.case_types import TYPES, Case, cited
from gateway.entrypoints.graphql.enums import Channel, Rating
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.type(description="脱敏公开 what a unit may see of a letter, and what it reported")
class Release:
    unit_code: str
    words: str
    report: str | None
    handed_over_at: datetime | None
    reported_at: datetime | None

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, row: RowMapping) -> "Release":
        same = "words report handed_over_at reported_at"
        return cls(unit_code=row["unit"], **{name: row[name] for name in same.split()})


@strawberry.type(description="意见直通车 a letter to the office")
class Letter(Case):
    @strawberry.field(description="脱敏:只显示减负办允许本单位看到的内容")
    def redacted(self) -> bool:
        return bool(self.row["redacted"])

    @strawberry.field(description="脱敏公开和转办的单位")
    async def releases(self, info: Info) -> list[Release]:
        return [Release.of(row) for row in await info.context.releases.load(self.row["case_id"])]

    @strawberry.field(description="写信人的评价")
    def rating(self) -> Rating | None:
        return Rating(self.row["rating"]) if self.row["rating"] else None

    @strawberry.field(description="写信人评价时的话")
    def comment(self) -> str | None:
        return self._value("comment")

    @strawberry.field(description="转成的哨单;看不见则为空")
    async def whistle(self, info: Info) -> Case | None:
        return await cited(info, self.row["whistle_id"])

    @strawberry.field(description="转入的权责争议")
    def dispute_id(self) -> strawberry.ID | None:
        return strawberry.ID(self.row["dispute_id"]) if self.row["dispute_id"] else None

    @strawberry.field
    def channel(self) -> Channel:
        return Channel(self.row["channel"])

    @strawberry.field(description="匿名")
    def anonymous(self) -> bool:
        return bool(self.row["anonymous"])

    @strawberry.field(description="留言编号")
    def external_number(self) -> str | None:
        return self._value("external_number")

    @strawberry.field(description="写信人")
    def writer(self) -> str | None:
        return self._value("raised_by")

    @strawberry.field(description="答复")
    def answer(self) -> str | None:
        return self._value("answer")


TYPES["letter"] = Letter
