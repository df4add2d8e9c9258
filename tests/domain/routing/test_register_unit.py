"""单位: registering a unit and changing its entry."""

from dataclasses import replace

from routing.domain.unit import Entry, RegisterUnit, UnitRegistered, Village
from tests.domain.routing.stories import WATER, YUANCUN, no_unit_yet

BUREAU = Entry(WATER, "南乐县水利局", "水利局", "department", "department", "0393-0000010")
TOWN = Entry(YUANCUN, "南乐县元村镇人民政府", "元村镇", "township", "township")


def test_enters_the_unit() -> None:
    story = no_unit_yet.when(RegisterUnit(BUREAU)).then(UnitRegistered(BUREAU))
    assert story.state.answers_whistles


def test_lets_whistles_go_to_departments_not_to_townships() -> None:
    assert not no_unit_yet.state.answers_whistles
    assert not no_unit_yet.when(RegisterUnit(TOWN)).then(UnitRegistered(TOWN)).state.answers_whistles


def test_changes_the_entry() -> None:
    moved = replace(BUREAU, duty_desk_phone="0393-0000011")
    no_unit_yet.given(UnitRegistered(BUREAU)).when(RegisterUnit(moved)).then(UnitRegistered(moved))


def test_changes_nothing_when_delivered_twice() -> None:
    no_unit_yet.given(UnitRegistered(BUREAU)).when(RegisterUnit(BUREAU)).then_nothing()


def test_needs_a_code_and_names() -> None:
    for code in ("", "township"):
        no_unit_yet.when(RegisterUnit(replace(BUREAU, code=code))).then_refused("unit-needs-a-code")
    for nameless in (replace(BUREAU, full_name=""), replace(BUREAU, short_name="")):
        no_unit_yet.when(RegisterUnit(nameless)).then_refused("unit-needs-a-name")


def test_keeps_nine_digit_codes_for_townships() -> None:
    for misfit in (replace(BUREAU, code=YUANCUN), replace(TOWN, code="yuancun")):
        no_unit_yet.when(RegisterUnit(misfit)).then_refused("unit-code-misfits-class")


def test_never_changes_the_class() -> None:
    registered = no_unit_yet.given(UnitRegistered(BUREAU))
    registered.when(RegisterUnit(replace(BUREAU, unit_class="utility"))).then_refused("unit-class-is-fixed")


def test_knows_a_townships_villages() -> None:
    town = replace(TOWN, villages=(Village(f"{YUANCUN}201", "元村"), Village(f"{YUANCUN}202", "谷村")))
    story = no_unit_yet.when(RegisterUnit(town)).then(UnitRegistered(town))
    story.when(RegisterUnit(town)).then_nothing()


def test_takes_no_village_twice() -> None:
    twice = replace(TOWN, villages=(Village(f"{YUANCUN}201", "元村"),) * 2)
    no_unit_yet.when(RegisterUnit(twice)).then_refused("village-stands-twice")


def test_takes_no_village_of_another_place_and_none_for_departments() -> None:
    village = Village(f"{YUANCUN}201", "元村")
    for entry, code in (
        (replace(TOWN, villages=(Village("410923104201", "别处"),)), "410923104201"),
        (replace(TOWN, villages=(Village(f"{YUANCUN}1", "短码"),)), f"{YUANCUN}1"),
        (replace(TOWN, villages=(Village(f"{YUANCUN}201", ""),)), f"{YUANCUN}201"),
        (replace(BUREAU, villages=(village,)), village.code),
    ):
        no_unit_yet.when(RegisterUnit(entry)).then_refused("village-outside-the-township", village=code)
