"""A7: 反馈."""

from routing.domain.dispatch.commands import GiveFeedback, ReopenDispatch
from routing.domain.dispatch.facts import FeedbackGiven
from tests.domain.routing.stories import (
    FARMING,
    POWER,
    TRANSPORT,
    WATER,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_reopened_dispatch,
    a_reported_dispatch,
    after,
    assigned,
)

PUMPING = GiveFeedback(WATER, WATER, "sealed: two pumps at work")
DRAINED = GiveFeedback(WATER, WATER, "sealed: half the field is dry")
LEAD = assigned(a_final_dispatch, WATER).assignment_id


def test_is_marked_as_the_first_of_its_department() -> None:
    a_reported_dispatch.when(PUMPING).then(FeedbackGiven(LEAD, True, PUMPING.content))


def test_is_not_the_first_the_second_time() -> None:
    after(a_reported_dispatch, PUMPING).when(DRAINED).then(FeedbackGiven(LEAD, False, DRAINED.content))


def test_is_the_first_again_in_the_next_cycle() -> None:
    a_reopened_dispatch.when(PUMPING).then(FeedbackGiven(LEAD, True, PUMPING.content))
    spoke_before = after(a_reported_dispatch, PUMPING, ReopenDispatch(cycle=2))
    spoke_before.when(DRAINED).then(FeedbackGiven(LEAD, True, DRAINED.content))


def test_is_given_by_assists_too() -> None:
    a_reported_dispatch.when(GiveFeedback(FARMING, FARMING, "sealed words")).then_states(FeedbackGiven)


def test_changes_nothing_when_delivered_twice() -> None:
    after(a_reported_dispatch, PUMPING).when(PUMPING).then_nothing()


def test_needs_content() -> None:
    a_reported_dispatch.when(GiveFeedback(WATER, WATER, "")).then_refused("feedback-needs-content")


def test_follows_the_report_in() -> None:
    a_final_dispatch.when(PUMPING).then_refused("not-reported-in")


def test_ends_with_the_conclusion() -> None:
    a_concluded_dispatch.when(PUMPING).then_refused("already-concluded")
    a_closed_dispatch.when(GiveFeedback(FARMING, FARMING, "sealed words")).then_refused("dispatch-closed")


def test_comes_from_the_department_itself() -> None:
    a_reported_dispatch.when(GiveFeedback(WATER, TRANSPORT, "sealed")).then_refused("not-your-assignment")
    a_reported_dispatch.when(GiveFeedback(WATER, POWER, "sealed")).then_refused("unknown-case")
