"""Policies in GraphQL: each version with its terms, and what one would move."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.scalars import JSON

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.enum(description="政策状态")
class PolicyState(Enum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


@strawberry.enum(description="案件情形")
class Profile(Enum):
    ORDINARY = "ordinary"
    COMPLEX = "complex"
    EMERGENCY = "emergency"


@strawberry.type(description="一种情形的时限")
class PolicyLimit:
    profile: Profile
    unit: str = strawberry.field(description="working-days、calendar-days、seconds、working-seconds")
    amount: int
    amount_zh: strawberry.Private[str]
    amount_en: strawberry.Private[str]

    @strawberry.field(description="时限的说法,如“7个工作日”")
    def words(self, info: Info) -> str:
        return self.amount_en if info.context.language == "en" else self.amount_zh


@strawberry.type(description="时限政策的一个版本 one version of a policy record")
class Policy:
    version: str = strawberry.field(description="时限记下的版本号,如 C5.2")
    clock: str
    scope: str = strawberry.field(description="镇街代码,空为全县")
    number: int
    state: PolicyState
    in_force: bool = strawberry.field(description="现在起算的时限适用")
    effective_from: date
    effective_to: date | None
    source: str = strawberry.field(description="依据文件")
    source_number: str
    source_issued: date | None
    ending: str
    limits: list[PolicyLimit]
    reminders: JSON
    ladder: JSON
    hours: JSON
    quiet: JSON
    proposed_at: datetime
    decided_at: datetime | None
    reason: str | None = strawberry.field(description="否决的理由")
    proposed_by: str | None
    decided_by: str | None
    start_slug: strawberry.Private[str]
    stop_slug: strawberry.Private[str]

    @strawberry.field(description="时限名称")
    def title(self, info: Info) -> str:
        return sentence(f"clock-{self.clock.lower()}", info.context.language)

    @strawberry.field(description="从何时起算")
    def start(self, info: Info) -> str:
        return sentence(f"occasion-{self.start_slug}", info.context.language)

    @strawberry.field(description="到何时结束")
    def stop(self, info: Info) -> str:
        return sentence(f"occasion-{self.stop_slug}", info.context.language)

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Policy":
        """From the service's answer."""
        same = (
            "version clock scope number in_force source source_number ending reminders ladder hours quiet "
            "reason proposed_by decided_by"
        )
        return cls(
            **{name: found[name] for name in same.split()},
            state=PolicyState(found["state"]),
            effective_from=date.fromisoformat(found["effective_from"]),
            effective_to=_day(found["effective_to"]),
            source_issued=_day(found["source_issued"]),
            proposed_at=datetime.fromisoformat(found["proposed_at"]),
            decided_at=datetime.fromisoformat(found["decided_at"]) if found["decided_at"] else None,
            start_slug=found["start"],
            stop_slug=found["stop"],
            limits=[PolicyLimit(**{**each, "profile": Profile(each["profile"])}) for each in found["limits"]],
        )


@strawberry.type(description="将变动的时限")
class PolicyMove:
    clock_id: strawberry.ID
    case_id: strawberry.ID
    old_due: datetime
    due: datetime
    provisional: bool
    would_breach: bool = strawberry.field(description="现在按时,改后立即超期")
    unit_code: strawberry.Private[str]

    @strawberry.field(description="承担单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)


@strawberry.type(description="不能改用新政策的时限")
class PolicyKept:
    clock_id: strawberry.ID
    case_id: strawberry.ID
    reason_slug: strawberry.Private[str]

    @strawberry.field(description="原因")
    def reason(self, info: Info) -> str:
        return sentence(self.reason_slug, info.context.language)


@strawberry.type(description="政策试算:若现在批准,哪些未结时限会变;已判定的不变")
class PolicyDryRun:
    version: str
    open_clocks: int
    moved: int
    would_breach: int
    moves: list[PolicyMove] = strawberry.field(description="最先到期的五百个")
    kept: list[PolicyKept]

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "PolicyDryRun":
        """From the service's answer."""
        return cls(
            **{name: found[name] for name in ("version", "open_clocks", "moved", "would_breach")},
            moves=[
                PolicyMove(
                    clock_id=each["clock_id"],
                    case_id=each["case_id"],
                    old_due=datetime.fromisoformat(each["old_due"]),
                    due=datetime.fromisoformat(each["due"]),
                    provisional=each["provisional"],
                    would_breach=each["would_breach"],
                    unit_code=each["unit"],
                )
                for each in found["moves"]
            ],
            kept=[
                PolicyKept(clock_id=each["clock_id"], case_id=each["case_id"], reason_slug=each["reason"])
                for each in found["kept"]
            ],
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
