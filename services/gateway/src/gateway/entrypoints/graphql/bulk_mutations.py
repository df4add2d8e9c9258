"""Mutations on many cases at once: one command per case, each with a result of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import strawberry
from graphql import GraphQLError
from strawberry.scalars import JSON

from gateway.application.commands import CommandRefused, ServiceUnreachable
from gateway.entrypoints.graphql.case_types import Case, CasePayload
from gateway.entrypoints.graphql.context import error, refused
from gateway.entrypoints.graphql.enums import DispatchWhen, Mode
from gateway.entrypoints.graphql.performing import perform_command, perform_on_assignment, segment
from gateway.entrypoints.graphql.unit_types import Info

MOST: Final = 100
"""Cases in one call."""
AT_ONCE: Final = 8
"""Commands of one call that run side by side."""

One = Callable[[str, UUID], Awaitable[CasePayload]]
"""The command on one case, under a key of its own."""


@strawberry.type(description="据以拒绝的规则")
class RefusingRule:
    id: str
    text: str
    text_en: str


@strawberry.type(description="未能办理的原因")
class BulkError:
    code: str
    message: str
    params: JSON
    rule: RefusingRule | None = strawberry.field(description="服务不可用等不属规则拒绝的为空")


@strawberry.type(description="批量办理中的一件")
class BulkItem:
    case_id: strawberry.ID
    done: bool
    stale: bool
    case: Case | None
    error: BulkError | None


@strawberry.type(description="批量办理的结果,按所给顺序逐件列出;一件不成不影响其他")
class BulkPayload:
    done: int
    failed: int
    items: list[BulkItem]


async def each_of(info: Info, case_ids: list[strawberry.ID], key: UUID | None, one: One) -> BulkPayload:
    """Run a command on each case; a repeat under the same key repeats every one of them."""
    language = info.context.language
    if len(case_ids) > MOST:
        raise error("too-many-cases", language, asked=len(case_ids), most=MOST)
    space, gate = key or uuid4(), asyncio.Semaphore(AT_ONCE)

    async def run(case_id: str) -> BulkItem:
        try:
            async with gate:
                payload = await one(case_id, uuid5(space, case_id))
        except CommandRefused as problem:
            return _failed(case_id, refused(problem, language))
        except ServiceUnreachable as problem:
            return _failed(case_id, error(problem.slug, language, **problem.params))
        except GraphQLError as problem:
            return _failed(case_id, problem)
        return BulkItem(
            case_id=strawberry.ID(case_id), done=True, stale=payload.stale, case=payload.case, error=None
        )

    items = await asyncio.gather(*(run(case_id) for case_id in dict.fromkeys(map(str, case_ids))))
    done = sum(item.done for item in items)
    return BulkPayload(done=done, failed=len(items) - done, items=list(items))


def _failed(case_id: str, problem: GraphQLError) -> BulkItem:
    told: dict[str, Any] = dict(problem.extensions or {})
    reason = BulkError(
        code=str(told.get("code", "internal-error")),
        message=problem.message,
        params=told.get("params", {}),
        rule=RefusingRule(**told["rule"]) if told.get("rule") else None,
    )
    return BulkItem(case_id=strawberry.ID(case_id), done=False, stale=False, case=None, error=reason)


@strawberry.type
class BulkMutation:
    @strawberry.mutation(description="批量签发 W3")
    async def sign_whistles(
        self,
        info: Info,
        case_ids: list[strawberry.ID],
        dispatch: DispatchWhen = DispatchWhen.DEFAULT,
        idempotency_key: UUID | None = None,
    ) -> BulkPayload:
        info.context.permit("sign-whistle")
        body = {"dispatch": dispatch.value}

        async def sign(case_id: str, key: UUID) -> CasePayload:
            path = f"/whistles/{segment(info, case_id)}/sign"
            return await perform_command(info, "intake", path, body, "sign-whistle", key)

        return await each_of(info, case_ids, idempotency_key, sign)

    @strawberry.mutation(description="批量确认派单 W4")
    async def confirm_dispatches(
        self,
        info: Info,
        case_ids: list[strawberry.ID],
        legal_basis: str,
        idempotency_key: UUID | None = None,
    ) -> BulkPayload:
        info.context.permit("confirm-dispatch")
        body = {"legal_basis": legal_basis, "owner_found": True}

        async def confirm(case_id: str, key: UUID) -> CasePayload:
            path = f"/dispatches/{segment(info, case_id)}/confirm"
            return await perform_command(info, "routing", path, body, "confirm-dispatch", key)

        return await each_of(info, case_ids, idempotency_key, confirm)

    @strawberry.mutation(description="批量报到 A1:同一经办人、电话、方式")
    async def report_in_to_all(
        self,
        info: Info,
        case_ids: list[strawberry.ID],
        handler: str,
        phone: str,
        mode: Mode = Mode.ON_SITE,
        idempotency_key: UUID | None = None,
    ) -> BulkPayload:
        info.context.permit("report-in")
        body = {"handler": handler, "phone": phone, "mode": mode.value}

        async def report_in(case_id: str, key: UUID) -> CasePayload:
            return await perform_on_assignment(info, case_id, None, "report-in", body, "report-in", key)

        return await each_of(info, case_ids, idempotency_key, report_in)

    @strawberry.mutation(description="批量办结 A5、W6:同一句话,全部已解决")
    async def conclude_all(
        self,
        info: Info,
        case_ids: list[strawberry.ID],
        sentence: str,
        idempotency_key: UUID | None = None,
    ) -> BulkPayload:
        info.context.permit("conclude")
        body = {"sentence": sentence}

        async def conclude(case_id: str, key: UUID) -> CasePayload:
            return await perform_on_assignment(info, case_id, None, "conclude", body, "conclude", key)

        return await each_of(info, case_ids, idempotency_key, conclude)

    @strawberry.mutation(description="批量销哨 W7:全部属实、满意")
    async def close_out_all(
        self, info: Info, case_ids: list[strawberry.ID], idempotency_key: UUID | None = None
    ) -> BulkPayload:
        info.context.permit("close-out-whistle")

        async def close_out(case_id: str, key: UUID) -> CasePayload:
            path = f"/whistles/{segment(info, case_id)}/close-out"
            return await perform_command(info, "intake", path, {}, "close-out-whistle", key)

        return await each_of(info, case_ids, idempotency_key, close_out)
