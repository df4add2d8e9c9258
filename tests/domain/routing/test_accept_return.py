"""A3: the office agrees, and another department has it."""

from dataclasses import replace

from routing.domain.dispatch.commands import AcceptReturn, CloseDispatch, ConfirmDispatch, RequestReturn
from routing.domain.dispatch.facts import AssignmentReturned, DispatchEscalated
from tests.domain.routing.stories import (
    EVERYONE,
    FARMING,
    MONDAY_NIGHT,
    POWER,
    TRANSPORT,
    WATER,
    Story,
    a_final_dispatch,
    a_provisional_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    conclude,
    report_in,
)

LAW = "《电力法》第三十四条"


def asked(unit: str, to: str) -> RequestReturn:
    """The department's request."""
    return RequestReturn(unit, unit, LAW, to, EVERYONE, MONDAY_NIGHT)


def agreed(unit: str, to: str = "", *, error: bool = False) -> AcceptReturn:
    """The office's agreement."""
    return AcceptReturn(unit, to, error, LAW, EVERYONE, 3)


a_return = after(a_final_dispatch, asked(WATER, POWER))


def returned(story: Story, command: AcceptReturn) -> AssignmentReturned:
    fact, *_ = story.when(command).events
    assert isinstance(fact, AssignmentReturned)
    return fact


def test_gives_the_proposed_owner_a_fresh_assignment_with_the_same_work() -> None:
    gone = assigned(a_return, WATER)
    fact = returned(a_return, agreed(WATER))
    [fresh] = fact.issued
    assert fact.returned == gone
    assert (fresh.unit, fresh.part, fresh.issue_ids) == (POWER, "lead", gone.issue_ids)
    assert fresh.assignment_id != gone.assignment_id


def test_leaves_one_lead() -> None:
    story = after(a_return, agreed(WATER))
    assert story.state.assignment(WATER) is None
    assert [each.assigned.unit for each in story.state.assignments if each.is_lead] == [POWER]


def test_may_name_somebody_else() -> None:
    [fresh] = returned(a_return, agreed(WATER, "power-supply")).issued
    assert fresh.unit == POWER


def test_makes_a_department_that_has_a_part_the_lead() -> None:
    had = assigned(a_return, FARMING)
    fact = returned(a_return, agreed(WATER, FARMING))
    assert fact.issued == ()
    assert fact.changed == (replace(had, part="lead", issue_ids=("ditch",)),)


def test_lets_an_assist_answer_for_another_ones_issues() -> None:
    story = after(a_provisional_dispatch, asked(FARMING, TRANSPORT))
    [changed] = returned(story, agreed(FARMING)).changed
    assert (changed.unit, changed.part, changed.issue_ids) == (TRANSPORT, "assist", ("fields",))


def test_does_not_burden_an_assist_that_has_finished() -> None:
    story = after(
        a_provisional_dispatch, asked(FARMING, TRANSPORT), report_in(TRANSPORT), conclude(TRANSPORT)
    )
    story.when(agreed(FARMING)).then_refused("part-already-concluded")


def test_settles_the_one_it_names_and_leaves_the_rest_to_the_desk() -> None:
    story = after(a_provisional_dispatch, asked(WATER, POWER), agreed(WATER))
    assert not assigned(story, POWER).provisional
    assert story.state.provisional
    assert not after(story, ConfirmDispatch(LAW)).state.provisional


def test_escalates_at_the_third_transfer() -> None:
    story = a_final_dispatch
    for unit, to in ((WATER, POWER), (POWER, WATER)):
        story = after(story, asked(unit, to), agreed(unit))
    third = after(story, asked(WATER, POWER)).when(agreed(WATER)).events
    assert third[-1] == DispatchEscalated("third-transfer", 3)
    fourth = after(story, asked(WATER, POWER), agreed(WATER), asked(POWER, WATER)).when(agreed(POWER)).events
    assert len(fourth) == 1


def test_adds_nothing_when_it_is_decided_already() -> None:
    story = after(a_return, agreed(WATER))
    story.when(agreed(WATER)).then_nothing()
    story.when(agreed(WATER, POWER)).then_nothing()
    story.when(agreed(WATER, TRANSPORT)).then_refused("no-return-requested")


def test_needs_a_request() -> None:
    a_final_dispatch.when(agreed(WATER)).then_refused("no-return-requested")
    a_scheduled_dispatch.when(agreed(WATER)).then_refused("not-dispatched-yet")


def test_needs_a_basis_and_a_department_that_exists() -> None:
    a_return.when(replace(agreed(WATER), legal_basis="")).then_refused("desk-needs-a-legal-basis")
    a_return.when(agreed(WATER, "nobody")).then_refused("unknown-department")
    a_return.when(agreed(WATER, WATER)).then_refused("return-proposes-itself")


def test_comes_too_late_once_the_lead_has_concluded_or_it_is_closed() -> None:
    story = after(a_final_dispatch, asked(FARMING, POWER), report_in(WATER), conclude(WATER))
    story.when(agreed(FARMING)).then_refused("lead-already-concluded")
    after(story, CloseDispatch()).when(agreed(FARMING)).then_refused("dispatch-closed")
