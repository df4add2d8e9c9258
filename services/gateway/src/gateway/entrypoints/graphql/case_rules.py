"""办件规则 in GraphQL; the service that keeps the record is asked each time."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import strawberry
from strawberry.scalars import JSON

from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.parking_types import ParkingGround
from gateway.entrypoints.graphql.unit_types import Info

SERVICE = "accountability"
PATH = "/case-rules"


@strawberry.enum(description="办件规则状态")
class CaseRulesState(Enum):
    DEFAULT = "default"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


@strawberry.type(description="准予挂账的理由")
class ParkingGroundRule:
    ground: ParkingGround
    most_days: int | None = strawberry.field(description="最长天数;空则按挂账期限政策")
    office_decides: int = strawberry.field(description="同一哨单前几次由减负办决定,之后由县领导决定")


@strawberry.type(description="办件规则的一个版本 one version of the record of case rules")
class CaseRulesVersion:
    number: int = strawberry.field(description="0 为默认规则")
    state: CaseRulesState
    in_force: bool = strawberry.field(description="今天办理的适用")
    effective_from: date | None
    effective_to: date | None
    source: str = strawberry.field(description="依据文件")
    source_number: str
    source_issued: date | None
    representatives: int = strawberry.field(description="责任下派听取意见的基层代表不少于")
    days_to_raise_again: int = strawberry.field(description="销哨后可重新吹哨的天数")
    cycles_that_escalate: int = strawberry.field(description="第几次吹哨即提级")
    transfers_that_escalate: int = strawberry.field(description="第几次退转即提级")
    reconsideration_days: int = strawberry.field(description="裁定后可申请复议的工作日")
    most_extensions: int = strawberry.field(description="每案最多延期次数")
    parking_grounds: list[ParkingGroundRule]
    duplicate_days: int = strawberry.field(description="疑似重复最多相隔天数")
    duplicate_likeness: float = strawberry.field(description="疑似重复的文字相似度,0 至 1")
    proposed_at: datetime | None
    decided_at: datetime | None
    reason: str | None = strawberry.field(description="否决的理由")
    proposed_by: str | None
    decided_by: str | None

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "CaseRulesVersion":
        """From the service's answer."""
        rules = dict(found["rules"])
        grounds = [
            ParkingGroundRule(**{**each, "ground": ParkingGround(each["ground"])})
            for each in rules.pop("parking_grounds")
        ]
        same = "number in_force source source_number reason proposed_by decided_by"
        return cls(
            **{name: found[name] for name in same.split()},
            **rules,
            parking_grounds=grounds,
            state=CaseRulesState(found["state"]),
            effective_from=_day(found["effective_from"]),
            effective_to=_day(found["effective_to"]),
            source_issued=_day(found["source_issued"]),
            proposed_at=_moment(found["proposed_at"]),
            decided_at=_moment(found["decided_at"]),
        )


@strawberry.type
class CaseRulesQuery:
    @strawberry.field(description="办件规则及其沿革,默认规则在前")
    async def case_rules(self, info: Info) -> list[CaseRulesVersion]:
        info.context.permit("read-directory")
        return await _versions(info)


@strawberry.type
class CaseRulesMutation:
    @strawberry.mutation(description="提出办件规则草案;文件没有写到的条款保持不变")
    async def propose_case_rules(
        self, info: Info, document: JSON, idempotency_key: UUID | None = None
    ) -> CaseRulesVersion:
        if not isinstance(document, dict):
            raise error("case-rules-document-needed", info.context.language)
        await _command(info, PATH, document, "propose-policy", idempotency_key)
        return (await _versions(info))[-1]

    @strawberry.mutation(description="批准他人提出的办件规则;已作出的决定不变")
    async def approve_case_rules(
        self, info: Info, number: int, idempotency_key: UUID | None = None
    ) -> CaseRulesVersion:
        await _command(info, f"{PATH}/{number}/approve", {}, "approve-policy", idempotency_key)
        return await _version(info, number)

    @strawberry.mutation(description="否决办件规则草案,说明理由")
    async def decline_case_rules(
        self, info: Info, number: int, reason: str, idempotency_key: UUID | None = None
    ) -> CaseRulesVersion:
        body = {"reason": reason}
        await _command(info, f"{PATH}/{number}/decline", body, "approve-policy", idempotency_key)
        return await _version(info, number)


async def _versions(info: Info) -> list[CaseRulesVersion]:
    context = info.context
    found = await context.parts.services.read(SERVICE, PATH, token=context.token, params={})
    return [CaseRulesVersion.of(each) for each in found]


async def _version(info: Info, number: int) -> CaseRulesVersion:
    for each in await _versions(info):
        if each.number == number:
            return each
    raise error("unknown-policy-proposal", info.context.language, number=number)


async def _command(info: Info, path: str, body: Mapping[str, Any], operation: str, key: UUID | None) -> None:
    context = info.context
    context.permit(operation)
    await context.parts.services.command(SERVICE, path, body, token=context.token, key=key or uuid4())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
