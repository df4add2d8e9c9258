"""The demo county as `chuishao up` loads it: through the ordinary commands, once, and visibly not real."""

import asyncio
from typing import Any

import pytest
from rich.console import Console

from chuishao import demo
from chuishao.client import Client
from chuishao.county import MARK, County
from chuishao.system import System
from tests.system.county import rows

COUNTY = County()
WHISTLES = {whistle["code"]: whistle for whistle in COUNTY.whistles}
STATES = {
    "draft": "DRAFT",
    "raised": "AWAITING_SIGNATURE",
    "signed": "DISPATCHED",
    "confirmed": "DISPATCHED",
    "reported_in": "HANDLING",
    "feedback": "HANDLING",
    "concluded": "AWAITING_CONFIRMATION",
    "closed": "CLOSED",
    "reworked": "HANDLING",
}
QUERY = """
query ($after: String) {
  cases(first: 20, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node {
    caseId type state title text settling
    clocks { kind state outcome }
    ... on Whistle {
      cycle provisional emergency issues { text verdict }
      assignments { unitCode part state provisional rating firstFeedbackAt }
    }
    ... on Letter { anonymous writer answer }
  } } }
}
"""


async def seen_by(system: System, subject: str) -> list[dict[str, Any]]:
    """Every demo case a person of the county sees."""
    cases: list[dict[str, Any]] = []
    async with Client(system) as client:
        page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
        while page["hasNextPage"]:
            data = await client.graphql(QUERY, {"after": page["endCursor"]}, COUNTY.people[subject])
            cases += [edge["node"] for edge in data["cases"]["edges"]]
            page = data["cases"]["pageInfo"]
    return [case for case in cases if any(MARK in (case[name] or "") for name in ("title", "text"))]


async def whistle(system: System, code: str) -> dict[str, Any]:
    """A whistle as its own township sees it."""
    written = WHISTLES[code]
    for case in await seen_by(system, written["signed_by"]):
        if case["text"] == MARK + written["text"]:
            return case
    raise AssertionError(f"{code} is not there")


@pytest.mark.parametrize("code", sorted(WHISTLES))
async def test_a_whistle_is_played_as_far_as_its_file_says(system: System, code: str) -> None:
    written, case = WHISTLES[code], await whistle(system, code)
    play = written["play"]
    assert case["state"] == STATES[play]
    assert not case["settling"]
    assert case["cycle"] == (2 if play == "reworked" else 1)
    assert case["emergency"] is (written["kind"] == "emergency")
    assert [issue["text"] for issue in case["issues"]] == [issue["text"] for issue in written["issues"]]
    assert bool(case["assignments"]) is (play not in {"draft", "raised"})
    assert case["provisional"] is (play == "signed")
    reported = {each["state"] for each in case["assignments"]} & {"REPORTED_IN", "CONCLUDED"}
    assert bool(reported) is (play in {"reported_in", "feedback", "concluded", "closed", "reworked"})
    if "feedback" in written:
        assert case["assignments"][0]["firstFeedbackAt"] is not None
    if play == "closed":
        verdicts = [issue["verdict"] for issue in case["issues"]]
        assert verdicts == [verdict.upper() for verdict in written["verdicts"]]
        assert {each["rating"] for each in case["assignments"]} == {written["rating"].upper()}


async def test_no_clock_was_breached_by_the_playing(system: System) -> None:
    cases = await seen_by(system, "county-leader-1")
    clocks = [clock for case in cases for clock in case["clocks"]]
    assert len(clocks) > 50
    assert {clock["outcome"] for clock in clocks} == {None, "ON_TIME"}


async def test_the_letters_stand_where_their_file_says(system: System) -> None:
    cases = await seen_by(system, "supervisor-1")
    found = {case["title"]: case for case in cases if case["type"] == "LETTER"}
    assert len(found) == len(COUNTY.letters) == 6
    for letter in COUNTY.letters:
        case = found[MARK + letter["title"]]
        assert case["state"] == letter["play"].upper()
        assert case["anonymous"] is letter["anonymous"]
        assert case["writer"] == (None if letter["anonymous"] else COUNTY.people[letter["writer"]].name)
        assert case["answer"] == letter.get("resolution", letter.get("response"))


async def test_every_case_says_that_it_is_no_real_one(system: System) -> None:
    cases = await seen_by(system, "supervisor-1")
    assert len(cases) == 17  # the draft is still its author's


async def test_the_units_and_the_list_are_those_of_the_files(system: System) -> None:
    async with Client(system) as client:
        document = "query { units { code name } responsibilityItems { code sourceDocument } }"
        data = await client.graphql(document, {}, COUNTY.people["auditor-1"])
    assert {unit["code"]: unit["name"] for unit in data["units"]} == {
        unit["code"]: unit["name"] for unit in COUNTY.units
    }
    assert {item["code"] for item in data["responsibilityItems"]} == {
        item["code"] for item in COUNTY.responsibility_list["item"]
    }
    assert all("演示数据" in item["sourceDocument"] for item in data["responsibilityItems"])


async def test_loading_it_again_adds_nothing(system: System) -> None:
    async def heads() -> list[int]:
        url = system.owner_url
        return [
            (await rows(url, f"SELECT seq FROM {service}.log_head"))[0][0]
            for service in ("intake", "routing", "accountability")
        ]

    before = await heads()
    await asyncio.to_thread(demo.load, system, Console(quiet=True))
    assert await heads() == before
