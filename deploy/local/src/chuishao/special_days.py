"""`chuishao calendar close | half-day | local-day | restore`: what the county adds to the decreed year."""

import asyncio
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from chuishao.calendars import app, ask, command
from chuishao.words import InputRefusedError, words

Day = Annotated[str, typer.Argument(metavar="DAY", help="日期,如 2026-07-21 · the day")]
Note = Annotated[str, typer.Option(help="原因,如 暴雨停工 · why")]
Title = Annotated[str, typer.Option(help="依据文件名称 · title of the source document")]
Number = Annotated[str, typer.Option("--number", help="文号 · its number")]
DryRun = Annotated[bool, typer.Option(help="只看会变动什么 · only show what moves")]


class Half(StrEnum):
    """Which half is worked."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class Local(StrEnum):
    """Whether the county works that day."""

    OFF = "off"
    WORKED = "worked"


@app.command()
def close(day: Day, note: Note, title: Title, number: Number = "", dry_run: DryRun = False) -> None:
    """临时停止办公一天 · An emergency closure: the day does not count."""
    _change(day, "closed", note, title, number, dry_run)


@app.command("half-day")
def half_day(
    day: Day,
    worked: Annotated[Half, typer.Argument(help="上班的半天 · the half that is worked")],
    note: Note,
    title: Title,
    number: Number = "",
    dry_run: DryRun = False,
) -> None:
    """只上半天班 · A day of which one half is worked."""
    _change(day, f"{worked.value}-only", note, title, number, dry_run)


@app.command("local-day")
def local_day(
    day: Day,
    status: Annotated[Local, typer.Argument(help="放假或上班 · off or worked")],
    note: Note,
    title: Title,
    number: Number = "",
    dry_run: DryRun = False,
) -> None:
    """地方放假或上班的一天 · A local holiday or working day."""
    kind = "local-holiday" if status is Local.OFF else "local-working-day"
    _change(day, kind, note, title, number, dry_run)


@app.command()
def restore(day: Day, title: Title, number: Number = "", dry_run: DryRun = False) -> None:
    """撤销该日的特殊安排 · Take a closure, half day or local day back."""
    _change(day, None, "", title, number, dry_run)


def _change(day: str, kind: str | None, note: str, title: str, number: str, dry_run: bool) -> None:
    try:
        year = date.fromisoformat(day).year
    except ValueError as error:
        raise InputRefusedError("calendar-day-unreadable", day=day) from error
    body = {"day": day, "kind": kind, "note": note, "source": {"title": title, "number": number}}
    path = f"/calendar/{year}/special-days"
    moves: list[dict[str, Any]] = asyncio.run(ask("POST", f"{path}/preview", body))
    for move in moves:
        print(f"{move['kind']} {move['case_id']} {move['unit']}: {move['old_due']} → {move['due']}")
    if not dry_run:
        asyncio.run(command(path, body))
        print(words("calendar-day-changed", day=day, count=len(moves)))
