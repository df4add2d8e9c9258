"""Types of the GraphQL interface; fields say where they come from, times are UTC instants."""

from datetime import datetime
from enum import Enum
from typing import Any, cast

import strawberry
from sqlalchemy import RowMapping
from strawberry import relay
from strawberry.scalars import JSON

from contracts.catalogue import sentence
from gateway.entrypoints.graphql.context import Context

Info = strawberry.Info[Context, None]


@strawberry.enum(description="案件类型 kind of case")
class CaseType(Enum):
    WHISTLE = "whistle"
    LETTER = "letter"
    GRID_REPORT = "grid_report"
    DISPUTE = "dispute"
    TASK_DOWN_REVIEW = "task_down_review"


@strawberry.enum(description="案件状态 state of a case")
class CaseState(Enum):
    DRAFT = "draft"
    DISCARDED = "discarded"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    CLOSED = "closed"
    SUBMITTED = "submitted"
    RESPONDED = "responded"
    RESOLVED = "resolved"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    REFERRED_UP = "referred_up"
    APPRAISED = "appraised"
    REPORTED = "reported"
    CLOSED_IN_GRID = "closed_in_grid"
    CLOSED_BY_TOWNSHIP = "closed_by_township"
    ROUTED_AWAY = "routed_away"
    PROMOTED = "promoted"
    FILED = "filed"
    ACCEPTED = "accepted"
    NEGOTIATING = "negotiating"
    COORDINATING = "coordinating"
    RULED = "ruled"
    AGREED = "agreed"
    EXECUTED = "executed"
    PROPOSED = "proposed"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REFUSED = "refused"
    ISSUED = "issued"
    EVALUATED = "evaluated"


@strawberry.enum(description="吹哨类别 kind of whistle")
class WhistleKind(Enum):
    PUBLIC_APPEAL = "public_appeal"
    KEY_WORK = "key_work"
    JOINT_ENFORCEMENT = "joint_enforcement"
    EMERGENCY = "emergency"


@strawberry.enum(description="吹哨理由 ground of a whistle")
class Ground(Enum):
    CROSS_DEPARTMENT = "cross_department"
    NO_POWER = "no_power"
    OWNER_UNCLEAR = "owner_unclear"


@strawberry.enum(description="意见来源 channel of a letter")
class Channel(Enum):
    EXPRESS = "express"
    INQUIRY = "inquiry"


@strawberry.enum(description="主办或协办 part of a department")
class Part(Enum):
    LEAD = "lead"
    ASSIST = "assist"


@strawberry.enum(description="派单状态 state of an assignment")
class AssignmentState(Enum):
    AWAITING_REPORT_IN = "awaiting_report_in"
    REPORTED_IN = "reported_in"
    CONCLUDED = "concluded"
    RETURN_REQUESTED = "return_requested"
    RETURNED = "returned"
    RELEASED = "released"


@strawberry.enum(description="报到方式 how a department reports in")
class Mode(Enum):
    ON_SITE = "on_site"
    ONLINE = "online"
    WRITTEN = "written"


@strawberry.enum(description="办理结果 result or verdict of one issue")
class Result(Enum):
    SOLVED = "solved"
    PARTLY = "partly"
    UNSOLVED = "unsolved"
    EXPLAINED = "explained"


