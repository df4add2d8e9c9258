"""Supervision, exemptions, spot checks and trace-backs in GraphQL; times are UTC instants."""

from datetime import datetime
from enum import Enum

import strawberry
from sqlalchemy import RowMapping

from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.pages import cursor
from gateway.projections.supervision_tables import (
    exemptions,
    instructions,
    orders,
    results,
    spot_checks,
    trace_backs,
)


@strawberry.enum(description="督查单颜色;蓝色只是提示,不发单")
class OrderColor(Enum):
    ORANGE = strawberry.enum_value("ORANGE", description="橙色,发部门主要负责人")
    RED = strawberry.enum_value("RED", description="红色,听取陈述后由人签发,抄送县委督查室")


@strawberry.enum(description="督查单状态")
class OrderState(Enum):
    PROPOSED = strawberry.enum_value("proposed", description="拟发,待听取陈述")
    ISSUED = strawberry.enum_value("issued", description="已签发,待回复")
    REPLIED = strawberry.enum_value("replied", description="已回复,待销号")
    CLOSED = strawberry.enum_value("closed", description="已销号")
    DECLINED = strawberry.enum_value("declined", description="不予签发")
    WITHDRAWN = strawberry.enum_value("withdrawn", description="已撤回")


@strawberry.enum(description="容错理由")
class ExemptionGround(Enum):
    FORCE_MAJEURE = strawberry.enum_value("force_majeure", description="不可抗力")
    RESOURCES_MISSING = strawberry.enum_value("resources_missing", description="人财物未配套")
    WAITED_FOR_OTHERS = strawberry.enum_value("waited_for_others", description="依赖他方")
    UNCLEAR_RULES = strawberry.enum_value("unclear_rules", description="政策界限不清")
    PILOT = strawberry.enum_value("pilot", description="先行先试")
    FIRST_MINOR = strawberry.enum_value("first_minor", description="首次且轻微")


@strawberry.enum(description="容错申请状态")
class ExemptionState(Enum):
    CLAIMED = strawberry.enum_value("claimed", description="待决定")
    GRANTED = strawberry.enum_value("granted", description="成立,不计入指标")
    REFUSED = strawberry.enum_value("refused", description="不成立")


@strawberry.enum(description="抽查状态")
class SpotCheckState(Enum):
    DRAWN = strawberry.enum_value("drawn", description="待指派")
    ASSIGNED = strawberry.enum_value("assigned", description="待核查")
    PASSED = strawberry.enum_value("passed", description="通过")
    FAILED = strawberry.enum_value("failed", description="不通过,重新吹哨")


@strawberry.enum(description="抽查方式;只问群众、只看现场")
class SpotCheckWay(Enum):
    RESIDENT = strawberry.enum_value("resident", description="回访群众")
    SITE = strawberry.enum_value("site", description="现场核查")


@strawberry.enum(description="一件事项的处理结果;不重复追究")
class SharedResultKind(Enum):
    ORDER_CLOSED = strawberry.enum_value("order-closed", description="督查单已销号")
    NOT_PURSUED = strawberry.enum_value("not-pursued", description="不予督办")
    EXEMPTED = strawberry.enum_value("exempted", description="容错")
    REFERRED = strawberry.enum_value("referred", description="移送")
    NAME_CLEARED = strawberry.enum_value("name-cleared", description="澄清正名")


