"""What the README shows a newcomer works when it is pasted."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from backbone.testing import eventually
from chuishao.system import System

ROOT = Path(__file__).parents[2]
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


def blocks(text: str, language: str = "") -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_both_languages_show_the_same_graphql() -> None:
    assert blocks(ENGLISH, "graphql") == blocks(CHINESE, "graphql")


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_stays_within_150_lines(text: str) -> None:
    assert len(text.splitlines()) <= 150


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_every_link_leads_somewhere(text: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", text)

    assert links
    assert [each for each in links if not (ROOT / each).exists()] == []


async def test_the_journey_plays_as_it_is_written(system: System) -> None:
    clerk, leader, liaison = (_token(system, line) for line in _token_lines())
    steps = blocks(ENGLISH, "graphql")
    assert len(steps) == 6
    raise_, sign, report_in, conclude, close_out, case = steps

    async with httpx.AsyncClient(base_url=system.url, timeout=30, trust_env=False) as client:
        raised = (await _play(client, clerk, raise_))["raiseWhistle"]
        assert raised["case"]["state"] == "AWAITING_SIGNATURE"
        whistle = {"caseId": raised["caseId"]}

        async def reads(state: str) -> bool:
            shown = (await _play(client, clerk, case, whistle))["case"]
            return bool(shown["state"] == state and not shown["settling"])

        await _play(client, leader, sign, whistle)
        await eventually(lambda: reads("DISPATCHED"), timeout=30)
        await _play(client, liaison, report_in, whistle)
        await eventually(lambda: reads("HANDLING"), timeout=30)
        await _play(client, liaison, conclude, whistle)
        await eventually(lambda: reads("AWAITING_CONFIRMATION"), timeout=30)
        closed = (await _play(client, clerk, close_out, whistle))["closeOut"]
        assert closed["case"]["state"] == "CLOSED"

        shown = (await _play(client, clerk, case, whistle))["case"]
        assert {each["verdict"] for each in shown["issues"]} == {"SOLVED"}
        assert all(each["explanation"]["zh"] for each in shown["clocks"])


def _token_lines() -> list[str]:
    (block,) = [each for each in blocks(ENGLISH) if "chuishao token" in each]
    return block.splitlines()


def _token(system: System, line: str) -> str:
    """Run a line of the README against the system under test."""
    command, *arguments = line.split()
    assert command == ".venv/bin/chuishao"
    done = subprocess.run(
        [sys.executable, "-m", "chuishao", *arguments],
        env={"CHUISHAO_DATA": str(system.data.path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


async def _play(
    client: httpx.AsyncClient, token: str, query: str, variables: dict[str, Any] | None = None
) -> dict[str, Any]:
    answer = await client.post(
        "/graphql",
        json={"query": query, "variables": variables or {}},
        headers={"Authorization": f"Bearer {token}"},
    )
    content = answer.json()
    assert "errors" not in content, content
    data: dict[str, Any] = content["data"]
    return data
