"""清单比对: what a version adds, removes and changes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from routing.domain.list_comparison import FieldChange, ItemChange, diff
from routing.domain.responsibility_list import Item
from tests.domain.routing.stories import (
    CLEANING,
    DAMS,
    DITCHES,
    FARMING,
    ITEMS,
    TRANSFORMERS,
    TRANSPORT,
    WATER,
    WATERLOGGING,
)


def test_finds_nothing_between_a_list_and_itself_in_another_order() -> None:
    found = diff(ITEMS, reversed(ITEMS))
    assert found.nothing
    assert found.unchanged == len(ITEMS)


def test_names_what_came_and_what_went() -> None:
    found = diff([DITCHES, DAMS], [DITCHES, CLEANING])
    assert (found.added, found.removed, found.changed, found.unchanged) == ((CLEANING,), (DAMS,), (), 1)


def test_names_every_field_that_changed() -> None:
    revised = replace(DITCHES, lead=FARMING, assists=(WATER,), complex=True)
    found = diff([DITCHES], [revised])
    assert found.changed == (
        ItemChange(
            revised,
            (
                FieldChange("lead", WATER, FARMING),
                FieldChange("assists", (TRANSPORT,), (WATER,)),
                FieldChange("complex", False, True),
            ),
        ),
    )


items = st.builds(
    replace,
    st.sampled_from([DITCHES, DAMS, CLEANING, TRANSFORMERS, WATERLOGGING]),
    complex=st.booleans(),
    summary=st.sampled_from(["", "一句话"]),
)
lists = st.lists(items, unique_by=lambda item: item.code)


@given(lists, lists)
def test_leads_from_one_list_to_the_other(old: list[Item], new: list[Item]) -> None:
    found = diff(old, new)
    gone = {item.code for item in found.removed}
    kept = {item.code: item for item in old if item.code not in gone}
    kept |= {each.item.code: each.item for each in found.changed}
    kept |= {item.code: item for item in found.added}
    assert kept == {item.code: item for item in new}
    assert found.unchanged == len(set(old) & set(new))
    assert diff(new, old).added == found.removed
