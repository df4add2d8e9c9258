"""HTTP of the figures: tables in three forms, the bulletin, what is counted, freezing and appeals."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response, StreamingResponse

from accountability.adapters.bulletin import as_bulletin
from accountability.adapters.figure_book import as_book
from accountability.adapters.figure_items import ItemWords
from accountability.adapters.figure_rows import Words, as_csv
from accountability.application.figures import MOST_PERIODS, Figures, FigureTable
from accountability.application.freezing import Freezing, Place
from accountability.domain.figures import Measure, Period
from accountability.entrypoints.figure_bodies import (
    AppealDecision,
    Appealed,
    FiguresShown,
    Frozen,
    ItemShown,
    ItemsShown,
    Moment,
    Restatement,
    RestatementShown,
    Terms,
    VersionsShown,
)
from backbone.identity import Actor
from backbone.sheets import Row, csv_begin, csv_lines, csv_stream, workbook
from backbone.web import Accepted, CurrentActor, CurrentCall, accepted
from contracts.catalogue import sentence
from contracts.permissions import permit

SERVICE: Final = "accountability"
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE: Final = 100
LARGEST_PAGE: Final = 500

Label = Annotated[str, Query(min_length=4, max_length=30, alias="period")]
PathLabel = Annotated[str, Path(min_length=4, max_length=30, alias="period")]
Boundary = Annotated[str, Query(max_length=5)]
Number = Annotated[int, Path(ge=1, le=10_000)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which table is asked for."""

    period: Period
    as_of: AwareDatetime | None
    kind: str | None
    tier: str | None


async def wanted(
    period: Label,
    boundary: Boundary = "00:00",
    as_of: AwareDatetime | None = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    tier: Annotated[str | None, Query(max_length=100)] = None,
) -> Wanted:
    """The table a query names."""
    return Wanted(Period.read(period, boundary), as_of, kind, tier)


AskedFor = Annotated[Wanted, Depends(wanted)]


@dataclass(frozen=True, slots=True)
class Counting:
    """Which things behind a figure."""

    measure: Measure
    unit: str | None


async def counting(measure: Measure, unit: Annotated[str | None, Query(max_length=100)] = None) -> Counting:
    """What a query names."""
    return Counting(measure, unit)


Which = Annotated[Counting, Depends(counting)]


