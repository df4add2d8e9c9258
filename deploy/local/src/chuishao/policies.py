"""`chuishao policy`: the limits in force and their history; proposing, trying and deciding changes."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import uuid4

import typer
from rich.console import Console
from rich.table import Table

from chuishao.client import Client, Refused
from chuishao.county import County, Person
from chuishao.importing import somebody
from chuishao.system import System
from chuishao.words import CommandFailedError, InputRefusedError, words
from contracts.catalogue import sentence

app = typer.Typer(help="时限政策 · policies", no_args_is_help=True)
FIELDS: Final = (
    "clock",
    "scope",
    "effective_from",
    "effective_to",
    "source",
    "limits",
    "reminders",
    "ladder",
    "hours",
    "quiet",
    "start",
    "stop",
    "ending",
)
"""What a policy file may name; whatever it leaves out stays as it is."""
PolicyFile = Annotated[Path, typer.Argument(metavar="FILE", help="政策文件(JSON) · policy file")]
Clock = Annotated[str, typer.Argument(metavar="CLOCK", help="时限,如 C5 · clock, such as C5")]
Number = Annotated[int, typer.Argument(min=1, help="草案号 · number of the proposal")]
Scope = Annotated[str, typer.Option(help="镇街代码,空为全县 · a township's code, or the whole county")]
Who = Annotated[str, typer.Option("--as", metavar="PERSON|ROLE@UNIT", help="由谁办理 · who does it")]
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 · for machines")]
PROPOSER: Final = "administrator-1"


@app.callback()
def _group() -> None:
    """时限政策 · Limits as records with scope, effective days and source; two people change them."""


@app.command("list")
def list_(
    clock: Annotated[str | None, typer.Option(help="只看一个时限 · one clock only")] = None,
    history: Annotated[
        bool, typer.Option("--all", help="含草案和旧版本 · with old ones and proposals")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """现行政策 · The policies in force."""
    found = asyncio.run(_versions(clock))
    shown = [each for each in found if history or each["in_force"]]
    if as_json:
        print(json.dumps(shown, ensure_ascii=False))
        return
    table = Table("版本 version", "时限 limit", "状态 state", "生效 effective", "依据 source")
    for each in shown:
        limits = "\n".join(f"{_profile(limit)} {limit['amount_zh']}" for limit in each["limits"])
        until = each["effective_to"] or ""
        source = f"{each['source']} {each['source_number']}".strip()
        table.add_row(each["version"], limits, _state(each), f"{each['effective_from']}–{until}", source)
    Console().print(table)


@app.command()
def show(clock: Clock, scope: Scope = "", as_json: AsJson = False) -> None:
    """一个时限的沿革 · Every version for one clock, with who decided what."""
    found = [each for each in asyncio.run(_versions(clock)) if each["scope"] == scope]
    if not found:
        raise CommandFailedError("policy-none", clock=clock)
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for each in found:
        print(f"{each['version']} {_state(each)}")
        start, stop = (sentence(f"occasion-{each[name]}", "zh") for name in ("start", "stop"))
        limits = "、".join(f"{_profile(limit)} {limit['amount_zh']}" for limit in each["limits"])
        lines = {
            "起止": f"{start} → {stop}",
            "时限": limits,
            "生效": f"{each['effective_from']}–{each['effective_to'] or ''}",
            "依据": f"{each['source']} {each['source_number']}".strip(),
            "提醒": "、".join(_reminder(rule) for rule in each["reminders"]) or "–",
            "督查": "、".join(f"{rung['name']} +{rung['working_days']}" for rung in each["ladder"]) or "–",
            "提出": f"{each['proposed_by']} {each['proposed_at']}",
            "决定": f"{each['decided_by'] or '–'} {each['decided_at'] or ''}".strip(),
            "理由": each["reason"],
        }
        for name, value in lines.items():
            if value:
                print(f"  {name}:{value}")


@app.command("dry-run")
def dry_run(file: PolicyFile, as_json: AsJson = False) -> None:
    """试算:哪些未结时限会变 · Which open clocks a file would move; nothing is stored."""
    document = read(file)
    with read_by_the_service(file):
        tried = asyncio.run(_ask("/policies/dry-run", document))
    if as_json:
        print(json.dumps(tried, ensure_ascii=False))
        return
    _tell(tried)


@app.command()
def propose(file: PolicyFile, who: Who = PROPOSER) -> None:
    """提出政策草案 · Propose a policy; another person has to approve it."""
    document = read(file)
    person = _person(who)
    with read_by_the_service(file):
        asyncio.run(_command("/policies", document, person))
    proposed = [
        each["version"]
        for each in asyncio.run(_versions(str(document["clock"])))
        if each["scope"] == document.get("scope", "")
    ]
    print(words("policy-proposed", version=proposed[-1]))


@app.command()
def approve(
    clock: Clock,
    number: Number,
    who: Who,
    scope: Scope = "",
    even_if_breached: Annotated[
        bool, typer.Option(help="即使有时限因此超期 · although clocks are breached by it")
    ] = False,
) -> None:
    """批准他人提出的政策 · Approve what somebody else proposed; shows first what it moves."""
    person = _person(who)
    tried = asyncio.run(_tried(clock, number, scope))
    _tell(tried)
    if tried["would_breach"] and not even_if_breached:
        raise CommandFailedError("policy-breaches-unconfirmed", breached=tried["would_breach"])
    asyncio.run(_command(f"/policies/{clock}/{number}/approve", {"scope": scope}, person))
    print(words("policy-approved", version=tried["version"]))


@app.command()
def decline(
    clock: Clock,
    number: Number,
    who: Who,
    reason: Annotated[str, typer.Option(help="理由 · why")],
    scope: Scope = "",
) -> None:
    """否决政策草案 · Decline a proposal."""
    body = {"scope": scope, "reason": reason}
    asyncio.run(_command(f"/policies/{clock}/{number}/decline", body, _person(who)))
    print(words("policy-declined", version=f"{clock}{f'@{scope}' if scope else ''}.{number}"))


def read(file: Path) -> dict[str, Any]:
    """A policy file; raises ``InputRefusedError`` naming the line, or what no policy decides."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        cause = f"第{error.lineno}行 line {error.lineno}: {error.msg}"
        raise InputRefusedError("policy-unreadable", file=file, cause=cause) from error
    except (OSError, ValueError) as error:
        raise InputRefusedError("policy-unreadable", file=file, cause=error) from error
    if not isinstance(document, dict) or not isinstance(document.get("clock"), str):
        raise InputRefusedError("policy-unreadable", file=file, cause="clock")
    for name in document:
        if name not in FIELDS:
            raise InputRefusedError("policy-file-names-something-else", field=name, fields=", ".join(FIELDS))
    return document


