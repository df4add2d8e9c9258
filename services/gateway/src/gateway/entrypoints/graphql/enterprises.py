"""Enterprises and their service officers (首席服务员) in GraphQL: who there is, and the commands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import strawberry
from sqlalchemy import RowMapping

from backbone.subscription import transient
from gateway.application.commands import perform
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.enterprises import enterprises_by_id, find_enterprises


@strawberry.type(description="首席服务员 who serves an enterprise")
class ServiceOfficer:
    name: str
    phone: str | None
    since: datetime
    unit_code: strawberry.Private[str]

    @strawberry.field(description="所在单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)


@strawberry.type(description="企业 an enterprise that is served")
class Enterprise:
    row: strawberry.Private[RowMapping]

    @strawberry.field
    def enterprise_id(self) -> strawberry.ID:
        return strawberry.ID(self.row["enterprise_id"])

    @strawberry.field(description="编号,如 NL-QY-2026-000123")
    def number(self) -> str:
        return str(self.row["number"])

    @strawberry.field(description="统一社会信用代码")
    def credit_code(self) -> str:
        return str(self.row["credit_code"])

    @strawberry.field(description="名称")
    def name(self) -> str:
        return str(self.row["name"])

    @strawberry.field(description="所在镇街")
    async def township(self, info: Info) -> Unit:
        return await unit_of(info, self.row["township"])

    @strawberry.field(description="所在村(社区)的代码")
    def village(self) -> str | None:
        village: str | None = self.row["village"]
        return village

    @strawberry.field(description="首席服务员;没有指定则为空")
    def service_officer(self) -> ServiceOfficer | None:
        row = self.row
        if row["officer"] is None:
            return None
        return ServiceOfficer(
            name=row["officer"],
            phone=row["officer_phone"],
            since=row["officer_since"],
            unit_code=row["officer_unit"],
        )

    @strawberry.field(description="停止服务登记的时间")
    def ended_at(self) -> datetime | None:
        ended: datetime | None = self.row["ended_at"]
        return ended


async def enterprise_of(info: Info, enterprise_id: str | None) -> Enterprise | None:
    """The enterprise a whistle cites: who sees the whistle sees whom it speaks for."""
    row = await info.context.enterprises.load(enterprise_id) if enterprise_id is not None else None
    return Enterprise(row=row) if row is not None else None


@strawberry.type(description="企业变动的结果 an enterprise after a change")
class EnterprisePayload:
    enterprise_id: strawberry.ID
    enterprise: Enterprise | None
    stale: bool = strawberry.field(description="变动已生效,但暂时读不到")


@strawberry.input(description="企业登记")
class EnterpriseInput:
    credit_code: str = strawberry.field(description="统一社会信用代码")
    name: str
    township: str | None = strawberry.field(default=None, description="减负办登记时填写;镇街登记的为本镇街")
    village: str | None = None


@strawberry.type
class EnterpriseQuery:
    @strawberry.field(description="企业名录:镇街看本镇街的,部门看本单位人员服务的,减负办看全部")
    async def enterprises(
        self, info: Info, text: str | None = None, township: str | None = None, ended: bool = False
    ) -> list[Enterprise]:
        context = info.context
        context.permit("read-enterprises")
        rows = await context.read(
            lambda connection: find_enterprises(
                connection, context.viewer, text=text, township=township, ended=ended
            )
        )
        return [Enterprise(row=row) for row in rows]


@strawberry.type
class EnterpriseMutation:
    @strawberry.mutation(description="登记企业,或更改登记")
    async def register_enterprise(
        self, info: Info, enterprise: EnterpriseInput, idempotency_key: UUID | None = None
    ) -> EnterprisePayload:
        return await _change(info, "", vars(enterprise), "register-enterprise", idempotency_key)

    @strawberry.mutation(description="指定首席服务员;已有的由其接替")
    async def assign_service_officer(
        self,
        info: Info,
        enterprise_id: strawberry.ID,
        officer: str,
        phone: str,
        unit: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> EnterprisePayload:
        body = {"officer": officer, "phone": phone, "unit": unit}
        path = f"/{_segment(info, enterprise_id)}/assign-officer"
        return await _change(info, path, body, "assign-service-officer", idempotency_key)

    @strawberry.mutation(description="解除首席服务员")
    async def relieve_service_officer(
        self, info: Info, enterprise_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> EnterprisePayload:
        path = f"/{_segment(info, enterprise_id)}/relieve-officer"
        return await _change(info, path, {}, "relieve-service-officer", idempotency_key)

    @strawberry.mutation(description="停止企业服务登记")
    async def end_enterprise(
        self, info: Info, enterprise_id: strawberry.ID, idempotency_key: UUID | None = None
    ) -> EnterprisePayload:
        path = f"/{_segment(info, enterprise_id)}/end"
        return await _change(info, path, {}, "end-enterprise", idempotency_key)


async def _change(
    info: Info, path: str, body: Mapping[str, Any], operation: str, key: UUID | None
) -> EnterprisePayload:
    context = info.context
    context.permit(operation)
    done = await perform(
        context.parts.services,
        context.parts.view,
        "intake",
        f"/enterprises{path}",
        {name: value for name, value in body.items() if value is not None},
        token=context.token,
        key=key or uuid4(),
    )
    enterprise_id = strawberry.ID(done.accepted.id)
    try:
        [row] = await context.read(lambda connection: enterprises_by_id(connection, [enterprise_id]))
    except Exception as failure:
        if not transient(failure):
            raise
        return EnterprisePayload(enterprise_id=enterprise_id, enterprise=None, stale=True)
    shown = Enterprise(row=row) if row is not None else None
    return EnterprisePayload(enterprise_id=enterprise_id, enterprise=shown, stale=done.stale)


def _segment(info: Info, value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise error("unknown-enterprise", info.context.language) from None
