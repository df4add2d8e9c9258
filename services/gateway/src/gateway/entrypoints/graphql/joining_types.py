"""Merged whistles, likely duplicates and countersignings in GraphQL."""

from datetime import datetime
from enum import Enum

import strawberry
from sqlalchemy import RowMapping

from gateway.entrypoints.graphql.case_types import Case, cited
from gateway.entrypoints.graphql.enums import Rating
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.duplicates import Candidate


@strawberry.type(description="对部门的评价")
class RatedDepartment:
    unit_code: str
    rating: Rating

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)


@strawberry.type(description="并入的哨单 a whistle that goes on in this one")
class MergedWhistle:
    case_id: strawberry.ID
    number: str | None
    at: datetime
    judged_at: datetime | None = strawberry.field(
        description="该镇街评价其问题项的时间;空则以主哨单的评价为准"
    )
    comment: str | None
    ratings: list[RatedDepartment]
    township_code: str

    @strawberry.field(description="提出的镇街")
    async def township(self, info: Info) -> Unit:
        return await unit_of(info, self.township_code)

    @strawberry.field(description="该哨单本身;看不见则为空")
    async def case(self, info: Info) -> Case | None:
        return await cited(info, str(self.case_id))

    @classmethod
    def of(cls, row: RowMapping) -> "MergedWhistle":
        return cls(
            case_id=strawberry.ID(row["child_id"]),
            number=row["number"],
            at=row["at"],
            judged_at=row["judged_at"],
            comment=row["comment"],
            ratings=[
                RatedDepartment(unit_code=each["unit"], rating=Rating(each["rating"]))
                for each in row["ratings"]
            ],
            township_code=row["township"],
        )


@strawberry.type(description="疑似重复 an open whistle that may be the same matter")
class DuplicateCandidate:
    case_id: strawberry.ID
    likeness: float = strawberry.field(description="文字相似度,0 至 1")
    words: list[str] = strawberry.field(description="两件都有的词")
    days_apart: int = strawberry.field(description="相隔天数")
    same_village: bool = strawberry.field(description="同一村(社区);否则为同一镇街")
    same_items: list[str] = strawberry.field(description="相同的清单事项;有一件未选事项则为空")

    @strawberry.field(description="该哨单")
    async def case(self, info: Info) -> Case | None:
        return await cited(info, str(self.case_id))

    @classmethod
    def of(cls, found: Candidate) -> "DuplicateCandidate":
        return cls(
            case_id=strawberry.ID(found.case_id),
            likeness=found.likeness,
            words=list(found.words),
            days_apart=found.days_apart,
            same_village=found.same_village,
            same_items=list(found.same_items),
        )


@strawberry.enum(description="会签的内容:拟办结意见,联合处置方案")
class ProposalKind(Enum):
    CONCLUSION = "conclusion"
    PLAN = "plan"


@strawberry.type(description="会签答复 one department's answer")
class Countersignature:
    agrees: bool
    words: str | None
    at: datetime
    unit_code: str

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)


@strawberry.type(description="会签 what the lead proposed, and how its assists answered")
class Countersigning:
    round: int = strawberry.field(description="第几次发起")
    kind: ProposalKind
    proposal: str
    asked_at: datetime
    answers: list[Countersignature] = strawberry.field(description="按答复先后")
    unit_code: str
    asked: strawberry.Private[list[str]]

    @strawberry.field(description="主办单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @strawberry.field(description="尚未答复的单位;缺谁都不妨碍办结")
    async def missing(self, info: Info) -> list[Unit]:
        answered = {each.unit_code for each in self.answers}
        return [await unit_of(info, code) for code in self.asked if code not in answered]

    @classmethod
    def of(cls, row: RowMapping, answers: list[RowMapping]) -> "Countersigning":
        return cls(
            round=row["round"],
            kind=ProposalKind(row["kind"]),
            proposal=row["proposal"],
            asked_at=row["asked_at"],
            answers=[
                Countersignature(
                    agrees=each["agrees"], words=each["words"], at=each["at"], unit_code=each["unit"]
                )
                for each in answers
            ],
            unit_code=row["unit"],
            asked=list(row["asked"]),
        )
