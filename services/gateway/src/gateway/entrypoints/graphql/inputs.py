"""Inputs that several queries and mutations take."""

import strawberry

from gateway.entrypoints.graphql.enums import CaseState, CaseType, ClockFilter, Rating, Result
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
            number=self.number,
            text=self.text,
        )
