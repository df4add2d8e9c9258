"""A5, W6: 办结."""

from dataclasses import replace

from routing.domain.dispatch import Stage
from routing.domain.dispatch.commands import Conclude
from routing.domain.dispatch.facts import IssueResult, LeadConcluded, PartConcluded
from tests.domain.routing.stories import (
    FARMING,
    FLOOD,
    POWER,
    TRANSPORT,
    WATER,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_provisional_dispatch,
    a_reopened_dispatch,
    a_reported_dispatch,
    after,
    assigned,
    conclude,
    nothing_yet,
    report_in,
)

FIELDS_PARTLY = IssueResult("fields", "partly", "sealed: spoke to the owner, pumping until Friday")
a_flood_at_work = after(nothing_yet, FLOOD, report_in(WATER), report_in(FARMING))


def test_takes_one_sentence_when_all_is_solved() -> None:
    lead = assigned(a_reported_dispatch, WATER)
    story = a_reported_dispatch.when(conclude(WATER)).then(
        LeadConcluded(lead.assignment_id, "sealed sentence", (IssueResult("ditch", "solved"),), 1)
    )
    assert story.state.stage is Stage.CONCLUDED


def test_states_a_result_for_every_issue() -> None:
    command = replace(conclude(WATER), results=(FIELDS_PARTLY,))
    [fact] = a_flood_at_work.when(command).events
    assert isinstance(fact, LeadConcluded)
    assert fact.results == (IssueResult("ditch", "solved"), FIELDS_PARTLY, IssueResult("road", "solved"))


def test_asks_for_details_only_where_an_issue_is_not_solved() -> None:
    for result in ("partly", "unsolved", "explained"):
        bare = replace(conclude(WATER), results=(IssueResult("fields", result),))
        a_flood_at_work.when(bare).then_refused("details-needed", issue="fields")
    solved = replace(conclude(WATER), results=(IssueResult("fields", "solved"),))
    a_flood_at_work.when(solved).then_states(LeadConcluded)


def test_does_not_wait_for_an_assist() -> None:
    story = after(a_reported_dispatch, conclude(WATER))
    farming, transport = story.state.assignment(FARMING), story.state.assignment(TRANSPORT)
    assert farming is not None
    assert transport is not None
    assert not farming.concluded
    assert transport.reported_in is None


def test_ends_only_its_own_part_for_an_assist() -> None:
    assist = assigned(a_reported_dispatch, FARMING)
    story = a_reported_dispatch.when(conclude(FARMING)).then(
        PartConcluded(assist.assignment_id, "sealed sentence")
    )
    assert story.state.stage is Stage.OUT


def test_is_open_to_a_late_assist_after_the_lead() -> None:
    a_concluded_dispatch.when(conclude(FARMING)).then_states(PartConcluded)


def test_does_not_wait_for_the_desk() -> None:
    after(a_provisional_dispatch, report_in(WATER)).when(conclude(WATER)).then_states(LeadConcluded)


def test_counts_the_cycle_after_rework() -> None:
    [fact] = a_reopened_dispatch.when(conclude(WATER)).events
    assert isinstance(fact, LeadConcluded)
    assert fact.cycle == 2


def test_changes_nothing_when_delivered_twice() -> None:
    a_concluded_dispatch.when(conclude(WATER)).then_nothing()
    after(a_reported_dispatch, conclude(FARMING)).when(conclude(FARMING)).then_nothing()
    a_closed_dispatch.when(conclude(WATER)).then_nothing()


def test_does_not_change_its_results_afterwards() -> None:
    other = replace(conclude(WATER), results=(IssueResult("ditch", "unsolved", "sealed details"),))
    a_concluded_dispatch.when(other).then_refused("already-concluded")


def test_needs_a_sentence() -> None:
    for unit in (WATER, FARMING):
        a_reported_dispatch.when(Conclude(unit, unit, "")).then_refused("conclusion-needs-a-sentence")


def test_leaves_results_to_the_lead() -> None:
    claims = replace(conclude(FARMING), results=(IssueResult("ditch", "solved"),))
    a_reported_dispatch.when(claims).then_refused("only-the-lead-states-results")


def test_knows_the_issues_of_its_whistle() -> None:
    elsewhere = replace(conclude(WATER), results=(IssueResult("elsewhere", "solved"),))
    a_reported_dispatch.when(elsewhere).then_refused("issue-not-dispatched")
    twice = replace(conclude(WATER), results=(IssueResult("ditch", "solved"), IssueResult("ditch", "partly")))
    a_reported_dispatch.when(twice).then_refused("issue-answered-twice")


def test_follows_the_report_in() -> None:
    a_final_dispatch.when(conclude(WATER)).then_refused("not-reported-in")
    a_final_dispatch.when(conclude(FARMING)).then_refused("not-reported-in")


def test_comes_too_late_for_a_closed_whistle() -> None:
    a_closed_dispatch.when(conclude(FARMING)).then_refused("dispatch-closed")


def test_comes_from_the_department_itself() -> None:
    a_reported_dispatch.when(replace(conclude(WATER), by=FARMING)).then_refused("not-your-assignment")
    a_reported_dispatch.when(conclude(POWER)).then_refused("unknown-case")
