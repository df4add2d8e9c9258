"""单位改名: from a day on, with a document; before it the unit keeps its name."""

from dataclasses import replace
from datetime import date

from routing.domain.unit import RenameUnit, UnitRegistered, UnitRenamed
from tests.domain.routing.stories import WATER, no_unit_yet
from tests.domain.routing.test_register_unit import BUREAU

RENAME = RenameUnit(WATER, "南乐县水务局", "水务局", date(2026, 4, 1), "南编〔2026〕6号")
RENAMED = UnitRenamed("南乐县水务局", "水务局", date(2026, 4, 1), "南编〔2026〕6号")

a_bureau = no_unit_yet.given(UnitRegistered(BUREAU))


def test_gives_the_unit_another_name() -> None:
    story = a_bureau.when(RENAME).then(RENAMED)
    assert story.state.entry == replace(BUREAU, full_name="南乐县水务局", short_name="水务局")
    assert story.state.answers_whistles


def test_changes_nothing_when_delivered_twice() -> None:
    a_bureau.given(RENAMED).when(RENAME).then_nothing()


def test_corrects_the_day_to_a_later_one_but_not_back_before_the_last() -> None:
    story = a_bureau.given(RENAMED)
    story.when(replace(RENAME, effective_from=date(2026, 5, 1))).then_states(UnitRenamed)
    story.when(replace(RENAME, effective_from=date(2026, 3, 1))).then_refused("renamed-again-before")


def test_needs_a_unit_that_is() -> None:
    no_unit_yet.when(RENAME).then_refused("no-such-unit", unit=WATER)
    a_bureau.when(replace(RENAME, is_no_more=True)).then_refused("unit-is-no-more", unit=WATER)


def test_needs_names_and_a_document() -> None:
    a_bureau.when(replace(RENAME, short_name="")).then_refused("unit-needs-a-name")
    a_bureau.when(replace(RENAME, source_document="")).then_refused("unit-change-needs-a-document")


def test_keeps_the_name_when_the_entry_is_changed() -> None:
    story = a_bureau.given(RENAMED)
    assert story.state.entry is not None
    moved = replace(story.state.entry, duty_desk_phone="0393-0000011")
    assert story.given(UnitRegistered(moved)).state.renamed == RENAMED
