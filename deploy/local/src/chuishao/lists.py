"""`chuishao list`: the responsibility list out of the system, compared with a file, published, searched."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from chuishao import list_sheet
from chuishao.client import Client, Refused, key_of
from chuishao.county import County
from chuishao.list_sheet import GOODS, KINDS, LEVELS, NO, YES, Problem, Units
from chuishao.system import System
from chuishao.words import InputRefusedError, words

app = typer.Typer(help="权责清单 · responsibility list", no_args_is_help=True)
SHOWN: Final = 50
"""Problems of a file that are told."""
FIELDS: Final = dict(
    zip(
        (
            "code",
            "title",
            "kind",
            "level",
            "lead",
            "assists",
            "legal_basis",
            "summary",
            "keywords",
            "taxonomy",
            "complex",
            "devolved",
            "devolved_with",
        ),
        list_sheet.COLUMNS,
        strict=True,
    )
)
_SEARCH: Final = """
query ($search: String!, $asOf: Date) {
  responsibilityItems(search: $search, asOf: $asOf) {
    code title kind level version legalBasis lead { shortName } assists { shortName }
  }
}
"""
Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="权责清单工作簿 · workbook of the list")]
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 · for machines")]
Day = typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"])


@app.callback()
def _group() -> None:
    """权责清单 · The responsibility list, one item a row."""


@app.command()
def export(
    file: Workbook,
    version: Annotated[int | None, typer.Option(help="第几版;不填为现行版 · default: in force")] = None,
) -> None:
    """导出 · Write a version to a workbook."""
    found, units = asyncio.run(_version(version))
    list_sheet.write(file, found["items"], units)
    print(words("list-exported", version=found["number"], items=len(found["items"]), file=file))


@app.command()
def diff(file: Workbook, as_json: AsJson = False) -> None:
    """比对 · What publishing a file would change in the version in force; nothing is stored."""
    found, units = asyncio.run(_preview(file))
    counts = {name: len(found[name]) for name in ("added", "removed", "changed")}
    counts["unchanged"] = found["unchanged"]
    if as_json:
        print(json.dumps({"counts": counts, **found}, ensure_ascii=False))
        return
    console = Console()
    for name, style in (("added", "green"), ("removed", "red")):
        if found[name]:
            table = Table("编号 code", "事项名称 title", "主责单位 lead", title=words(f"list-{name}"))
            for item in found[name]:
                table.add_row(item["code"], item["title"], units.name(item["lead"]), style=style)
            console.print(table)
    if found["changed"]:
        table = Table(
            "编号 code", "事项名称 title", "栏 field", "原 old", "新 new", title=words("list-changed")
        )
        for item in found["changed"]:
            for change in item["fields"]:
                old, new = (_shown(change["field"], change[side], units) for side in ("old", "new"))
                table.add_row(item["code"], item["title"], FIELDS[change["field"]], old, new)
        console.print(table)
    print(words("list-compared", **counts))


@app.command()
def publish(
    file: Workbook,
    effective_from: Annotated[datetime, Day],
    source: Annotated[str, typer.Option(metavar="DOC", help="依据文件 · source document")],
) -> None:
    """公布 · Publish a file as the next version, whole."""
    number, items = asyncio.run(_publish(file, effective_from.date(), source))
    day = effective_from.date().isoformat()
    print(words("list-published", version=number, items=items, effective_from=day))


@app.command()
def search(
    text: Annotated[str, typer.Argument(metavar="WORDS", help="要找的词 · what to look for")],
    as_of: Annotated[datetime | None, Day] = None,
    as_json: AsJson = False,
) -> None:
    """查找事项 · Items that speak of some words, best first."""
    items = asyncio.run(_search(text, as_of.date() if as_of else None))
    if as_json:
        print(json.dumps(items, ensure_ascii=False))
        return
    table = Table("编号 code", "事项名称 title", "类别 kind", "主责 lead", "配合 assists", "法律依据 basis")
    for item in items:
        assists = "、".join(each["shortName"] for each in item["assists"])
        lead = item["lead"]["shortName"] if item["lead"]["shortName"] != "township" else "属地镇街"
        table.add_row(item["code"], item["title"], KINDS[item["kind"]], lead, assists, item["legalBasis"])
    Console().print(table)


def _shown(field: str, value: Any, units: Units) -> str:
    match field:
        case "lead":
            return units.name(value)
        case "assists":
            return "、".join(units.name(each) for each in value)
        case "kind":
            return KINDS[value]
        case "level":
            return LEVELS[value]
        case "devolved_with":
            return "、".join(GOODS.get(each, each) for each in value)
        case "complex" | "devolved":
            return YES if value else NO
    return value if isinstance(value, str) else "\n".join(value)


async def _version(number: int | None) -> tuple[Mapping[str, Any], Units]:
    async with Client(System.running()) as client:
        named = "current" if number is None else number
        person = County().holder("establishment_office")
        return await client.read("routing", f"/responsibility-list/versions/{named}", person), await _units(
            client
        )


async def _preview(file: Path) -> tuple[Mapping[str, Any], Units]:
    async with Client(System.running()) as client:
        units = await _units(client)
        body = {"items": _items(file, units)}
        person = County().holder("establishment_office")
        return await client.ask("routing", "/responsibility-list/preview", person, body), units


async def _publish(file: Path, effective_from: date, source: str) -> tuple[int, int]:
    async with Client(System.running()) as client:
        items = _items(file, await _units(client))
        body = {"effective_from": effective_from.isoformat(), "source_document": source, "items": items}
        person = County().holder("establishment_office")
        key = key_of(f"list {json.dumps(body, sort_keys=True)}")
        try:
            await client.command("routing", "/responsibility-list/versions", body, person, key)
        except Refused as refused:
            raise InputRefusedError(refused.slug, **refused.params) from refused
        versions = await client.read("routing", "/responsibility-list/versions", person)
        return int(versions[-1]["number"]), len(items)


async def _search(text: str, as_of: date | None) -> list[dict[str, Any]]:
    async with Client(System.running()) as client:
        variables = {"search": text, "asOf": as_of.isoformat() if as_of else None}
        found = await client.graphql(_SEARCH, variables, County().holder("establishment_office"))
        items: list[dict[str, Any]] = found["responsibilityItems"]
        return items


async def _units(client: Client) -> Units:
    person = County().holder("establishment_office")
    return Units((await client.graphql("{ units { code name shortName } }", {}, person))["units"])


def _items(file: Path, units: Units) -> list[dict[str, Any]]:
    """The items of a file without a fault; every fault is told before anything is done with it."""
    items, problems = list_sheet.read(file, units)
    if problems:
        _tell(problems)
        raise InputRefusedError("list-refused", file=file, count=len(problems))
    return items


def _tell(problems: list[Problem]) -> None:
    console = Console(stderr=True)
    for problem in problems[:SHOWN]:
        console.print(str(problem), style="yellow", markup=False, highlight=False, soft_wrap=True)
