"""W4: the desk confirms a provisional dispatch."""

from dataclasses import replace

from backbone.eventstore import Deadline
from routing.application.publishing import ASK_WHOSE, dispatch_deadlines
from routing.domain.dispatch.commands import CloseDispatch, ConfirmDispatch
from routing.domain.dispatch.facts import DispatchConfirmed
from tests.domain.routing.stories import (
    CASE,
    MONDAY_NIGHT,
    TUESDAY_MORNING,
    WATER,
    a_final_dispatch,
    a_provisional_dispatch,
    a_scheduled_dispatch,
    after,
    conclude,
    nothing_yet,
    report_in,
)

LAW = "《防洪法》第六条"
RIGHT = ConfirmDispatch(LAW)
NOBODYS = ConfirmDispatch("", owner_found=False)


def test_makes_the_provisional_departments_final() -> None:
    story = a_provisional_dispatch.when(RIGHT).then(DispatchConfirmed(LAW, True, False, None))
    assert not story.state.provisional


def test_leaves_them_provisional_when_no_owner_was_found() -> None:
    story = a_provisional_dispatch.when(NOBODYS).then(DispatchConfirmed("", False, False, None))
    assert story.state.provisional


def test_says_since_when_it_has_no_owner() -> None:
    found_none = replace(NOBODYS, at=MONDAY_NIGHT)
    stated = DispatchConfirmed("", False, False, None, MONDAY_NIGHT)
    story = a_provisional_dispatch.when(found_none).then(stated)
    story.when(replace(found_none, at=TUESDAY_MORNING)).then_nothing()
    assert dispatch_deadlines([stated], story.state, CASE) == [Deadline(CASE, ASK_WHOSE, MONDAY_NIGHT)]
    found = replace(RIGHT, at=MONDAY_NIGHT)
    a_provisional_dispatch.when(found).then(DispatchConfirmed(LAW, True, False, None))


def test_can_follow_once_an_owner_was_found_after_all() -> None:
    story = after(a_provisional_dispatch, NOBODYS, RIGHT)
    assert not story.state.provisional


def test_needs_a_legal_basis() -> None:
    a_provisional_dispatch.when(ConfirmDispatch("")).then_refused("desk-needs-a-legal-basis")


def test_can_mark_it_as_complex_with_a_reason() -> None:
    marked = ConfirmDispatch(LAW, complex=True, complex_reason="sealed reason")
    story = a_provisional_dispatch.when(marked).then(DispatchConfirmed(LAW, True, True, "sealed reason"))
    assert story.state.complex
    unreasoned = ConfirmDispatch(LAW, complex=True)
    a_provisional_dispatch.when(unreasoned).then_refused("complex-needs-a-reason")


def test_still_counts_after_the_lead_has_concluded() -> None:
    concluded = after(a_provisional_dispatch, report_in(WATER), conclude(WATER))
    concluded.when(RIGHT).then_states(DispatchConfirmed)


def test_changes_nothing_when_delivered_twice() -> None:
    for command in (RIGHT, NOBODYS, ConfirmDispatch(LAW, complex=True, complex_reason="sealed reason")):
        after(a_provisional_dispatch, command).when(command).then_nothing()


def test_is_known_as_a_repeat_though_its_reason_is_sealed_afresh() -> None:
    once = ConfirmDispatch(LAW, complex=True, complex_reason="sealed reason")
    again = ConfirmDispatch(LAW, complex=True, complex_reason="the same reason, sealed again")
    after(a_provisional_dispatch, once).when(again).then_nothing()


def test_is_not_asked_for_a_final_dispatch() -> None:
    a_final_dispatch.when(RIGHT).then_refused("not-provisional")
    after(a_provisional_dispatch, RIGHT).when(ConfirmDispatch("another")).then_refused("not-provisional")


def test_comes_too_late_for_a_closed_whistle() -> None:
    closed = after(a_provisional_dispatch, report_in(WATER), conclude(WATER), CloseDispatch())
    closed.when(RIGHT).then_refused("dispatch-closed")


def test_waits_until_the_whistle_is_out() -> None:
    a_scheduled_dispatch.when(RIGHT).then_refused("not-dispatched-yet")
    nothing_yet.when(RIGHT).then_refused("unknown-case")
