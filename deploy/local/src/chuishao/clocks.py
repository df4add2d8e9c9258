"""`chuishao clock explain`: how a deadline comes about, in words a person can check by hand."""

import asyncio
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

import typer

from chuishao.client import Client, Refused
from chuishao.county import County
from chuishao.system import System
from chuishao.words import CommandFailedError
from contracts.catalogue import sentence

app = typer.Typer(help="时限 · clocks", no_args_is_help=True)


class Language(StrEnum):
    """中文 or English."""

    ZH = "zh"
    EN = "en"


@app.callback()
def _group() -> None:
    """时限 · Deadlines and how they come about."""


@app.command()
def explain(
    clock_id: Annotated[str, typer.Argument(metavar="ID", help="时限标识 · id of the clock")],
    lang: Annotated[Language, typer.Option(help="语言 · language")] = Language.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
) -> None:
    """逐段说明一个时限 · Explain a deadline: what was counted, what was not, and by which policy."""
    clock = asyncio.run(_clock(System.running(), clock_id))
    if as_json:
        print(json.dumps(clock, ensure_ascii=False))
        return
    for line in told(clock, lang.value):
        print(line)


async def _clock(system: System, clock_id: str) -> dict[str, Any]:
    async with Client(system) as client:
        path = f"/clocks/{quote(clock_id.strip().lower(), safe='')}"
        try:
            clock: dict[str, Any] = await client.read(
                "accountability", path, County().holder("office_supervisor")
            )
        except Refused as refused:
            if refused.status in (404, 422):
                raise CommandFailedError("unknown-clock", clock=clock_id) from refused
            raise
        return clock


def told(clock: Mapping[str, Any], language: str) -> list[str]:
    """What the clock measures and of which case, then its explanation, one sentence a line."""
    kind = sentence(f"clock-{str(clock['kind']).lower()}", language)
    head = {"kind": kind, "code": clock["kind"], "case": clock["case_id"]}
    return [sentence("clock-head", language, head), *clock["explanation"][language]]
