"""Any sequence of commands on disputes and reviews: facts replay, and nothing happens twice."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tomllib import loads

from hypothesis import given, settings
from hypothesis import strategies as st

from backbone.testing import walk
from routing.application.disputes_publishing import DISPUTE, publish_dispute
from routing.application.ports import WindowUnknown
from routing.application.reviews_publishing import TASK_DOWN_REVIEW, publish_review
from routing.domain import dispute, task_down_review
from routing.domain.dispute.commands import (
    AcceptDispute,
    AgreeOnDuty,
    DecideReconsideration,
    GiveStatement,
    NotAcceptDispute,
    NoteExecution,
    OpenCoordination,
    OpenNegotiation,
    RecordHearing,
    ReferUp,
    RequestReconsideration,
    RuleOnDuty,
)
from routing.domain.dispute.facts import (
    DisputeFiled,
    DisputeNotAccepted,
    DutyAgreed,
    DutyRuled,
    ReconsiderationRequested,
    RulingExecuted,
)
from routing.domain.task_down_review.commands import (
    CiteReview,
    DecideTaskDown,
    EvaluateTask,
    IssueTask,
    RecordTaskHearing,
    StartReview,
)
from routing.domain.task_down_review.facts import TaskDownDecided, TaskIssued
from tests.domain.routing.dispute_stories import (
    AT_ONCE,
    BY_TELEPHONE,
    BY_THE_LIST,
    CENSUS,
    MONDAY_NIGHT,
    NOT_MINE,
    POWERS,
    RULED,
    WATER_AFTER_ALL,
    WEDNESDAY,
)
from tests.domain.routing.stories import DAMS, FARMING, TRANSPORT, WATER, YUANCUN
from tests.domain.routing.test_every_refusal import _slugs

MESSAGES = Path(__file__).parents[3] / "contracts/src/contracts/messages"
units = st.sampled_from([WATER, FARMING, TRANSPORT, YUANCUN])
words = st.sampled_from(["", "sealed words", "sealed other words"])
decided = st.sampled_from([RULED, WATER_AFTER_ALL, POWERS])
days = st.sampled_from([date(2026, 3, 5), date(2026, 3, 6)])
moments = st.sampled_from([WEDNESDAY, MONDAY_NIGHT + timedelta(days=1)])
WITHOUT_AN_OWNER = replace(
    NOT_MINE, filed_by="burden-reduction-office", filer="office", issue_ids=("ditch",), named=(WATER, FARMING)
)
filings = st.sampled_from(
    [NOT_MINE, replace(NOT_MINE, filed_by=YUANCUN, filer="township"), AT_ONCE, WITHOUT_AN_OWNER]
)
dispute_commands = st.one_of(
    filings,
    st.builds(AcceptDispute),
    st.builds(AcceptDispute),
    st.builds(NotAcceptDispute, words),
    st.builds(OpenNegotiation),
    st.builds(OpenCoordination),
    st.builds(GiveStatement, units, words),
    st.builds(RecordHearing, days, st.lists(units, max_size=3).map(tuple), words),
    st.sampled_from([BY_TELEPHONE, BY_THE_LIST]),
    st.builds(AgreeOnDuty, decided, st.sampled_from(["telephone", "meeting", "listed"])),
    st.builds(RuleOnDuty, decided, st.just(MONDAY_NIGHT), st.booleans()),
    st.builds(ReferUp, words, st.sampled_from(["not-the-countys", "undecided-in-time"]), words),
    st.builds(RequestReconsideration, units, words, moments),
    st.builds(DecideReconsideration, words, st.none() | decided),
    st.builds(NoteExecution, st.integers(1, 2), st.sampled_from(["reassigned", "without-effect"])),
)


@given(filings, st.lists(dispute_commands, max_size=25))
@settings(max_examples=200, deadline=None)
def test_of_a_dispute_decides_it_once_and_reconsiders_it_once(
    filing: dispute.Command, rest: list[dispute.Command]
) -> None:
    facts = walk(DISPUTE, [filing, *rest])
    state = DISPUTE.initial
    for fact in facts:
        state = dispute.evolve(state, fact, WEDNESDAY)
        assert publish_dispute(fact, state, "case")
    stated = [type(fact) for fact in facts]
    assert stated.count(DisputeFiled) <= 1
    assert stated.count(ReconsiderationRequested) <= 1
    assert stated.count(DutyAgreed) + stated.count(DisputeNotAccepted) <= 1
    assert [fact.number for fact in facts if isinstance(fact, DutyRuled)] in ([], [1], [1, 2])
    executed = [fact.number for fact in facts if isinstance(fact, RulingExecuted)]
    assert len(executed) == len(set(executed))


review_commands = st.one_of(
    st.just(CENSUS),
    st.sampled_from([StartReview(), StartReview(), StartReview("SL-02", replace(DAMS, lead=FARMING))]),
    st.builds(RecordTaskHearing, days, st.integers(18, 22), st.just((YUANCUN,)), words),
    st.builds(
        DecideTaskDown,
        st.sampled_from(["approved", "approved_with_conditions", "refused"]),
        st.none() | st.booleans(),
        st.none() | st.booleans(),
        words,
        words,
    ),
    st.builds(IssueTask, units, words),
    st.builds(EvaluateTask, units, st.booleans(), st.sampled_from(["kept", "withdrawn"]), words),
    st.builds(CiteReview, st.sampled_from(["one case", "another case"])),
)


@given(st.lists(review_commands, max_size=25))
@settings(max_examples=200, deadline=None)
def test_of_a_review_issues_only_what_was_let_through(rest: list[task_down_review.Command]) -> None:
    facts = walk(TASK_DOWN_REVIEW, [CENSUS, *rest])
    state = TASK_DOWN_REVIEW.initial
    for fact in facts:
        state = task_down_review.evolve(state, fact, WEDNESDAY)
        assert publish_review(fact, state, "case")
    verdicts = [fact.decision for fact in facts if isinstance(fact, TaskDownDecided)]
    assert len(verdicts) <= 1
    if any(isinstance(fact, TaskIssued) for fact in facts):
        assert verdicts[0] != "refused"


def test_uses_every_sentence_of_the_catalogue() -> None:
    for name in ("routing-disputes.toml", "routing-reviews.toml"):
        spoken = set(loads((MESSAGES / name).read_text(encoding="utf-8")))
        assert spoken - set(_slugs()) <= {WindowUnknown.slug}
