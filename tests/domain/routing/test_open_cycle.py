"""W9: a closed whistle is out again."""

from routing.domain.dispatch.commands import CloseDispatch, OpenCycle
from routing.domain.dispatch.facts import CycleOpened, DispatchEscalated
from tests.domain.routing.stories import (
    FARMING,
    TRANSPORT,
    WATER,
    a_closed_dispatch,
    a_final_dispatch,
    after,
    assigned,
    conclude,
    report_in,
)


def raised(cycle: int, escalating: int = 3) -> OpenCycle:
    return OpenCycle(cycle, escalating_cycle=escalating)


def test_goes_to_the_same_departments_afresh() -> None:
    [fact] = a_closed_dispatch.when(raised(2)).events
    assert isinstance(fact, CycleOpened)
    assert [(each.unit, each.part) for each in fact.assignments] == [
        (WATER, "lead"),
        (TRANSPORT, "assist"),
        (FARMING, "assist"),
    ]
    again = after(a_closed_dispatch, raised(2))
    assert assigned(again, WATER).assignment_id != assigned(a_closed_dispatch, WATER).assignment_id
    again.when(conclude(WATER)).then_refused("not-reported-in")


def test_changes_nothing_while_it_is_open_or_when_it_comes_twice() -> None:
    a_final_dispatch.when(raised(2)).then_nothing()
    after(a_closed_dispatch, raised(2)).when(raised(2)).then_nothing()
    a_closed_dispatch.when(raised(1)).then_nothing()


def test_goes_to_the_county_leader_at_the_third_cycle_once() -> None:
    second = after(
        a_closed_dispatch,
        raised(2),
        report_in(WATER),
        conclude(WATER),
        CloseDispatch(),
    )
    second.when(raised(3)).then_states(CycleOpened, DispatchEscalated)
    third = after(second, raised(3), report_in(WATER), conclude(WATER), CloseDispatch())
    third.when(raised(4)).then_states(CycleOpened)


def test_goes_there_by_the_number_in_force_and_says_so() -> None:
    second = after(a_closed_dispatch, raised(2), report_in(WATER), conclude(WATER), CloseDispatch())
    second.when(raised(3, escalating=4)).then_states(CycleOpened)
    [_, escalated] = a_closed_dispatch.when(raised(2, escalating=2)).events
    assert escalated == DispatchEscalated("third-cycle", 2)
    third = after(second, raised(3, escalating=4), report_in(WATER), conclude(WATER), CloseDispatch())
    third.when(raised(4, escalating=3)).then_states(CycleOpened, DispatchEscalated)
