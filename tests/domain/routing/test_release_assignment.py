"""A6: an assist is let go."""

from routing.domain.dispatch.commands import CloseDispatch, ReleaseAssignment
from routing.domain.dispatch.facts import AssignmentReleased
from tests.domain.routing.stories import (
    FARMING,
    POWER,
    WATER,
    YUANCUN,
    a_concluded_dispatch,
    a_final_dispatch,
    a_provisional_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    conclude,
    report_in,
)

BY_TOWNSHIP = ReleaseAssignment(FARMING, "township", YUANCUN)
BY_OFFICE = ReleaseAssignment(FARMING, "office", "burden-reduction-office", "sealed reason")


def test_takes_the_township_one_tap() -> None:
    [fact] = a_final_dispatch.when(BY_TOWNSHIP).events
    assert fact == AssignmentReleased(assigned(a_final_dispatch, FARMING), "township", None, ())
    assert after(a_final_dispatch, BY_TOWNSHIP).state.assignment(FARMING) is None


def test_hands_its_issues_to_the_lead() -> None:
    [fact] = a_provisional_dispatch.when(BY_OFFICE).events
    assert isinstance(fact, AssignmentReleased)
    [lead] = fact.changed
    assert (lead.unit, lead.issue_ids) == (WATER, ("ditch", "fields", "road"))


def test_adds_nothing_when_it_is_gone_already() -> None:
    after(a_final_dispatch, BY_TOWNSHIP).when(BY_OFFICE).then_nothing()


def test_never_takes_the_lead() -> None:
    the_lead = ReleaseAssignment(WATER, "township", YUANCUN)
    a_final_dispatch.when(the_lead).then_refused("lead-cannot-be-released")


def test_is_refused_to_another_township() -> None:
    elsewhere = ReleaseAssignment(FARMING, "township", "410923101")
    a_final_dispatch.when(elsewhere).then_refused("unknown-case")


def test_needs_a_reason_from_the_office() -> None:
    no_reason = ReleaseAssignment(FARMING, "office", "burden-reduction-office")
    a_final_dispatch.when(no_reason).then_refused("release-needs-a-reason")


def test_needs_an_assist_that_is_still_at_work() -> None:
    a_stranger = ReleaseAssignment(POWER, "township", YUANCUN)
    a_final_dispatch.when(a_stranger).then_refused("department-has-no-part")
    finished = after(a_final_dispatch, report_in(FARMING), conclude(FARMING))
    finished.when(BY_TOWNSHIP).then_refused("part-already-concluded")
    a_concluded_dispatch.when(BY_TOWNSHIP).then_refused("lead-already-concluded")
    after(a_concluded_dispatch, CloseDispatch()).when(BY_TOWNSHIP).then_refused("dispatch-closed")
    a_scheduled_dispatch.when(BY_TOWNSHIP).then_refused("not-dispatched-yet")
