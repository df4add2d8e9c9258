"""W3: 派单, to the owner in the list or provisionally to whom the township named."""

from dataclasses import replace

from routing.domain.dispatch import Stage
from routing.domain.dispatch.facts import CitedItem, DispatchIssued, DispatchScheduled, Issue
from tests.domain.routing.stories import (
    BLOCKED_DITCH,
    CASE,
    CLEANING,
    DAMS,
    DITCH,
    DITCHES,
    EVERYONE,
    FARMING,
    FIELDS,
    FLOOD,
    MONDAY_NIGHT,
    POWER,
    ROAD,
    TRANSPORT,
    TUESDAY_MORNING,
    WATER,
    YUANCUN,
    a_closed_dispatch,
    a_final_dispatch,
    a_scheduled_dispatch,
    after,
    assigned,
    nothing_yet,
)


def test_goes_to_the_owner_in_the_list_for_good() -> None:
    story = nothing_yet.when(BLOCKED_DITCH).then_states(DispatchIssued)
    assert story.state.stage is Stage.OUT
    assert not story.state.provisional
    lead = assigned(story, WATER)
    assert (lead.part, lead.issue_ids, lead.provisional) == ("lead", ("ditch",), False)


def test_adds_the_assists_of_the_list_and_the_others_the_township_named() -> None:
    story = after(nothing_yet, BLOCKED_DITCH)
    assert [each.assigned.unit for each in story.state.assignments] == [WATER, TRANSPORT, FARMING]
    assert assigned(story, TRANSPORT).part == "assist"
    assert assigned(story, FARMING).issue_ids == ()


def test_leads_by_the_list_even_where_the_township_named_others() -> None:
    story = after(nothing_yet, replace(BLOCKED_DITCH, departments=(FARMING,)))
    assert assigned(story, WATER).part == "lead"
    assert assigned(story, FARMING).part == "assist"


def test_is_final_when_several_items_have_one_owner() -> None:
    both = replace(BLOCKED_DITCH, issues=(DITCH, Issue("dam", DAMS.code)))
    story = after(nothing_yet, both)
    assert not story.state.provisional
    assert assigned(story, WATER).issue_ids == ("ditch", "dam")


def test_is_provisional_when_the_issues_have_several_owners() -> None:
    [fact] = nothing_yet.when(replace(FLOOD, issues=(DITCH, FIELDS))).events
    assert isinstance(fact, DispatchIssued)
    assert fact.provisional
    assert fact.reason == "dispatched-with-several-owners"


def test_is_provisional_when_an_issue_has_no_item() -> None:
    [fact] = nothing_yet.when(FLOOD).events
    assert isinstance(fact, DispatchIssued)
    assert fact.reason == "dispatched-without-item"
    assert {each.provisional for each in fact.assignments} == {True}


def test_is_provisional_when_the_item_is_no_longer_in_the_list() -> None:
    [fact] = nothing_yet.when(replace(BLOCKED_DITCH, issues=(Issue("ditch", "SL-99"),))).events
    assert isinstance(fact, DispatchIssued)
    assert fact.reason == "dispatched-without-item"


def test_is_provisional_when_there_is_no_list() -> None:
    [fact] = nothing_yet.when(replace(BLOCKED_DITCH, duties=None)).events
    assert isinstance(fact, DispatchIssued)
    assert (fact.provisional, fact.list_version) == (True, None)


def test_is_provisional_when_the_list_leaves_it_with_the_township() -> None:
    own = replace(BLOCKED_DITCH, issues=(Issue("rubbish", CLEANING.code),), departments=(FARMING,))
    [fact] = nothing_yet.when(own).events
    assert isinstance(fact, DispatchIssued)
    assert fact.reason == "dispatched-despite-own-duty"
    assert [each.unit for each in fact.assignments] == [FARMING]


def test_lets_the_owner_of_most_issues_lead_provisionally() -> None:
    story = after(nothing_yet, FLOOD)
    assert assigned(story, WATER).part == "lead"
    two_fields = replace(FLOOD, issues=(DITCH, FIELDS, Issue("more fields", FIELDS.item_code)))
    assert assigned(after(nothing_yet, two_fields), FARMING).part == "lead"


def test_lets_the_first_named_lead_where_the_list_says_nothing() -> None:
    story = after(nothing_yet, replace(FLOOD, issues=(ROAD,)))
    assert assigned(story, TRANSPORT).part == "lead"
    assert assigned(story, TRANSPORT).issue_ids == ("road",)


