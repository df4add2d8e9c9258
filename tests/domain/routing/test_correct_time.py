"""更正: a recorded time is corrected, by one who proposes and another who approves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import Scenario, walk
from routing.application.corrections_publishing import CORRECTION, publish_correction
from routing.domain import correction
from routing.domain.correction import (
    ApproveCorrection,
    CorrectionDeclined,
    CorrectionProposed,
    DeclineCorrection,
    FactCorrected,
    ProposeCorrection,
    Recorded,
    Subject,
)

RECORDED_AT = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)
"""Tuesday 3 March 2026, 11:00 in China."""
CALLED_AT = RECORDED_AT - timedelta(hours=2)
A_SECOND = timedelta(seconds=1)
TODAY = RECORDED_AT + timedelta(days=1)
FIRST = Subject("report-in", "assignment-of-water", "water-resources", "lead", 1)
OTHER = replace(FIRST, fact="conclusion")
PROPOSE = ProposeCorrection(
    correction="one",
    subject=FIRST,
    recorded=Recorded(RECORDED_AT, RECORDED_AT - timedelta(hours=20), RECORDED_AT + timedelta(hours=5)),
    happened_at=CALLED_AT,
    reason="sealed reason",
    by="dispatcher-1",
    at=TODAY,
)
PROPOSED = CorrectionProposed("one", FIRST, RECORDED_AT, CALLED_AT, "sealed reason", "dispatcher-1")
APPROVE = ApproveCorrection("one", "supervisor-1")
APPROVED = FactCorrected(
    "one", FIRST, RECORDED_AT, CALLED_AT, "sealed reason", "dispatcher-1", "supervisor-1"
)
DECLINE = DeclineCorrection("one", "supervisor-1", "sealed objection")
DECLINED = CorrectionDeclined("one", FIRST, "sealed objection", "supervisor-1")
nothing_yet: Scenario[correction.Command, correction.Event, correction.Corrections] = Scenario.of(CORRECTION)
a_proposal = nothing_yet.given(PROPOSED)


def test_waits_for_the_second_person() -> None:
    nothing_yet.when(PROPOSE).then(PROPOSED)
    a_proposal.when(replace(APPROVE, by="dispatcher-1")).then_refused("proposer-cannot-approve")
    a_proposal.when(APPROVE).then(APPROVED)


def test_keeps_the_old_time_beside_the_new_one() -> None:
    approved = a_proposal.given(APPROVED)
    assert approved.state.time_of(FIRST, RECORDED_AT) == CALLED_AT
    assert approved.state.time_of(OTHER, RECORDED_AT) == RECORDED_AT


def test_can_be_corrected_again_from_the_time_that_holds() -> None:
    again = replace(PROPOSE, correction="two", happened_at=CALLED_AT - A_SECOND)
    story = a_proposal.given(APPROVED).when(again).then_states(CorrectionProposed)
    assert story.state.proposed[-1].old_at == CALLED_AT


def test_may_be_declined_also_by_who_proposed_it() -> None:
    a_proposal.when(DECLINE).then(DECLINED)
    a_proposal.when(replace(DECLINE, by="dispatcher-1")).then_states(CorrectionDeclined)
    a_proposal.when(replace(DECLINE, reason="")).then_refused("declining-a-correction-needs-a-reason")


def test_is_decided_once() -> None:
    a_proposal.given(DECLINED).when(APPROVE).then_refused("correction-was-declined")
    a_proposal.given(APPROVED).when(DECLINE).then_refused("correction-was-approved")
    nothing_yet.when(APPROVE).then_refused("unknown-correction")


def test_changes_nothing_when_delivered_twice() -> None:
    a_proposal.when(PROPOSE).then_nothing()
    a_proposal.given(APPROVED).when(APPROVE).then_nothing()
    a_proposal.given(DECLINED).when(DECLINE).then_nothing()


@pytest.mark.parametrize(
    ("proposal", "slug"),
    [
        (replace(PROPOSE, recorded=None), "nothing-to-correct"),
        (replace(PROPOSE, reason=""), "correction-needs-a-reason"),
        (replace(PROPOSE, happened_at=RECORDED_AT), "correction-changes-nothing"),
        (replace(PROPOSE, happened_at=TODAY + A_SECOND), "not-yet-happened"),
        (
            replace(PROPOSE, happened_at=RECORDED_AT - timedelta(hours=20, seconds=1)),
            "corrected-before-it-could-happen",
        ),
        (replace(PROPOSE, happened_at=RECORDED_AT + timedelta(hours=6)), "corrected-after-what-followed"),
    ],
)
def test_needs_a_time_that_can_be(proposal: ProposeCorrection, slug: str) -> None:
    nothing_yet.when(proposal).then_refused(slug)


def test_waits_alone_for_each_record() -> None:
    a_proposal.when(replace(PROPOSE, correction="two")).then_refused("correction-waits-already")
    a_proposal.when(replace(PROPOSE, correction="two", subject=OTHER)).then_states(CorrectionProposed)
    a_proposal.given(DECLINED).when(replace(PROPOSE, correction="two")).then_states(CorrectionProposed)


ids, people = st.sampled_from(["one", "two", "three"]), st.sampled_from(["a", "b"])
times = st.sampled_from([CALLED_AT, CALLED_AT - A_SECOND, RECORDED_AT])
commands = st.one_of(
    st.builds(
        lambda id_, subject, at, by: replace(PROPOSE, correction=id_, subject=subject, happened_at=at, by=by),
        ids,
        st.sampled_from([FIRST, OTHER]),
        times,
        people,
    ),
    st.builds(ApproveCorrection, ids, people),
    st.builds(DeclineCorrection, ids, people, st.sampled_from(["", "sealed objection"])),
)


@given(st.lists(commands, max_size=20))
@settings(max_examples=150, deadline=None)
def test_of_any_kind_takes_two_people(rest: list[correction.Command]) -> None:
    state = CORRECTION.initial
    for fact in walk(CORRECTION, rest):
        state = CORRECTION.evolve(state, fact, TODAY)
        assert publish_correction(fact, state, "case")
        if isinstance(fact, FactCorrected):
            assert fact.by != fact.approved_by
            assert fact.old_at != fact.new_at
    assert not state.approved & state.declined
