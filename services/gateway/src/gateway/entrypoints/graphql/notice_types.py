"""Notices to a unit in GraphQL."""

from datetime import datetime
from typing import cast

import strawberry
from sqlalchemy import RowMapping
from strawberry.scalars import JSON

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections.pages import cursor
from gateway.projections.tables import notices


@strawberry.type(description="提醒 a notice to a unit")
class Notice:
    cursor: str
    notice_id: strawberry.ID
    case_id: strawberry.ID
    clock_id: strawberry.ID | None
    kind: str
    at: datetime
    params: JSON

    @strawberry.field(description="一句话")
    def title(self, info: Info) -> str:
        return sentence(f"notice-{self.kind}", info.context.language, cast(dict[str, object], self.params))

    @classmethod
    def of(cls, row: RowMapping) -> "Notice":
        return cls(
            cursor=cursor(row, notices.c.at),
            notice_id=strawberry.ID(row["notice_id"]),
            case_id=strawberry.ID(row["case_id"]),
            clock_id=strawberry.ID(row["clock_id"]) if row["clock_id"] else None,
            kind=row["kind"],
            at=row["at"],
            params=row["params"],
        )
