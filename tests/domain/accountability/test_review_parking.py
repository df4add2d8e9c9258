"""挂账复查: how the plan stands, every 30 days."""

from dataclasses import replace

from accountability.domain.parking.commands import ReviewParking
from accountability.domain.parking.facts import ParkingApproved, ParkingBegun, ParkingReviewed
from tests.domain.accountability.parking_stories import (
    IN_HAND,
    MONDAY,
    TRANSPORT,
    applied,
    applied_again,
    approved,
    nothing,
    parked,
)
from tests.domain.accountability.stories import WATER

REVIEW = ReviewParking(WATER, False, IN_HAND, "sealed words")
OFFICE = "burden-reduction-office"


def test_numbers_the_rounds() -> None:
    once = parked.when(REVIEW).then(ParkingReviewed(1, 1, WATER, "sealed words"))
    once.when(replace(REVIEW, words="sealed more")).then(ParkingReviewed(1, 2, WATER, "sealed more"))


def test_counts_on_over_a_second_parking() -> None:
    again = applied_again.given(ParkingApproved(2, WATER, MONDAY), ParkingBegun(2))
    again.when(REVIEW).then(ParkingReviewed(2, 2, WATER, "sealed words"))


def test_changes_nothing_when_delivered_twice() -> None:
    parked.given(ParkingReviewed(1, 1, WATER, "sealed words")).when(REVIEW).then_nothing()


def test_is_the_leads_or_the_offices() -> None:
    parked.when(ReviewParking(OFFICE, True, IN_HAND, "sealed")).then(ParkingReviewed(1, 1, OFFICE, "sealed"))
    parked.when(replace(REVIEW, by=TRANSPORT)).then_refused("only-the-lead-may")


def test_needs_a_whistle_that_stands_still_and_words() -> None:
    for story in (nothing, applied, approved):
        story.when(REVIEW).then_refused("not-parked")
    parked.when(replace(REVIEW, words="")).then_refused("review-needs-words")
