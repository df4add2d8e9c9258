"""会签: the lead asks its assists at once, each answers by itself, and nobody waits."""

from dataclasses import replace

import pytest

from routing.domain.dispatch.commands import Assist, CorrectDispatch, ReopenDispatch
from routing.domain.dispatch.facts import (
    CountersigningAsked,
    DepartmentCountersigned,
    LeadConcluded,
)
from routing.domain.dispatch.joining_commands import AskToCountersign, Countersign
from tests.domain.routing.stories import (
    EVERYONE,
    FARMING,
    FLOOD,
    POWER,
    TRANSPORT,
    WATER,
    a_closed_dispatch,
    a_concluded_dispatch,
    a_final_dispatch,
    a_reported_dispatch,
    after,
    assigned,
    conclude,
    nothing_yet,
    report_in,
)

PROPOSAL = AskToCountersign(WATER, WATER, "conclusion", "sealed proposal")
AGREED = Countersign(FARMING, FARMING, agrees=True)
OBJECTED = Countersign(FARMING, FARMING, agrees=False, words="sealed objection")
asked = after(a_reported_dispatch, PROPOSAL)
everyone_here = after(asked, report_in(TRANSPORT))


def test_all_assists_are_asked_at_once() -> None:
    a_reported_dispatch.when(PROPOSAL).then(
        CountersigningAsked(
            assigned(a_reported_dispatch, WATER).assignment_id,
            WATER,
            1,
            "conclusion",
            "sealed proposal",
            (TRANSPORT, FARMING),
        )
    )


def test_an_assist_agrees_or_objects() -> None:
    part = assigned(asked, FARMING).assignment_id
    asked.when(AGREED).then(DepartmentCountersigned(part, FARMING, 1, True, None))
    asked.when(OBJECTED).then(DepartmentCountersigned(part, FARMING, 1, False, "sealed objection"))


@pytest.mark.parametrize("first", [FARMING, TRANSPORT])
def test_the_order_does_not_matter(first: str) -> None:
    second = TRANSPORT if first == FARMING else FARMING
    one = after(everyone_here, replace(AGREED, unit=first, by=first))
    both = after(one, replace(OBJECTED, unit=second, by=second))
    assert both.state.countersigning is not None
    assert dict(both.state.countersigning.answers) == {first: True, second: False}


def test_a_missing_countersignature_keeps_nobody_from_concluding() -> None:
    asked.when(conclude(WATER)).then_states(LeadConcluded)


def test_is_over_with_the_conclusion() -> None:
    concluded = after(asked, conclude(WATER))
    concluded.when(AGREED).then_refused("lead-already-concluded")
    after(concluded, ReopenDispatch(2)).when(AGREED).then_refused("nothing-to-countersign")


def test_a_new_proposal_asks_again() -> None:
    again = after(after(asked, OBJECTED), replace(PROPOSAL, proposal="sealed other proposal"))
    [answer] = again.when(AGREED).events
    assert isinstance(answer, DepartmentCountersigned)
    assert answer.round == 2


def test_a_plan_is_signed_in_the_same_way() -> None:
    story = after(a_reported_dispatch, replace(PROPOSAL, kind="plan"))
    story.when(AGREED).then_states(DepartmentCountersigned)


def test_changes_nothing_when_repeated() -> None:
    asked.when(PROPOSAL).then_nothing()
    after(asked, AGREED).when(AGREED).then_nothing()


def test_another_answer_needs_another_question() -> None:
    after(asked, AGREED).when(OBJECTED).then_refused("already-countersigned")


def test_a_proposal_lapses_with_the_lead_that_made_it() -> None:
    story = after(nothing_yet, FLOOD, report_in(WATER), report_in(FARMING), PROPOSAL)
    transport_leads = CorrectDispatch(TRANSPORT, (Assist(WATER), Assist(FARMING)), EVERYONE, "basis")
    after(story, transport_leads).when(AGREED).then_refused("nothing-to-countersign")


def test_who_may_ask_and_who_may_answer() -> None:
    a_final_dispatch.when(PROPOSAL).then_refused("not-reported-in")
    a_reported_dispatch.when(replace(PROPOSAL, unit=FARMING, by=FARMING)).then_refused(
        "only-the-lead-asks-to-countersign"
    )
    a_reported_dispatch.when(replace(PROPOSAL, proposal="")).then_refused("countersigning-needs-a-proposal")
    a_reported_dispatch.when(AGREED).then_refused("nothing-to-countersign")
    asked.when(replace(AGREED, unit=WATER, by=WATER)).then_refused("the-lead-does-not-countersign")
    asked.when(replace(AGREED, unit=TRANSPORT, by=TRANSPORT)).then_refused("not-reported-in")
    asked.when(replace(OBJECTED, words="")).then_refused("objection-needs-a-sentence")
    asked.when(replace(AGREED, unit=POWER, by=POWER)).then_refused("unknown-case")
    asked.when(replace(AGREED, unit=TRANSPORT, by=FARMING)).then_refused("not-your-assignment")


def test_a_lead_alone_has_nobody_to_ask() -> None:
    alone = after(nothing_yet, replace(FLOOD, departments=(WATER,)), report_in(WATER))
    alone.when(PROPOSAL).then_refused("nobody-to-countersign")


def test_what_has_ended_is_not_countersigned() -> None:
    a_concluded_dispatch.when(PROPOSAL).then_refused("lead-already-concluded")
    a_closed_dispatch.when(PROPOSAL).then_refused("dispatch-closed")
