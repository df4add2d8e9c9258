"""`chuishao rules`: the case rules in force and their history; proposing and deciding changes."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import typer

from chuishao.client import Client
from chuishao.county import County, Person
from chuishao.importing import somebody
from chuishao.policies import PROPOSER, AsJson, Number, PolicyFile, Who, read_by_the_service
from chuishao.system import System
from chuishao.words import InputRefusedError, words
from contracts.catalogue import sentence

app = typer.Typer(help="办件规则 · case rules", no_args_is_help=True)
PATH: Final = "/case-rules"
LIMITS: Final[Mapping[str, str]] = {
    "representatives": "责任下派听取意见的基层代表不少于",
    "days_to_raise_again": "销哨后可重新吹哨的天数",
    "cycles_that_escalate": "第几次吹哨即提级",
    "transfers_that_escalate": "第几次退转即提级",
    "reconsideration_days": "裁定后可申请复议的工作日",
    "most_extensions": "每案最多延期次数",
    "office_decides_extensions": "前几次延期由减负办决定",
    "extension_per_cent": "一次延期最多为原时限的百分比",
    "reply_days": "收到督查单后回复的工作日",
    "duplicate_days": "疑似重复最多相隔天数",
    "duplicate_likeness": "疑似重复的文字相似度",
}
LISTS: Final[Mapping[str, str]] = {
    "parking_grounds": "准予挂账的理由",
    "exemption_grounds": "准予容错的理由",
    "spot_check": "抽查",
}


@app.callback()
def _group() -> None:
    """办件规则 · Limits no clock measures, as records with effective days and source."""


@app.command()
def show(
    history: Annotated[
        bool, typer.Option("--all", help="含草案和旧版本 · with old ones and proposals")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """现行办件规则 · The rules in force."""
    shown = [each for each in asyncio.run(_versions()) if history or each["in_force"]]
    if as_json:
        print(json.dumps(shown, ensure_ascii=False))
        return
    for each in shown:
        _tell(each)


@app.command("dry-run")
def dry_run(file: PolicyFile, as_json: AsJson = False) -> None:
    """试算:改动什么,哪些未结哨单今后办理不同 · What a file would change; nothing is stored."""
    document = _read(file)
    with read_by_the_service(file):
        tried = asyncio.run(_ask(f"{PATH}/dry-run", document))
    if as_json:
        print(json.dumps(tried, ensure_ascii=False))
        return
    _tell_tried("办件规则(草案)", tried)


@app.command()
def propose(file: PolicyFile, who: Who = PROPOSER) -> None:
    """提出办件规则草案 · Propose rules; another person has to approve them."""
    document = _read(file)
    person = somebody(County(), who)
    with read_by_the_service(file):
        asyncio.run(_command(PATH, document, person))
    print(words("policy-proposed", version=_name(asyncio.run(_versions())[-1]["number"])))


@app.command()
def approve(number: Number, who: Who) -> None:
    """批准他人提出的办件规则 · Approve what somebody else proposed; shows first what it changes."""
    person = somebody(County(), who)
    _tell_tried(_name(number), asyncio.run(_tried(number)))
    asyncio.run(_command(f"{PATH}/{number}/approve", {}, person))
    print(words("rules-approved", version=_name(number)))


@app.command()
def decline(number: Number, who: Who, reason: Annotated[str, typer.Option(help="理由 · why")]) -> None:
    """否决办件规则草案 · Decline a proposal."""
    asyncio.run(_command(f"{PATH}/{number}/decline", {"reason": reason}, somebody(County(), who)))
    print(words("policy-declined", version=_name(number)))


def _read(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputRefusedError("policy-unreadable", file=file, cause=error) from error
    if not isinstance(document, dict):
        raise InputRefusedError("policy-unreadable", file=file, cause="{}")
    return document


def _tell_tried(version: str, tried: Mapping[str, Any]) -> None:
    counts = {"whistles": tried["open_whistles"], "concerned": tried["concerned"]}
    print(words("rules-dry-run", version=version, changes=len(tried["changes"]), **counts))
    for each in tried["changes"]:
        print(f"  {({**LIMITS, **LISTS})[each['name']]}:{_value(each['old'])} → {_value(each['new'])}")
    for each in tried["foreseen"]:
        subject = sentence(f"foreseen-{each['subject']}", "zh")
        ground = f"({each['ground']})" if each["ground"] else ""
        otherwise = f"{_next(each['old'])} → {_next(each['new'])}"
        print(f"  {each['case_id']} {each['unit']} {subject}{ground}:{otherwise}")


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _next(value: str) -> str:
    return value if value.isdecimal() else sentence(f"foreseen-{value}", "zh")


def _name(number: int) -> str:
    return f"办件规则.{number}" if number else "办件规则(默认)"


def _tell(version: Mapping[str, Any]) -> None:
    slug = "policy-in-force" if version["in_force"] else f"policy-state-{version['state']}"
    state = "" if version["state"] == "default" and not version["in_force"] else sentence(slug, "zh")
    print(f"{_name(version['number'])} {state}".rstrip())
    rules = version["rules"]
    lines = {
        **{name: rules[key] for key, name in LIMITS.items()},
        LISTS["parking_grounds"]: "、".join(_ground(each) for each in rules["parking_grounds"]) or "–",
        LISTS["exemption_grounds"]: "、".join(rules["exemption_grounds"]) or "–",
        LISTS["spot_check"]: _checks(rules["spot_check"]),
        "生效": f"{version['effective_from'] or ''}–{version['effective_to'] or ''}",
        "依据": f"{version['source']} {version['source_number']}".strip(),
        "提出": version["proposed_by"],
        "决定": version["decided_by"],
        "理由": version["reason"],
    }
    for name, value in lines.items():
        if value is not None:
            print(f"  {name}:{value}")


def _ground(rule: Mapping[str, Any]) -> str:
    days = "" if rule["most_days"] is None else f" ≤{rule['most_days']}天"
    return f"{rule['ground']}{days}(减负办 {rule['office_decides']} 次)"


def _checks(rule: Mapping[str, int]) -> str:
    """The share, and what a whistle weighs."""
    added = f"未评价 +{rule['unappraised']},{rule['fast_seconds']}秒内办结 +{rule['fast']}"
    return f"每层 {rule['per_cent']}%,权重 {rule['weight']}({added})"


async def _versions() -> list[dict[str, Any]]:
    async with Client(System.running()) as client:
        holder = County().holder("office_supervisor")
        found: list[dict[str, Any]] = await client.read("accountability", PATH, holder)
        return found


async def _ask(path: str, body: Mapping[str, object]) -> Any:
    async with Client(System.running()) as client:
        return await client.ask("accountability", path, County().holder("office_supervisor"), body)


async def _tried(number: int) -> Any:
    async with Client(System.running()) as client:
        holder = County().holder("office_supervisor")
        return await client.read("accountability", f"{PATH}/{number}/dry-run", holder)


async def _command(path: str, body: Mapping[str, object], person: Person) -> None:
    async with Client(System.running()) as client:
        await client.command("accountability", path, body, person, uuid4())
