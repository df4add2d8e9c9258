"""Versions of the responsibility list over HTTP: reading, comparing, previewing, searching."""

from typing import Any

import pytest

from tests.component.routing.service import CLERK, ESTABLISHMENT, ITEMS, LIST, POWER, WATER, Desk

ROOT = "/responsibility-list"
SECOND = LIST | {"effective_from": "2026-05-01", "items": [ITEMS[0] | {"complex": True}, ITEMS[2]]}


@pytest.fixture
async def listed(desk: Desk) -> Desk:
    """A first list in force, a second that lies ahead; it is 2 March 2026."""
    await desk.done(ESTABLISHMENT, f"{ROOT}/versions", SECOND)
    return desk


async def ask(desk: Desk, path: str, **query: str) -> Any:
    answer = await desk.get(CLERK, f"{ROOT}{path}", **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_names_every_version(listed: Desk) -> None:
    found = await ask(listed, "/versions")
    assert [(each["number"], each["effective_from"], each["items"]) for each in found] == [
        (1, "2026-01-01", 3),
        (2, "2026-05-01", 2),
    ]


async def test_shows_the_one_in_force_and_any_other_whole(listed: Desk) -> None:
    current, second = await ask(listed, "/versions/current"), await ask(listed, "/versions/2")
    assert (current["number"], second["number"]) == (1, 2)
    assert second["items"][0]["complex"] is True
    assert current["items"][0]["keywords"] == ["沟渠", "堵塞", "暴雨"]


async def test_knows_no_version_that_was_never_published(listed: Desk) -> None:
    answer = await listed.get(CLERK, f"{ROOT}/versions/9")
    assert (answer.status_code, answer.json()["code"]) == (422, "no-such-list-version")


async def test_compares_versions(listed: Desk) -> None:
    found = await ask(listed, "/diff", **{"from": "1", "to": "2"})
    assert [each["code"] for each in found["removed"]] == ["DL-01"]
    assert found["changed"] == [
        {
            "code": "SL-01",
            "title": ITEMS[0]["title"],
            "fields": [{"field": "complex", "old": False, "new": True}],
        }
    ]
    assert (found["added"], found["unchanged"]) == ([], 1)


async def test_previews_what_publishing_would_change_and_stores_nothing(listed: Desk) -> None:
    before = len(await listed.published())
    answer = await listed.post(CLERK, f"{ROOT}/preview", {"items": ITEMS[:2]})
    assert (answer.json()["version"], [each["code"] for each in answer.json()["removed"]]) == (1, ["XZ-01"])
    assert len(await listed.published()) == before


async def test_previews_against_nothing_before_the_first_list(empty_desk: Desk) -> None:
    answer = (await empty_desk.post(ESTABLISHMENT, f"{ROOT}/preview", {"items": ITEMS})).json()
    assert (answer["version"], len(answer["added"])) == (None, 3)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"text": "浇麦变压器"}, ["DL-01"]),
        ({"text": "浇麦变压器", "as_of": "2026-05-01"}, []),
        ({"text": "浇麦变压器", "as_of": "2025-12-31"}, []),
        ({"unit": POWER}, ["DL-01"]),
        ({"unit": WATER}, ["SL-01"]),
        ({"kind": "primary"}, ["XZ-01"]),
        ({}, ["SL-01", "DL-01", "XZ-01"]),
    ],
)
async def test_searches_the_list_of_a_day(listed: Desk, query: dict[str, str], codes: list[str]) -> None:
    assert (await ask(listed, "/search", **query))["codes"] == codes