def figures_router(figures: Figures, freezing: Freezing) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/figures", tags=["figures"])

    async def table(asked: Wanted, actor: Actor) -> FigureTable:
        permit(actor, "read-figures")
        return await figures.table(asked.period, asked.as_of, actor, kind=asked.kind, tier=asked.tier)

    async def counted(
        request: Request, asked: Wanted, which: Counting, actor: Actor
    ) -> tuple[ItemWords, AsyncIterator[Sequence[Row]]]:
        """The words, and page by page what is behind a figure, all as of one moment."""
        permit(actor, "read-figures")
        as_of = (await figures.standpoint(asked.as_of)).as_of
        words = ItemWords(await figures.members(as_of), _language(request))

        async def pages() -> AsyncIterator[Sequence[Row]]:
            after: str | None = ""
            while after is not None:
                _, found = await figures.listed(
                    which.measure,
                    asked.period,
                    as_of,
                    actor,
                    unit=which.unit,
                    after=after,
                    limit=LARGEST_PAGE,
                )
                yield words.rows(found)
                after = found[-1].key if len(found) == LARGEST_PAGE else None

        return words, pages()

    @router.get("")
    async def as_json(asked: AskedFor, actor: CurrentActor) -> FiguresShown:
        """The figures of a period as of a moment."""
        return FiguresShown.of(await table(asked, actor))

    @router.get(".xlsx", response_class=Response, responses=_answers(XLSX))
    async def as_workbook(request: Request, asked: AskedFor, actor: CurrentActor) -> Response:
        """The same as a workbook."""
        words = Words(await table(asked, actor), _language(request))
        return _file(await asyncio.to_thread(as_book, words), XLSX, f"figures-{asked.period.label}.xlsx")

    @router.get(".csv", response_class=Response, responses=_answers(CSV))
    async def as_text(request: Request, asked: AskedFor, actor: CurrentActor) -> Response:
        """The same as CSV, one row per cell."""
        words = Words(await table(asked, actor), _language(request))
        return _file(await asyncio.to_thread(as_csv, words), CSV, f"figures-{asked.period.label}.csv")

    @router.get("/bulletin.xlsx", response_class=Response, responses=_answers(XLSX))
    async def bulletin(
        request: Request,
        asked: AskedFor,
        actor: CurrentActor,
        periods: Annotated[int, Query(ge=2, le=MOST_PERIODS)] = 12,
    ) -> Response:
        """一张表格看变化: the period beside those before it, with charts."""
        permit(actor, "read-figures")
        tables = await figures.series(asked.period, periods, asked.as_of, actor)
        made = await asyncio.to_thread(as_bulletin, tables, _language(request))
        return _file(made, XLSX, f"bulletin-{asked.period.label}.xlsx")

    @router.get("/items")
    async def items(
        asked: AskedFor,
        which: Which,
        actor: CurrentActor,
        after: Annotated[str, Query(max_length=300)] = "",
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    ) -> ItemsShown:
        """What was counted, one by one: where a rate comes from, and what can be appealed against."""
        permit(actor, "read-figures")
        standpoint, found = await figures.listed(
            which.measure, asked.period, asked.as_of, actor, unit=which.unit, after=after, limit=limit
        )
        return ItemsShown(
            moment=Moment.of(standpoint),
            items=[ItemShown.of(each) for each in found],
            next=found[-1].key if len(found) == limit else None,
        )

    @router.get("/items.csv", response_class=StreamingResponse, responses=_answers(CSV))
    async def items_as_text(request: Request, asked: AskedFor, which: Which, actor: CurrentActor) -> Response:
        """All of them as CSV, streamed."""
        words, pages = await counted(request, asked, which, actor)
        lines = csv_stream(words.columns(), pages)
        return StreamingResponse(lines, media_type=CSV, headers=_named(f"items-{asked.period.label}.csv"))

    @router.get("/items.xlsx", response_class=Response, responses=_answers(XLSX))
    async def items_as_workbook(
        request: Request, asked: AskedFor, which: Which, actor: CurrentActor
    ) -> Response:
        """All of them as a workbook; refused if they do not fit into one sheet."""
        words, pages = await counted(request, asked, which, actor)
        with await workbook(sentence("sheet-items", words.language), words.columns(), pages) as file:
            return _file(file.read(), XLSX, f"items-{asked.period.label}.xlsx")

    @router.get("/changes.csv", response_class=Response, responses=_answers(CSV))
    async def changes_as_text(request: Request, asked: AskedFor, actor: CurrentActor) -> Response:
        """What was recorded since the period was frozen would change this, as CSV; nothing if it is not."""
        words = Words(await table(asked, actor), _language(request))
        content = csv_begin(words.changed_columns()) + csv_lines(words.changed_rows())
        return _file(content, CSV, f"changes-{asked.period.label}.csv")

    @router.get("/changes.xlsx", response_class=Response, responses=_answers(XLSX))
    async def changes_as_workbook(request: Request, asked: AskedFor, actor: CurrentActor) -> Response:
        """The same as a workbook."""
        words = Words(await table(asked, actor), _language(request))
        title = words.say("sheet-changes")
        with await workbook(title, words.changed_columns(), _whole(words.changed_rows())) as file:
            return _file(file.read(), XLSX, f"changes-{asked.period.label}.xlsx")

    @router.get("/periods/{period}")
    async def versions(period: PathLabel, actor: CurrentActor, boundary: Boundary = "00:00") -> VersionsShown:
        """What was frozen of a period, every restatement, and what waits for approval."""
        permit(actor, "read-figures")
        standpoint = await figures.standpoint()
        frozen = await figures.frozen(Period.read(period, boundary), standpoint.as_of)
        waiting = frozen.waiting
        return VersionsShown(
            versions=[Frozen.of(each) for each in frozen.versions],
            waiting=None
            if waiting is None
            else RestatementShown(
                number=waiting.number, as_of=waiting.table.as_of, digest=waiting.table.digest, by=waiting.by
            ),
        )

    @router.post("/periods/{period}/freeze")
    async def freeze(period: PathLabel, call: CurrentCall, boundary: Boundary = "00:00") -> Accepted:
        """Let the figures of a period that is over stand."""
        context = call.context("freeze-period", {"boundary": boundary})
        done = await freezing.freeze(Place.read(period, boundary), call.actor, context)
        return accepted(SERVICE, done)

    @router.post("/periods/{period}/restatements")
    async def restate(
        period: PathLabel, body: Restatement, call: CurrentCall, boundary: Boundary = "00:00"
    ) -> Accepted:
        """Propose that the figures as they are now take the place of the frozen ones."""
        context = call.context("restate-period", {**body.model_dump(), "boundary": boundary})
        place = Place.read(period, boundary)
        return accepted(SERVICE, await freezing.restate(place, body.reason, call.actor, context))

    @router.post("/periods/{period}/restatements/{number}/approve")
    async def approve(
        period: PathLabel, number: Number, call: CurrentCall, boundary: Boundary = "00:00"
    ) -> Accepted:
        """Let proposed figures stand; never by whoever proposed them."""
        context = call.context("approve-restatement", {"boundary": boundary})
        place = Place.read(period, boundary)
        return accepted(SERVICE, await freezing.approve(place, number, call.actor, context))

    @router.post("/periods/{period}/restatements/{number}/decline")
    async def decline(
        period: PathLabel, number: Number, body: Restatement, call: CurrentCall, boundary: Boundary = "00:00"
    ) -> Accepted:
        """Turn proposed figures down."""
        context = call.context("decline-restatement", {**body.model_dump(), "boundary": boundary})
        place = Place.read(period, boundary)
        return accepted(SERVICE, await freezing.decline(place, number, body.reason, call.actor, context))

    @router.post("/appeals")
    async def appeal(body: Appealed, call: CurrentCall) -> Accepted:
        """Ask that one counted thing of the own unit stand outside."""
        context = call.context("appeal-figure", body)
        return accepted(SERVICE, await freezing.appeal(body.item, body.reason, call.actor, context))

    @router.post("/appeals/decide")
    async def decide_appeal(body: AppealDecision, call: CurrentCall) -> Accepted:
        """Exclude the item, or let it count."""
        context = call.context("decide-figure-appeal", body)
        done = await freezing.decide_appeal(body.item, body.accepted, body.reason, call.actor, context)
        return accepted(SERVICE, done)

    @router.post("/terms")
    async def propose_terms(body: Terms, call: CurrentCall) -> Accepted:
        """Propose how figures are weighed, and whether there is a composite score."""
        context = call.context("propose-policy", body)
        command = body.command(call.actor.subject)
        return accepted(SERVICE, await freezing.propose_terms(command, call.actor, context))

    @router.post("/terms/{number}/approve")
    async def approve_terms(number: Number, call: CurrentCall) -> Accepted:
        """Approve a proposal; never by whoever made it."""
        context = call.context("approve-policy", {"number": number})
        return accepted(SERVICE, await freezing.approve_terms(number, call.actor, context))

    return router


def _language(request: Request) -> str:
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def _answers(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary"}}}}}


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers=_named(name))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


async def _whole(rows: Iterable[Row]) -> AsyncIterator[Sequence[Row]]:
    yield list(rows)
