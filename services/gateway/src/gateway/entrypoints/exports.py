"""Every list as a file, and the printed sheet of a whistle; nobody gets more than on the page."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import IO, Annotated, Any, Final, TypeVar
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.background import BackgroundTask

from backbone.identity import Actor
from backbone.sheets import MOST_ROWS, SheetFull, csv_stream, workbook
from backbone.web import CurrentActor, Refusal
from contracts.catalogue import sentence
from contracts.permissions import permit
from gateway.adapters.whistle_sheet import moment
from gateway.domain.visibility import Viewer
from gateway.entrypoints.callers import bearer_of
from gateway.entrypoints.exported import case_list, directory, logs, own, people, rules, supervision
from gateway.entrypoints.exported.listed import Asking, Listed
from gateway.entrypoints.graphql.context import Parts
from gateway.entrypoints.printing import Children, printed
from gateway.projections import case_queries, joining_queries, unit_queries
from gateway.projections.case_rows import Names, local
from gateway.projections.case_view import CaseView
from gateway.projections.read_log import note_reading

CHUNK: Final = 2**16
CSV: Final = "text/csv"
PDF: Final = "application/pdf"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS: Final[Sequence[Listed[Any]]] = (
    *case_list.LISTS,
    *directory.LISTS,
    *rules.LISTS,
    *supervision.LISTS,
    *own.LISTS,
    *people.LISTS,
    *logs.LISTS,
)
"""Every list there is a file of."""
Language = Annotated[str, Header(alias="Accept-Language")]
T = TypeVar("T")


def exports_router(parts: Parts) -> APIRouter:
    """The routes: two of each list, and the sheet."""
    router = APIRouter(tags=["exports"])
    for listed in LISTS:
        _add_list(router, parts, listed)
    _add_sheet(router, parts.view)
    return router


def _add_list(router: APIRouter, parts: Parts, listed: Listed[Any]) -> None:
    async def asked(
        wanted: Any, request: Request, actor: CurrentActor, language: Language = "zh"
    ) -> tuple[Asking, Any]:
        listed.permit(actor)
        async with parts.view.connect() as connection:
            names = Names(await unit_queries.all_units(connection))
        token = bearer_of(request.headers.get("authorization", ""))
        return Asking(actor, token, _of(language), parts, names), wanted

    asked.__annotations__["wanted"] = Annotated[listed.wanted, Query()]
    Asked = Annotated[tuple[Asking, Any], Depends(asked)]
    path, name = f"/exports/{listed.name}", listed.name.replace("-", "_")

    @router.get(
        f"{path}.csv",
        name=f"{name}_csv",
        summary=f"{listed.title('zh')} (csv)",
        response_class=StreamingResponse,
        responses=_file(CSV),
    )
    async def as_csv(asked: Asked) -> StreamingResponse:
        """What the caller sees of the list with this filter, as UTF-8 CSV, streamed."""
        asking, wanted = asked
        rows = await begun(listed.rows(asking, wanted))
        lines = csv_stream(listed.head(asking.language), rows)
        return StreamingResponse(
            lines, media_type=f"{CSV}; charset=utf-8", headers=_named(listed, asking.language, "csv")
        )

    @router.get(
        f"{path}.xlsx",
        name=f"{name}_xlsx",
        summary=f"{listed.title('zh')} (xlsx)",
        response_class=StreamingResponse,
        responses=_file(XLSX),
    )
    async def as_workbook(asked: Asked) -> StreamingResponse:
        """The same as a workbook; refused if it does not fit into one sheet."""
        asking, wanted = asked
        if listed.count is not None and await listed.count(asking, wanted) > MOST_ROWS:
            raise SheetFull
        rows = listed.rows(asking, wanted)
        file = await workbook(listed.title(asking.language), listed.head(asking.language), rows)
        return StreamingResponse(
            _pieces(file),
            media_type=XLSX,
            headers=_named(listed, asking.language, "xlsx"),
            background=BackgroundTask(file.close),
        )


def _add_sheet(router: APIRouter, view: CaseView) -> None:
    @router.get("/whistles/{case_id}/sheet.pdf", response_class=Response, responses=_file(PDF))
    async def whistle_sheet(case_id: UUID, actor: CurrentActor, language: Language = "zh") -> Response:
        """The printed sheet (哨单) of a whistle; another's is as unknown as none."""
        permit(actor, "read-cases")
        said, viewer = _of(language), Viewer(actor.subject, actor.role, actor.unit)
        async with view.connect() as connection:
            case = await case_queries.find_case(connection, viewer, case_id=str(case_id))
            if case is None or case["type"] != "whistle":
                raise Refusal("unknown-case", 404)
            await note_reading(connection, viewer, "sheet", [case["case_id"]])
            children = await _children(connection, viewer, case["case_id"])
            names = Names(await unit_queries.all_units(connection))
            note = await _note(connection, actor, names, said)
        content = printed(case, children, names, said, note)
        return Response(content, media_type=PDF, headers=_attachment(f"{case['number']}.pdf"))


async def begun(rows: AsyncIterator[T]) -> AsyncIterator[T]:
    """The same with its first page read: what refuses it is told as a problem, not in the midst of a file."""
    try:
        first = [await anext(rows)]
    except StopAsyncIteration:
        first = []

    async def all_of_them() -> AsyncIterator[T]:
        for each in first:
            yield each
        async for each in rows:
            yield each

    return all_of_them()


def _file(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


def _of(language: str) -> str:
    return "en" if language.lower().startswith("en") else "zh"


async def _children(connection: AsyncConnection, viewer: Viewer, case_id: str) -> Children:
    return {
        "issues": (await joining_queries.issues_of(connection, viewer, [case_id]))[0],
        "assignments": (await case_queries.assignments_of(connection, [case_id]))[0],
        "clocks": (await case_queries.clocks_of(connection, [case_id]))[0],
        "timeline": (await case_queries.timeline_of(connection, viewer, [case_id]))[0],
    }


async def _note(connection: AsyncConnection, actor: Actor, names: Names, language: str) -> str:
    now = await case_queries.now(connection)
    params = {"moment": moment(local(now)), "unit": names.unit(actor.unit), "person": actor.name}
    return sentence("sheet-printed", language, params)


def _named(listed: Listed[Any], language: str, suffix: str) -> dict[str, str]:
    return _attachment(f"{listed.title(language)}.{suffix}")


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
