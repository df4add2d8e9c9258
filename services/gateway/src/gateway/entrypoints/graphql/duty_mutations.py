"""Mutations on disputes and task-down reviews."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.duty_types import Decision, Evaluation, Way
from gateway.entrypoints.graphql.performing import perform_command, segment, values_of
from gateway.entrypoints.graphql.unit_types import Info


@strawberry.input(description="争议的内容")
class DisputeInput:
    department: str
    legal_basis: str
    matter: str
    whistle_id: strawberry.ID | None = strawberry.field(default=None, description="不填则为一般职责争议")
    proposed_owner: str | None = None
    letter_id: strawberry.ID | None = strawberry.field(default=None, description="由来信引起的,填来信编号")

    def body(self) -> dict[str, Any]:
        """The command's body."""
        body = {
            "department": self.department,
            "legal_basis": self.legal_basis,
            "matter": self.matter,
            "whistle": self.whistle_id,
            "proposed_owner": self.proposed_owner,
            "letter": self.letter_id,
        }
        return {name: value for name, value in body.items() if value is not None}


@strawberry.input(description="协办职责")
class ShareInput:
    unit: str
    duty: str


@strawberry.input(description="职责归属")
class RulingInput:
    duty: str
    lead: str
    legal_basis: str
    assists: list[ShareInput] | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    precedent: bool = strawberry.field(default=False, description="作为今后同类事项的先例")
    item_code: str | None = None

    def body(self) -> dict[str, Any]:
        """The command's body."""
        body = {name: value for name, value in vars(self).items() if value is not None}
        body["assists"] = values_of(self.assists) or []
        for name in ("valid_from", "valid_until"):
            if name in body:
                body[name] = body[name].isoformat()
        return body


async def _dispute(
    info: Info, case_id: str, verb: str, operation: str, key: UUID | None, body: Mapping[str, Any]
) -> CasePayload:
    path = f"/disputes/{segment(info, case_id)}/{verb}"
    return await perform_command(info, "routing", path, body, operation, key)


async def _review(
    info: Info, case_id: str, verb: str, operation: str, key: UUID | None, body: Mapping[str, Any]
) -> CasePayload:
    path = f"/task-down-reviews/{segment(info, case_id)}/{verb}"
    return await perform_command(info, "routing", path, body, operation, key)


@strawberry.type
class DutyMutation:
    @strawberry.mutation(description="提出权责争议 A4;部门须先报到")
    async def file_dispute(
        self, info: Info, dispute: DisputeInput, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await perform_command(
            info, "routing", "/disputes", dispute.body(), "file-dispute", idempotency_key
        )

    @strawberry.mutation(description="简易办理:电话商定或清单已有规定,一次登记")
    async def settle_dispute(
        self,
        info: Info,
        dispute: DisputeInput,
        ruling: RulingInput,
        way: Way = Way.TELEPHONE,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {**dispute.body(), "ruling": ruling.body(), "way": way.value}
        return await perform_command(
            info, "routing", "/disputes/settled", body, "settle-dispute", idempotency_key
        )

    @strawberry.mutation(description="受理争议")
    async def accept_dispute(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _dispute(info, case_id, "accept", "accept-dispute", idempotency_key, {})

    @strawberry.mutation(description="不予受理争议,说明理由")
    async def not_accept_dispute(
        self, info: Info, case_id: strawberry.ID, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        body = {"words": reason}
        return await _dispute(info, case_id, "not-accept", "not-accept-dispute", idempotency_key, body)

    @strawberry.mutation(description="交双方协商")
    async def open_negotiation(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _dispute(info, case_id, "negotiate", "open-negotiation", idempotency_key, {})

    @strawberry.mutation(description="编办协调")
    async def open_coordination(
        self, info: Info, case_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _dispute(info, case_id, "coordinate", "open-coordination", idempotency_key, {})

    @strawberry.mutation(description="当事单位陈述书面意见")
    async def give_statement(
        self, info: Info, case_id: strawberry.ID, words: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        body = {"words": words}
        return await _dispute(info, case_id, "statements", "give-statement", idempotency_key, body)

    @strawberry.mutation(description="登记协调会纪要")
    async def record_hearing(
        self,
        info: Info,
        case_id: strawberry.ID,
        met_on: date,
        units: list[str],
        minutes: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"met_on": met_on.isoformat(), "units": units, "minutes": minutes}
        return await _dispute(info, case_id, "hearings", "record-hearing", idempotency_key, body)

    @strawberry.mutation(description="登记商定结果")
    async def agree_on_duty(
        self,
        info: Info,
        case_id: strawberry.ID,
        ruling: RulingInput,
        way: Way = Way.MEETING,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"ruling": ruling.body(), "way": way.value}
        return await _dispute(info, case_id, "agree", "agree-on-duty", idempotency_key, body)

    @strawberry.mutation(description="裁定;已报请上级的登记上级裁定")
    async def rule_on_duty(
        self,
        info: Info,
        case_id: strawberry.ID,
        ruling: RulingInput,
        by_higher_level: bool = False,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"ruling": ruling.body(), "by_higher_level": by_higher_level}
        return await _dispute(info, case_id, "rule", "rule-on-duty", idempotency_key, body)

    @strawberry.mutation(description="报请上级")
    async def refer_dispute_up(
        self, info: Info, case_id: strawberry.ID, to: str, reason: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        body = {"to": to, "reason": reason}
        return await _dispute(info, case_id, "refer-up", "refer-dispute-up", idempotency_key, body)

    @strawberry.mutation(description="申请复议;不停止执行")
    async def request_reconsideration(
        self, info: Info, case_id: strawberry.ID, grounds: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        verb = "request-reconsideration"
        return await _dispute(info, case_id, verb, verb, idempotency_key, {"words": grounds})

    @strawberry.mutation(description="复议结论;不填改变的裁定则维持")
    async def decide_reconsideration(
        self,
        info: Info,
        case_id: strawberry.ID,
        reason: str,
        revised: RulingInput | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"reason": reason, "revised": revised.body() if revised else None}
        verb = "decide-reconsideration"
        given = {name: value for name, value in body.items() if value is not None}
        return await _dispute(info, case_id, verb, verb, idempotency_key, given)

    @strawberry.mutation(description="提请责任下派审核,两项问题都要回答")
    async def propose_task_down(
        self,
        info: Info,
        measure: str,
        townships: list[str],
        resources: str,
        capacity: str,
        item_code: str | None = None,
        cites: list[strawberry.ID] | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {
            "measure": measure,
            "townships": townships,
            "resources": resources,
            "capacity": capacity,
            "item_code": item_code,
            "cites": cites or [],
        }
        return await perform_command(
            info, "routing", "/task-down-reviews", body, "propose-task-down", idempotency_key
        )

    @strawberry.mutation(description="开始审核")
    async def start_review(
        self,
        info: Info,
        case_id: strawberry.ID,
        item_code: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await _review(
            info, case_id, "start", "start-review", idempotency_key, {"item_code": item_code}
        )

    @strawberry.mutation(description="登记基层代表座谈纪要,不少于20名代表")
    async def record_task_hearing(
        self,
        info: Info,
        case_id: strawberry.ID,
        met_on: date,
        representatives: int,
        units: list[str],
        minutes: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {
            "met_on": met_on.isoformat(),
            "representatives": representatives,
            "units": units,
            "minutes": minutes,
        }
        return await _review(info, case_id, "hearings", "record-task-hearing", idempotency_key, body)

    @strawberry.mutation(description="审核结论,两项问题都要回答")
    async def decide_task_down(
        self,
        info: Info,
        case_id: strawberry.ID,
        decision: Decision,
        resources_attached: bool,
        beyond_capacity: bool,
        reason: str | None = None,
        conditions: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {
            "decision": decision.value,
            "resources_attached": resources_attached,
            "beyond_capacity": beyond_capacity,
            "reason": reason,
            "conditions": conditions,
        }
        return await _review(info, case_id, "decide", "decide-task-down", idempotency_key, body)

    @strawberry.mutation(description="下发审核通过的任务")
    async def issue_task(
        self, info: Info, case_id: strawberry.ID, document: str, idempotency_key: UUID | None = None
    ) -> CasePayload:
        return await _review(info, case_id, "issue", "issue-task", idempotency_key, {"document": document})

    @strawberry.mutation(description="后评估")
    async def evaluate_task(
        self,
        info: Info,
        case_id: strawberry.ID,
        evaluation: Evaluation,
        words: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        body = {"evaluation": evaluation.value, "words": words}
        return await _review(info, case_id, "evaluate", "evaluate-task", idempotency_key, body)

    @strawberry.mutation(description="后案引用审核结论")
    async def cite_review(
        self,
        info: Info,
        case_id: strawberry.ID,
        cited_by: strawberry.ID,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await _review(info, case_id, "cite", "cite-review", idempotency_key, {"case_id": cited_by})
