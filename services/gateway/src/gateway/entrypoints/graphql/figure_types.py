"""Figures of a period in GraphQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.type(description="不计入的件数 what stands outside a rate")
class Excluded:
    reason: str
    count: int

    @strawberry.field(description="原因")
    def title(self, info: Info) -> str:
        return sentence(f"excluded-{self.reason}", info.context.language)


@strawberry.type(description="一个指标的数值;value 为空即样本太少")
class FigureValue:
    numerator: float
    denominator: int
    value: float | None = strawberry.field(description="比率;报到用时为中位小时数;综合得分为百分制")
    p90: float | None = strawberry.field(description="报到用时:九成在多少小时之内")
    too_few: bool
    pending: int = strawberry.field(description="未到期")
    provisional: int = strawberry.field(description="期限待定")
    extended: int = strawberry.field(description="延过期")
    excluded: list[Excluded]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "FigureValue":
        return cls(**_value(row))


@strawberry.interface(description="指标的位置")
class FigurePlace:
    figure: str
    tier: str | None = strawberry.field(description="分组;空为全县")
    unit_code: str | None = strawberry.field(description="单位;空为合计")
    kind: str | None = strawberry.field(description="类别;空为全部")

    @strawberry.field(description="指标名称")
    def title(self, info: Info) -> str:
        return sentence(f"figure-{self.figure}", info.context.language)

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit | None:
        return None if self.unit_code is None else await unit_of(info, self.unit_code)


@strawberry.type(description="一行:一个指标在一个单位、分组和类别")
class FigureRow(FigurePlace):
    value: FigureValue

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "FigureRow":
        return cls(**_place(row), value=FigureValue.of(row))


@strawberry.type(description="定稿以后不同的一格")
class FigureChange(FigurePlace):
    was: FigureValue | None
    now: FigureValue | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "FigureChange":
        was, now = (None if row[name] is None else FigureValue.of(row[name]) for name in ("was", "now"))
        return cls(**_place(row), was=was, now=now)


@strawberry.type(description="定稿:number 为 0 是初次定稿,以后为更正")
class FrozenFigures:
    number: int
    as_of: datetime
    at: datetime
    digest: str
    by: str
    approved_by: str | None


@strawberry.type(description="一个统计周期的指标")
class FigureTable:
    period: str
    boundary: str
    begin: datetime
    end: datetime
    as_of: datetime
    complete: bool = strawberry.field(description="数据已到齐,同一时刻再问答案不变")
    behind: list[str]
    held: int
    few: int = strawberry.field(description="不足此数不显示比率")
    score: bool = strawberry.field(description="是否启用综合得分")
    frozen: FrozenFigures | None
    changes: list[FigureChange] = strawberry.field(description="定稿以后的变化")
    rows: list[FigureRow]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "FigureTable":
        period, moment, frozen = answer["period"], answer["moment"], answer["frozen"]
        return cls(
            period=period["label"],
            boundary=period["boundary"],
            begin=datetime.fromisoformat(period["begin"]),
            end=datetime.fromisoformat(period["end"]),
            as_of=datetime.fromisoformat(moment["as_of"]),
            complete=moment["complete"],
            behind=moment["behind"],
            held=moment["held"],
            few=answer["few"],
            score=answer["score"],
            frozen=None if frozen is None else _frozen(frozen),
            changes=[FigureChange.of(each) for each in answer["changes"]],
            rows=[FigureRow.of(each) for each in answer["rows"]],
        )


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"figure": row["figure"], "tier": row["tier"], "unit_code": row["unit"], "kind": row["kind"]}


def _value(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("numerator", "denominator", "value", "p90", "too_few", "pending", "provisional", "extended")
    excluded = [Excluded(reason=reason, count=count) for reason, count in row["excluded"].items()]
    return {**{name: row[name] for name in names}, "excluded": excluded}


def _frozen(row: Mapping[str, Any]) -> FrozenFigures:
    moments = {name: datetime.fromisoformat(row[name]) for name in ("as_of", "at")}
    return FrozenFigures(
        number=row["number"],
        digest=row["digest"],
        by=row["by"],
        approved_by=row["approved_by"],
        **moments,
    )
