"""W8: the township sent it back."""

from routing.domain.dispatch import Stage
from routing.domain.dispatch.commands import ReopenDispatch
from routing.domain.dispatch.facts import DispatchReopened
from tests.domain.routing.stories import (
    WATER,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_reopened_dispatch,
    a_scheduled_dispatch,
    nothing_yet,
)


def test_opens_the_assignments_again_one_cycle_on() -> None:
    story = a_concluded_dispatch.when(ReopenDispatch(cycle=2)).then(DispatchReopened(2))
    assert (story.state.stage, story.state.cycle) == (Stage.OUT, 2)
    assert not any(each.concluded for each in story.state.assignments)


def test_keeps_who_has_reported_in_and_every_assignment() -> None:
    water = a_reopened_dispatch.state.assignment(WATER)
    assert water is not None
    assert water.reported_in == "on_site"
    before = [each.assigned for each in a_concluded_dispatch.state.assignments]
    assert [each.assigned for each in a_reopened_dispatch.state.assignments] == before


def test_changes_nothing_when_delivered_twice() -> None:
    a_reopened_dispatch.when(ReopenDispatch(cycle=2)).then_nothing()


def test_changes_nothing_when_it_comes_too_late_or_too_early() -> None:
    for story in (nothing_yet, a_scheduled_dispatch, a_closed_dispatch):
        story.when(ReopenDispatch(cycle=2)).then_nothing()
    a_final_dispatch.when(ReopenDispatch(cycle=1)).then_nothing()
