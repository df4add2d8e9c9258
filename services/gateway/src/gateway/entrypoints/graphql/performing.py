"""How a mutation becomes one command of one service, and answers with the case as it is afterwards."""

from collections.abc import Mapping
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

import strawberry

from backbone.subscription import transient
from gateway.application.commands import perform
from gateway.entrypoints.graphql.case_types import CasePayload, case_of
from gateway.entrypoints.graphql.context import error
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections import case_queries


async def perform_command(
    info: Info, service: str, path: str, body: Mapping[str, Any], operation: str, key: UUID | None
) -> CasePayload:
    context = info.context
    context.permit(operation)
    done = await perform(
        context.parts.services,
        context.parts.view,
        service,
        path,
        {name: value for name, value in body.items() if value is not None},
        token=context.token,
        key=key or uuid4(),
    )
    case_id, code = done.accepted.id, done.accepted.details.get("read_back_code")
    try:
        row = await context.read(
            lambda connection: case_queries.find_case(connection, context.viewer, case_id=case_id)
        )
    except Exception as failure:
        if not transient(failure):
            raise
        # The command holds, whether its effect can be shown now or not.
        return CasePayload(case_id=strawberry.ID(case_id), case=None, stale=True, read_back_code=code)
    if row is not None:
        await context.shown("command", [case_id])
    return CasePayload(
        case_id=strawberry.ID(case_id),
        case=case_of(row) if row is not None else None,
        stale=done.stale,
        read_back_code=code,
    )


def segment(info: Info, value: str) -> str:
    """A path segment that cannot lead elsewhere."""
    try:
        return str(UUID(value))
    except ValueError:
        raise error("unknown-case", info.context.language) from None


def unit_segment(info: Info, value: str) -> str:
    if not value.replace("-", "").isalnum() or not value.isascii():
        raise error("unknown-unit", info.context.language)
    return value


def complex_body(reason: str | None) -> dict[str, Any]:
    """A matter is complex only with the dispatcher's reason."""
    return {} if reason is None else {"complex": True, "complex_reason": reason}


def values_of(inputs: list[Any] | None) -> list[dict[str, Any]] | None:
    if inputs is None:
        return None
    return [
        {
            name: value.value if isinstance(value, Enum) else value
            for name, value in vars(each).items()
            if value is not None
        }
        for each in inputs
    ]


async def perform_on_assignment(
    info: Info,
    case_id: str,
    unit: str | None,
    verb: str,
    body: Mapping[str, Any],
    operation: str,
    key: UUID | None,
) -> CasePayload:
    """A department's act on its own assignment; the unit is the caller's unless named."""
    named = unit_segment(info, unit if unit is not None else info.context.actor.unit)
    path = f"/dispatches/{segment(info, case_id)}/assignments/{named}/{verb}"
    return await perform_command(info, "routing", path, body, operation, key)
