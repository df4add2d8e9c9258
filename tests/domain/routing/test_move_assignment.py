"""机构合并: a merged department's part is its heir's, with all that was done on it."""

from dataclasses import replace

from routing.domain.dispatch import Assignment
from routing.domain.dispatch.commands import (
    CloseDispatch,
    DecideAppeal,
    IssueDispatch,
    MoveAssignment,
    NotAcceptWhistle,
    NoteAppeal,
    OpenCycle,
    RequestReturn,
)
from routing.domain.dispatch.facts import AssignmentMoved, CycleOpened, DispatchIssued
from routing.domain.succession import INITIAL as NOBODY_GONE
from routing.domain.succession import UnitEnded, UnitMerged, evolve
from tests.domain.routing.stories import (
    DUTIES,
    EVERYONE,
    FARMING,
    MONDAY_NIGHT,
    NEW_YEAR,
    POWER,
    TRANSPORT,
    WATER,
    Story,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_provisional_dispatch,
    a_reported_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    conclude,
    nothing_yet,
    report_in,
)


def part(story: Story, unit: str) -> Assignment:
    found = story.state.assignment(unit)
    assert found is not None, f"{unit} has no part"
    return found


def test_moves_the_lead_with_its_id_and_its_report_in() -> None:
    had = assigned(a_reported_dispatch, WATER)
    moved = replace(had, unit=POWER)
    story = a_reported_dispatch.when(MoveAssignment(WATER, POWER)).then(
        AssignmentMoved(WATER, moved, True, None)
    )
    assert story.state.assignment(WATER) is None
    assert (part(story, POWER).is_lead, part(story, POWER).reported_in) == (True, "on_site")
    after(story, conclude(POWER))


def test_keeps_a_request_to_return_it() -> None:
    asked = RequestReturn(FARMING, FARMING, "《农业法》", TRANSPORT, EVERYONE, MONDAY_NIGHT)
    story = after(a_final_dispatch, asked, MoveAssignment(FARMING, POWER))
    request = part(story, POWER).return_request
    assert request is not None
    assert request.proposed_owner == TRANSPORT


def test_gives_the_issues_to_a_department_that_has_a_part_already() -> None:
    lead, farming = assigned(a_provisional_dispatch, WATER), assigned(a_provisional_dispatch, FARMING)
    kept = replace(lead, issue_ids=("ditch", "fields", "road"))
    a_provisional_dispatch.when(MoveAssignment(FARMING, WATER)).then(
        AssignmentMoved(FARMING, kept, False, farming)
    )


def test_lets_the_lead_win_over_the_heirs_own_assist() -> None:
    lead, farming = assigned(a_provisional_dispatch, WATER), assigned(a_provisional_dispatch, FARMING)
    kept = replace(lead, unit=FARMING, issue_ids=("ditch", "fields", "road"))
    story = a_provisional_dispatch.when(MoveAssignment(WATER, FARMING)).then(
        AssignmentMoved(WATER, kept, True, farming)
    )
    assert [each.is_lead for each in story.state.assignments].count(True) == 1


def test_keeps_of_two_assists_the_one_that_still_has_work() -> None:
    done = after(a_reported_dispatch, conclude(FARMING))
    story = after(done, MoveAssignment(TRANSPORT, FARMING))
    assert assigned(story, FARMING).assignment_id == assigned(done, TRANSPORT).assignment_id
    assert not part(story, FARMING).concluded
    story = after(done, MoveAssignment(FARMING, TRANSPORT))
    assert assigned(story, TRANSPORT).assignment_id == assigned(done, TRANSPORT).assignment_id


def test_moves_what_awaits_the_townships_verdict() -> None:
    story = after(a_concluded_dispatch, MoveAssignment(WATER, POWER))
    assert part(story, POWER).concluded
    after(story, CloseDispatch())


def test_changes_nothing_when_delivered_twice() -> None:
    moved = after(a_final_dispatch, MoveAssignment(WATER, POWER))
    moved.when(MoveAssignment(WATER, POWER)).then_nothing()
    a_final_dispatch.when(MoveAssignment(WATER, WATER)).then_nothing()


def test_leaves_what_has_ended_or_has_not_begun() -> None:
    for story in (nothing_yet, a_scheduled_dispatch, a_closed_dispatch):
        story.when(MoveAssignment(WATER, POWER)).then_nothing()


def test_raises_a_whistle_again_with_the_heir() -> None:
    opened = a_closed_dispatch.when(OpenCycle(2, {WATER: FARMING}, escalating_cycle=3))
    [fact] = opened.events
    assert isinstance(fact, CycleOpened)
    assert {each.unit: each.part for each in fact.assignments} == {FARMING: "lead", TRANSPORT: "assist"}
    after(opened.before.given(fact), report_in(FARMING))


def test_grants_an_appeal_to_the_heir() -> None:
    declined = after(a_final_dispatch, NotAcceptWhistle("own_duty", "《防洪法》"), NoteAppeal())
    story = after(declined, DecideAppeal(True, "sealed reason", {WATER: POWER}))
    assert part(story, POWER).is_lead


def test_sends_a_scheduled_whistle_to_the_heir_and_leaves_out_who_ended() -> None:
    merged = evolve(NOBODY_GONE, UnitMerged(WATER, POWER, NEW_YEAR, "文件", MONDAY_NIGHT), MONDAY_NIGHT)
    gone = evolve(merged, UnitEnded(FARMING, NEW_YEAR, "文件"), MONDAY_NIGHT)
    [fact] = a_scheduled_dispatch.when(IssueDispatch(gone.follow(DUTIES), gone)).events
    assert isinstance(fact, DispatchIssued)
    assert [each.unit for each in fact.assignments] == [POWER, TRANSPORT]
    assert fact.left_out == (FARMING,)
