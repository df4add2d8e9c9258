"""The responsibility list in GraphQL: by day, kind and unit, by words, whole, and compared."""

from typing import Any

import pytest

from contracts.events import routing
from tests.component.gateway.board import CLERK, POWER, TRANSPORT, WATER, Board, case_number

DITCH = routing.ResponsibilityItem(
    code="SL-01",
    title="沟渠清障",
    kind="supporting",
    level="county",
    lead=WATER,
    assists=(TRANSPORT,),
    legal_basis="《防洪法》",
    devolved=True,
    devolved_with=("people", "funds"),
)
DAM = DITCH.model_copy(
    update={"code": "SL-02", "title": "水库加固", "kind": "withdrawn_upward", "assists": ()}
)
CLEANING = routing.ResponsibilityItem(
    code="XZ-01",
    title="村庄保洁",
    kind="primary",
    level="township",
    lead="township",
    legal_basis="《条例》",
)


def version(number: int, day: str, *items: routing.ResponsibilityItem) -> routing.ResponsibilityListPublished:
    return routing.ResponsibilityListPublished(
        case_id=case_number(80),
        version=number,
        effective_from=day,
        source_document=f"南编办〔2026〕{number}号",
        items=items,
    )


@pytest.fixture
async def listed(board: Board) -> Board:
    """One list in force since New Year, an older one brought in later, and one that lies ahead."""
    await board.tell(
        version(1, "2020-01-01", DITCH, DAM, CLEANING),
        version(2, "2011-01-01", CLEANING),
        version(3, "2999-01-01", DAM),
    )
    return board


async def codes(board: Board, arguments: str) -> list[str]:
    query = f"{{ responsibilityItems{arguments} {{ code }} }}"
    return [each["code"] for each in (await board.ask(query, CLERK))["responsibilityItems"]]


async def test_shows_the_list_in_force_whenever_it_was_published(listed: Board) -> None:
    assert await codes(listed, "") == ["SL-01", "SL-02", "XZ-01"]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ('(asOf: "2015-06-01")', ["XZ-01"]),
        ('(asOf: "2999-01-01")', ["SL-02"]),
        ('(asOf: "2010-12-31")', []),
        ("(kind: SUPPORTING)", ["SL-01"]),
        ("(kind: WITHDRAWN_UPWARD)", ["SL-02"]),
        ('(unit: "transport")', ["SL-01"]),
        ('(unit: "water-resources", kind: PRIMARY)', []),
        ('(unit: "township")', ["XZ-01"]),
    ],
)
async def test_narrows_by_day_kind_and_unit(listed: Board, arguments: str, found: list[str]) -> None:
    assert await codes(listed, arguments) == found


async def test_finds_by_words_in_the_order_of_the_owner(listed: Board) -> None:
    listed.services.answers["/responsibility-list/search"] = {"version": 1, "codes": ["SL-02", "SL-01"]}
    assert await codes(listed, '(search: "水", asOf: "2026-05-01")') == ["SL-02", "SL-01"]
    assert await codes(listed, f'(search: "水", unit: "{TRANSPORT}")') == ["SL-01"]
    assert listed.services.asked[0] == ("/responsibility-list/search", {"text": "水", "as_of": "2026-05-01"})
    listed.services.answers["/responsibility-list/search"] = {"version": None, "codes": []}
    assert await codes(listed, '(search: "水")') == []


async def test_shows_a_version_whole(listed: Board) -> None:
    query = "{ version effectiveFrom sourceDocument items { code devolved devolvedWith level } }"
    shown = await listed.ask(
        f"{{ responsibilityList {query} old: responsibilityList(version: 2) {query} }}", CLERK
    )
    assert shown["responsibilityList"]["items"][0] == {
        "code": "SL-01",
        "devolved": True,
        "devolvedWith": ["people", "funds"],
        "level": "county",
    }
    assert (shown["responsibilityList"]["version"], shown["old"]["effectiveFrom"]) == (1, "2011-01-01")
    assert shown["old"]["sourceDocument"] == "南编办〔2026〕2号"


async def test_shows_nothing_where_there_is_no_list(board: Board) -> None:
    assert (await board.ask("{ responsibilityList { version } }"))["responsibilityList"] is None
    assert (await board.ask("{ responsibilityList(version: 9) { version } }"))["responsibilityList"] is None
    assert await codes(board, "") == []


async def test_compares_two_versions(listed: Board) -> None:
    whole: dict[str, Any] = DAM.model_dump(mode="json")
    listed.services.answers["/responsibility-list/diff"] = {
        "added": [whole],
        "removed": [],
        "changed": [
            {
                "code": "SL-01",
                "title": "沟渠清障",
                "fields": [
                    {"field": "assists", "old": [TRANSPORT], "new": [POWER, TRANSPORT]},
                    {"field": "complex", "old": False, "new": True},
                ],
            }
        ],
        "unchanged": 3,
    }
    query = """{ responsibilityListDiff(from: 1, to: 2) {
        added { code title } removed { code } changed { code fields { field old new } } unchanged
    } }"""
    found = (await listed.ask(query, CLERK))["responsibilityListDiff"]
    assert found["added"] == [{"code": "SL-02", "title": "水库加固"}]
    assert found["changed"][0]["fields"] == [
        {"field": "assists", "old": TRANSPORT, "new": f"{POWER}\n{TRANSPORT}"},
        {"field": "complex", "old": "false", "new": "true"},
    ]
    assert (found["removed"], found["unchanged"]) == ([], 3)
    assert listed.services.asked == [("/responsibility-list/diff", {"from": "1", "to": "2"})]
