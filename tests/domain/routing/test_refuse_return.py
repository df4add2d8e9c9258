"""A3: the office disagrees, and the assignment stays where it is."""

from routing.domain.dispatch.commands import CloseDispatch, RefuseReturn
from routing.domain.dispatch.facts import ReturnRefused
from tests.domain.routing.stories import POWER, WATER, a_final_dispatch, after, assigned, report_in
from tests.domain.routing.test_accept_return import a_return, asked

REFUSED = RefuseReturn(WATER, "sealed reason")


def test_leaves_it_with_the_department() -> None:
    kept = assigned(a_return, WATER)
    assert a_return.when(REFUSED).events == [ReturnRefused(kept.assignment_id, "sealed reason")]
    assert assigned(after(a_return, REFUSED), WATER) == kept


def test_lets_the_department_report_in() -> None:
    assert after(a_return, REFUSED).when(report_in(WATER)).events


def test_is_final() -> None:
    after(a_return, REFUSED).when(asked(WATER, POWER)).then_refused("return-only-once")


def test_adds_nothing_when_it_is_decided_already() -> None:
    after(a_return, REFUSED).when(REFUSED).then_nothing()


def test_needs_a_request_and_a_reason() -> None:
    a_final_dispatch.when(REFUSED).then_refused("no-return-requested")
    a_final_dispatch.when(RefuseReturn(POWER, "sealed reason")).then_refused("no-return-requested")
    a_return.when(RefuseReturn(WATER, "")).then_refused("refusing-a-return-needs-a-reason")
    after(a_return, CloseDispatch()).when(REFUSED).then_refused("dispatch-closed")
