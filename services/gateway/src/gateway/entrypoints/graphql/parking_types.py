"""Parking and extension in GraphQL; times are UTC instants, days are those of Asia/Shanghai."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum

import strawberry
from sqlalchemy import RowMapping

from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_then


@strawberry.enum(description="挂账理由")
class ParkingGround(Enum):
    AWAITING_FUNDS = strawberry.enum_value("awaiting_funds", description="需上级立项或资金")
    LEGAL_OBSTACLE = strawberry.enum_value("legal_obstacle", description="法律政策障碍")
    SEASON_OR_TERM = strawberry.enum_value("season_or_term", description="季节或工期所限")
    PENDING_JUDGMENT = strawberry.enum_value("pending_judgment", description="涉诉待判")
    BEYOND_COUNTY = strawberry.enum_value("beyond_county", description="需跨县协调")


@strawberry.enum(description="挂账状态")
class ParkingState(Enum):
    APPLIED = strawberry.enum_value("applied", description="待决定")
    APPROVED = strawberry.enum_value("approved", description="已批准,待生效")
    PARKED = strawberry.enum_value("parked", description="挂账中")
    REFUSED = strawberry.enum_value("refused", description="未批准")
    ENDED = strawberry.enum_value("ended", description="已结束")
    LAPSED = strawberry.enum_value("lapsed", description="已失效")


@strawberry.enum(description="延期状态")
class ExtensionState(Enum):
    APPLIED = strawberry.enum_value("applied", description="待决定")
    GRANTED = strawberry.enum_value("granted", description="已批准")
    REFUSED = strawberry.enum_value("refused", description="未批准")
    UNDECIDED = strawberry.enum_value("undecided", description="逾期未决定,视为未批准")
    LAPSED = strawberry.enum_value("lapsed", description="已失效")


@strawberry.input(description="节点:到哪一天、做成什么")
class MilestoneInput:
    due: date
    words: str


@strawberry.type(description="挂账节点 a dated step of the plan")
class Milestone:
    number: int
    due: date
    text: str
    reached_at: datetime | None

    @classmethod
    def of(cls, row: RowMapping) -> "Milestone":
        return cls(number=row["number"], due=row["due"], text=row["text"], reached_at=row["reached_at"])


@strawberry.type(description="挂账 a whistle that stands still until a day")
class Parking:
    number: int
    state: ParkingState
    ground: ParkingGround
    plan: str
    owner: str = strawberry.field(description="责任人")
    sunset: date = strawberry.field(description="挂账到期日,当日 24:00 自动恢复办理")
    second: bool = strawberry.field(description="再次挂账,须县领导批准")
    milestones: list[Milestone]
    objection: str | None = strawberry.field(description="镇街异议")
    reason: str | None = strawberry.field(description="不批准或提前结束的理由")
    cause: str | None = strawberry.field(
        description="为何结束或失效:sunset 到期,early 提前,lead-concluded 已办结,lead-changed 主办变更,"
        "whistle-ended 哨单终结"
    )
    review: str | None = strawberry.field(description="最近一次复查")
    applied_at: datetime
    approved_at: datetime | None
    reviewed_at: datetime | None
    ended_at: datetime | None
    unit_code: strawberry.Private[str]
    case_id: strawberry.Private[str]

    @strawberry.field(description="申请的主办部门")
    async def unit(self, info: Info) -> Unit:
        return await unit_then(info, self.unit_code, self.applied_at)

    @strawberry.field(description="下次复查的期限;没有待复查的为空")
    async def next_review_due(self, info: Info) -> datetime | None:
        if self.state is not ParkingState.PARKED:
            return None
        clocks = await info.context.clocks.load(self.case_id)
        waiting = [each["due"] for each in clocks if each["kind"] == "C9" and each["ended_at"] is None]
        return max(waiting, default=None)

    @classmethod
    def of(cls, row: RowMapping, steps: Sequence[RowMapping]) -> "Parking":
        same = (
            "number plan owner sunset second objection reason cause review "
            "applied_at approved_at reviewed_at ended_at case_id"
        )
        return cls(
            state=ParkingState(row["state"]),
            ground=ParkingGround(row["ground"]),
            milestones=[Milestone.of(each) for each in steps],
            unit_code=row["unit"],
            **{name: row[name] for name in same.split()},
        )


@strawberry.type(description="延期 more time for the lead's handling clock")
class Extension:
    number: int
    state: ExtensionState
    amount: int = strawberry.field(description="增加多少,按该时限自己的单位")
    measure: str = strawberry.field(description="working-days 工作日,seconds 秒")
    reason: str
    refusal: str | None = strawberry.field(description="不批准的理由")
    cause: str | None = strawberry.field(
        description="为何未决或失效:decision-overdue 逾期未决定,clock-overdue 办理时限先到期,"
        "lead-concluded 已办结,lead-changed 主办变更,whistle-ended 哨单终结,clock-stopped 时限已停"
    )
    second: bool = strawberry.field(description="再次延期,须县领导批准")
    due_before: datetime = strawberry.field(description="申请时的到期")
    applied_at: datetime
    decided_at: datetime | None
    clock_id: strawberry.ID
    unit_code: strawberry.Private[str]

    @strawberry.field(description="申请的主办部门")
    async def unit(self, info: Info) -> Unit:
        return await unit_then(info, self.unit_code, self.applied_at)

    @classmethod
    def of(cls, row: RowMapping) -> "Extension":
        same = "number amount measure reason refusal cause second due_before applied_at decided_at"
        return cls(
            state=ExtensionState(row["state"]),
            clock_id=strawberry.ID(row["clock_id"]),
            unit_code=row["unit"],
            **{name: row[name] for name in same.split()},
        )