def test_names_one_answerable_department_for_each_issue() -> None:
    story = after(nothing_yet, FLOOD)
    assert assigned(story, WATER).issue_ids == ("ditch", "road")
    assert assigned(story, FARMING).issue_ids == ("fields",)
    assert assigned(story, TRANSPORT).issue_ids == ()


def test_leaves_an_issue_to_the_lead_when_its_owner_was_not_named() -> None:
    story = after(nothing_yet, replace(FLOOD, issues=(DITCH, FIELDS), departments=(WATER, TRANSPORT)))
    assert assigned(story, WATER).issue_ids == ("ditch", "fields")


def test_leaves_out_a_department_nobody_registered() -> None:
    named = replace(FLOOD, departments=("no-such-bureau", TRANSPORT), registered=frozenset({TRANSPORT}))
    [fact] = nothing_yet.when(named).events
    assert isinstance(fact, DispatchIssued)
    assert [each.unit for each in fact.assignments] == [TRANSPORT]
    assert fact.left_out == ("no-such-bureau",)


def test_leaves_the_correction_to_the_desk_when_no_named_department_is_registered() -> None:
    [fact] = nothing_yet.when(replace(FLOOD, registered=frozenset())).events
    assert isinstance(fact, DispatchIssued)
    assert fact.provisional
    assert {each.unit for each in fact.assignments} == {TRANSPORT, WATER, FARMING}
    assert fact.left_out == ()


def test_cites_the_items_as_they_read() -> None:
    [fact] = nothing_yet.when(BLOCKED_DITCH).events
    assert isinstance(fact, DispatchIssued)
    assert fact.list_version == 1
    assert fact.cited == (CitedItem(DITCHES.code, DITCHES.title),)


def test_is_complex_by_the_item() -> None:
    assert not after(nothing_yet, BLOCKED_DITCH).state.complex
    assert after(nothing_yet, replace(BLOCKED_DITCH, issues=(Issue("dam", DAMS.code),))).state.complex


def test_keeps_the_emergency_flag() -> None:
    [fact] = nothing_yet.when(replace(BLOCKED_DITCH, emergency=True)).events
    assert isinstance(fact, DispatchIssued)
    assert (fact.emergency, fact.scheduled) == (True, False)


def test_waits_for_the_scheduled_hour() -> None:
    nothing_yet.when(replace(BLOCKED_DITCH, dispatch_at=TUESDAY_MORNING)).then(
        DispatchScheduled(CASE, YUANCUN, (DITCH,), (WATER, FARMING), (), TUESDAY_MORNING)
    )


def test_goes_out_at_once_when_the_scheduled_hour_has_passed() -> None:
    late = replace(BLOCKED_DITCH, dispatch_at=TUESDAY_MORNING, at=TUESDAY_MORNING)
    [fact] = nothing_yet.when(late).events
    assert isinstance(fact, DispatchIssued)
    assert fact.scheduled


def test_does_not_make_an_emergency_wait() -> None:
    urgent = replace(BLOCKED_DITCH, emergency=True, dispatch_at=TUESDAY_MORNING, at=MONDAY_NIGHT)
    [fact] = nothing_yet.when(urgent).events
    assert isinstance(fact, DispatchIssued)
    assert not fact.scheduled


def test_gives_an_assignment_the_same_id_wherever_it_is_decided() -> None:
    one, other = after(nothing_yet, BLOCKED_DITCH), after(nothing_yet, BLOCKED_DITCH)
    assert assigned(one, WATER).assignment_id == assigned(other, WATER).assignment_id
    ids = {each.assigned.assignment_id for each in one.state.assignments}
    assert len(ids) == 3


def test_changes_nothing_when_delivered_twice() -> None:
    for story in (a_final_dispatch, a_scheduled_dispatch, a_closed_dispatch):
        story.when(BLOCKED_DITCH).then_nothing()


def test_changes_nothing_when_the_emergency_is_signed_afterwards() -> None:
    raised_first = after(nothing_yet, replace(BLOCKED_DITCH, emergency=True))
    raised_first.when(replace(BLOCKED_DITCH, emergency=True, departments=(POWER,))).then_nothing()


def test_needs_an_issue_and_a_department() -> None:
    nothing_yet.when(replace(FLOOD, issues=())).then_refused("dispatch-needs-an-issue")
    nothing_yet.when(replace(FLOOD, departments=(), registered=EVERYONE)).then_refused(
        "dispatch-needs-a-department"
    )
