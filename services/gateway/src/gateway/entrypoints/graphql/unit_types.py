"""Units and who is asking, in GraphQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import strawberry
from sqlalchemy import RowMapping

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.context import Context
from gateway.projections import unit_queries

Info = strawberry.Info[Context, None]


@strawberry.type(description="村(社区)")
class Village:
    code: str
    name: str


@strawberry.type(description="单位 unit")
class Unit:
    code: str
    name: str
    short_name: str
    unit_class: str
    tier: str
    duty_desk_phone: str | None
    ruled_by_county: bool
    villages: list[Village]
    ended_on: date | None = strawberry.field(default=None, description="合并或撤销的日期")
    heir_codes: strawberry.Private[Sequence[str]] = ()

    @strawberry.field(description="现由哪个单位承接 who stands in its place")
    async def successor(self, info: Info) -> "Unit | None":
        return await unit_of(info, self.heir_codes[-1]) if self.heir_codes else None

    @classmethod
    def of(cls, row: RowMapping) -> "Unit":
        values = {str(name): value for name, value in row.items()}
        villages = [Village(**each) for each in values.pop("villages")]
        return cls(villages=villages, heir_codes=values.pop("heirs"), **values)


async def unit_of(info: Info, code: str) -> Unit:
    """The unit of a code; one that is not registered shows its code as its name."""
    row = await info.context.units.load(code)
    if row is not None:
        return Unit.of(row)
    return Unit(
        code=code,
        name=code,
        short_name=code,
        unit_class="",
        tier="",
        duty_desk_phone=None,
        ruled_by_county=True,
        villages=[],
    )


async def unit_then(info: Info, code: str, at: datetime) -> Unit:
    """The unit of a code under the name it had at a moment."""
    unit = await unit_of(info, code)
    named = unit_queries.name_at(await info.context.unit_names.load(code), at)
    return unit if named is None else replace(unit, name=named["name"], short_name=named["short_name"])


@strawberry.type(description="本人")
class Me:
    subject: str
    name: str
    role: str
    unit_code: str

    @strawberry.field(description="角色名称")
    def role_name(self, info: Info) -> str:
        return sentence(f"role-{self.role.replace('_', '-')}", info.context.language)

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)
