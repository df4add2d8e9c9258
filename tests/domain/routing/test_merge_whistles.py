"""W13: of two whistles about one matter the later goes on in the earlier one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from routing.domain import dispatch
from routing.domain.dispatch.commands import (
    CloseDispatch,
    ConsentToWithdrawal,
    IssueDispatch,
    NotAcceptWhistle,
    WithdrawDispatch,
)
from routing.domain.dispatch.facts import (
    AdoptedCase,
    Assigned,
    ChildAdopted,
    DepartmentReportedIn,
    DispatchWithdrawn,
    Issue,
    LeadConcluded,
    WhistleMerged,
    WithdrawalRequested,
)
from routing.domain.dispatch.joining_commands import Adopt, MergeInto
from routing.domain.dispatch.merging import adoption_of, in_order
from routing.domain.dispatch.state import Dispatch
from routing.domain.refusals import Refused
from tests.domain.routing.stories import (
    BLOCKED_DITCH,
    CASE,
    FARMING,
    MONDAY_NIGHT,
    POWER,
    TRANSFORMERS,
    TRANSPORT,
    WATER,
    YUANCUN,
    Story,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_reported_dispatch,
    a_scheduled_dispatch,
    after,
    conclude,
    nothing_yet,
    report_in,
)

HANZHANG = "410923101"
CHILD = "7d1e0a7e-5b0c-4e58-8a8c-3c1f0a2b9c11"
BURNT = replace(
    BLOCKED_DITCH,
    case_id=CHILD,
    township=HANZHANG,
    issues=(Issue("transformer", TRANSFORMERS.code),),
    departments=(WATER,),
    signed_at=MONDAY_NIGHT + timedelta(hours=1),
)
"""韩张镇: a burnt transformer at the pumps; the power company leads, water assists."""
EARLY = replace(BLOCKED_DITCH, signed_at=MONDAY_NIGHT)
parent = after(nothing_yet, EARLY)
child = after(nothing_yet, BURNT)


def merged(earlier: Story = parent, later: Story = child) -> tuple[Story, Story]:
    """Both sides after merging, as they are stored together."""
    return (
        after(earlier, adoption_of(later.state)),
        after(later, MergeInto(earlier.state.case_id)),
    )


def issues_of(story: Story) -> dict[str, tuple[str, ...]]:
    """Unit → the issues it answers for."""
    return {each.assigned.unit: each.assigned.issue_ids for each in story.state.assignments}


def test_the_childs_issues_and_departments_join_as_assists() -> None:
    [adopted] = parent.when(adoption_of(child.state)).events
    assert isinstance(adopted, ChildAdopted)
    given = adopted.issued[0].assignment_id
    assert adopted == ChildAdopted(
        CHILD,
        (AdoptedCase(CHILD, HANZHANG, ("transformer",), (POWER, WATER)),),
        issued=(Assigned(given, POWER, "assist", ("transformer",), provisional=False),),
        changed=(),
    )
    joined = parent.given(adopted)
    assert joined.state.issue_ids == ("ditch", "transformer")
    assert issues_of(joined) == {WATER: ("ditch",), TRANSPORT: (), FARMING: (), POWER: ("transformer",)}
    assert [each.assigned.unit for each in joined.state.assignments if each.is_lead] == [WATER]


def test_a_department_that_is_there_already_gets_the_issues_and_no_second_assignment() -> None:
    about_water = after(nothing_yet, replace(EARLY, case_id=CHILD, issues=(Issue("culvert", "SL-01"),)))
    [adopted] = parent.when(adoption_of(about_water.state)).events
    assert isinstance(adopted, ChildAdopted)
    assert adopted.issued == ()
    assert [(each.unit, each.part, each.issue_ids) for each in adopted.changed] == [
        (WATER, "lead", ("ditch", "culvert"))
    ]
    before = parent.state.assignment(WATER)
    assert before is not None
    assert adopted.changed[0].assignment_id == before.assigned.assignment_id


def test_a_part_that_was_finished_has_more_to_do() -> None:
    finished = after(parent, report_in(FARMING), conclude(FARMING))
    farming = replace(BURNT, issues=(Issue("fields", "NY-01"),), departments=(FARMING,))
    joined, _ = merged(finished, after(nothing_yet, farming))
    part = joined.state.assignment(FARMING)
    assert part is not None
    assert not part.concluded
    assert part.reported_in is not None


def test_the_lead_concludes_for_all_issues() -> None:
    joined, _ = merged(after(parent, report_in(WATER)))
    [concluded] = joined.when(conclude(WATER)).events
    assert isinstance(concluded, LeadConcluded)
    assert [each.issue_id for each in concluded.results] == ["ditch", "transformer"]


def test_a_new_assist_reports_in_afresh() -> None:
    joined, left = merged(parent, after(child, report_in(POWER)))
    joined.when(report_in(POWER)).then_states(DepartmentReportedIn)
    left.when(conclude(POWER)).then_refused("whistle-merged")


def test_nothing_more_is_done_on_the_child() -> None:
    _, left = merged()
    left.when(report_in(POWER)).then_refused("whistle-merged")
    left.when(WithdrawDispatch(HANZHANG, "sealed")).then_refused("whistle-merged")
    left.when(NotAcceptWhistle("own_duty", "basis")).then_refused("whistle-merged")
    left.when(CloseDispatch()).then_nothing()
    left.when(IssueDispatch(None)).then_nothing()


def test_changes_nothing_when_repeated() -> None:
    joined, left = merged()
    joined.when(adoption_of(child.state)).then_nothing()
    left.when(MergeInto(CASE)).then_nothing()


def test_the_childs_own_children_come_along() -> None:
    third = replace(BURNT, case_id="third", township="410923103", issues=(Issue("road"),))
    with_third, _ = merged(child, after(nothing_yet, third))
    joined, _ = merged(parent, with_third)
    assert [(each.case_id, each.issue_ids) for each in joined.state.adopted] == [
        (CHILD, ("transformer",)),
        ("third", ("road",)),
    ]
    assert joined.state.issue_ids == ("ditch", "transformer", "road")


@pytest.mark.parametrize(
    ("earlier", "slug"),
    [
        (a_concluded_dispatch, "earlier-whistle-concluded"),
        (a_closed_dispatch, "earlier-whistle-ended"),
        (after(a_final_dispatch, WithdrawDispatch(YUANCUN, "sealed")), "earlier-whistle-ended"),
        (after(a_final_dispatch, NotAcceptWhistle("own_duty", "basis")), "earlier-whistle-ended"),
        (after(a_final_dispatch, MergeInto("another")), "earlier-whistle-ended"),
    ],
)
def test_nothing_joins_what_is_no_longer_worked_on(earlier: Story, slug: str) -> None:
    earlier.when(adoption_of(child.state)).then_refused(slug)


@pytest.mark.parametrize(
    ("later", "slug"),
    [
        (a_concluded_dispatch, "later-whistle-concluded"),
        (a_closed_dispatch, "later-whistle-ended"),
        (after(a_final_dispatch, MergeInto("another")), "later-whistle-ended"),
    ],
)
def test_what_is_no_longer_worked_on_joins_nothing(later: Story, slug: str) -> None:
    later.when(MergeInto("earlier")).then_refused(slug)


def test_an_emergency_joins_only_an_emergency() -> None:
    urgent = after(nothing_yet, replace(BURNT, emergency=True))
    parent.when(adoption_of(urgent.state)).then_refused("emergency-needs-an-emergency")
    urgent_parent = after(nothing_yet, replace(EARLY, emergency=True))
    urgent_parent.when(adoption_of(urgent.state)).then_states(ChildAdopted)
    urgent_parent.when(adoption_of(child.state)).then_states(ChildAdopted)


def test_a_township_does_not_withdraw_what_another_shares() -> None:
    joined, _ = merged()
    joined.when(WithdrawDispatch(YUANCUN, "sealed")).then_refused("others-share-this-whistle")
    asked = joined.when(WithdrawDispatch(YUANCUN, "sealed", ask_consent=True))
    story = asked.then_states(WithdrawalRequested)
    story.when(ConsentToWithdrawal()).then_states(DispatchWithdrawn)
    same_place = after(nothing_yet, replace(BURNT, township=YUANCUN))
    alone, _ = merged(parent, same_place)
    alone.when(WithdrawDispatch(YUANCUN, "sealed")).then_states(DispatchWithdrawn)


def test_the_earlier_signed_leads_whichever_is_named_first() -> None:
    one, other = parent.state, child.state
    assert in_order(one, other) == in_order(other, one) == (one, other)


def test_a_scheduled_whistle_keeps_the_time_of_its_signature() -> None:
    waiting = after(nothing_yet, replace(EARLY, dispatch_at=MONDAY_NIGHT + timedelta(hours=11)))
    out = after(waiting.at(MONDAY_NIGHT + timedelta(hours=12)), IssueDispatch(BLOCKED_DITCH.duties))
    assert in_order(out.state, child.state) == (out.state, child.state)


def test_whistles_without_a_known_signature_go_by_their_dispatch() -> None:
    unsaid = nothing_yet.at(MONDAY_NIGHT + timedelta(hours=2))
    late = after(unsaid, replace(EARLY, signed_at=None))
    assert in_order(late.state, child.state) == (child.state, late.state)


def refusal_of(one: Dispatch, other: Dispatch) -> str:
    with pytest.raises(Refused) as refused:
        in_order(one, other)
    return refused.value.slug


def test_only_two_dispatched_whistles_are_merged() -> None:
    assert refusal_of(parent.state, parent.state) == "merging-needs-two-whistles"
    assert refusal_of(parent.state, dispatch.INITIAL) == "unknown-case"
    scheduled = replace(a_scheduled_dispatch.state, case_id=CHILD)
    assert refusal_of(parent.state, scheduled) == "not-dispatched-yet"


def test_adopting_says_all_that_is_needed() -> None:
    joined, _ = merged(a_reported_dispatch)
    command = adoption_of(joined.state)
    assert isinstance(command, Adopt)
    assert command.adopted[0].issue_ids == ("ditch",)
    assert command.adopted[1].case_id == CHILD


def test_a_merged_whistle_is_known_as_such() -> None:
    [fact] = child.when(MergeInto(CASE)).events
    assert fact == WhistleMerged(CASE)
