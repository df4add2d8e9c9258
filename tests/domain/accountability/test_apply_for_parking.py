"""申请挂账: the lead asks, with a ground, a plan, milestones, an owner and a day."""

from dataclasses import replace
from datetime import date

import pytest

from accountability.domain.handling import Handling
from accountability.domain.parking.facts import Milestone
from tests.domain.accountability.parking_stories import (
    APPLIED,
    APPLY,
    CONCLUDED,
    ENDED,
    IN_HAND,
    JUNE,
    TRANSPORT,
    applied,
    approved,
    ended,
    nothing,
    parked,
)


def test_states_the_application() -> None:
    nothing.when(APPLY).then(APPLIED)


def test_changes_nothing_when_delivered_twice() -> None:
    applied.when(replace(APPLY, plan="sealed afresh")).then_nothing()


def test_is_the_second_after_the_whistle_has_stood_still() -> None:
    ended.when(APPLY).then(replace(APPLIED, number=2, second=True))


def test_is_refused_with_another_wish_while_one_waits() -> None:
    applied.when(replace(APPLY, ground="legal_obstacle")).then_refused("parking-applied-for-already")


@pytest.mark.parametrize("story", [approved, parked], ids=["approved", "parked"])
def test_is_refused_while_it_stands_still(story: type(nothing)) -> None:  # type: ignore[valid-type]
    story.when(APPLY).then_refused("already-parked")


def test_is_the_leads_alone() -> None:
    nothing.when(replace(APPLY, by=TRANSPORT)).then_refused("only-the-lead-may")


def test_finds_no_case_for_whoever_has_no_part() -> None:
    nothing.when(replace(APPLY, by="power-supply")).then_refused("unknown-case")
    nothing.when(replace(APPLY, handling=Handling())).then_refused("unknown-case")


def test_is_refused_once_the_lead_has_concluded() -> None:
    nothing.when(replace(APPLY, handling=CONCLUDED)).then_refused("lead-has-concluded")


def test_is_refused_once_the_whistle_has_ended() -> None:
    nothing.when(replace(APPLY, handling=ENDED)).then_refused("whistle-has-ended")


def test_is_refused_before_reporting_in() -> None:
    silent = replace(IN_HAND, reported_in=False)
    nothing.when(replace(APPLY, handling=silent)).then_refused("parking-before-reporting-in")


def test_needs_a_plan_an_owner_and_milestones() -> None:
    nothing.when(replace(APPLY, plan="")).then_refused("parking-needs-a-plan")
    nothing.when(replace(APPLY, owner="")).then_refused("parking-needs-an-owner")
    nothing.when(replace(APPLY, milestones=())).then_refused("parking-needs-milestones")
    wordless = (Milestone(1, JUNE, ""),)
    nothing.when(replace(APPLY, milestones=wordless)).then_refused("milestone-needs-words")


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 7, 1)], ids=["past", "after-the-sunset"])
def test_has_its_milestones_between_today_and_the_sunset(day: date) -> None:
    outside = (Milestone(1, day, "sealed"),)
    nothing.when(replace(APPLY, milestones=outside)).then_refused("milestone-outside-the-parking")


def test_ends_after_today_and_no_later_than_the_policy_says() -> None:
    nothing.when(replace(APPLY, sunset=date(2026, 3, 2))).then_refused("sunset-must-lie-ahead")
    last = date(2026, 8, 29)  # 180 days after 2 March
    nothing.when(replace(APPLY, sunset=last)).then(replace(APPLIED, sunset=last))
    later = date(2026, 8, 30)
    nothing.when(replace(APPLY, sunset=later)).then_refused("sunset-too-far", most=180)


def test_rests_on_a_ground_the_rules_in_force_admit() -> None:
    others = frozenset({"legal_obstacle"})
    nothing.when(replace(APPLY, admitted=others)).then_refused("parking-ground-not-admitted")  # type: ignore[arg-type]


def test_is_the_county_leaders_at_once_where_the_rules_say_so() -> None:
    [fact] = nothing.when(replace(APPLY, office_decides=0)).events
    assert fact == replace(APPLIED, second=True)
