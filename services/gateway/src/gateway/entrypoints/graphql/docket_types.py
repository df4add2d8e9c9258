"""What is told of a docket, in GraphQL."""

import strawberry

from gateway.entrypoints.graphql.case_types import Case, cited
from gateway.entrypoints.graphql.clock_types import Clock
from gateway.entrypoints.graphql.unit_types import Info


@strawberry.type(description="待办变动 one case of a docket after a change")
class DocketChange:
    cursor: str = strawberry.field(description="断线后从这里续接")
    case_id: strawberry.ID
    case: Case | None = strawberry.field(description="已不在本单位待办中的为空")


@strawberry.type(description="超期 one breach")
class Breach:
    cursor: str = strawberry.field(description="断线后从这里续接")
    clock: Clock
    case_code: strawberry.Private[str]

    @strawberry.field
    async def case(self, info: Info) -> Case | None:
        return await cited(info, self.case_code)
