"""`chuishao calendar`: how far the working calendar reaches, what a decree would move, publishing it."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from chuishao.client import Client, key_of
from chuishao.county import County
from chuishao.system import System
from chuishao.words import InputRefusedError
from contracts.catalogue import sentence

app = typer.Typer(help="工作日历 · calendar", no_args_is_help=True)
DECREE: Final = "放假通知文件(JSON) · decree file: year, source, holidays, make_up_days"
DecreeFile = Annotated[Path, typer.Argument(metavar="FILE", help=DECREE)]
Correction = Annotated[bool, typer.Option(help="更正已公布的年份 · corrects a published year")]
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 · for machines")]


@app.callback()
def _group() -> None:
    """工作日历 · The working calendar, by the State Council's decree of each year."""


@app.command()
def status(as_json: AsJson = False) -> None:
    """日历覆盖到哪天 · Until when the calendar is decreed."""
    found = asyncio.run(_ask("GET", "/calendar"))
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
def diff(file: DecreeFile, correction: Correction = False, as_json: AsJson = False) -> None:
    """公布后哪些时限会变 · Which open clocks a decree would move; nothing is stored."""
    year, body = _decree(file, correction)
    moves = asyncio.run(_ask("POST", f"/calendar/{year}/preview", body))
    if as_json:
        print(json.dumps(moves, ensure_ascii=False))
        return
    table = Table("时限 clock", "案件 case", "单位 unit", "原到期 old due", "新到期 due")
    for move in moves:
        table.add_row(move["kind"], move["case_id"], move["unit"], move["old_due"], move["due"])
    Console().print(table)


@app.command()
def publish(file: DecreeFile, correction: Correction = False) -> None:
    """公布一年的工作日历 · Publish a year; open clocks are computed again."""
    year, body = _decree(file, correction)
    asyncio.run(_publish(year, body))
    params = {"year": year}
    print(f"{sentence('calendar-published', 'zh', params)} · {sentence('calendar-published', 'en', params)}")


def _decree(file: Path, correction: bool) -> tuple[int, dict[str, Any]]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        body = {name: content[name] for name in ("source", "holidays", "make_up_days")}
        return int(content["year"]), {**body, "correction": correction}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputRefusedError("decree-unreadable", cause=f"{type(error).__name__}: {error}") from error


async def _ask(method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
    async with Client(System.running()) as client:
        person = County().holder("office_supervisor")
        if method == "GET":
            return await client.read("accountability", path, person)
        return await client.ask("accountability", path, person, body or {})


async def _publish(year: int, body: Mapping[str, object]) -> None:
    async with Client(System.running()) as client:
        person = County().holder("office_supervisor")
        key = key_of(f"calendar {year} {json.dumps(body, sort_keys=True)}")
        await client.command("accountability", f"/calendar/{year}", body, person, key)
