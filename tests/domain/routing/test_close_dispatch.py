"""W7, W7': the whistle is closed."""

from routing.domain.dispatch import Stage
from routing.domain.dispatch.commands import CloseDispatch
from routing.domain.dispatch.facts import DispatchClosed
from tests.domain.routing.stories import (
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_scheduled_dispatch,
    nothing_yet,
)


def test_leaves_no_assignment_open() -> None:
    for story in (a_concluded_dispatch, a_final_dispatch, a_scheduled_dispatch):
        closed = story.when(CloseDispatch()).then(DispatchClosed())
        assert closed.state.stage is Stage.CLOSED


def test_changes_nothing_when_delivered_twice() -> None:
    a_closed_dispatch.when(CloseDispatch()).then_nothing()


def test_changes_nothing_where_nothing_went_out() -> None:
    nothing_yet.when(CloseDispatch()).then_nothing()
