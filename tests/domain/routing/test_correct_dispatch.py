"""W4: the desk corrects a provisional dispatch."""

from dataclasses import replace

from routing.application.publishing import publish_dispatch
from routing.domain.dispatch.commands import Assist, CloseDispatch, ConfirmDispatch, CorrectDispatch
from routing.domain.dispatch.facts import DispatchConfirmed, DispatchCorrected, LeadConcluded
from tests.domain.routing.stories import (
    EVERYONE,
    FARMING,
    POWER,
    TRANSPORT,
    WATER,
    a_final_dispatch,
    a_provisional_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    conclude,
    nothing_yet,
    report_in,
)

LAW = "《公路法》第三十五条"
TO_POWER = CorrectDispatch(POWER, (Assist(WATER, ("ditch",)),), EVERYONE, LAW)
"""Power leads, water answers for the ditch; farming and transport are wrong."""
SAME_DEPARTMENTS = CorrectDispatch(WATER, (Assist(FARMING, ("fields",)), Assist(TRANSPORT)), EVERYONE, LAW)


def corrected(command: CorrectDispatch) -> DispatchCorrected:
    [fact] = a_provisional_dispatch.when(command).events
    assert isinstance(fact, DispatchCorrected)
    return fact


def test_voids_the_wrong_assignments() -> None:
    voided = corrected(TO_POWER).voided
    assert {each.unit for each in voided} == {FARMING, TRANSPORT}
    story = after(a_provisional_dispatch, TO_POWER)
    assert story.state.assignment(FARMING) is None


def test_gives_the_right_department_a_fresh_one() -> None:
    [fresh] = corrected(TO_POWER).issued
    assert (fresh.unit, fresh.part, fresh.issue_ids, fresh.provisional) == (
        POWER,
        "lead",
        ("fields", "road"),
        False,
    )


def test_lets_a_kept_assignment_run_on_with_its_new_part() -> None:
    [kept] = corrected(TO_POWER).changed
    before = assigned(a_provisional_dispatch, WATER)
    assert kept.assignment_id == before.assignment_id
    assert (kept.part, kept.issue_ids) == ("assist", ("ditch",))


def test_makes_everything_final() -> None:
    story = after(a_provisional_dispatch, TO_POWER)
    assert not story.state.provisional
    assert [each.assigned.unit for each in story.state.assignments if each.is_lead] == [POWER]


def test_keeps_an_earlier_report_in() -> None:
    story = after(a_provisional_dispatch, report_in(WATER), TO_POWER)
    water = story.state.assignment(WATER)
    assert water is not None
    assert water.reported_in == "on_site"


def test_tells_that_the_new_lead_has_reported_in_already() -> None:
    before = after(a_provisional_dispatch, report_in(FARMING))
    to_farming = CorrectDispatch(FARMING, (), EVERYONE, LAW)
    [fact] = before.when(to_farming).events
    [(_, _, text)] = publish_dispatch(fact, before.given(fact).state, "case")
    assert '"changed":[{' in text
    assert '"reported_in":true' in text.partition('"changed":')[2]


def test_asks_a_new_lead_to_conclude_though_it_had_finished_its_part() -> None:
    before = after(a_provisional_dispatch, report_in(FARMING), conclude(FARMING))
    story = after(before, CorrectDispatch(FARMING, (), EVERYONE, LAW))
    story.when(conclude(FARMING)).then_states(LeadConcluded)


def test_gives_a_department_that_was_voided_before_another_id() -> None:
    first = assigned(a_provisional_dispatch, FARMING).assignment_id
    without = after(a_provisional_dispatch, TO_POWER)
    provisional_again = replace(
        without,
        state=replace(
            without.state,
            desk=None,
            assignments=tuple(
                replace(each, assigned=replace(each.assigned, provisional=True))
                for each in without.state.assignments
            ),
        ),
    )
    story = after(provisional_again, CorrectDispatch(FARMING, (), EVERYONE, LAW))
    assert assigned(story, FARMING).assignment_id != first


def test_confirms_when_it_names_the_same_departments() -> None:
    a_provisional_dispatch.when(SAME_DEPARTMENTS).then(DispatchConfirmed(LAW, True, False, None))


def test_changes_nothing_when_delivered_twice() -> None:
    for command in (TO_POWER, SAME_DEPARTMENTS):
        after(a_provisional_dispatch, command).when(command).then_nothing()


def test_can_follow_where_no_owner_was_found_at_first() -> None:
    unclear = after(a_provisional_dispatch, ConfirmDispatch("", owner_found=False))
    unclear.when(TO_POWER).then_states(DispatchCorrected)


def test_needs_a_legal_basis_and_a_reason_for_complex() -> None:
    a_provisional_dispatch.when(replace(TO_POWER, legal_basis="")).then_refused("desk-needs-a-legal-basis")
    marked = replace(TO_POWER, complex=True)
    a_provisional_dispatch.when(marked).then_refused("complex-needs-a-reason")
    assert corrected(replace(marked, complex_reason="sealed reason")).complex


def test_names_registered_departments_only() -> None:
    elsewhere = CorrectDispatch("no-such-bureau", (), EVERYONE, LAW)
    a_provisional_dispatch.when(elsewhere).then_refused("unknown-department", unit="no-such-bureau")


def test_never_lets_the_lead_assist() -> None:
    twice = replace(TO_POWER, assists=(Assist(POWER),))
    a_provisional_dispatch.when(twice).then_refused("lead-cannot-assist")


def test_gives_each_issue_to_one_department() -> None:
    twice = replace(TO_POWER, assists=(Assist(WATER, ("ditch",)), Assist(FARMING, ("ditch",))))
    a_provisional_dispatch.when(twice).then_refused("issue-answered-twice")
    unknown = replace(TO_POWER, assists=(Assist(WATER, ("elsewhere",)),))
    a_provisional_dispatch.when(unknown).then_refused("issue-not-dispatched")


def test_does_not_touch_a_final_or_closed_dispatch() -> None:
    a_final_dispatch.when(replace(TO_POWER, assists=())).then_refused("not-provisional")
    concluded = after(a_provisional_dispatch, report_in(WATER), conclude(WATER))
    concluded.when(TO_POWER).then_refused("lead-already-concluded")
    after(concluded, CloseDispatch()).when(TO_POWER).then_refused("dispatch-closed")


def test_waits_until_the_whistle_is_out() -> None:
    a_scheduled_dispatch.when(TO_POWER).then_refused("not-dispatched-yet")
    nothing_yet.when(TO_POWER).then_refused("unknown-case")
