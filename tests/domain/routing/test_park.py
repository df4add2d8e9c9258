"""挂账: the dispatch stands still and goes on, or the approval came too late."""

from datetime import UTC, datetime

from routing.domain.dispatch.commands import CloseDispatch, CorrectDispatch, WithdrawDispatch
from routing.domain.dispatch.facts import (
    DispatchClosed,
    DispatchParked,
    DispatchUnparked,
    LeadConcluded,
    ParkingRefused,
    PartConcluded,
)
from routing.domain.dispatch.parking_commands import Park, Unpark
from tests.domain.routing.stories import (
    EVERYONE,
    FARMING,
    TRANSPORT,
    WATER,
    YUANCUN,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_confirmed_dispatch,
    a_final_dispatch,
    a_reported_dispatch,
    after,
    conclude,
    nothing_yet,
    report_in,
)

NOON, EVENING = datetime(2026, 3, 4, 4, tzinfo=UTC), datetime(2026, 3, 4, 10, tzinfo=UTC)
PARK = Park(1, WATER, NOON)
UNPARK = Unpark(1, EVENING)
a_parked_dispatch = after(a_reported_dispatch, PARK)


def test_lets_the_dispatch_stand_still_as_of_the_approval() -> None:
    a_reported_dispatch.when(PARK).then(DispatchParked(1, NOON))


def test_changes_nothing_when_delivered_twice() -> None:
    a_parked_dispatch.when(PARK).then_nothing()
    gone_on = a_parked_dispatch.when(UNPARK).then(DispatchUnparked(1, EVENING))
    gone_on.when(UNPARK).then_nothing()
    gone_on.when(PARK).then_nothing()


def test_comes_too_late_for_what_is_concluded_or_ended() -> None:
    refused = a_concluded_dispatch.when(PARK).then(ParkingRefused(1, "lead-concluded"))
    refused.when(PARK).then_nothing()
    a_closed_dispatch.when(PARK).then(ParkingRefused(1, "whistle-ended"))
    nothing_yet.when(PARK).then(ParkingRefused(1, "whistle-ended"))


def test_comes_too_late_when_another_department_leads_or_the_lead_has_not_come() -> None:
    a_reported_dispatch.when(Park(1, FARMING, NOON)).then(ParkingRefused(1, "lead-changed"))
    a_final_dispatch.when(PARK).then(ParkingRefused(1, "lead-changed"))


def test_keeps_the_lead_from_concluding_until_it_goes_on() -> None:
    a_parked_dispatch.when(conclude(WATER)).then_refused("whistle-is-parked")
    after(a_parked_dispatch, UNPARK).when(conclude(WATER)).then_states(LeadConcluded)


def test_lets_an_assist_report_in_and_finish_its_part_meanwhile() -> None:
    after(a_parked_dispatch, report_in(TRANSPORT)).when(conclude(TRANSPORT)).then_states(PartConcluded)


def test_is_answered_also_after_the_whistle_has_ended_meanwhile() -> None:
    withdrawn = a_parked_dispatch.when(CloseDispatch()).then(DispatchClosed())
    withdrawn.when(UNPARK).then(DispatchUnparked(1, EVENING))


def test_can_be_parked_once_more() -> None:
    again = after(a_parked_dispatch, UNPARK).when(Park(2, WATER, EVENING)).then(DispatchParked(2, EVENING))
    again.when(UNPARK).then_nothing()


def test_leaves_the_township_its_way_to_withdraw_with_consent() -> None:
    asked = WithdrawDispatch(YUANCUN, "sealed reason", ask_consent=True)
    assert a_parked_dispatch.when(asked).refusal is None


def test_goes_to_another_lead_by_a_correction() -> None:
    parked = after(a_confirmed_dispatch.given(), report_in(WATER), PARK)
    corrected = CorrectDispatch(TRANSPORT, (), EVERYONE, "《公路法》", by_ruling=True)
    moved = after(parked, corrected)
    assert moved.state.lead is not None
    assert (moved.state.lead.assigned.unit, moved.state.parked) == (TRANSPORT, 1)
