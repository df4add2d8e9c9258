"""Counts for dashboards in GraphQL."""

import strawberry

from gateway.entrypoints.graphql.enums import CaseState, CaseType, ClockFilter, WhistleKind
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.facets import Counts, Facets


@strawberry.type(description="某类型的件数")
class TypeCount:
    value: CaseType
    count: int


@strawberry.type(description="某状态的件数")
class StateCount:
    value: CaseState
    count: int


@strawberry.type(description="某类哨单的件数")
class KindCount:
    value: WhistleKind
    count: int


@strawberry.type(description="有某种时限的件数")
class ClockCount:
    value: ClockFilter
    count: int


@strawberry.type(description="某单位的件数")
class UnitCount:
    code: str
    count: int

    @strawberry.field
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.code)


@strawberry.type(description="分面统计,件数多的在前;每个取值都可以再用来筛选")
class CaseFacets:
    total: int
    types: list[TypeCount]
    states: list[StateCount]
    kinds: list[KindCount]
    townships: list[UnitCount]
    departments: list[UnitCount]
    clock_states: list[ClockCount]

    @classmethod
    def of(cls, counted: Facets) -> "CaseFacets":
        return cls(
            total=counted.total,
            types=[TypeCount(value=CaseType(value), count=count) for value, count in counted.types],
            states=[StateCount(value=CaseState(value), count=count) for value, count in counted.states],
            kinds=[KindCount(value=WhistleKind(value), count=count) for value, count in counted.kinds],
            townships=_units(counted.townships),
            departments=_units(counted.departments),
            clock_states=[
                ClockCount(value=ClockFilter(value), count=count) for value, count in counted.clock_states
            ],
        )


def _units(counts: Counts) -> list[UnitCount]:
    return [UnitCount(code=code, count=count) for code, count in counts]