@strawberry.enum(description="评价 rating of a department")
class Rating(Enum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"


@strawberry.enum(description="时限状态 state of a clock")
class ClockState(Enum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    VOIDED = "voided"
    EXPIRED = "expired"
    OVERDUE_UNCONFIRMED = "overdue_unconfirmed"


@strawberry.enum(description="时限筛选 clocks to filter cases by")
class ClockFilter(Enum):
    RUNNING = "running"
    DUE_SOON = "due_soon"
    BREACHED = "breached"
    PAUSED = "paused"
    OVERDUE_UNCONFIRMED = "overdue_unconfirmed"
    PROVISIONAL = "provisional"


@strawberry.enum(description="时限结果 outcome of a clock")
class ClockOutcome(Enum):
    ON_TIME = "on_time"
    LATE = "late"
    PROVISIONAL = "provisional"
    RETURNED = "returned"


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


@strawberry.type(description="问题项 one problem of a whistle")
class Issue:
    issue_id: strawberry.ID
    text: str
    item_code: str | None
    result: Result | None
    result_details: str | None
    verdict: Result | None

    @classmethod
    def of(cls, row: RowMapping) -> "Issue":
        return cls(
            issue_id=strawberry.ID(row["issue_id"]),
            text=row["text"],
            item_code=row["item_code"],
            result=Result(row["result"]) if row["result"] else None,
            result_details=row["result_details"],
            verdict=Result(row["verdict"]) if row["verdict"] else None,
        )


@strawberry.type(description="派单 one department's part in a whistle")
class Assignment:
    assignment_id: strawberry.ID
    part: Part
    state: AssignmentState
    provisional: bool
    disputed: bool
    cycle: int
    issue_ids: list[str]
    mode: Mode | None
    handler: str | None
    phone: str | None
    first_step: str | None
    sentence: str | None
    rating: Rating | None
    issued_at: datetime
    reported_in_at: datetime | None
    first_feedback_at: datetime | None
    concluded_at: datetime | None
    return_basis: str | None
    return_requested_at: datetime | None
    return_decided_at: datetime | None
    unit_code: str
    proposed_owner_code: str | None
    case_id: strawberry.Private[str]

    @strawberry.field(description="承办单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @strawberry.field(description="退哨时提出的承办单位")
    async def proposed_owner(self, info: Info) -> Unit | None:
        return await unit_of(info, self.proposed_owner_code) if self.proposed_owner_code else None

    @strawberry.field(
        description="报到超期中因减负办审批退哨而占用的秒数,算减负办的 seconds late that are the office's"
    )
    async def office_late_seconds(self, info: Info) -> int:
        if self.return_requested_at is None or self.return_decided_at is None:
            return 0
        for clock in await info.context.clocks.load(self.case_id):
            if clock["kind"] == "C1" and clock["assignment_id"] == self.assignment_id:
                late_from = max(clock["due"], self.return_requested_at)
                return max(0, int((self.return_decided_at - late_from).total_seconds()))
        return 0

    @classmethod
    def of(cls, row: RowMapping) -> "Assignment":
        return cls(
            return_basis=row["return_basis"],
            return_requested_at=row["return_requested_at"],
            return_decided_at=row["return_decided_at"],
            proposed_owner_code=row["proposed_owner"],
            case_id=row["case_id"],
            assignment_id=strawberry.ID(row["assignment_id"]),
            unit_code=row["unit"],
            part=Part(row["part"]),
            state=AssignmentState(row["state"]),
            provisional=row["provisional"],
            disputed=row["disputed"],
            cycle=row["cycle"],
            issue_ids=list(row["issue_ids"]),
            mode=Mode(row["mode"]) if row["mode"] else None,
            handler=row["handler"],
            phone=row["phone"],
            first_step=row["first_step"],
            sentence=row["sentence"],
            rating=Rating(row["rating"]) if row["rating"] else None,
            issued_at=row["issued_at"],
            reported_in_at=row["reported_in_at"],
            first_feedback_at=row["first_feedback_at"],
            concluded_at=row["concluded_at"],
        )


@strawberry.type(description="时限说明 how a deadline comes about, checkable by hand")
class Explanation:
    zh: list[str]
    en: list[str]
    intervals: JSON


@strawberry.type(description="时限 one deadline")
class Clock:
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

    @strawberry.field(description="逐段说明:计入与不计入的时间")
    async def explanation(self, info: Info) -> Explanation | None:
        found: dict[str, Any] | None = await info.context.explanations.load(str(self.clock_id))
        if found is None:
            return None
        return Explanation(zh=found["zh"], en=found["en"], intervals=found["intervals"])

    @classmethod
    def of(cls, row: RowMapping) -> "Clock":
        same = (
            "kind cycle provisional started_at original_due due earliest latest "
            "policy_version calendar_version paused_at ended_at breached_at"
        )
        return cls(
            clock_id=strawberry.ID(row["clock_id"]),
            state=ClockState(row["state"]),
            outcome=ClockOutcome(row["outcome"]) if row["outcome"] else None,
            waiting_for=list(row["waiting_for"]),
            unit_code=row["unit"],
            **{name: row[name] for name in same.split()},
        )


@strawberry.type(description="办理过程 one line of a case's timeline")
class TimelineEntry:
    service: str
    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    unit_code: str | None
    text: str | None
    params: JSON

    @strawberry.field(description="一句话")
    def title(self, info: Info) -> str:
        return sentence(
            "timeline-" + self.type.split(".")[2], info.context.language, cast(dict[str, object], self.params)
        )

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit | None:
        return await unit_of(info, self.unit_code) if self.unit_code else None

    @classmethod
    def of(cls, row: RowMapping) -> "TimelineEntry":
        same = "service seq type at recorded_at text params"
        return cls(unit_code=row["unit"], **{name: row[name] for name in same.split()})


@strawberry.interface(description="案件 anything with a state, clocks and a timeline")
class Case:
    row: strawberry.Private[RowMapping]

    @strawberry.field
    def case_id(self) -> strawberry.ID:
        return strawberry.ID(self.row["case_id"])

    @strawberry.field
    def type(self) -> CaseType:
        return CaseType(self.row["type"])

    @strawberry.field(description="编号,如 NL-2026-000123")
    def number(self) -> str | None:
        return self._value("number")

    @strawberry.field
    def state(self) -> CaseState:
        return CaseState(self.row["state"])

    @strawberry.field(description="标题")
    def title(self) -> str | None:
        return self._value("title")

    @strawberry.field(description="内容")
    def text(self) -> str:
        return str(self.row["text"])

    @strawberry.field
    def created_at(self) -> datetime:
        moment: datetime = self.row["created_at"]
        return moment

    @strawberry.field
    def updated_at(self) -> datetime:
        moment: datetime = self.row["updated_at"]
        return moment

    @strawberry.field
    def closed_at(self) -> datetime | None:
        moment: datetime | None = self.row["closed_at"]
        return moment

    @strawberry.field(description="正在交接:另一服务尚未答复 a handover between services lacks its answer")
    def settling(self) -> bool:
        return bool(self.row["settling_for"])

    @strawberry.field(description="时限")
    async def clocks(self, info: Info) -> list[Clock]:
        return [Clock.of(row) for row in await info.context.clocks.load(self.row["case_id"])]

    @strawberry.field(description="办理过程,按事实发生的时间")
    async def timeline(self, info: Info) -> list[TimelineEntry]:
        return [TimelineEntry.of(row) for row in await info.context.timeline.load(self.row["case_id"])]

    def _value(self, name: str) -> str | None:
        value: str | None = self.row[name]
        return value


@strawberry.type(description="哨单 a township's call for departments")
class Whistle(Case):
    @strawberry.field
    async def township(self, info: Info) -> Unit:
        return await unit_of(info, self.row["township"])

    @strawberry.field(description="村(社区)代码")
    def village(self) -> str:
        return str(self.row["village"])

    @strawberry.field(description="村(社区)名称;未登记的显示代码")
    async def village_name(self, info: Info) -> str:
        township = await unit_of(info, self.row["township"])
        names = {each.code: each.name for each in township.villages}
        return names.get(self.row["village"], str(self.row["village"]))

    @strawberry.field
    def kind(self) -> WhistleKind:
        return WhistleKind(self.row["kind"])

    @strawberry.field
    def ground(self) -> Ground:
        return Ground(self.row["ground"])

    @strawberry.field
    def emergency(self) -> bool:
        return bool(self.row["emergency"])

    @strawberry.field(description="复杂事项,办理时限为 10 个工作日")
    def complex(self) -> bool:
        return bool(self.row["complex"])

    @strawberry.field(description="暂定派单,待减负办确认")
    def provisional(self) -> bool:
        return bool(self.row["provisional"])

    @strawberry.field(description="第几轮办理")
    def cycle(self) -> int:
        return int(self.row["cycle"])

    @strawberry.field(description="经办人")
    def raised_by(self) -> str | None:
        return self._value("raised_by")

    @strawberry.field(description="签发人")
    def signed_by(self) -> str | None:
        return self._value("signed_by")

    @strawberry.field(description="镇街建议的部门")
    async def proposed_departments(self, info: Info) -> list[Unit]:
        return [await unit_of(info, code) for code in self.row["proposed_departments"]]

    @strawberry.field(description="由哪件来信或网格上报转成;看不见则为空")
    async def origin(self, info: Info) -> Case | None:
        return await _cited(info, self.row["origin_id"])

    @strawberry.field(description="派单依据")
    def dispatch_reason(self) -> str | None:
        return self._value("dispatch_reason")

    @strawberry.field(description="派单时间;在将来则为预定")
    def dispatch_at(self) -> datetime | None:
        moment: datetime | None = self.row["dispatch_at"]
        return moment

    @strawberry.field(description="销哨时是否经镇街评价")
    def appraised(self) -> bool | None:
        value: bool | None = self.row["appraised"]
        return value

    @strawberry.field(description="提级原因:third-transfer 三次退转,third-cycle 三次吹哨;未提级为空")
    def escalated(self) -> str | None:
        return self._value("escalated")

    @strawberry.field
    async def issues(self, info: Info) -> list[Issue]:
        return [Issue.of(row) for row in await info.context.issues.load(self.row["case_id"])]

    @strawberry.field(description="派单,主办在前")
    async def assignments(self, info: Info) -> list[Assignment]:
        return [Assignment.of(row) for row in await info.context.assignments.load(self.row["case_id"])]


@strawberry.type(description="脱敏公开 what a unit may see of a letter, and what it reported")
class Release:
    unit_code: str
    words: str
    report: str | None
    handed_over_at: datetime | None
    reported_at: datetime | None

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, row: RowMapping) -> "Release":
        same = "words report handed_over_at reported_at"
        return cls(unit_code=row["unit"], **{name: row[name] for name in same.split()})


@strawberry.type(description="意见直通车 a letter to the office")
class Letter(Case):
    @strawberry.field(description="脱敏:只显示减负办允许本单位看到的内容")
    def redacted(self) -> bool:
        return bool(self.row["redacted"])

    @strawberry.field(description="脱敏公开和转办的单位")
    async def releases(self, info: Info) -> list[Release]:
        return [Release.of(row) for row in await info.context.releases.load(self.row["case_id"])]

    @strawberry.field(description="写信人的评价")
    def rating(self) -> Rating | None:
        return Rating(self.row["rating"]) if self.row["rating"] else None

    @strawberry.field(description="写信人评价时的话")
    def comment(self) -> str | None:
        return self._value("comment")

    @strawberry.field(description="转成的哨单;看不见则为空")
    async def whistle(self, info: Info) -> Case | None:
        return await _cited(info, self.row["whistle_id"])

    @strawberry.field(description="转入的权责争议")
    def dispute_id(self) -> strawberry.ID | None:
        return strawberry.ID(self.row["dispute_id"]) if self.row["dispute_id"] else None

    @strawberry.field
    def channel(self) -> Channel:
        return Channel(self.row["channel"])

    @strawberry.field(description="匿名")
    def anonymous(self) -> bool:
        return bool(self.row["anonymous"])

    @strawberry.field(description="留言编号")
    def external_number(self) -> str | None:
        return self._value("external_number")

    @strawberry.field(description="写信人")
    def writer(self) -> str | None:
        return self._value("raised_by")

    @strawberry.field(description="答复")
    def answer(self) -> str | None:
        return self._value("answer")


@strawberry.enum(description="上报来源 who reports to the grid")
class Source(Enum):
    RESIDENT = "resident"
    VILLAGE = "village"
    GRID_WORKER = "grid_worker"
    STAFF = "staff"


@strawberry.enum(description="事项归口 what a report is about; all but the first are routed away")
class Matter(Enum):
    ORDINARY = "ordinary"
    SERVICE = "service"
    PERMIT = "permit"
    EMERGENCY_LINE = "emergency_line"
    LITIGATION = "litigation"
    PETITION = "petition"
    DISCIPLINE = "discipline"
    SECRET = "secret"


@strawberry.type(description="网格上报 a report to the grid")
class GridReport(Case):
    @strawberry.field
    def source(self) -> Source:
        return Source(self.row["source"])

    @strawberry.field
    async def township(self, info: Info) -> Unit:
        return await unit_of(info, self.row["township"])

    @strawberry.field(description="村(社区)代码")
    def village(self) -> str | None:
        return self._value("village")

    @strawberry.field(description="网格编码")
    def grid(self) -> str | None:
        return self._value("grid")

    @strawberry.field(description="包保领导")
    def leader_in_charge(self) -> str | None:
        return self._value("leader")

    @strawberry.field(description="准入事项")
    def item(self) -> str | None:
        return self._value("item")

    @strawberry.field(description="推荐的清单事项,由人决定")
    def suggested_items(self) -> list[str]:
        return list(self.row["suggested"])

    @strawberry.field(description="上报人")
    def reporter(self) -> str | None:
        return self._value("raised_by")

    @strawberry.field
    def phone(self) -> str | None:
        return self._value("phone")

    @strawberry.field(description="留言编号")
    def external_number(self) -> str | None:
        return self._value("external_number")

    @strawberry.field(description="回告上报人的内容")
    def reply(self) -> str | None:
        return self._value("answer")

    @strawberry.field(description="分流到")
    def routed_to(self) -> Matter | None:
        return Matter(self.row["routed_to"]) if self.row["routed_to"] else None

    @strawberry.field(description="转成的哨单;看不见则为空")
    async def whistle(self, info: Info) -> Case | None:
        return await _cited(info, self.row["whistle_id"])


async def _cited(info: Info, case_id: str | None) -> Case | None:
    row = await info.context.cases.load(case_id) if case_id is not None else None
    return case_of(row) if row is not None else None


TYPES: dict[str, type[Case]] = {"whistle": Whistle, "letter": Letter, "grid_report": GridReport}
"""The GraphQL type by the type of a row; other modules add theirs."""


def case_of(row: RowMapping) -> Case:
    """The GraphQL type of a row of the case view."""
    return TYPES[row["type"]](row=row)


@strawberry.type(description="案件列表的一项")
class CaseEdge:
    cursor: str
    node: Case


@strawberry.type(description="案件列表")
class CaseConnection:
    edges: list[CaseEdge]
    page_info: relay.PageInfo
    total_count: int = strawberry.field(description="满足条件的总数")


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


@strawberry.type(description="提醒 a notice to a unit")
class Notice:
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
            notice_id=strawberry.ID(row["notice_id"]),
            case_id=strawberry.ID(row["case_id"]),
            clock_id=strawberry.ID(row["clock_id"]) if row["clock_id"] else None,
            kind=row["kind"],
            at=row["at"],
            params=row["params"],
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


@strawberry.type(description="命令的结果:案件在命令之后的样子")
class CasePayload:
    case_id: strawberry.ID
    case: Case | None = strawberry.field(description="不可见或尚未可读时为空")
    stale: bool = strawberry.field(description="读视图在限定时间内尚未跟上")
