"""不批准挂账: by whoever would approve it, with a reason."""

from accountability.domain.parking.commands import RefuseParking
from accountability.domain.parking.facts import ParkingRefused
from tests.domain.accountability.parking_stories import APPLIED, APPLY, applied, applied_again, nothing

REFUSE = RefuseParking(False, "sealed reason")


def test_states_the_refusal() -> None:
    applied.when(REFUSE).then(ParkingRefused(1, "sealed reason"))


def test_changes_nothing_when_delivered_twice() -> None:
    applied.given(ParkingRefused(1, "sealed reason")).when(REFUSE).then_nothing()


def test_leaves_the_lead_free_to_ask_again_of_the_office() -> None:
    again = applied.given(ParkingRefused(1, "sealed reason")).when(APPLY)
    again.then_states(type(APPLIED))
    assert again.events[0].second is False  # type: ignore[union-attr]


def test_needs_an_application_and_a_reason() -> None:
    nothing.when(REFUSE).then_refused("no-parking-applied-for")
    applied.when(RefuseParking(False, "")).then_refused("refusing-parking-needs-a-reason")


def test_is_of_the_level_that_would_approve() -> None:
    applied_again.when(REFUSE).then_refused("second-time-is-the-county-leaders")
    applied.when(RefuseParking(True, "sealed")).then_refused("first-time-is-the-offices")
