"""事项推荐: the items a sentence most likely speaks of."""

from dataclasses import replace

import pytest

from routing.domain.suggestion import PRESELECT_MARGIN, SHOWN, index, search, suggest
from tests.domain.routing.stories import DAMS, DITCHES, ITEMS, TRANSFORMERS, WATERLOGGING

LIST = index(ITEMS)


def test_finds_the_nearest_item_and_says_why() -> None:
    answer = suggest(LIST, "浇麦机井变压器烧毁")
    assert answer.preselected == TRANSFORMERS.code
    best = answer.found[0]
    assert best.item == TRANSFORMERS
    assert {"变压器", "烧毁"} <= set(best.matched)


def test_shows_several_without_choosing_when_they_are_close() -> None:
    answer = suggest(LIST, "沟渠堵塞,农田积水排涝")
    assert {each.item for each in answer.found[:2]} == {DITCHES, WATERLOGGING}
    assert (answer.preselected is None) == (answer.margin < PRESELECT_MARGIN)


def test_shows_at_most_three_best_first() -> None:
    answer = suggest(LIST, "暴雨后沟渠堵塞、农田积水、机井变压器烧毁、水库大坝、村庄保洁")
    assert len(answer.found) == SHOWN
    confidences = [each.confidence for each in answer.found]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1.0, abs=0.001)


def test_chooses_nothing_on_one_common_word() -> None:
    answer = suggest(LIST, "变压")
    assert [each.item for each in answer.found] == [TRANSFORMERS]
    assert answer.margin == 1.0
    assert answer.preselected is None


def test_counts_the_title_double() -> None:
    by_title = replace(DITCHES, code="A", title="暴雨", keywords=("沟渠",))
    by_keyword = replace(DITCHES, code="B", title="沟渠", keywords=("暴雨",))
    first, second = suggest(index([by_keyword, by_title]), "暴雨").found
    assert (first.item.code, second.item.code) == ("A", "B")
    assert first.confidence == pytest.approx(2 * second.confidence, abs=0.001)


def test_finds_nothing_where_nothing_is_shared() -> None:
    for text in ("", "。", "完全无关", "A"):
        assert suggest(LIST, text).found == ()
        assert suggest(LIST, text).preselected is None


def test_answers_the_same_for_any_writing_of_latin_letters() -> None:
    assert suggest(LIST, "PM 沟渠堵塞") == suggest(LIST, "pm 沟渠堵塞")


def test_needs_no_list() -> None:
    assert suggest(index([]), "沟渠堵塞").found == ()


def test_a_search_finds_words_as_they_are_written_first() -> None:
    found = search(index(ITEMS), "沟渠")
    assert found[0] == DITCHES
    assert search(index(ITEMS), DAMS.code.lower())[0] == DAMS


def test_a_search_finds_what_is_alike() -> None:
    assert search(index(ITEMS), "浇麦的变压器坏了")[0] == TRANSFORMERS
    assert DAMS not in search(index(ITEMS), "浇麦的变压器坏了")


def test_a_search_finds_a_single_character_and_nothing_where_nothing_is() -> None:
    assert DAMS in search(index(ITEMS), "坝")
    assert search(index(ITEMS), "xyz") == ()
    assert search(index(()), "沟渠") == ()
