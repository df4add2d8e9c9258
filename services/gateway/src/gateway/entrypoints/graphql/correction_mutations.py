"""Mutations by which the office corrects a recorded time, with four eyes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from gateway.entrypoints.graphql.case_types import CasePayload
from gateway.entrypoints.graphql.correction_types import CorrectableFact
from gateway.entrypoints.graphql.performing import perform_command, segment
from gateway.entrypoints.graphql.unit_types import Info
from gateway.projections import case_queries

_OF_LETTERS = (CorrectableFact.RESPONSE, CorrectableFact.RESOLUTION)


async def _decide(
    info: Info,
    case_id: str,
    correction_id: str,
    verb: str,
    body: Mapping[str, Any],
    key: UUID | None,
) -> CasePayload:
    """The service that keeps the fact decides: intake a letter's, routing a whistle's."""
    named, context = segment(info, case_id), info.context
    row = await context.read(
        lambda connection: case_queries.find_case(connection, context.viewer, case_id=named)
    )
    letter = row is not None and row["type"] == "letter"
    service, place = ("intake", "letters") if letter else ("routing", "dispatches")
    path = f"/{place}/{named}/corrections/{segment(info, correction_id)}/{verb}"
    return await perform_command(info, service, path, body, f"{verb}-correction", key)


@strawberry.type
class CorrectionMutation:
    @strawberry.mutation(description="提出更正记录时间,如电话报到补登过晚;须另一人核准")
    async def propose_correction(
        self,
        info: Info,
        case_id: strawberry.ID,
        fact: CorrectableFact,
        happened_at: datetime,
        reason: str,
        unit: str | None = None,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        letter = fact in _OF_LETTERS
        service, place = ("intake", "letters") if letter else ("routing", "dispatches")
        body = {"fact": fact.value, "happened_at": happened_at.isoformat(), "reason": reason}
        if not letter and unit is not None:
            body["unit"] = unit
        path = f"/{place}/{segment(info, case_id)}/corrections"
        return await perform_command(info, service, path, body, "propose-correction", idempotency_key)

    @strawberry.mutation(description="核准更正;不能是提出人")
    async def approve_correction(
        self,
        info: Info,
        case_id: strawberry.ID,
        correction_id: strawberry.ID,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await _decide(info, case_id, correction_id, "approve", {}, idempotency_key)

    @strawberry.mutation(description="否决更正,说明理由")
    async def decline_correction(
        self,
        info: Info,
        case_id: strawberry.ID,
        correction_id: strawberry.ID,
        reason: str,
        idempotency_key: UUID | None = None,
    ) -> CasePayload:
        return await _decide(info, case_id, correction_id, "decline", {"reason": reason}, idempotency_key)
