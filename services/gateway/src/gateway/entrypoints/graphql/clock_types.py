"""Deadlines in GraphQL; times are UTC instants."""

from datetime import datetime
from typing import Any

import strawberry
from sqlalchemy import RowMapping
from strawberry.scalars import JSON

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.enums import ClockOutcome, ClockState
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.promises import PROMISE, split_of


@strawberry.type(description="时限说明 how a deadline comes about, checkable by hand")
class Explanation:
    zh: list[str]
    en: list[str]
    intervals: JSON


@strawberry.type(description="首接承诺超期的构成:派单台与部门各占多少秒 whose time a late promise was")
class PromiseSplit:
    desk_seconds: int
    department_seconds: int


@strawberry.type(description="时限 one deadline")
class Clock:
    row: strawberry.Private[RowMapping]
    clock_id: strawberry.ID
    kind: str
    cycle: int
    state: ClockState
    outcome: ClockOutcome | None
    provisional: bool
    started_at: datetime
    original_due: datetime
    due: datetime
    earliest: datetime
    latest: datetime
    policy_version: str
    calendar_version: str
    paused_at: datetime | None
    ended_at: datetime | None
    breached_at: datetime | None
    waiting_for: list[str]
    unit_code: str

    @strawberry.field(description="时限名称")
    def title(self, info: Info) -> str:
        return sentence(f"clock-{self.kind.lower()}", info.context.language)

    @strawberry.field(description="承担单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @strawberry.field(
        description="距到期的秒数,已过为负;暂停或已结束为空 seconds until due on the wall clock"
    )
    async def remaining_seconds(self, info: Info) -> int | None:
        if self.state not in {ClockState.RUNNING, ClockState.OVERDUE_UNCONFIRMED}:
            return None
        moment = await info.context.now()
        return int((self.due - moment).total_seconds())

    @strawberry.field(
        description="逐段说明:计入与不计入的时间;可查过去某一时点,答案永远相同 as of a past moment"
    )
    async def explanation(self, info: Info, as_of: datetime | None = None) -> Explanation | None:
        if as_of is not None and as_of.tzinfo is None:
            raise error("time-without-zone", info.context.language)
        wanted = (str(self.clock_id), as_of)
        found: dict[str, Any] | None = await info.context.explanations.load(wanted)
        if found is None:
            return None
        return Explanation(zh=found["zh"], en=found["en"], intervals=found["intervals"])

    @strawberry.field(description="首接承诺(C0)超期的,派单台与部门各占多少;其他时限为空 of a late C0 only")
    async def split(self, info: Info) -> PromiseSplit | None:
        if self.kind != PROMISE or self.breached_at is None:
            return None
        case_id = self.row["case_id"]
        assignments = await info.context.assignments.load(case_id)
        clocks = await info.context.clocks.load(case_id)
        found = split_of(self.row, assignments, clocks, await info.context.now())
        return PromiseSplit(desk_seconds=found.desk, department_seconds=found.department) if found else None

    @classmethod
    def of(cls, row: RowMapping) -> "Clock":
        same = (
            "kind cycle provisional started_at original_due due earliest latest "
            "policy_version calendar_version paused_at ended_at breached_at"
        )
        return cls(
            row=row,
            clock_id=strawberry.ID(row["clock_id"]),
            state=ClockState(row["state"]),
            outcome=ClockOutcome(row["outcome"]) if row["outcome"] else None,
            waiting_for=list(row["waiting_for"]),
            unit_code=row["unit"],
            **{name: row[name] for name in same.split()},
        )
