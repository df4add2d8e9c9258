"""Full-text search in Chinese: any piece of a text is found and shown in its place, to those who may read."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy import text as text_of

from contracts.events import intake
from contracts.events.intake import WhistleIssue
from gateway.projections.search import LONGEST, hits, index, pairs
from gateway.projections.tables import words
from tests.component.gateway.board import (
    CASE,
    CLERK,
    LIAISON,
    OTHER_CLERK,
    WATER,
    ZHANGGUOTUN,
    Board,
    case_number,
    whistle,
)
from tests.component.gateway.test_letters_handled import a_released_letter

SEARCH = """query($text: String) { cases(filter: { text: $text }) {
  totalCount edges { node { caseId } highlights { field before match after } } } }"""
FACETS = """query($filter: CaseFilterInput) { caseFacets(filter: $filter) {
  total types { value count } states { value count } kinds { value count } townships { code count }
  departments { code count unit { name } } clockStates { value count } } }"""


async def raised(board: Board, nth: int, text: str, **changes: Any) -> str:
    """A whistle with one text, and no other words."""
    case_id = case_number(nth)
    content = await whistle(board, case_id, **changes)
    content["text_sealed"] = await board.seal(text, f"case/{case_id}")
    await board.tell(intake.WhistleRaised(**content, emergency=False))
    return case_id


async def found(board: Board, text: str, **asker: Any) -> list[str]:
    """The ids of the cases that hold some words."""
    connection = (await board.ask(SEARCH, variables={"text": text}, **asker))["cases"]
    ids = [edge["node"]["caseId"] for edge in connection["edges"]]
    assert connection["totalCount"] == len(ids)
    return ids


async def test_finds_any_piece_of_a_text(board: Board) -> None:
    here = await raised(board, 1, "暴雨后沟渠堵塞,两村农田积水")
    await raised(board, 2, "村口路灯不亮")

    for piece in ("沟", "水", "沟渠", "渠堵", "沟渠堵塞", "两村农田积", "积水", ",两"):
        assert await found(board, piece) == [here], piece
    assert await found(board, "渠沟") == []


async def test_wants_a_piece_of_three_characters_as_it_stands(board: Board) -> None:
    await raised(board, 1, "堵塞物已清,沟渠堵。渠堵塞")

    assert await found(board, "沟渠堵塞") == []  # each of its pairs stands somewhere, the piece nowhere


async def test_wants_every_word_and_ignores_the_case_of_letters(board: Board) -> None:
    both = await raised(board, 1, "G107 国道旁 WiFi 基站漏电")
    await raised(board, 2, "G107 国道积水")

    assert await found(board, "g107 wifi") == [both]
    assert await found(board, "漏电 国道") == [both]


@pytest.mark.parametrize("text", ["'", "\\", "a'b", "100%", "_", "' | '沟", ":*", "!沟", "(", "<->"])
async def test_takes_signs_as_they_are(board: Board, text: str) -> None:
    await raised(board, 1, "沟渠堵塞")
    here = await raised(board, 2, f"写着{text}的牌子")

    assert await found(board, text) == ([case_number(2)] if text != "' | '沟" else [here])


async def test_searches_issues_and_numbers_too(board: Board) -> None:
    here = await raised(board, 1, "一件事", number="NL-2026-000777")

    assert await found(board, "清淤") == [here]
    assert await found(board, "000777") == [here]


async def test_an_empty_text_is_no_condition(board: Board) -> None:
    here = await raised(board, 1, "沟渠堵塞")

    assert await found(board, "  ") == [here]


async def test_refuses_a_text_longer_than_anything_worth_searching(board: Board) -> None:
    for text in ("水" * (LONGEST + 1), "水 " * 11):
        refusal = await board.refusal(SEARCH, variables={"text": text})
        assert refusal["code"] == "search-text-too-long"
        assert str(LONGEST) in refusal["message"]


async def test_refuses_a_text_that_no_database_keeps(board: Board) -> None:
    by_id = "query($text: ID) { case(caseId: $text) { caseId } }"
    for query in (SEARCH, by_id):
        assert (await board.refusal(query, variables={"text": "水\0"}))["code"] == "invalid-request"


async def test_shows_each_word_in_its_place(board: Board) -> None:
    await raised(board, 1, "自从上周五的暴雨以后一直没有人来,村东头的沟渠堵塞,两村农田积水严重,已经三天")

    (edge,) = (await board.ask(SEARCH, variables={"text": "沟渠 清淤"}))["cases"]["edges"]

    assert edge["highlights"] == [
        {
            "field": "text",
            "before": "从上周五的暴雨以后一直没有人来,村东头的",
            "match": "沟渠",
            "after": "堵塞,两村农田积水严重,已经三天",
        },
        {"field": "issue", "before": "", "match": "清淤", "after": ""},
    ]


async def test_a_list_without_search_shows_no_hits(board: Board) -> None:
    await raised(board, 1, "沟渠堵塞")

    (edge,) = (await board.ask(SEARCH, variables={"text": None}))["cases"]["edges"]

    assert edge["highlights"] == []


async def test_finds_the_words_a_case_has_now(board: Board) -> None:
    here = await raised(board, 1, "沟渠堵塞")
    await raised(board, 1, "桥面破损")

    assert await found(board, "沟渠") == []
    assert await found(board, "桥面") == [here]


async def test_forgets_with_the_personal_data(board: Board) -> None:
    await raised(board, 1, "沟渠堵塞")
    await board.tell(intake.PersonalDataErased(case_id=CASE, key_ids=(f"case/{CASE}",)))

    assert await found(board, "沟渠") == []
    async with board.engine.connect() as connection:
        (kept,) = (await connection.execute(select(words.c.words))).scalars()
    assert "沟渠" not in kept


async def test_finds_nothing_of_another_unit(board: Board) -> None:
    own = await raised(board, 1, "沟渠堵塞")
    other = await raised(board, 2, "沟渠堵塞", township=ZHANGGUOTUN)

    assert await found(board, "沟渠", actor=CLERK) == [own]
    assert await found(board, "沟渠", actor=OTHER_CLERK) == [other]
    assert await found(board, "沟渠", actor=LIAISON) == []


async def test_a_unit_finds_a_letter_by_the_released_words_alone(board: Board) -> None:
    await a_released_letter(board)

    assert await found(board, "每周重复", actor=LIAISON) == []
    (edge,) = (await board.ask(SEARCH, LIAISON, {"text": "一张报表"}))["cases"]["edges"]
    assert edge["highlights"][0]["match"] == "一张报表"
    assert "填报" not in str(edge)


async def test_counts_what_a_dashboard_shows(dispatched: Board) -> None:
    await raised(dispatched, 2, "沟渠堵塞", township=ZHANGGUOTUN)

    counted = (await dispatched.ask(FACETS))["caseFacets"]

    assert counted["total"] == 2
    assert counted["types"] == [{"value": "WHISTLE", "count": 2}]
    assert {each["value"]: each["count"] for each in counted["states"]} == {
        "DISPATCHED": 1,
        "AWAITING_SIGNATURE": 1,
    }
    assert {each["code"]: each["count"] for each in counted["townships"]} == {"410923102": 1, ZHANGGUOTUN: 1}
    assert {each["code"] for each in counted["departments"]} >= {WATER}
    assert counted["kinds"] == [{"value": "PUBLIC_APPEAL", "count": 2}]


async def test_counts_only_what_the_asker_sees_and_the_filter_lets_through(dispatched: Board) -> None:
    await raised(dispatched, 2, "沟渠堵塞", township=ZHANGGUOTUN)

    async def total(actor: Any, **wanted: Any) -> Mapping[str, Any]:
        counted: Mapping[str, Any] = (await dispatched.ask(FACETS, actor, {"filter": wanted}))["caseFacets"]
        return counted

    own = await total(CLERK)
    assert own["total"] == 1
    assert [each["code"] for each in own["townships"]] == ["410923102"]
    nothing = await total(CLERK, text="没有的话")
    assert nothing == {
        "total": 0,
        "types": [],
        "states": [],
        "kinds": [],
        "townships": [],
        "departments": [],
        "clockStates": [],
    }


async def test_indexes_the_same_words_in_whatever_order_the_rows_are_read(board: Board) -> None:
    sealed = [
        (name, await board.seal(text, f"case/{CASE}")) for name, text in (("i2", "清淤"), ("i1", "修桥"))
    ]
    content = await whistle(
        board, issues=[WhistleIssue(issue_id=name, text_sealed=text) for name, text in sealed]
    )
    await board.tell(intake.WhistleRaised(**content, emergency=False))

    async def indexed(avoided: str) -> str:
        async with board.engine.begin() as connection:
            for plan in (avoided, "enable_bitmapscan"):
                await connection.execute(text_of(f"SET LOCAL {plan} = off"))
            await index(connection, [CASE])
            return str((await connection.execute(select(words.c.words))).scalar_one())

    assert "清淤 修桥" in await indexed("enable_seqscan")
    assert "清淤 修桥" in await indexed("enable_indexscan")


@given(st.text(alphabet="甲乙丙 ab", max_size=12), st.text(alphabet="甲乙丙ab", min_size=1, max_size=4))
def test_every_piece_of_a_text_has_its_pairs_in_the_index(text: str, piece: str) -> None:
    if piece in text:
        indexed = set(pairs(text))
        wanted = {first + second for first, second in pairwise(piece)}
        assert wanted <= indexed
        assert any(pair.startswith(piece[-1]) for pair in indexed)


def test_shows_three_hits_at_most() -> None:
    assert len(hits({"issue": ["水"] * 5}, "水")) == 3
