"""`chuishao clock explain`: how a deadline comes about, in words a person can check by hand."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import typer

from chuishao.client import Client, Refused
from chuishao.county import County
from chuishao.system import System
from chuishao.words import CommandFailedError
from contracts.catalogue import sentence

app = typer.Typer(help="时限 · clocks", no_args_is_help=True)
BEIJING: Final = ZoneInfo("Asia/Shanghai")


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
    as_of: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME",
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
            help="过去某一时点(北京时间),答案永远相同 · as it was known then, in Beijing time",
        ),
    ] = None,
    lang: Annotated[Language, typer.Option(help="语言 · language")] = Language.ZH,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
) -> None:
    """逐段说明一个时限 · Explain a deadline: what was counted, what was not, and by which policy."""
    clock = asyncio.run(_clock(System.running(), clock_id, as_of))
    if as_json:
        print(json.dumps(clock, ensure_ascii=False))
        return
    for line in told(clock, lang.value):
        print(line)


async def _clock(system: System, clock_id: str, as_of: datetime | None) -> dict[str, Any]:
    async with Client(system) as client:
        path = f"/clocks/{quote(clock_id.strip().lower(), safe='')}"
        if as_of is not None:
            path += f"?{urlencode({'as_of': as_of.replace(tzinfo=BEIJING).isoformat()})}"
        try:
            clock: dict[str, Any] = await client.read(
                "accountability", path, County().holder("office_supervisor")
            )
        except Refused as refused:
            if refused.status == 404 or refused.slug == "invalid-request":  # no clock, or not even an id
                raise CommandFailedError("unknown-clock", clock=clock_id) from refused
            raise
        return clock


def told(clock: Mapping[str, Any], language: str) -> list[str]:
    """What the clock measures and of which case, then its explanation, one sentence a line."""
    kind = sentence(f"clock-{str(clock['kind']).lower()}", language)
    head = {"kind": kind, "code": clock["kind"], "case": clock["case_id"]}
    return [sentence("clock-head", language, head), *clock["explanation"][language]]
