"""Queries and mutations on policies; the service that keeps them is asked each time, nothing is copied."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4

import strawberry
from strawberry.scalars import JSON

from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.policy_types import Policy, PolicyDryRun
from gateway.entrypoints.graphql.unit_types import Info

SERVICE = "accountability"


@strawberry.type
class PolicyQuery:
    @strawberry.field(description="时限政策及其沿革")
    async def policies(
        self,
        info: Info,
        clock: str | None = None,
        scope: str | None = None,
        in_force: Annotated[bool | None, strawberry.argument(description="只看现行或不适用的")] = None,
    ) -> list[Policy]:
        context = info.context
        context.permit("read-directory")
        return [
            each
            for each in await _versions(info, clock)
            if scope in (None, each.scope) and in_force in (None, each.in_force)
        ]

    @strawberry.field(description="政策试算:给出文件(document),或给出草案(clock、number、scope)")
    async def policy_dry_run(
        self,
        info: Info,
        document: JSON | None = None,
        clock: str | None = None,
        number: int | None = None,
        scope: str = "",
    ) -> PolicyDryRun:
        context = info.context
        context.permit("try-policy")
        if document is not None:
            body = _document(info, document)
            tried = await context.parts.services.ask(SERVICE, "/policies/dry-run", body, token=context.token)
        elif clock is not None and number is not None:
            path = f"{_record(info, clock, number)}/dry-run"
            tried = await context.parts.services.read(
                SERVICE, path, token=context.token, params={"scope": scope}
            )
        else:
            raise error("policy-dry-run-needs-a-policy", context.language)
        return PolicyDryRun.of(tried)


@strawberry.type
class PolicyMutation:
    @strawberry.mutation(description="提出政策草案;文件没有写到的条款保持不变")
    async def propose_policy(self, info: Info, document: JSON, idempotency_key: UUID | None = None) -> Policy:
        body = _document(info, document)
        await _command(info, "/policies", body, "propose-policy", idempotency_key)
        scope = body.get("scope") or ""
        versions = await _versions(info, str(body["clock"]))
        return max((each for each in versions if each.scope == scope), key=lambda each: each.number)

    @strawberry.mutation(description="批准他人提出的政策;未结时限随之重新计算")
    async def approve_policy(
        self, info: Info, clock: str, number: int, scope: str = "", idempotency_key: UUID | None = None
    ) -> Policy:
        path = f"{_record(info, clock, number)}/approve"
        await _command(info, path, {"scope": scope}, "approve-policy", idempotency_key)
        return await _version(info, clock, number, scope)

    @strawberry.mutation(description="否决政策草案,说明理由")
    async def decline_policy(
        self,
        info: Info,
        clock: str,
        number: int,
        reason: str,
        scope: str = "",
        idempotency_key: UUID | None = None,
    ) -> Policy:
        path = f"{_record(info, clock, number)}/decline"
        body = {"scope": scope, "reason": reason}
        await _command(info, path, body, "approve-policy", idempotency_key)
        return await _version(info, clock, number, scope)


async def _versions(info: Info, clock: str | None) -> list[Policy]:
    context = info.context
    params = {} if clock is None else {"clock": clock}
    found = await context.parts.services.read(SERVICE, "/policies", token=context.token, params=params)
    return [Policy.of(each) for each in found]


async def _version(info: Info, clock: str, number: int, scope: str) -> Policy:
    for each in await _versions(info, clock):
        if (each.number, each.scope) == (number, scope):
            return each
    raise error("unknown-policy-proposal", info.context.language, number=number)


async def _command(info: Info, path: str, body: Mapping[str, Any], operation: str, key: UUID | None) -> None:
    context = info.context
    context.permit(operation)
    await context.parts.services.command(SERVICE, path, body, token=context.token, key=key or uuid4())


def _document(info: Info, document: Any) -> dict[str, Any]:
    if not isinstance(document, dict) or not isinstance(document.get("clock"), str):
        raise error("policy-document-needs-a-clock", info.context.language)
    return document


def _record(info: Info, clock: str, number: int) -> str:
    """A path that cannot lead elsewhere."""
    if not clock.isalnum() or not clock.isascii():
        raise error("policy-document-needs-a-clock", info.context.language)
    return f"/policies/{clock}/{number}"
