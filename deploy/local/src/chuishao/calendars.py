"""`chuishao calendar`: how far the working calendar reaches, what a decree would move, publishing it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table

from chuishao.client import Client
from chuishao.county import County
from chuishao.decree_files import read_decree
from chuishao.system import System
from contracts.catalogue import sentence

app = typer.Typer(help="工作日历 · calendar", no_args_is_help=True)
DECREE: Final = "放假通知文件(JSON 或 ics) · decree file: JSON (year, source, holidays, make_up_days) or ics"
DecreeFile = Annotated[Path, typer.Argument(metavar="FILE", help=DECREE)]
Correction = Annotated[bool, typer.Option(help="更正已公布的年份 · corrects a published year")]
Title = Annotated[str | None, typer.Option(help="依据文件名称 · title of the source document")]
DocumentNumber = Annotated[str | None, typer.Option("--number", help="文号 · its number")]
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 · for machines")]


@app.callback()
def _group() -> None:
    """工作日历 · The working calendar, by the State Council's decree of each year."""


@app.command()
def status(as_json: AsJson = False) -> None:
    """日历覆盖到哪天 · Until when the calendar is decreed."""
    found = asyncio.run(ask("GET", "/calendar"))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    slug = "calendar-ends-soon" if found["status"] == "ends-soon" else "calendar-covered"
    params = {"until": found["covered_until"], "days": found["days_left"]}
    print(f"{sentence(slug, 'zh', params)} · {sentence(slug, 'en', params)}")
    table = Table("年份 year", "版本 version", "依据 source")
    for year in found["years"]:
        table.add_row(str(year["year"]), str(year["version"]), year["source"])
    Console().print(table)


@app.command()
def diff(
    file: DecreeFile,
    title: Title = None,
    number: DocumentNumber = None,
    correction: Correction = False,
    as_json: AsJson = False,
) -> None:
    """公布后哪些时限会变 · Which open clocks a decree would move; nothing is stored."""
    decree = read_decree(file, title=title, number=number)
    body = {**decree.body, "correction": correction}
    moves = asyncio.run(ask("POST", f"/calendar/{decree.year}/preview", body))
    _tell(moves, as_json)


@app.command()
def moved(
    year: Annotated[int, typer.Argument(metavar="YEAR", help="年份 · the year")],
    version: Annotated[
        int | None, typer.Option(help="版本,默认最新 · version, the last one if left out")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """公布后哪些时限变了 · Which clocks the publication of a year, or of a version of it, has moved."""
    query = "" if version is None else f"?version={version}"
    _tell(asyncio.run(ask("GET", f"/calendar/{year}/moves{query}")), as_json)


def _tell(moves: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(moves, ensure_ascii=False))
        return
    table = Table("时限 clock", "案件 case", "单位 unit", "原到期 old due", "新到期 due", "超期 breach")
    for move in moves:
        breach = "是 yes" if move["would_breach"] else ""
        table.add_row(move["kind"], move["case_id"], move["unit"], move["old_due"], move["due"], breach)
    Console().print(table)


@app.command()
def publish(
    file: DecreeFile,
    title: Title = None,
    number: DocumentNumber = None,
    correction: Correction = False,
) -> None:
    """公布一年的工作日历 · Publish a year; open clocks are computed again."""
    decree = read_decree(file, title=title, number=number)
    asyncio.run(command(f"/calendar/{decree.year}", {**decree.body, "correction": correction}))
    params = {"year": decree.year}
    print(f"{sentence('calendar-published', 'zh', params)} · {sentence('calendar-published', 'en', params)}")


async def ask(
    method: str, path: str, body: Mapping[str, object] | None = None, system: System | None = None
) -> Any:
    """A question to the calendar, as the office; to the running system of this folder unless given."""
    async with Client(system or System.running()) as client:
        person = County().holder("office_supervisor")
        if method == "GET":
            return await client.read("accountability", path, person)
        return await client.ask("accountability", path, person, body or {})


async def command(path: str, body: Mapping[str, object]) -> None:
    """A command on the calendar, as the office."""
    async with Client(System.running()) as client:
        person = County().holder("office_supervisor")
        await client.command("accountability", path, body, person, uuid4())
