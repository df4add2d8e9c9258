"""机构合并、撤销: who is no more, and who stands in whose place."""

from dataclasses import replace
from datetime import date

from backbone.testing import Scenario
from routing.application.units_publishing import SUCCESSION
from routing.domain.succession import Command, EndUnit, Event, MergeUnits, Succession, UnitEnded, UnitMerged
from tests.domain.routing.stories import (
    CLEANING,
    DITCHES,
    DUTIES,
    FARMING,
    MONDAY_NIGHT,
    NEW_YEAR,
    POWER,
    TRANSPORT,
    WATER,
    WATERLOGGING,
    YUANCUN,
)

OFFICE = "burden-reduction-office"
DOCUMENT = "南编〔2026〕5号"
MERGE = MergeUnits(
    unit=WATER,
    into=FARMING,
    effective_from=date(2026, 3, 1),
    source_document=DOCUMENT,
    classes={
        WATER: "department",
        FARMING: "department",
        POWER: "utility",
        TRANSPORT: "department",
        YUANCUN: "township",
        OFFICE: "office",
    },
    asked_on=MONDAY_NIGHT.date(),
    at=MONDAY_NIGHT,
)
END = EndUnit(WATER, date(2026, 3, 1), DOCUMENT, MERGE.classes, 0, MERGE.asked_on)
MERGED = UnitMerged(WATER, FARMING, date(2026, 3, 1), DOCUMENT, MONDAY_NIGHT)

everybody_is: Scenario[Command, Event, Succession] = Scenario.of(SUCCESSION)


def test_puts_the_heir_in_the_units_place() -> None:
    story = everybody_is.when(MERGE).then(MERGED)
    assert story.state.heir(WATER) == FARMING
    assert story.state.heir(TRANSPORT) == TRANSPORT
    assert story.state.forebears(FARMING) == {WATER}


def test_follows_a_heir_that_was_merged_in_turn() -> None:
    again = replace(MERGE, unit=FARMING, into=TRANSPORT)
    story = everybody_is.given(MERGED).when(again).then_states(UnitMerged)
    assert story.state.heirs == {WATER: TRANSPORT, FARMING: TRANSPORT}
    assert story.state.forebears(TRANSPORT) == {WATER, FARMING}
    ended = story.when(replace(END, unit=TRANSPORT)).then_states(UnitEnded)
    assert ended.state.heirs == {}


def test_changes_nothing_when_delivered_twice() -> None:
    everybody_is.given(MERGED).when(MERGE).then_nothing()
    everybody_is.when(END).then_states(UnitEnded).when(END).then_nothing()


def test_names_nobody_that_is_no_more() -> None:
    gone = everybody_is.given(MERGED)
    gone.when(replace(MERGE, into=TRANSPORT)).then_refused("unit-is-no-more", unit=WATER)
    gone.when(replace(MERGE, unit=TRANSPORT, into=WATER)).then_refused("unit-is-no-more", unit=WATER)
    gone.when(replace(MERGE, unit=FARMING, into=WATER)).then_refused("unit-is-no-more", unit=WATER)
    gone.when(END).then_refused("unit-is-no-more", unit=WATER)


def test_takes_registered_units_only() -> None:
    everybody_is.when(replace(MERGE, unit="tobacco")).then_refused("no-such-unit", unit="tobacco")
    everybody_is.when(replace(MERGE, into="tobacco")).then_refused("no-such-unit", unit="tobacco")
    everybody_is.when(replace(MERGE, into=WATER)).then_refused("unit-merges-into-itself")


def test_leaves_townships_and_offices_where_they_are() -> None:
    for unit in (YUANCUN, OFFICE):
        everybody_is.when(replace(MERGE, unit=unit)).then_refused("only-departments-dissolve", unit=unit)
        everybody_is.when(replace(END, unit=unit)).then_refused("only-departments-dissolve", unit=unit)
    everybody_is.when(replace(MERGE, into=YUANCUN)).then_refused("township-takes-no-department")
    everybody_is.when(replace(MERGE, into=OFFICE)).then_states(UnitMerged)


def test_needs_a_document_and_a_day_that_has_come() -> None:
    everybody_is.when(replace(MERGE, source_document="")).then_refused("unit-change-needs-a-document")
    everybody_is.when(replace(MERGE, effective_from=MERGE.asked_on)).then_states(UnitMerged)
    ahead = replace(END, effective_from=date(2026, 3, 3))
    everybody_is.when(ahead).then_refused("unit-change-lies-ahead", effective_from="2026-03-03")


def test_ends_only_what_has_nothing_open() -> None:
    everybody_is.when(replace(END, open_assignments=2)).then_refused(
        "unit-has-open-assignments", unit=WATER, count=2
    )
    story = everybody_is.when(END).then(UnitEnded(WATER, date(2026, 3, 1), DOCUMENT))
    assert story.state.heir(WATER) is None
    assert story.state.named([WATER, POWER]) == (WATER, POWER)


def test_reads_the_list_as_the_units_are_now() -> None:
    story = everybody_is.given(
        UnitMerged(WATER, TRANSPORT, NEW_YEAR, DOCUMENT, MONDAY_NIGHT), UnitEnded(FARMING, NEW_YEAR, DOCUMENT)
    )
    followed = story.state.follow(DUTIES)
    assert followed.item(DITCHES.code) == replace(DITCHES, lead=TRANSPORT, assists=())
    assert followed.item(WATERLOGGING.code) is None, "an owner without heirs owns nothing"
    assert followed.item(CLEANING.code) == replace(CLEANING, assists=())
    assert (followed.number, followed.effective_from) == (DUTIES.number, NEW_YEAR)


def test_names_heirs_once() -> None:
    state = everybody_is.given(MERGED).state
    assert state.named([WATER, FARMING, POWER]) == (FARMING, POWER)
