"""Who has signed in, in GraphQL: for administrator and auditor everybody, for the others their colleagues."""

from collections.abc import Sequence
from datetime import datetime

import strawberry
from sqlalchemy import RowMapping
from strawberry import relay

from backbone.sealing import KeysUnavailable
from contracts.catalogue import sentence
from gateway.adapters.people import People
from gateway.domain.visibility import Scope, Viewer, people_scope
from gateway.entrypoints.graphql.context import Context, error
from gateway.entrypoints.graphql.enums import Role
from gateway.entrypoints.graphql.paging import page_info
from gateway.entrypoints.graphql.unit_types import Info, Unit, unit_of
from gateway.projections.case_queries import LARGEST_PAGE, PageTooLarge
from gateway.projections.people import Asked, count_people, people_of, person_cursor

Found = list[tuple[RowMapping, str]]
"""Rows, each with the name in plain."""


@strawberry.type(description="登录过的人,或系统客户端 somebody who has signed in, or a machine client")
class Person:
    subject: strawberry.ID
    name: str | None = strawberry.field(description="个人信息已删除的为空")
    role: Role
    unit_code: str
    machine_client: bool = strawberry.field(description="系统客户端,凭密钥而不登录")
    first_sign_in_at: datetime | None = strawberry.field(
        description="首次登录,系统客户端为签发;同事之间不显示"
    )
    last_sign_in_at: datetime | None = strawberry.field(
        description="最近登录,系统客户端为最近使用;同事之间不显示"
    )
    open_sessions: int | None = strawberry.field(description="未结束的会话数;同事之间不显示")

    @strawberry.field(description="角色名称")
    def role_name(self, info: Info) -> str:
        return sentence(f"role-{self.role.value.replace('_', '-')}", info.context.language)

    @strawberry.field(description="单位")
    async def unit(self, info: Info) -> Unit:
        return await unit_of(info, self.unit_code)

    @classmethod
    def of(cls, row: RowMapping, name: str, viewer: Viewer) -> "Person":
        # When colleagues come and go is nobody's business but the account keeper's.
        open_to = people_scope(viewer) is Scope.ALL or row["subject"] == viewer.subject
        return cls(
            subject=strawberry.ID(row["subject"]),
            name=name or None,
            role=Role(row["role"]),
            unit_code=row["unit"],
            machine_client=row["machine"],
            first_sign_in_at=row["first_at"] if open_to else None,
            last_sign_in_at=row["last_at"] if open_to else None,
            open_sessions=row["open_sessions"] if open_to else None,
        )


@strawberry.type(description="登录过的人的一项")
class PersonEdge:
    cursor: str
    node: Person


@strawberry.type(description="登录过的人,按单位排列")
class PersonConnection:
    edges: list[PersonEdge]
    page_info: relay.PageInfo
    total_count: int


@strawberry.type
class PeopleQuery:
    @strawberry.field(
        description="登录过的人;管理员和审计员看全部,其他人看本单位的同事;text 查找姓名和登录名"
    )
    async def people(
        self,
        info: Info,
        unit: str | None = None,
        role: Role | None = None,
        text: str | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> PersonConnection:
        context = info.context
        context.permit("read-people")
        people = context.parts.people
        if people is None:
            raise error("service-unavailable", context.language)
        if not 0 <= first <= LARGEST_PAGE:
            raise error(PageTooLarge.slug, context.language, **PageTooLarge(first).params)
        asked = Asked(unit, role.value if role else None)
        try:
            if text and text.strip():
                found, total = await _named(context, people, asked, text.strip().casefold(), after)
            else:
                found, total = await _page(context, people, asked, first, after)
        except KeysUnavailable as away:
            raise error(away.slug, context.language, **away.params) from away
        edges = [
            PersonEdge(cursor=person_cursor(row), node=Person.of(row, name, context.viewer))
            for row, name in found[:first]
        ]
        return PersonConnection(
            edges=edges,
            page_info=page_info([each.cursor for each in edges], more=len(found) > first, after=after),
            total_count=total,
        )


async def _page(
    context: Context, people: People, asked: Asked, first: int, after: str | None
) -> tuple[Found, int]:
    """Up to one more than is asked for, and how many there are in all."""
    rows = await context.read(
        lambda connection: people_of(connection, context.viewer, asked, people.idle, after, first + 1)
    )
    total = await context.read(
        lambda connection: count_people(connection, context.viewer, asked, people.idle)
    )
    return await _opened(people, rows), total


async def _named(
    context: Context, people: People, asked: Asked, words: str, after: str | None
) -> tuple[Found, int]:
    """Those whose name or subject holds the words; names are ciphertext and opened to be searched."""
    rows = await context.read(
        lambda connection: people_of(connection, context.viewer, asked, people.idle, after)
    )
    alike = [
        (row, name)
        for row, name in await _opened(people, rows)
        if words in name.casefold() or words in row["subject"].casefold()
    ]
    return [(row, name) for row, name in alike if row["beyond"]], len(alike)


async def _opened(people: People, rows: Sequence[RowMapping]) -> Found:
    names = await people.names([row["name_sealed"] for row in rows])
    return [(row, row["name"] or name) for row, name in zip(rows, names, strict=True)]
