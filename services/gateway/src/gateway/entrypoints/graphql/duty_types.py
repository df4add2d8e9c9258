"""Types of disputes and task-down reviews."""

from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.scalars import JSON

from gateway.entrypoints.graphql.case_types import TYPES, Case
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of


@strawberry.enum(description="商定方式 how a duty was agreed")
class Way(Enum):
    TELEPHONE = "telephone"
    MEETING = "meeting"
    LISTED = "listed"


@strawberry.enum(description="审核结论")
class Decision(Enum):
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REFUSED = "refused"


@strawberry.enum(description="后评估结论")
class Evaluation(Enum):
    KEPT = "kept"
    ADJUSTED = "adjusted"
    WITHDRAWN = "withdrawn"


@strawberry.type(description="协办职责")
class Share:
    unit_code: str
    duty: str

    @strawberry.field(description="协办单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)


@strawberry.type(description="裁定或商定的职责归属")
class Ruling:
    duty: str
    legal_basis: str
    assists: list[Share]
    valid_from: str | None
    valid_until: str | None
    precedent: bool
    item_code: str | None
    lead_code: str

    @strawberry.field(description="责任单位")
    async def lead(self, info: Info) -> Unit:
        return await unit_of(info, self.lead_code)

    @classmethod
    def of(cls, it: dict[str, Any]) -> "Ruling":
        return cls(
            duty=it["duty"],
            legal_basis=it["legal_basis"],
            assists=[Share(unit_code=each["unit"], duty=each["duty"]) for each in it["assists"]],
            valid_from=it["valid_from"],
            valid_until=it["valid_until"],
            precedent=it["precedent"],
            item_code=it["item_code"],
            lead_code=it["lead"],
        )


@strawberry.type(description="权责争议 a dispute about a duty")
class Dispute(Case):
    @strawberry.field(description="所争议的哨单")
    def whistle_id(self) -> strawberry.ID | None:
        value = self.row["whistle_id"]
        return strawberry.ID(value) if value else None

    @strawberry.field(description="所争议的派单")
    def assignment_id(self) -> strawberry.ID | None:
        value = self.row["details"].get("assignment_id")
        return strawberry.ID(value) if value else None

    @strawberry.field(description="引用的来信")
    def letter_id(self) -> strawberry.ID | None:
        value = self.row["details"].get("letter")
        return strawberry.ID(value) if value else None

    @strawberry.field(description="未查明责任单位的问题项,由部门提出的争议为空")
    def issue_ids(self) -> list[strawberry.ID]:
        return [strawberry.ID(each) for each in self.row["details"].get("issue_ids", ())]

    @strawberry.field(description="争议所指的部门")
    async def disputed_department(self, info: Info) -> Unit:
        return await unit_of(info, self.row["details"]["disputed_department"])

    @strawberry.field(description="提出单位")
    async def filed_by(self, info: Info) -> Unit:
        return await unit_of(info, self.row["details"]["filed_by"])

    @strawberry.field(description="建议的责任单位")
    async def proposed_owner(self, info: Info) -> Unit | None:
        code = self.row["details"].get("proposed_owner")
        return await unit_of(info, code) if code else None

    @strawberry.field(description="当事单位")
    async def parties(self, info: Info) -> list[Unit]:
        return [await unit_of(info, code) for code in self.row["parties"]]

    @strawberry.field(description="提出的依据")
    def legal_basis(self) -> str:
        return str(self.row["details"]["legal_basis"])

    @strawberry.field(description="裁定或商定")
    def ruling(self) -> Ruling | None:
        found = self.row["details"].get("ruling")
        return Ruling.of(found) if found else None

    @strawberry.field(description="复议截止;上级裁定与商定没有复议")
    def reconsider_until(self) -> datetime | None:
        until = self.row["details"].get("reconsider_until")
        return datetime.fromisoformat(until) if until else None

    @strawberry.field(description="正在复议;不停止执行")
    def reconsidering(self) -> bool:
        return bool(self.row["details"].get("reconsidering"))

    @strawberry.field(description="首接已报到而职责不属于它的单位,其用时不计责任")
    async def blameless(self, info: Info) -> list[Unit]:
        return [await unit_of(info, code) for code in self.row["details"].get("blameless", [])]

    @strawberry.field(description="报请的上级")
    def referred_to(self) -> str | None:
        value: str | None = self.row["details"].get("referred_to")
        return value

    @strawberry.field(description="执行结果")
    def effect(self) -> str | None:
        value: str | None = self.row["details"].get("effect")
        return value

    @strawberry.field(description="权责清单修订草案")
    def list_revision(self) -> JSON | None:
        value: JSON | None = self.row["details"].get("list_revision")
        return value


@strawberry.type(description="责任下派审核 the review of a task to be passed down")
class TaskDownReview(Case):
    @strawberry.field(description="提请单位")
    async def department(self, info: Info) -> Unit:
        return await unit_of(info, self.row["details"]["department"])

    @strawberry.field(description="拟下派的乡镇街道")
    async def townships(self, info: Info) -> list[Unit]:
        return [await unit_of(info, code) for code in self.row["details"]["townships"]]

    @strawberry.field(description="权责清单事项")
    def item_code(self) -> str | None:
        value: str | None = self.row["details"].get("item_code")
        return value

    @strawberry.field(description="由清单自动判定不通过")
    def automatic(self) -> bool:
        return bool(self.row["details"].get("automatic"))

    @strawberry.field(description="是否配套保障资源")
    def resources_attached(self) -> bool | None:
        value: bool | None = self.row["details"].get("resources_attached")
        return value

    @strawberry.field(description="是否超出基层能力")
    def beyond_capacity(self) -> bool | None:
        value: bool | None = self.row["details"].get("beyond_capacity")
        return value

    @strawberry.field(description="附加条件或不通过的理由")
    def answer(self) -> str | None:
        return self._value("answer")

    @strawberry.field(description="听取意见的基层代表人数")
    def representatives(self) -> int | None:
        value: int | None = self.row["details"].get("representatives")
        return value

    @strawberry.field(description="下发文号")
    def document(self) -> str | None:
        value: str | None = self.row["details"].get("document")
        return value

    @strawberry.field(description="后评估")
    def evaluation(self) -> Evaluation | None:
        value = self.row["details"].get("evaluation")
        return Evaluation(value) if value else None

    @strawberry.field(description="引用的前案")
    def cites(self) -> list[str]:
        return list(self.row["details"]["cites"])

    @strawberry.field(description="引用本审核的后案")
    def cited_by(self) -> list[str]:
        return list(self.row["details"]["cited_by"])


TYPES.update({"dispute": Dispute, "task_down_review": TaskDownReview})
