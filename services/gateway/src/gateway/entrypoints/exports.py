"""Lists of cases as files, and the printed sheet of a whistle; nobody gets more than on the page."""

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.background import BackgroundTask

from backbone.identity import Actor
from backbone.sheets import MOST_ROWS, csv_stream, workbook
from backbone.web import CurrentActor, Refusal
from contracts.catalogue import sentence
from contracts.permissions import permit
from gateway.adapters.whistle_sheet import moment
from gateway.domain.visibility import Viewer
from gateway.entrypoints.graphql.enums import CaseState, CaseType, ClockFilter, WhistleKind
from gateway.entrypoints.printing import Children, printed
from gateway.projections import case_lists, case_queries, joining_queries, unit_queries
from gateway.projections.case_queries import CaseFilter
from gateway.projections.case_rows import Names, case_rows, head, local
from gateway.projections.case_view import CaseView
from gateway.projections.read_log import note_reading
from gateway.projections.search import SearchTextTooLong

CHUNK: Final = 2**16
CSV: Final = "text/csv"
PDF: Final = "application/pdf"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Language = Annotated[str, Header(alias="Accept-Language")]


class Wanted(BaseModel):
    """The filter of the case list."""

    model_config = ConfigDict(extra="forbid")

    types: list[CaseType] = []
    states: list[CaseState] = []
    unit: str | None = None
    clock_state: ClockFilter | None = None
    emergency: bool | None = None
    kinds: list[WhistleKind] = []
    created_since: AwareDatetime | None = None
    created_before: AwareDatetime | None = None
    number: str | None = None
    text: str | None = None

    def filter(self) -> CaseFilter:
        """In the words of the case view."""
        return CaseFilter(
            types=[each.value for each in self.types],
            states=[each.value for each in self.states],
            unit=self.unit,
            clock_state=self.clock_state.value if self.clock_state else None,
            emergency=self.emergency,
            kinds=[each.value for each in self.kinds],
            created_since=self.created_since,
            created_before=self.created_before,
            number=self.number,
            text=self.text,
        )


Filtered = Annotated[Wanted, Query()]


def exports_router(view: CaseView) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["exports"])

    async def asked(wanted: Filtered, actor: CurrentActor) -> tuple[Viewer, CaseFilter, int]:
        permit(actor, "read-cases")
        viewer, conditions = _viewer(actor), wanted.filter()
        try:
            async with view.connect() as connection:
                found = await case_lists.count_cases(connection, viewer, conditions)
        except SearchTextTooLong as problem:
            raise Refusal(problem.slug, 422, **problem.params) from problem
        return viewer, conditions, found

    Asked = Annotated[tuple[Viewer, CaseFilter, int], Depends(asked)]

    @router.get("/exports/cases.csv", response_class=StreamingResponse, responses=_file(CSV))
    async def cases_csv(asked: Asked, language: Language = "zh") -> StreamingResponse:
        """The viewer's cases that meet the filter, as UTF-8 CSV, streamed."""
        viewer, conditions, _ = asked
        rows = case_rows(view, viewer, conditions, _of(language))
        lines = csv_stream(head(_of(language)), rows)
        return StreamingResponse(
            lines, media_type=f"{CSV}; charset=utf-8", headers=_named(_of(language), "csv")
        )

    @router.get("/exports/cases.xlsx", response_class=StreamingResponse, responses=_file(XLSX))
    async def cases_xlsx(asked: Asked, language: Language = "zh") -> StreamingResponse:
        """The same as a workbook."""
        viewer, conditions, found = asked
        if found > MOST_ROWS:
            raise Refusal("export-too-large", 422, found=found, most=MOST_ROWS)
        rows = case_rows(view, viewer, conditions, _of(language))
        file = await workbook(sentence("export-cases", _of(language)), head(_of(language)), rows)
        return StreamingResponse(
            _pieces(file),
            media_type=XLSX,
            headers=_named(_of(language), "xlsx"),
            background=BackgroundTask(file.close),
        )

    @router.get("/whistles/{case_id}/sheet.pdf", response_class=Response, responses=_file(PDF))
    async def whistle_sheet(case_id: UUID, actor: CurrentActor, language: Language = "zh") -> Response:
        """The printed sheet (哨单) of a whistle; another's is as unknown as none."""
        permit(actor, "read-cases")
        said, viewer = _of(language), _viewer(actor)
        async with view.connect() as connection:
            case = await case_queries.find_case(connection, viewer, case_id=str(case_id))
            if case is None or case["type"] != "whistle":
                raise Refusal("unknown-case", 404)
            await note_reading(connection, viewer, "sheet", [case["case_id"]])
            children = await _children(connection, viewer, case["case_id"])
            names = Names(await unit_queries.all_units(connection))
            note = _note(await case_queries.now(connection), actor, names, said)
        content = printed(case, children, names, said, note)
        return Response(content, media_type=PDF, headers=_attachment(f"{case['number']}.pdf"))

    return router


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


def _viewer(actor: Actor) -> Viewer:
    return Viewer(actor.subject, actor.role, actor.unit)


def _of(language: str) -> str:
    return "en" if language.lower().startswith("en") else "zh"


async def _children(connection: AsyncConnection, viewer: Viewer, case_id: str) -> Children:
    return {
        "issues": (await joining_queries.issues_of(connection, viewer, [case_id]))[0],
        "assignments": (await case_queries.assignments_of(connection, [case_id]))[0],
        "clocks": (await case_queries.clocks_of(connection, [case_id]))[0],
        "timeline": (await case_queries.timeline_of(connection, viewer, [case_id]))[0],
    }


def _note(now: datetime, actor: Actor, names: Names, language: str) -> str:
    params = {"moment": moment(local(now)), "unit": names.unit(actor.unit), "person": actor.name}
    return sentence("sheet-printed", language, params)


def _named(language: str, suffix: str) -> dict[str, str]:
    return _attachment(f"{sentence('export-cases', language)}.{suffix}")


def _attachment(name: str) -> dict[str, str]:
    """Never shown inside a page, whatever it holds."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece
