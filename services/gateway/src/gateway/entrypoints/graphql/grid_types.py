"""A report to the grid in GraphQL."""

import strawberry

from gateway.entrypoints.graphql.case_types import TYPES, Case, cited
from gateway.entrypoints.graphql.enums import Matter, Source
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.type(description="网格上报 a report to the grid")
class GridReport(Case):
    @strawberry.field
    def source(self) -> Source:
        return Source(self.row["source"])

    @strawberry.field
    async def township(self, info: Info) -> Unit:
        return await unit_of(info, self.row["township"])

    @strawberry.field(description="村(社区)代码")
    def village(self) -> str | None:
        return self._value("village")

    @strawberry.field(description="网格编码")
    def grid(self) -> str | None:
        return self._value("grid")

    @strawberry.field(description="包保领导")
    def leader_in_charge(self) -> str | None:
        return self._value("leader")

    @strawberry.field(description="准入事项")
    def item(self) -> str | None:
        return self._value("item")

    @strawberry.field(description="推荐的清单事项,由人决定")
    def suggested_items(self) -> list[str]:
        return list(self.row["suggested"])

    @strawberry.field(description="上报人")
    def reporter(self) -> str | None:
        return self._value("raised_by")

    @strawberry.field
    def phone(self) -> str | None:
        return self._value("phone")

    @strawberry.field
    def email(self) -> str | None:
        return self._value("email")

    @strawberry.field(description="留言编号")
    def external_number(self) -> str | None:
        return self._value("external_number")

    @strawberry.field(description="回告上报人的内容")
    def reply(self) -> str | None:
        return self._value("answer")

    @strawberry.field(description="分流到")
    def routed_to(self) -> Matter | None:
        return Matter(self.row["routed_to"]) if self.row["routed_to"] else None

    @strawberry.field(description="转成的哨单;看不见则为空")
    async def whistle(self, info: Info) -> Case | None:
        return await cited(info, self.row["whistle_id"])


TYPES["grid_report"] = GridReport
