"""批准挂账: the office the first time, the county leader from the second on."""

from dataclasses import replace

from accountability.domain.parking.commands import ApproveParking
from accountability.domain.parking.facts import ParkingApproved, ParkingObjectedTo
from tests.domain.accountability.parking_stories import (
    APPROVED,
    CONCLUDED,
    ENDED,
    IN_HAND,
    MONDAY,
    applied,
    applied_again,
    approved,
    nothing,
    parked,
)
from tests.domain.accountability.stories import WATER, at

APPROVE = ApproveParking(False, IN_HAND, MONDAY)


def test_states_the_approval() -> None:
    applied.when(APPROVE).then(APPROVED)


def test_is_free_to_over_an_objection() -> None:
    applied.given(ParkingObjectedTo(1, "sealed")).when(APPROVE).then(APPROVED)


def test_changes_nothing_when_delivered_twice() -> None:
    approved.when(APPROVE).then_nothing()
    parked.when(APPROVE).then_nothing()


def test_is_the_county_leaders_from_the_second_time_on() -> None:
    applied_again.when(APPROVE).then_refused("second-time-is-the-county-leaders")
    by_county_leader = replace(APPROVE, county_leader=True)
    applied_again.when(by_county_leader).then(ParkingApproved(2, WATER, MONDAY))
    applied.when(by_county_leader).then_refused("first-time-is-the-offices")


def test_needs_an_application() -> None:
    nothing.when(APPROVE).then_refused("no-parking-applied-for")


def test_comes_too_late_for_a_concluded_or_ended_whistle() -> None:
    applied.when(replace(APPROVE, handling=CONCLUDED)).then_refused("lead-has-concluded")
    applied.when(replace(APPROVE, handling=ENDED)).then_refused("whistle-has-ended")


def test_comes_too_late_on_the_day_it_would_end() -> None:
    applied.when(replace(APPROVE, at=at("2026-06-30 09:00"))).then_refused("sunset-must-lie-ahead")