@strawberry.type(description="督查单 an order to a unit")
class SupervisionOrder:
    cursor: str
    matter_id: strawberry.ID = strawberry.field(description="事项;超期的为其时限的编号")
    case_id: strawberry.ID
    color: OrderColor
    state: OrderState
    kind: str | None = strawberry.field(description="哪个时限超期;由人督办的为空")
    authority: str = strawberry.field(description="谁来督办:office 减负办,county-leader 县领导")
    by_ladder: bool
    copied_to: str | None
    reason: str | None
    speaker: str | None = strawberry.field(description="陈述人")
    heard: str | None = strawberry.field(description="单位陈述")
    reply: str | None
    words: str | None = strawberry.field(description="销号意见,或不予签发、撤回的理由")
    cause: str | None = strawberry.field(
        description="为何撤回:breach-annulled 超期不成立,exempted 容错,raised-to-red 升级,settled 已处理,"
        "whistle-closed 已销哨,withdrawn 已撤哨,not-accepted 不予受理,merged 已合并,by-hand 人工撤回"
    )
    proposed_at: datetime | None
    heard_at: datetime | None
    issued_at: datetime | None
    reply_due: datetime | None = strawberry.field(description="回复期限;此前无期限的为空")
    overdue_at: datetime | None = strawberry.field(description="何时逾期未回复;逾期后仍可回复")
    replied_at: datetime | None
    ended_at: datetime | None
    unit_code: str

    @strawberry.field(description="被督办单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, row: RowMapping) -> "SupervisionOrder":
        same = (
            "matter_id case_id kind authority by_ladder copied_to reason speaker heard reply words cause "
            "proposed_at heard_at issued_at reply_due overdue_at replied_at ended_at"
        )
        return cls(
            cursor=cursor(row, orders.c.at),
            color=OrderColor(row["color"]),
            state=OrderState(row["state"]),
            unit_code=row["unit"],
            **{name: row[name] for name in same.split()},
        )


@strawberry.type(description="容错 a breach in good faith")
class Exemption:
    cursor: str
    clock_id: strawberry.ID
    case_id: strawberry.ID
    kind: str
    state: ExemptionState
    ground: ExemptionGround
    evidence: str
    reason: str | None
    unit_code: str
    claimed_by_code: str
    decided_by_code: str | None
    claimed_at: datetime
    decided_at: datetime | None

    @strawberry.field(description="超期单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, row: RowMapping) -> "Exemption":
        same = "clock_id case_id kind evidence reason claimed_at decided_at"
        return cls(
            cursor=cursor(row, exemptions.c.claimed_at),
            state=ExemptionState(row["state"]),
            ground=ExemptionGround(row["ground"]),
            unit_code=row["unit"],
            claimed_by_code=row["claimed_by"],
            decided_by_code=row["decided_by"],
            **{name: row[name] for name in same.split()},
        )


@strawberry.type(description="结果共享 what was decided of a matter")
class SharedResult:
    cursor: str
    matter_id: strawberry.ID
    case_id: strawberry.ID
    kind: str | None
    result: SharedResultKind
    words: str | None
    at: datetime
    unit_code: str

    @strawberry.field
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, row: RowMapping) -> "SharedResult":
        same = "matter_id case_id kind words at"
        return cls(
            cursor=cursor(row, results.c.at),
            result=SharedResultKind(row["result"]),
            unit_code=row["unit"],
            **{name: row[name] for name in same.split()},
        )


@strawberry.type(description="批示 an instruction of the county leader")
class Instruction:
    cursor: str
    case_id: strawberry.ID
    number: int
    to_codes: list[str]
    words: str
    at: datetime

    @classmethod
    def of(cls, row: RowMapping) -> "Instruction":
        same = "case_id number words at"
        return cls(
            cursor=cursor(row, instructions.c.at),
            to_codes=row["to"],
            **{name: row[name] for name in same.split()},
        )


@strawberry.type(description="抽查 a check of a closed whistle")
class SpotCheck:
    cursor: str
    check_id: strawberry.ID
    case_id: strawberry.ID
    number: str | None = strawberry.field(description="哨单编号")
    period: str
    cycle: int
    stratum: str = strawberry.field(description="分层:单位分组/类别")
    weight: int = strawberry.field(description="权重;未评价、办得过快的更大")
    state: SpotCheckState
    way: SpotCheckWay | None
    asked: str | None = strawberry.field(description="询问了谁、核查了哪里")
    finding: str | None
    checker: str | None
    checker_unit: str | None
    drawn_at: datetime
    done_at: datetime | None

    @classmethod
    def of(cls, row: RowMapping) -> "SpotCheck":
        same = (
            "check_id case_id number period cycle stratum weight asked finding checker checker_unit "
            "drawn_at done_at"
        )
        return cls(
            cursor=cursor(row, spot_checks.c.drawn_at),
            state=SpotCheckState(row["state"]),
            way=SpotCheckWay(row["way"]) if row["way"] else None,
            **{name: row[name] for name in same.split()},
        )


@strawberry.type(description="倒查材料 the timeline of a case as it was released")
class TraceBack:
    cursor: str
    case_id: strawberry.ID
    case_number: str | None
    number: int
    digest: str = strawberry.field(description="材料 JSON 文本的 SHA-256")
    by: str
    reason: str
    released_at: datetime
    document: str = strawberry.field(description="JSON 文本")

    @classmethod
    def of(cls, row: RowMapping) -> "TraceBack":
        same = "case_id case_number number digest by reason released_at document"
        return cls(
            cursor=cursor(row, trace_backs.c.released_at), **{name: row[name] for name in same.split()}
        )
