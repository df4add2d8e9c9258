"""权责清单: publishing versions, and which one is in force."""

from dataclasses import replace
from datetime import date, timedelta

from routing.domain.responsibility_list import (
    Item,
    PublishResponsibilityList,
    ResponsibilityListPublished,
)
from tests.domain.routing.stories import (
    CLEANING,
    DITCHES,
    DUTIES,
    EVERYONE,
    ITEMS,
    NEW_YEAR,
    TRANSPORT,
    WATER,
    no_list_yet,
)

FIRST = PublishResponsibilityList(NEW_YEAR, "南编办〔2026〕1号", ITEMS, EVERYONE)
IN_MAY = date(2026, 5, 1)
SECOND = replace(FIRST, effective_from=IN_MAY, source_document="南编办〔2026〕7号", items=ITEMS[:2])


def with_item(item: Item) -> PublishResponsibilityList:
    return replace(FIRST, items=(*ITEMS[1:], item))


def test_makes_the_first_version() -> None:
    story = no_list_yet.when(FIRST).then(ResponsibilityListPublished(1, NEW_YEAR, "南编办〔2026〕1号", ITEMS))
    assert story.state.in_force(NEW_YEAR) == DUTIES


def test_numbers_the_versions() -> None:
    story = no_list_yet.when(FIRST).then_states(ResponsibilityListPublished)
    [fact] = story.when(SECOND).events
    assert fact.version == 2


def test_is_in_force_from_its_day_on() -> None:
    story = no_list_yet.given(*no_list_yet.when(FIRST).events)
    story = story.given(*story.when(SECOND).events)
    in_april = story.state.in_force(IN_MAY - timedelta(days=1))
    in_may = story.state.in_force(IN_MAY)
    assert in_april is not None
    assert in_may is not None
    assert (in_april.number, in_may.number) == (1, 2)
    assert story.state.in_force(NEW_YEAR - timedelta(days=1)) is None


def test_replaces_a_version_of_the_same_day() -> None:
    story = no_list_yet.given(*no_list_yet.when(FIRST).events)
    story = story.given(*story.when(replace(SECOND, effective_from=NEW_YEAR)).events)
    latest = story.state.in_force(NEW_YEAR)
    assert latest is not None
    assert latest.number == 2


def test_can_be_effective_backwards() -> None:
    story = no_list_yet.given(*no_list_yet.when(FIRST).events)
    story = story.given(*story.when(replace(SECOND, effective_from=date(2011, 1, 1))).events)
    old, new = story.state.in_force(date(2015, 6, 1)), story.state.in_force(NEW_YEAR)
    assert old is not None
    assert new is not None
    assert (old.number, new.number) == (2, 1)


def test_finds_items_by_code() -> None:
    assert DUTIES.item("SL-01") == DITCHES
    assert DUTIES.item("SL-99") is None
    assert DUTIES.items_of(["SL-99", "SL-01", "SL-01"]) == (DITCHES,)


def test_changes_nothing_when_delivered_twice() -> None:
    no_list_yet.given(*no_list_yet.when(FIRST).events).when(FIRST).then_nothing()


def test_needs_a_source_document_and_items() -> None:
    no_list_yet.when(replace(FIRST, source_document="")).then_refused("list-needs-a-source-document")
    no_list_yet.when(replace(FIRST, items=())).then_refused("list-needs-items")


def test_gives_each_item_its_own_code_title_and_basis() -> None:
    no_list_yet.when(with_item(ITEMS[1])).then_refused("item-code-twice", item=ITEMS[1].code)
    no_list_yet.when(with_item(replace(DITCHES, title=""))).then_refused("item-needs-a-title")
    no_list_yet.when(with_item(replace(DITCHES, legal_basis=""))).then_refused("item-needs-a-legal-basis")


def test_names_registered_units_only() -> None:
    no_list_yet.when(with_item(replace(DITCHES, lead="no-such-bureau"))).then_refused(
        "item-names-an-unknown-unit", item="SL-01", unit="no-such-bureau"
    )
    no_list_yet.when(with_item(replace(DITCHES, assists=(WATER,)))).then_refused("item-lead-assists-itself")


def test_leaves_own_duties_to_townships_and_the_others_to_departments() -> None:
    own = replace(CLEANING, code="XZ-02")
    for wrong in (replace(DITCHES, lead="township"), replace(own, lead=WATER)):
        no_list_yet.when(with_item(wrong)).then_refused("item-kind-misfits-lead", item=wrong.code)
    for wrong in (replace(DITCHES, level="township"), replace(own, level="county")):
        no_list_yet.when(with_item(wrong)).then_refused("item-kind-misfits-level", item=wrong.code)


def test_says_what_came_with_a_devolved_power_and_with_no_other() -> None:
    devolved = replace(DITCHES, devolved=True, devolved_with=("people", "funds", "technology"))
    no_list_yet.when(with_item(devolved)).then_states(ResponsibilityListPublished)
    kept = replace(devolved, devolved=False)
    no_list_yet.when(with_item(kept)).then_refused("item-came-with-nothing-devolved", item=kept.code)
    other = replace(devolved, devolved_with=("goodwill",))
    no_list_yet.when(with_item(other)).then_refused("item-came-with-what", item=other.code, value="goodwill")


def test_names_an_assist_once() -> None:
    twice = replace(DITCHES, assists=(TRANSPORT, TRANSPORT))
    no_list_yet.when(with_item(twice)).then_refused("item-assist-twice", item=twice.code)
