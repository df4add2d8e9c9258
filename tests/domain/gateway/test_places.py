"""地点: an address names one township, and perhaps one village, or nothing that could be relied on."""

import pytest

from gateway.domain.places import Place, Township, Unplaced, Village, place_by_code, place_by_words

YUANCUN = Township(
    "410923102",
    "元村镇",
    [
        Village("410923102201", "元村村委会"),
        Village("410923102202", "古寺郎村委会"),
        Village("410923102203", "大楼村委会"),
        Village("410923102204", "东刘庄村委会"),
        Village("410923102205", "马村村委会"),
        Village("410923102206", "刘庄村委会"),
    ],
)
CHENGGUAN = Township(
    "410923100",
    "城关镇",
    [Village("410923100101", "昌州路居委会"), Village("410923100202", "刘庄村委会")],
)
COUNTY = (YUANCUN, CHENGGUAN)


def named(words: str) -> tuple[str, str | None]:
    """Township and village that words are taken for."""
    place = place_by_words(words, COUNTY)
    assert place.guessed
    return place.township.name, place.village.name if place.village else None


def refusal(words: str) -> str:
    """Why words are taken for nothing."""
    with pytest.raises(Unplaced) as refused:
        place_by_words(words, COUNTY)
    return refused.value.slug


@pytest.mark.parametrize(
    ("words", "township", "village"),
    [
        ("河南省濮阳市南乐县元村镇古寺郎村村委会东50米", "元村镇", "古寺郎村委会"),
        ("元村镇古寺郎", "元村镇", "古寺郎村委会"),
        ("南乐县元村镇元村", "元村镇", "元村村委会"),
        ("元村镇 元村 十字路口", "元村镇", "元村村委会"),
        ("城关镇昌州路社区", "城关镇", "昌州路居委会"),
        ("元村镇106国道旁", "元村镇", None),
        ("元村", "元村镇", "元村村委会"),
        ("古寺郎村南头水渠", "元村镇", "古寺郎村委会"),
        ("南乐县马村小学", "元村镇", "马村村委会"),
        ("昌州路居委会门口", "城关镇", "昌州路居委会"),
        ("元村镇古寺郎村与马村之间", "元村镇", None),
    ],
)
def test_an_address_names_a_place(words: str, township: str, village: str | None) -> None:
    assert named(words) == (township, village)


def test_a_name_inside_a_longer_one_is_none() -> None:
    assert named("东刘庄村") == ("元村镇", "东刘庄村委会")
    assert named("元村镇东刘庄村") == ("元村镇", "东刘庄村委会")
    assert named("城关镇刘庄村") == ("城关镇", "刘庄村委会")


@pytest.mark.parametrize("words", ["县政府大楼三层", "司马村东头", "清丰县马庄桥镇马村", "路灯坏了"])
def test_what_only_looks_like_a_village_is_not_taken_for_one(words: str) -> None:
    assert refusal(words) == "place-unknown"


@pytest.mark.parametrize("words", ["元村镇与城关镇交界处", "古寺郎村、刘庄村之间的沟"])
def test_two_townships_are_not_chosen_between(words: str) -> None:
    with pytest.raises(Unplaced) as refused:
        place_by_words(words, COUNTY)
    assert (refused.value.slug, refused.value.params) == ("place-ambiguous", {"townships": "元村镇、城关镇"})


def test_a_code_names_a_place_exactly() -> None:
    assert place_by_code("410923102202", COUNTY) == Place(YUANCUN, YUANCUN.villages[1])
    assert place_by_code("410923100", COUNTY) == Place(CHENGGUAN, None)
    with pytest.raises(Unplaced, match="unknown-address-id"):
        place_by_code("110101001001", COUNTY)
