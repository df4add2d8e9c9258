"""Units, the responsibility list and its suggestions over HTTP."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from backbone.identity import Actor
from contracts.events import routing
from tests.component.routing.service import (
    ADMINISTRATOR,
    CLERK,
    DISPATCHER,
    ESTABLISHMENT,
    ITEMS,
    LIST,
    POWER,
    UNITS,
    WATER,
    Desk,
)

NANLE = Path(__file__).parents[3] / "deploy/demo/nanle"
VERSIONS = "/responsibility-list/versions"
SUGGEST = "/responsibility-list/suggest"
SENTENCES = {
    "西邵乡浇麦机井变压器烧毁": "机井灌溉用电",
    "暴雨后沟渠堵塞,两村农田积水": "沟渠",
    "疑似烟花爆竹存放点": "烟花爆竹",
    "村里有人拖欠农民工工资": "欠",
    "自建房开裂有倒塌危险": "自建房",
    "村口路面坑洼": "农村公路",
}
"""What townships write → words in the title of the item it belongs to."""


async def test_registers_a_unit_once(empty_desk: Desk) -> None:
    ids = {await empty_desk.done(ADMINISTRATOR, "/units", UNITS[-1]) for _ in range(2)}
    assert len(ids) == 1
    [fact] = await empty_desk.published()
    assert isinstance(fact, routing.UnitRegistered)
    assert (fact.code, fact.unit_class, fact.ruled_by_county) == (POWER, "utility", False)
    assert fact.case_id in ids


async def test_changes_an_entry(empty_desk: Desk) -> None:
    await empty_desk.done(ADMINISTRATOR, "/units", UNITS[1])
    await empty_desk.done(ADMINISTRATOR, "/units", UNITS[1] | {"duty_desk_phone": "0393-0000099"})
    fact = (await empty_desk.published())[-1]
    assert isinstance(fact, routing.UnitRegistered)
    assert fact.duty_desk_phone == "0393-0000099"
    as_office = UNITS[1] | {"unit_class": "office"}
    assert await empty_desk.refused(ADMINISTRATOR, "/units", as_office) == (422, "unit-class-is-fixed")


async def test_publishes_the_list_whole(desk: Desk) -> None:
    fact = (await desk.published())[-1]
    assert isinstance(fact, routing.ResponsibilityListPublished)
    assert (fact.version, fact.effective_from) == (1, "2026-01-01")
    assert [each.code for each in fact.items] == ["SL-01", "DL-01", "XZ-01"]
    assert fact.items[0].keywords == ("沟渠", "堵塞", "暴雨")


async def test_publishes_the_same_list_once(desk: Desk) -> None:
    before = len(await desk.published())
    await desk.done(ESTABLISHMENT, VERSIONS, LIST)
    assert len(await desk.published()) == before
    answer = await desk.post(ESTABLISHMENT, VERSIONS, LIST | {"effective_from": "2026-05-01"}, uuid4())
    assert answer.status_code == 200
    fact = (await desk.published())[-1]
    assert isinstance(fact, routing.ResponsibilityListPublished)
    assert fact.version == 2


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"items": []}, "list-needs-items"),
        ({"source_document": " "}, "list-needs-a-source-document"),
        ({"items": [ITEMS[0], ITEMS[0]]}, "item-code-twice"),
        ({"items": [ITEMS[0] | {"title": " "}]}, "item-needs-a-title"),
        ({"items": [ITEMS[0] | {"legal_basis": ""}]}, "item-needs-a-legal-basis"),
        ({"items": [ITEMS[0] | {"lead": "no-such-bureau"}]}, "item-names-an-unknown-unit"),
        ({"items": [ITEMS[0] | {"assists": ["410923102"]}]}, "item-names-an-unknown-unit"),
        ({"items": [ITEMS[0] | {"assists": [WATER]}]}, "item-lead-assists-itself"),
        ({"items": [ITEMS[0] | {"kind": "optional"}]}, "invalid-request"),
        ({"items": [ITEMS[0] | {"owner": WATER}]}, "invalid-request"),
        ({"items": [ITEMS[0]] * 1_001}, "invalid-request"),
        ({"effective_from": "soon"}, "invalid-request"),
    ],
)
async def test_refuses_a_list_that_is_none(desk: Desk, change: dict[str, Any], slug: str) -> None:
    assert await desk.refused(ESTABLISHMENT, VERSIONS, LIST | change) == (422, slug)


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"code": "township"}, "unit-needs-a-code"),
        ({"name": " "}, "unit-needs-a-name"),
        ({"code": "410923199"}, "unit-code-misfits-class"),
        ({"code": "水利局"}, "invalid-request"),
        ({"english_name": "Water"}, "invalid-request"),
    ],
)
async def test_refuses_a_unit_that_is_none(desk: Desk, change: dict[str, Any], slug: str) -> None:
    assert await desk.refused(ADMINISTRATOR, "/units", UNITS[1] | change) == (422, slug)


@pytest.mark.parametrize("actor", [CLERK, DISPATCHER, ADMINISTRATOR])
async def test_leaves_the_list_to_the_establishment_office(desk: Desk, actor: Actor) -> None:
    assert await desk.refused(actor, VERSIONS, LIST) == (403, "not-permitted")


@pytest.mark.parametrize("actor", [CLERK, DISPATCHER, ESTABLISHMENT])
async def test_leaves_units_to_the_administrator(desk: Desk, actor: Actor) -> None:
    assert await desk.refused(actor, "/units", UNITS[1]) == (403, "not-permitted")


async def test_suggests_items_with_the_words_they_share(desk: Desk) -> None:
    answer = (await desk.get(CLERK, SUGGEST, text="浇麦机井变压器烧毁")).json()
    best = answer["suggestions"][0]
    assert (best["code"], best["lead"], best["legal_basis"]) == ("DL-01", POWER, "《电力供应与使用条例》")
    assert (answer["version"], best["preselected"], best["confidence"]) == (1, True, 1.0)
    assert "变压器" in best["matched"]


async def test_suggests_from_the_list_in_force(desk: Desk) -> None:
    before = (await desk.get(CLERK, SUGGEST, text="沟渠堵塞")).json()
    assert [each["code"] for each in before["suggestions"]] == ["SL-01"]
    other = LIST | {"effective_from": "2026-02-01", "items": ITEMS[1:]}
    await desk.done(ESTABLISHMENT, VERSIONS, other)
    answer = (await desk.get(CLERK, SUGGEST, text="沟渠堵塞")).json()
    assert answer == {"version": 2, "margin": 0.0, "suggestions": []}


async def test_suggests_nothing_without_a_list(empty_desk: Desk) -> None:
    answer = (await empty_desk.get(CLERK, SUGGEST, text="沟渠堵塞")).json()
    assert answer == {"version": None, "margin": 0.0, "suggestions": []}
    too_long = await empty_desk.get(CLERK, SUGGEST, text="长" * 2_001)
    assert too_long.json()["code"] == "invalid-request"


async def test_finds_the_items_in_the_list_of_the_demo_county(empty_desk: Desk) -> None:
    """The list is that of the demo county, the sentences are such as its townships write."""
    units = [
        unit
        for name in ("townships.toml", "units.toml")
        for unit in tomllib.loads((NANLE / name).read_text(encoding="utf-8"))["unit"]
    ]
    for unit in units:
        fields = {name: value for name, value in unit.items() if name != "english_name"}
        await empty_desk.done(ADMINISTRATOR, "/units", fields)
    listed = tomllib.loads((NANLE / "responsibility-list.toml").read_text(encoding="utf-8"))
    items = [{k: v for k, v in item.items() if k != "effective_from"} for item in listed["item"]]
    version = {name: listed[name] for name in ("effective_from", "source_document")} | {"items": items}
    await empty_desk.done(ESTABLISHMENT, VERSIONS, version)
    for text, words in SENTENCES.items():
        answer = (await empty_desk.get(CLERK, SUGGEST, text=text)).json()
        assert words in answer["suggestions"][0]["title"]
        assert len(answer["suggestions"]) <= 3
