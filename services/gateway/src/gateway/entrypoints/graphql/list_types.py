"""The responsibility list in GraphQL."""

import strawberry
from sqlalchemy import RowMapping

from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.type(description="权责清单事项")
class ResponsibilityItem:
    code: str
    version: int
    effective_from: str
    source_document: str
    title: str
    kind: str
    level: str
    legal_basis: str
    summary: str
    complex: bool
    devolved: bool
    devolved_with: list[str]
    taxonomy: list[str]
    lead_code: str
    assist_codes: list[str]

    @strawberry.field(description="主办单位")
    async def lead(self, info: Info) -> Unit:
        return await unit_of(info, self.lead_code)

    @strawberry.field(description="协办单位")
    async def assists(self, info: Info) -> list[Unit]:
        return [await unit_of(info, code) for code in self.assist_codes]

    @classmethod
    def of(cls, row: RowMapping) -> "ResponsibilityItem":
        values = {str(name): value for name, value in row.items()}
        lead, assists = values.pop("lead"), values.pop("assists")
        return cls(lead_code=lead, assist_codes=list(assists), **values)


@strawberry.type(description="事项推荐 a suggested responsibility item")
class Suggestion:
    code: str
    title: str
    confidence: float
    matched: list[str]
    preselected: bool
    lead_code: str
    assist_codes: list[str]
