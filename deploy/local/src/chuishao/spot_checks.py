"""`chuishao spotcheck`: draw the closed whistles of a period to check, or draw them again to compare."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table

from chuishao.client import Client, Refused
from chuishao.county import County
from chuishao.system import System
from chuishao.words import InputRefusedError, words

app = typer.Typer(help="抽查 · spot checks", no_args_is_help=True)
_UNREAD = (400, 422)


@app.callback()
def spotcheck() -> None:
    """抽查 · spot checks of closed whistles"""


@app.command()
def draw(
    period: Annotated[str, typer.Option(help="2026、2026-10、2026-Q3、19th:2026-10")],
    seed: Annotated[
        int | None, typer.Option(help="随机种子;不给的由系统生成,试抽时用已记录的 · random seed")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试抽,不记录 · keep nothing")] = False,
    as_of: Annotated[
        str | None, typer.Option(metavar="ISO", help="试抽的截至时刻 · a past moment, with its zone")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
) -> None:
    """抽样 · Draw; whoever has the cases, the seed and the moment draws the same."""
    shown = asyncio.run(_drawn(System.running(), period, seed, as_of, keep=not dry_run))
    if as_json:
        print(json.dumps(shown, ensure_ascii=False))
        return
    show(shown, Console())


def show(drawn: Mapping[str, Any], console: Console) -> None:
    """What was drawn, from what, and whether the recorded draw comes out the same."""
    counts = {"population": drawn["population"], "drawn": len(drawn["drawn"])}
    head = {"period": drawn["period"], "seed": drawn["seed"], "as_of": drawn["as_of"]}
    console.print(words("spotcheck-head", **head, **counts), highlight=False)
    console.print(words("spotcheck-digest", digest=drawn["digest"]), highlight=False)
    recorded = drawn["recorded"]
    if recorded is not None:
        other = words("spotcheck-other", seed=recorded["seed"], as_of=recorded["as_of"])
        console.print(words("spotcheck-same") if recorded["same"] else other, highlight=False)
    table = Table(words("spotcheck-case"), words("spotcheck-stratum"), words("spotcheck-weight"))
    for each in drawn["drawn"]:
        table.add_row(each["case_id"], each["stratum"], str(each["weight"]))
    console.print(table)


async def _drawn(
    system: System, period: str, seed: int | None, as_of: str | None, *, keep: bool
) -> Mapping[str, Any]:
    person = County().holder("office_supervisor")
    path = f"/spot-checks/{quote(period, safe='')}/draw"
    asked = {"seed": seed, "as_of": as_of}
    async with Client(system) as client:
        try:
            if keep:
                body = {} if seed is None else {"seed": seed}
                await client.command("accountability", path, body, person, uuid4())
                asked = {}
            query = urlencode({name: value for name, value in asked.items() if value is not None})
            found: Mapping[str, Any] = await client.read("accountability", f"{path}?{query}", person)
            return found
        except Refused as refused:
            if refused.status in _UNREAD:
                raise InputRefusedError(refused.slug, **refused.params) from refused
            raise
