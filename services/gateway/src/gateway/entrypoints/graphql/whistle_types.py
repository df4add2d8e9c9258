"""A whistle, its issues and its departments' parts in GraphQL."""

from datetime import datetime

import strawberry
from sqlalchemy import RowMapping

from gateway.entrypoints.graphql.case_types import TYPES, Case, cited
from gateway.entrypoints.graphql.enterprises import Enterprise, enterprise_of
from gateway.entrypoints.graphql.enums import AssignmentState, Ground, Mode, Part, Rating, Result, WhistleKind
from gateway.entrypoints.graphql.joining_types import Countersigning, DuplicateCandidate, MergedWhistle
from gateway.entrypoints.graphql.parking_types import Extension, Parking
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.duplicates import MOST_DAYS, Asked


@strawberry.type(description="问题项 one problem of a whistle")
class Issue:
    issue_id: strawberry.ID
    text: str
    item_code: str | None
    result: Result | None
    result_details: str | None
    verdict: Result | None
    raised_by_code: strawberry.Private[str | None]
    judged_by_code: strawberry.Private[str | None]

    @strawberry.field(description="提出的镇街;并入的问题项可能是别的镇街提出的")
    async def raised_by(self, info: Info) -> Unit | None:
        return await unit_of(info, self.raised_by_code) if self.raised_by_code else None

    @strawberry.field(description="由哪个镇街评价;提出的镇街没有评价的,以主哨单的评价为准")
    async def judged_by(self, info: Info) -> Unit | None:
        return await unit_of(info, self.judged_by_code) if self.judged_by_code else None

    @classmethod
    def of(cls, row: RowMapping) -> "Issue":
        return cls(
            issue_id=strawberry.ID(row["issue_id"]),
            text=row["text"],
            item_code=row["item_code"],
            result=Result(row["result"]) if row["result"] else None,
            result_details=row["result_details"],
            verdict=Result(row["verdict"]) if row["verdict"] else None,
            raised_by_code=row["township"],
            judged_by_code=row["judged_by"],
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

    @strawberry.field(description="原哨单号:补录的哨单在纸面上的编号")
    def external_number(self) -> str | None:
        return self._value("external_number")

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
        return await cited(info, self.row["origin_id"])

    @strawberry.field(description="首席服务员代哪家企业吹哨 whom it speaks for")
    async def enterprise(self, info: Info) -> Enterprise | None:
        return await enterprise_of(info, self.row["enterprise_id"])

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

    @strawberry.field(description="并入了哪件哨单;看不见则为空")
    async def merged_into(self, info: Info) -> Case | None:
        return await cited(info, self.row["merged_into"])

    @strawberry.field(description="并入本件的哨单")
    async def merged(self, info: Info) -> list[MergedWhistle]:
        return [MergedWhistle.of(row) for row in await info.context.adoptions.load(self.row["case_id"])]

    @strawberry.field(description="脱敏:本镇街有哨单并入,只显示有关的问题项和并入后的办理过程")
    def redacted(self) -> bool:
        return bool(self.row["redacted"])

    @strawberry.field(description="挂账,最近一次在前")
    async def parkings(self, info: Info) -> list[Parking]:
        loaded = await info.context.parkings.load(self.row["case_id"])
        return [Parking.of(row, steps) for row, steps in loaded]

    @strawberry.field(description="延期,最近一次在前")
    async def extensions(self, info: Info) -> list[Extension]:
        return [Extension.of(row) for row in await info.context.extensions.load(self.row["case_id"])]

    @strawberry.field(description="已批准延期的次数")
    async def extension_count(self, info: Info) -> int:
        loaded = await info.context.extensions.load(self.row["case_id"])
        return sum(row["state"] == "granted" for row in loaded)

    @strawberry.field(description="会签,最近一次在前")
    async def countersignings(self, info: Info) -> list[Countersigning]:
        loaded = await info.context.countersignings.load(self.row["case_id"])
        return [Countersigning.of(row, answers) for row, answers in loaded]

    @strawberry.field(
        description="疑似重复的在办哨单,供减负办并哨时参考:同一地点、事项不相左、若干日内、文字相似;不写明则按现行办件规则"
    )
    async def duplicate_candidates(
        self, info: Info, within_days: int | None = None, likeness: float | None = None
    ) -> list[DuplicateCandidate]:
        context = info.context
        context.permit("merge-whistles")
        days = None if within_days is None else max(0, min(within_days, MOST_DAYS))
        found = await context.duplicates.load(Asked(self.row["case_id"], days, likeness))
        return [DuplicateCandidate.of(each) for each in found]

    @strawberry.field
    async def issues(self, info: Info) -> list[Issue]:
        return [Issue.of(row) for row in await info.context.issues.load(self.row["case_id"])]

    @strawberry.field(description="派单,主办在前")
    async def assignments(self, info: Info) -> list[Assignment]:
        return [Assignment.of(row) for row in await info.context.assignments.load(self.row["case_id"])]


TYPES["whistle"] = Whistle
