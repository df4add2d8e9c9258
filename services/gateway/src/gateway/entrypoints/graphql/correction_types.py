"""Corrections of a recorded time in GraphQL."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry

from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.enum(description="可更正时间的事项 what a correction is about")
class CorrectableFact(Enum):
    REPORT_IN = strawberry.enum_value("report-in", description="报到")
    CONCLUSION = strawberry.enum_value("conclusion", description="主办办结")
    RESPONSE = strawberry.enum_value("response", description="来信答复")
    RESOLUTION = strawberry.enum_value("resolution", description="来信办结")


@strawberry.enum(description="更正的状态")
class CorrectionState(Enum):
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


@strawberry.type(description="更正 a correction of a recorded time; the old time stays visible")
class Correction:
    correction_id: strawberry.ID
    fact: CorrectableFact
    state: CorrectionState
    old_at: datetime
    new_at: datetime
    proposed_by: str = strawberry.field(description="提出人账号")
    decided_by: str | None = strawberry.field(description="核准或否决人账号")
    unit_code: strawberry.Private[str | None]

    @strawberry.field(description="承办单位;来信为空")
    async def unit(self, info: Info) -> Unit | None:
        return await unit_of(info, self.unit_code) if self.unit_code else None

    @classmethod
    def of(cls, correction_id: str, it: dict[str, Any]) -> "Correction":
        return cls(
            correction_id=strawberry.ID(correction_id),
            fact=CorrectableFact(it["fact"]),
            state=CorrectionState(it["state"]),
            old_at=datetime.fromisoformat(it["old_at"]),
            new_at=datetime.fromisoformat(it["new_at"]),
            proposed_by=it["by"],
            decided_by=it.get("decided_by"),
            unit_code=it.get("unit"),
        )
