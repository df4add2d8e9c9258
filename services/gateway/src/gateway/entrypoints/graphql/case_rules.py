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
from gateway.entrypoints.graphql.supervision_types import ExemptionGround
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of

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


@strawberry.type(description="抽查的比例和权重")
class SpotCheckRule:
    per_cent: int = strawberry.field(description="每层抽取的百分比,不足一件的抽一件")
    weight: int = strawberry.field(description="每件的权重")
    unappraised: int = strawberry.field(description="未评价的加权")
    fast: int = strawberry.field(description="办得过快的加权")
    fast_seconds: int = strawberry.field(description="少于多少秒办结算过快")


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
    office_decides_extensions: int = strawberry.field(description="前几次延期由减负办决定,之后由县领导决定")
    extension_per_cent: int = strawberry.field(description="一次延期最多为原时限的百分比")
    exemption_grounds: list[ExemptionGround] = strawberry.field(description="准予容错的理由")
    spot_check: SpotCheckRule
    reply_days: int = strawberry.field(description="收到督查单后回复的工作日")
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
        admitted = [ExemptionGround(each) for each in rules.pop("exemption_grounds")]
        same = "number in_force source source_number reason proposed_by decided_by"
        return cls(
            **{name: found[name] for name in same.split()},
            spot_check=SpotCheckRule(**rules.pop("spot_check")),
            **rules,
            parking_grounds=grounds,
            exemption_grounds=admitted,
            state=CaseRulesState(found["state"]),
            effective_from=_day(found["effective_from"]),
            effective_to=_day(found["effective_to"]),
            source_issued=_day(found["source_issued"]),
            proposed_at=_moment(found["proposed_at"]),
            decided_at=_moment(found["decided_at"]),
        )


@strawberry.type(description="将改动的一项规则")
class CaseRulesChange:
    name: str = strawberry.field(description="条款,如 most_extensions")
    old: JSON
    new: JSON


@strawberry.enum(description="试算时比较的事项")
class ForeseenSubject(Enum):
    EXTENSION_BY = strawberry.enum_value("extension-by", description="下一次延期由谁决定")
    EXTENSION_MOST = strawberry.enum_value("extension-most", description="下一次延期最长")
    PARKING_BY = strawberry.enum_value("parking-by", description="下一次挂账由谁决定")
    RAISING_AGAIN = strawberry.enum_value("raising-again", description="再次吹哨是否提级")


@strawberry.type(description="一件未结哨单今后办理的不同")
class CaseRulesForeseen:
    case_id: strawberry.ID
    subject: ForeseenSubject
    ground: ParkingGround | None
    old: str = strawberry.field(description="office、county-leader、nobody,handled、escalates,或延期的数量")
    new: str
    unit_code: strawberry.Private[str]

    @strawberry.field(description="主办单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)


@strawberry.type(description="办件规则试算:若现在批准,改动什么,哪些未结哨单今后办理不同;已作出的决定不变")
class CaseRulesDryRun:
    number: int | None = strawberry.field(description="草案号;尚未提出的为空")
    changes: list[CaseRulesChange]
    open_whistles: int
    concerned: int
    foreseen: list[CaseRulesForeseen] = strawberry.field(description="前五百项")

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "CaseRulesDryRun":
        """From the service's answer."""
        return cls(
            **{name: found[name] for name in ("number", "open_whistles", "concerned")},
            changes=[CaseRulesChange(**each) for each in found["changes"]],
            foreseen=[
                CaseRulesForeseen(
                    case_id=each["case_id"],
                    subject=ForeseenSubject(each["subject"]),
                    ground=ParkingGround(each["ground"]) if each["ground"] else None,
                    old=each["old"],
                    new=each["new"],
                    unit_code=each["unit"],
                )
                for each in found["foreseen"]
            ],
        )


@strawberry.type
class CaseRulesQuery:
    @strawberry.field(description="办件规则及其沿革,默认规则在前")
    async def case_rules(self, info: Info) -> list[CaseRulesVersion]:
        info.context.permit("read-directory")
        return await _versions(info)

    @strawberry.field(description="办件规则试算:给出文件(document),或给出草案号(number)")
    async def case_rules_dry_run(
        self, info: Info, document: JSON | None = None, number: int | None = None
    ) -> CaseRulesDryRun:
        context = info.context
        context.permit("try-policy")
        services = context.parts.services
        if document is not None:
            body = _document(info, document)
            tried = await services.ask(SERVICE, f"{PATH}/dry-run", body, token=context.token)
        elif number is not None:
            path = f"{PATH}/{number}/dry-run"
            tried = await services.read(SERVICE, path, token=context.token, params={})
        else:
            raise error("case-rules-document-needed", context.language)
        return CaseRulesDryRun.of(tried)


@strawberry.type
class CaseRulesMutation:
    @strawberry.mutation(description="提出办件规则草案;文件没有写到的条款保持不变")
    async def propose_case_rules(
        self, info: Info, document: JSON, idempotency_key: UUID | None = None
    ) -> CaseRulesVersion:
        await _command(info, PATH, _document(info, document), "propose-policy", idempotency_key)
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


def _document(info: Info, document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise error("case-rules-document-needed", info.context.language)
    return document


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
