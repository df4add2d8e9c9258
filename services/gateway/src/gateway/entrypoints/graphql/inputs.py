"""Inputs that several queries and mutations take."""

from datetime import UTC, datetime
from enum import Enum

import strawberry

from gateway.entrypoints.graphql.enums import CaseState, CaseType, ClockFilter, Rating, Result, WhistleKind
from gateway.projections.case_lists import CaseOrder, OrderBy
from gateway.projections.case_queries import CaseFilter


@strawberry.input(description="逐项判定")
class VerdictInput:
    issue_id: strawberry.ID
    verdict: Result


@strawberry.input(description="部门评价")
class RatingInput:
    unit: str
    rating: Rating


@strawberry.input(description="筛选条件,同时满足")
class CaseFilterInput:
    types: list[CaseType] | None = None
    states: list[CaseState] | None = None
    unit: str | None = strawberry.field(default=None, description="来自该镇街或派给该部门")
    clock_state: ClockFilter | None = None
    emergency: bool | None = None
    kinds: list[WhistleKind] | None = strawberry.field(default=None, description="哨单类别")
    created_since: datetime | None = strawberry.field(default=None, description="此时或以后提出")
    created_before: datetime | None = strawberry.field(default=None, description="此时以前提出")
    number: str | None = strawberry.field(default=None, description="哨单编号或留言编号")
    text: str | None = strawberry.field(default=None, description="标题或内容中的文字")

    def wanted(self) -> CaseFilter:
        """The filter in the words of the case view."""
        return CaseFilter(
            types=[each.value for each in self.types or ()],
            states=[each.value for each in self.states or ()],
            unit=self.unit,
            clock_state=self.clock_state.value if self.clock_state else None,
            emergency=self.emergency,
            kinds=[each.value for each in self.kinds or ()],
            created_since=_instant(self.created_since),
            created_before=_instant(self.created_before),
            number=self.number,
            text=self.text,
        )


def _instant(moment: datetime | None) -> datetime | None:
    """A moment told without an offset is UTC, like every moment here."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


@strawberry.enum(description="按什么排序:最近变动、提出时间、编号、最早到期的时限")
class CaseOrderField(Enum):
    UPDATED = "updated"
    CREATED = "created"
    NUMBER = "number"
    DUE = "due"


@strawberry.enum(description="升序、降序")
class OrderDirection(Enum):
    ASC = "asc"
    DESC = "desc"


@strawberry.input(description="排序;没有编号的在最小编号之前,没有时限的在最晚时限之后")
class CaseOrderInput:
    by: CaseOrderField
    direction: OrderDirection = OrderDirection.DESC

    def wanted(self) -> CaseOrder:
        """The order in the words of the case view."""
        return CaseOrder(by=_ORDERS[self.by], ascending=self.direction is OrderDirection.ASC)


_ORDERS: dict[CaseOrderField, OrderBy] = {
    CaseOrderField.UPDATED: "updated",
    CaseOrderField.CREATED: "created",
    CaseOrderField.NUMBER: "number",
    CaseOrderField.DUE: "due",
}
