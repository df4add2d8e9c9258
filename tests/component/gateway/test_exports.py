"""Lists of cases as files, and the printed sheet of a whistle."""

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pypdf
import pytest
from fastapi import FastAPI

from backbone.identity import Actor
from backbone.web import current_actor, service_app
from contracts.catalogue import catalogue, sentence
from contracts.events import intake, routing
from gateway.entrypoints import exports
from gateway.entrypoints.exports import exports_router
from gateway.entrypoints.graphql import enums
from gateway.projections.case_queries import LARGEST_PAGE
from gateway.projections.case_rows import COLUMNS, word
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    OTHER_CLERK,
    SATISFIED,
    SOLVED,
    STRANGER,
    WATER,
    YUANCUN,
    Board,
    assigned,
    case_number,
    issued,
    whistle,
)
from tests.component.gateway.test_letters_handled import a_released_letter

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']


@dataclass
class Printer:
    """The routes of exports, and who calls."""

    client: httpx.AsyncClient
    caller: Actor = DISPATCHER

    async def get(self, path: str, caller: Actor | None = None, **params: Any) -> httpx.Response:
        """The answer to a caller."""
        self.caller = caller or DISPATCHER
        return await self.client.get(path, params=params)

    async def table(
        self, caller: Actor | None = None, /, *, of: str = "cases", **params: Any
    ) -> list[dict[str, str]]:
        """The rows of the CSV file of a list."""
        answer = await self.get(f"/exports/{of}.csv", caller, **params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        head, *lines = csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
        return [dict(zip(head, line, strict=True)) for line in lines]

    async def sheet(self, caller: Actor | None = None, /, *, of: str = "cases", **params: Any) -> list[Any]:
        """The rows of the workbook of a list, the heads first, each value as a CSV file writes it."""
        answer = await self.get(f"/exports/{of}.xlsx", caller, **params)
        assert answer.status_code == 200, answer.text
        rows = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows()
        return [["" if each.value is None else _written(each) for each in row] for row in rows]


def _written(cell: Any) -> str:
    assert cell.data_type != "f", "a formula"
    return str(cell.value.date() if cell.number_format == "yyyy-mm-dd" else cell.value)


@pytest.fixture
async def printer(board: Board) -> AsyncIterator[Printer]:
    """The routes over the board's database."""
    async with printing(board) as made:
        yield made


@asynccontextmanager
async def printing(board: Board) -> AsyncIterator[Printer]:
    """The routes over what a board has by now."""
    app: FastAPI = service_app(
        "gateway",
        store=None,
        verifier=board.parts.verifier,
        sentence=sentence,
        secret=b"0" * 32,
        routers=[exports_router(board.parts)],
    )
    bearer = {"Authorization": "Bearer token"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://gateway", headers=bearer
    ) as client:
        made = Printer(client)
        app.dependency_overrides[current_actor] = lambda: made.caller
        yield made


async def raised(board: Board, nth: int, text: str, **changes: Any) -> str:
    """A whistle with one text."""
    case_id = case_number(nth)
    content = await whistle(board, case_id, **changes)
    content["text_sealed"] = await board.seal(text, f"case/{case_id}")
    await board.tell(intake.WhistleRaised(**content, emergency=False))
    return case_id


async def test_a_list_has_a_line_for_each_case_in_words(dispatched: Board, printer: Printer) -> None:
    (row,) = await printer.table()

    assert list(row) == [sentence(f"export-{name}", "zh") for name in COLUMNS]
    assert (row["编号"], row["类型"], row["状态"]) == ("NL-2026-000001", "哨单", "已派单")
    assert (row["主办"], row["协办"]) == (WATER, "transport")  # not registered here: the code stands for it
    assert row["内容"] == "沟渠堵塞,农田积水"
    assert row["登记时间"] == "2026-05-08 10:01:00"  # by the clock on the wall


async def test_a_list_is_longer_than_a_page(board: Board, printer: Printer) -> None:
    ids = [await raised(board, n, f"第 {n} 件", number=f"NL-{n}") for n in range(LARGEST_PAGE + 3)]

    rows = await printer.table()

    assert [row["编号"] for row in rows] == [f"NL-{n}" for n in range(len(ids))][::-1]


async def test_a_list_stands_in_the_order_of_the_page(board: Board, printer: Printer) -> None:
    for number in (1, 3, 2):
        await raised(board, number, f"第 {number} 件", number=f"NL-{number}")

    async def numbers(**order: str) -> list[str]:
        return [row["编号"] for row in await printer.table(**order)]

    assert await numbers(order_by="number", direction="asc") == ["NL-1", "NL-2", "NL-3"]
    assert await numbers(order_by="number") == ["NL-3", "NL-2", "NL-1"]
    assert await numbers(order_by="created", direction="asc") == ["NL-1", "NL-3", "NL-2"]
    assert await numbers() == ["NL-2", "NL-3", "NL-1"]


async def test_the_docket_of_a_unit_is_the_list_of_what_is_its(board: Board, printer: Printer) -> None:
    content = await whistle(board)
    await board.tell(intake.WhistleRaised(**content, emergency=False), issued())
    await raised(board, 2, "路灯不亮", number="NL-2")

    assert [row["编号"] for row in await printer.table(LIAISON, unit=WATER)] == ["NL-2026-000001"]
    assert len(await printer.table(DISPATCHER, unit=YUANCUN)) == 2
    assert await printer.table(CLERK, unit="power-supply") == []


async def test_a_list_obeys_the_filter_of_the_page(board: Board, printer: Printer) -> None:
    await raised(board, 1, "沟渠堵塞", number="NL-1")
    await raised(board, 2, "路灯不亮", number="NL-2")

    assert [row["编号"] for row in await printer.table(text="沟渠")] == ["NL-1"]
    assert await printer.table(states=["closed"]) == []
    assert len(await printer.table(types=["whistle", "letter"])) == 2


@pytest.mark.parametrize("query", ["states=nothing", "colour=red", "text=" + "水" * 101])
async def test_a_filter_that_is_none_is_refused(printer: Printer, query: str) -> None:
    answer = await printer.client.get(f"/exports/cases.csv?{query}")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", DANGEROUS)
async def test_no_text_becomes_a_formula(board: Board, printer: Printer, text: str) -> None:
    await raised(board, 1, text)

    (row,) = await printer.table()
    answer = await printer.get("/exports/cases.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    cell = sheet.cell(2, COLUMNS.index("text") + 1)

    assert row["内容"] == f"'{text}"
    assert (cell.value, cell.data_type) == (f"'{text}", "s")


async def test_a_workbook_says_the_same_as_the_list(dispatched: Board, printer: Printer) -> None:
    rows = await printer.table()
    head, *cells = await printer.sheet()
    answer = await printer.get("/exports/cases.xlsx")

    assert head == list(rows[0])
    assert cells == [list(row.values()) for row in rows]
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_control_characters_do_not_spoil_a_workbook(board: Board, printer: Printer) -> None:
    await raised(board, 1, "沟渠\x0b\x1b堵塞")

    answer = await printer.get("/exports/cases.xlsx")

    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    assert sheet.cell(2, COLUMNS.index("text") + 1).value == "沟渠堵塞"


async def test_a_workbook_that_would_be_too_large_is_refused(
    dispatched: Board, printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", 0)

    answer = await printer.get("/exports/cases.xlsx")

    assert (answer.status_code, answer.json()["code"]) == (422, "export-too-large")
    assert len(await printer.table()) == 1


async def test_nobody_exports_what_is_not_theirs(dispatched: Board, printer: Printer) -> None:
    for caller, lines in ((CLERK, 1), (LIAISON, 1), (OTHER_CLERK, 0), (STRANGER, 0)):
        assert len(await printer.table(caller)) == lines
        sheet = await printer.get(f"/whistles/{CASE}/sheet.pdf", caller)
        unknown = await printer.get(f"/whistles/{uuid4()}/sheet.pdf", caller)
        assert sheet.status_code == (200 if lines else 404)
        assert unknown.status_code == 404
        if not lines:
            assert sheet.json() | {"trace": ""} == unknown.json() | {"trace": ""}


async def test_a_released_letter_is_exported_in_the_released_words(board: Board, printer: Printer) -> None:
    await a_released_letter(board)

    (row,) = await printer.table(LIAISON)

    assert row["内容"] == "某镇反映一张报表"
    assert "填报" not in str(row)


async def test_a_role_without_cases_exports_nothing(dispatched: Board, printer: Printer) -> None:
    for path in ("/exports/cases.csv", "/exports/cases.xlsx", f"/whistles/{CASE}/sheet.pdf"):
        assert (await printer.get(path, ADMINISTRATOR)).status_code == 403


async def test_a_sheet_tells_the_whole_whistle(dispatched: Board, printer: Printer) -> None:
    part = assigned(WATER).assignment_id
    await dispatched.tell(
        routing.DepartmentReportedIn(
            case_id=CASE,
            assignment_id=part,
            unit=WATER,
            part="lead",
            mode="on_site",
            handler_sealed=await dispatched.seal("演示·王", "person/w"),
            phone_sealed=await dispatched.seal("0393-1", "person/w"),
        ),
        intake.WhistleClosed(case_id=CASE, appraised=True, cycle=1, verdicts=SOLVED, ratings=SATISFIED),
    )

    answer = await printer.get(f"/whistles/{CASE}/sheet.pdf")

    assert answer.headers["content-type"] == "application/pdf"
    assert "attachment" in answer.headers["content-disposition"]
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    for words in (
        "哨单 NL-2026-000001",
        "沟渠堵塞,农田积水",
        "清淤",
        "部分解决",
        "演示·王",
        "0393-1",
        "现场",
        "满意",
    ):
        assert words in text
    assert "演示·孙" in text  # who printed it


async def test_markup_in_a_text_is_printed_as_it_is(board: Board, printer: Printer) -> None:
    case_id = await raised(board, 1, "桥<b>塌&<br/>陷</para>")

    answer = await printer.get(f"/whistles/{case_id}/sheet.pdf")

    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(answer.content)).pages)
    assert "桥<b>塌&<br/>陷</para>" in text


async def test_a_long_text_goes_on_over_pages(board: Board, printer: Printer) -> None:
    case_id = await raised(board, 1, "沟渠堵塞。" * 1500)

    answer = await printer.get(f"/whistles/{case_id}/sheet.pdf")

    assert len(pypdf.PdfReader(BytesIO(answer.content)).pages) > 2


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("case-type", enums.CaseType),
        ("case-state", enums.CaseState),
        ("whistle-kind", enums.WhistleKind),
        ("whistle-ground", enums.Ground),
        ("part", enums.Part),
        ("assignment-state", enums.AssignmentState),
        ("report-in-mode", enums.Mode),
        ("issue-result", enums.Result),
        ("rating", enums.Rating),
        ("clock-state", enums.ClockState),
        ("clock-outcome", enums.ClockOutcome),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_value_of_a_closed_list_has_its_words(group: str, values: Any) -> None:
    for each in values:
        slug = f"{group}-{each.value.replace('_', '-')}"
        assert slug in catalogue()
        assert word(group, each.value, "zh") != word(group, each.value, "en")
