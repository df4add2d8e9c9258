"""Released trace-backs (倒查材料) as files; whoever traces back gets these and no case."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response
from sqlalchemy import RowMapping

from backbone.identity import Actor
from backbone.web import CurrentActor, Refusal
from contracts.catalogue import sentence
from contracts.permissions import permit
from gateway.adapters.whistle_sheet import moment
from gateway.domain.visibility import Viewer
from gateway.entrypoints.tracing import traced
from gateway.projections import case_queries, supervision_queries, unit_queries
from gateway.projections.case_rows import Names, local
from gateway.projections.case_view import CaseView
from gateway.projections.facts import ERASED
from gateway.projections.read_log import note_reading

Number = Annotated[int, Path(ge=1, le=10_000)]


def trace_backs_router(view: CaseView) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/trace-backs/{case_id}", tags=["trace-backs"])

    async def found(case_id: UUID, number: int, actor: Actor, way: str) -> tuple[RowMapping, str]:
        permit(actor, "read-trace-backs")
        viewer = Viewer(actor.subject, actor.role, actor.unit)
        async with view.connect() as connection:
            row = await supervision_queries.trace_back(connection, str(case_id), number)
            if row is None:
                raise Refusal("unknown-trace-back", 404)
            if row["document"] == ERASED:
                raise Refusal("trace-back-erased", 410)
            await note_reading(connection, viewer, way, [row["case_id"]])
            names = Names(await unit_queries.all_units(connection))
            printed_at = moment(local(await case_queries.now(connection)))
        return row, f"{printed_at} {names.unit(actor.unit)} {actor.name}"

    @router.get("/{number}.json", response_class=Response)
    async def as_json(case_id: UUID, number: Number, actor: CurrentActor) -> Response:
        """The document's text, byte for byte what its digest was taken of."""
        row, _ = await found(case_id, number, actor, "file")
        return _file(row, row["document"].encode(), "application/json", "json")

    @router.get("/{number}.pdf", response_class=Response)
    async def as_pdf(
        case_id: UUID,
        number: Number,
        actor: CurrentActor,
        language: Annotated[str, Header(alias="Accept-Language")] = "zh",
    ) -> Response:
        """The same as a printable sheet."""
        said = "en" if language.lower().startswith("en") else "zh"
        row, who = await found(case_id, number, actor, "sheet")
        return _file(row, traced(row, said, who), "application/pdf", "pdf")

    return router


def _file(row: RowMapping, content: bytes, media_type: str, suffix: str) -> Response:
    name = f"{sentence('trace-back-title', 'zh')}-{row['case_number'] or row['case_id']}-{row['number']}"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}.{suffix}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
