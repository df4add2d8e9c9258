"""`chuishao status`: what of the system runs where, and whether it is ready."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console

from chuishao.calendars import ask
from chuishao.data_folder import DataFolder
from chuishao.environment import PROVIDER
from chuishao.processes import process_born_at
from chuishao.system import Part, System, is_ready, table_of
from chuishao.words import CommandFailedError, words

BESIDE = ("nats", "postgres", PROVIDER)
"""The parts that are no services."""
CALENDAR = "accountability"
"""The service that knows until when the working calendar is decreed."""


def status(
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 · for machines")] = False,
) -> None:
    """显示系统状态 · Show what runs where; the exit code is 0 when everything is ready."""
    data = DataFolder.here()
    state = data.running_state()
    if state is None:
        if as_json:
            print(json.dumps({"running": False, "ready": False, "data": str(data.path)}, ensure_ascii=False))
        else:
            print(words("launcher-not-running", folder=data.path))
        raise typer.Exit(1)
    system = System.from_state(data, state)
    states = {part.name: _state_of(part) for part in system.parts}
    ready = set(states.values()) <= {"ready", "external"} and len(states) == len(system.urls) + len(BESIDE)
    calendar = _calendar(system) if states.get(CALENDAR) in ("ready", "external") else None
    if as_json:
        parts = [{**asdict(part), "state": states[part.name]} for part in system.parts]
        answer = {
            "running": True,
            "ready": ready,
            "url": system.url,
            "started": state["started"],
            "data": str(data.path),
            "parts": parts,
            "calendar": calendar,
        }
        print(json.dumps(answer, ensure_ascii=False))
    else:
        Console().print(table_of(system, states))
        if calendar is not None:
            slug = "calendar-ends-soon" if calendar["status"] == "ends-soon" else "calendar-covered"
            print(words(slug, until=calendar["covered_until"], days=calendar["days_left"]))
    if not ready:
        raise typer.Exit(1)


def _calendar(system: System) -> dict[str, Any] | None:
    """Until when the calendar is decreed; None where it cannot be asked just now."""
    try:
        found = asyncio.run(ask("GET", "/calendar", system=system))
    except (OSError, CommandFailedError):
        return None
    return {name: found[name] for name in ("status", "covered_until", "days_left")}


def _state_of(part: Part) -> str:
    if part.log is None:
        return "external"
    if part.pid is None or process_born_at(part.pid) != part.born:
        return "down"
    if part.address.startswith("http://"):
        return "ready" if is_ready(part.address) else "starting"
    return "ready"