@contextmanager
def read_by_the_service(file: Path) -> Iterator[None]:
    """Name the fields of a file that the service cannot read; raises ``InputRefusedError``."""
    try:
        yield
    except Refused as refused:
        if refused.slug != "invalid-request":
            raise
        cause = ", ".join(refused.fields) or refused.slug
        raise InputRefusedError("policy-unreadable", file=file, cause=cause) from refused


def _person(who: str) -> Person:
    return somebody(County(), who)


def _tell(tried: Mapping[str, Any]) -> None:
    counts = {"clocks": tried["open_clocks"], "moved": tried["moved"], "breached": tried["would_breach"]}
    print(words("policy-dry-run", version=tried["version"], **counts))
    if tried["kept"]:
        print(words("policy-dry-run-kept", count=len(tried["kept"])))
    if not tried["moves"]:
        return
    table = Table("案件 case", "单位 unit", "原到期 old due", "新到期 due", "超期 breach")
    for move in tried["moves"]:
        breach = "是 yes" if move["would_breach"] else ""
        table.add_row(move["case_id"], move["unit"], move["old_due"], move["due"], breach)
    Console().print(table)


def _profile(limit: Mapping[str, Any]) -> str:
    return sentence(f"profile-{limit['profile']}", "zh")


def _state(version: Mapping[str, Any]) -> str:
    slug = "policy-in-force" if version["in_force"] else f"policy-state-{version['state']}"
    return sentence(slug, "zh")


def _reminder(rule: Mapping[str, Any]) -> str:
    match rule["anchor"]:
        case "seconds-before-due":
            return f"到期前{rule['amount'] // 3600}小时"
        case "working-days-before-due":
            return f"到期前{rule['amount']}个工作日 {rule['clock_time'][:5]}"
        case _:
            return f"第{rule['amount']}日 {rule['clock_time'][:5]}"


async def _versions(clock: str | None) -> list[dict[str, Any]]:
    query = f"?{urlencode({'clock': clock})}" if clock else ""
    async with Client(System.running()) as client:
        found: list[dict[str, Any]] = await client.read(
            "accountability", f"/policies{query}", County().holder("office_supervisor")
        )
        return found


async def _ask(path: str, body: Mapping[str, object]) -> Any:
    async with Client(System.running()) as client:
        return await client.ask("accountability", path, County().holder("office_supervisor"), body)


async def _tried(clock: str, number: int, scope: str) -> Any:
    path = f"/policies/{clock}/{number}/dry-run?{urlencode({'scope': scope})}"
    async with Client(System.running()) as client:
        return await client.read("accountability", path, County().holder("office_supervisor"))


async def _command(path: str, body: Mapping[str, object], person: Person) -> None:
    async with Client(System.running()) as client:
        await client.command("accountability", path, body, person, uuid4())
