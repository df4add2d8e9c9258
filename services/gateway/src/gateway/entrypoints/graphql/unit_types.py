"""Units and who is asking, in GraphQL."""

import strawberry
from sqlalchemy import RowMapping

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.context import Context

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

    @classmethod
    def of(cls, row: RowMapping) -> "Unit":
        values = {str(name): value for name, value in row.items()}
        return cls(**{**values, "villages": [Village(**each) for each in values["villages"]]})


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
