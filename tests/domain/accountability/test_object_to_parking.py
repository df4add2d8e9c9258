"""挂账异议: the township does not agree; the decision stays where it is."""

from accountability.domain.parking.commands import ObjectToParking
from accountability.domain.parking.facts import ParkingObjectedTo
from tests.domain.accountability.parking_stories import (
    IN_HAND,
    YUANCUN,
    applied,
    ended,
    nothing,
    parked,
)
from tests.domain.accountability.stories import WATER

OBJECT = ObjectToParking(YUANCUN, IN_HAND, "sealed objection")


def test_is_recorded_before_and_after_the_decision() -> None:
    applied.when(OBJECT).then(ParkingObjectedTo(1, "sealed objection"))
    parked.when(OBJECT).then(ParkingObjectedTo(1, "sealed objection"))


def test_changes_nothing_when_delivered_twice() -> None:
    applied.given(ParkingObjectedTo(1, "sealed objection")).when(OBJECT).then_nothing()


def test_is_the_townships_of_the_whistle() -> None:
    applied.when(ObjectToParking("410923101", IN_HAND, "sealed")).then_refused("unknown-case")
    applied.when(ObjectToParking(WATER, IN_HAND, "sealed")).then_refused("unknown-case")


def test_needs_a_parking_and_a_reason() -> None:
    nothing.when(OBJECT).then_refused("no-parking-to-object-to")
    ended.when(OBJECT).then_refused("no-parking-to-object-to")
    applied.when(ObjectToParking(YUANCUN, IN_HAND, "")).then_refused("objection-needs-a-reason")
