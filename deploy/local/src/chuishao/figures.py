"""`chuishao figures`: the figures of a period as of a moment, on the screen or as a file."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from chuishao.client import Client, Refused
from chuishao.county import County, Person
from chuishao.system import System
from chuishao.tokens import role_and_unit
from chuishao.words import InputRefusedError, words
from contracts.catalogue import catalogue, sentence

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
PATHS: Final[Mapping[str, str]] = {
    "csv": "/figures.csv",
    "xlsx": "/figures.xlsx",
    "bulletin": "/figures/bulletin.xlsx",
}
"""Kind of file → where it is asked for."""
_UNREAD: Final = (400, 422)


def figures(
    period: Annotated[str, typer.Option(help="2026、2026-10、2026-Q3、19th:2026-10、2026-10-01..2026-10-15")],
    boundary: Annotated[str, typer.Option(help="日界 · when days begin: 00:00 or 12:00")] = "00:00",
    as_of: Annotated[
        str | None, typer.Option(metavar="ISO", help="截至时刻 · a past moment, e.g. 2026-11-01T09:00")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="类别 · kind, e.g. public_appeal, express")] = None,
    tier: Annotated[str | None, typer.Option(help="分组 · tier")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="另存 CSV · write a CSV")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="另存工作簿 · write a workbook")] = None,
    bulletin: Annotated[
        Path | None, typer.Option(metavar="FILE", help="月报:一张表格看变化 · bulletin with charts")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
    who: Annotated[
        str | None, typer.Option("--as", metavar="ROLE@UNIT", help="以谁的身份看 · who looks")
    ] = None,
) -> None:
    """统计指标 · The figures of a period, as of any moment."""
    asked = {
        "period": period,
        "boundary": boundary,
        "as_of": None if as_of is None else _moment(as_of).isoformat(),
        "kind": kind,
        "tier": tier,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    files = {"csv": csv, "xlsx": xlsx, "bulletin": bulletin}
    wanted = {name: path for name, path in files.items() if path is not None}
    person = _person(who)
    table = asyncio.run(_asked(System.running(), query, wanted, person))
    if as_json:
        print(json.dumps(table, ensure_ascii=False))
        return
    for path in wanted.values():
        print(words("figures-written", path=path))
    if not wanted:
        show(table, Console())


def show(table: Mapping[str, Any], console: Console) -> None:
    """Units as rows, figures as columns, of all kinds of case (or of the one asked for)."""
    for line in _head(table):
        console.print(line, highlight=False)
    rows = table["rows"]
    if any(row["kind"] is None for row in rows):
        rows = [row for row in rows if row["kind"] is None]
    if not rows:
        console.print(words("bulletin-nothing"))
        return
    named = list(dict.fromkeys(row["figure"] for row in rows))
    shown = Table(
        sentence("column-tier"),
        sentence("column-unit"),
        *(sentence(f"figure-{figure}") for figure in named),
        show_lines=False,
    )
    cells = {(row["tier"], row["unit"], row["figure"]): row for row in rows}
    for tier, unit in dict.fromkeys((row["tier"], row["unit"]) for row in rows):
        first = next(row for row in rows if (row["tier"], row["unit"]) == (tier, unit))
        shown.add_row(
            _tier(tier),
            sentence("figures-pooled") if unit is None else first["unit_name"] or _named("unit", unit),
            *(_cell(cells.get((tier, unit, figure))) for figure in named),
        )
    console.print(shown)


def _tier(tier: str | None) -> str:
    if tier is None:
        return sentence("figures-all-units")
    return _named("tier", tier) if tier else sentence("figures-tierless")


def _named(what: str, code: str) -> str:
    """The words for a code, where the catalogue has some."""
    slug = f"{what}-{code}"
    return sentence(slug) if slug in catalogue() else code


def _head(table: Mapping[str, Any]) -> list[str]:
    period, moment, frozen = table["period"], table["moment"], table["frozen"]
    lines = [
        words(
            "figures-head",
            period=period["label"],
            begin=_shown(period["begin"]),
            end=_shown(period["end"]),
            as_of=_shown(moment["as_of"]),
        )
    ]
    if not moment["complete"]:
        lines.append(words("figures-incomplete", behind="、".join(moment["behind"]), held=moment["held"]))
    if frozen is not None:
        at = _shown(frozen["at"])
        lines.append(words("figures-frozen", number=frozen["number"], at=at, changes=len(table["changes"])))
    return lines


def _cell(row: Mapping[str, Any] | None) -> str:
    """The value over its counts, and what stands outside."""
    if row is None:
        return ""
    value = row["value"]
    if value is None:
        told = sentence("figures-too-few")
    elif row["figure"] in ("report-in-time", "score"):
        told = f"{value:.1f}"
    else:
        told = f"{value:.1%}"
    single = row["figure"] in ("report-in-time", "score")
    counts = [str(row["denominator"]) if single else f"{row['numerator']:g}/{row['denominator']}"]
    if outside := sum(row["excluded"].values()):
        counts.append(f"✕{outside}")
    if row["pending"]:
        counts.append(f"…{row['pending']}")
    return f"{told} ({' '.join(counts)})"


async def _asked(system: System, query: str, files: Mapping[str, Path], person: Person) -> Mapping[str, Any]:
    async with Client(system) as client:
        try:
            for name, path in files.items():
                content = await client.download("accountability", f"{PATHS[name]}?{query}", person)
                path.write_bytes(content)
            table: Mapping[str, Any] = await client.read("accountability", f"/figures?{query}", person)
        except Refused as refused:
            if refused.status in _UNREAD:
                raise InputRefusedError(refused.slug, **refused.params) from refused
            raise
        except OSError as error:
            raise InputRefusedError("figures-not-written", cause=error) from error
        return table


def _moment(text: str) -> datetime:
    """A moment; without a zone it is on the clocks of China."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputRefusedError("moment-unreadable", moment=text) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


def _person(who: str | None) -> Person:
    if who is None:
        return County().holder("office_supervisor")
    role, unit = role_and_unit(who)
    return Person(f"{role}@{unit}", role, role, unit)


def _shown(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
