"""责任下派审核: nothing is passed down unreviewed."""

from dataclasses import replace
from datetime import date

import pytest

from routing.domain import task_down_review
from routing.domain.task_down_review import own_duty
from routing.domain.task_down_review.commands import (
    CiteReview,
    DecideTaskDown,
    EvaluateTask,
    IssueTask,
    RecordTaskHearing,
    StartReview,
)
from routing.domain.task_down_review.facts import (
    ReviewCited,
    ReviewStarted,
    TaskDownDecided,
    TaskDownProposed,
    TaskEvaluated,
    TaskHearingRecorded,
    TaskIssued,
)
from tests.domain.routing.dispute_stories import (
    APPROVE,
    CENSUS,
    REFUSE,
    WITH_CONDITIONS,
    a_proposed_task,
    a_refused_task,
    a_task_under_review,
    an_approved_task,
    an_issued_task,
    no_review_yet,
)
from tests.domain.routing.stories import CLEANING, DAMS, FARMING, WATER, WATERLOGGING, YUANCUN

OWN = replace(DAMS, lead=FARMING)
AUTOMATIC = TaskDownDecided("refused", True, None, None, None, None)
HEARING = RecordTaskHearing(date(2026, 3, 6), 24, (YUANCUN,), "sealed minutes", 20)
EVALUATE = EvaluateTask(YUANCUN, False, "adjusted", "sealed words")


def test_takes_a_proposal_with_both_answers() -> None:
    story = no_review_yet.when(CENSUS).then_states(TaskDownProposed)
    assert story.state.stage is task_down_review.Stage.PROPOSED
    story.when(CENSUS).then_nothing()


def test_wants_the_measure_its_townships_and_both_answers() -> None:
    no_review_yet.when(replace(CENSUS, measure="")).then_refused("task-down-names-its-measure")
    no_review_yet.when(replace(CENSUS, townships=())).then_refused("task-down-names-townships")
    no_review_yet.when(replace(CENSUS, known=frozenset())).then_refused("unknown-township", unit=YUANCUN)
    no_review_yet.when(replace(CENSUS, item_code="X-1")).then_refused("item-not-in-the-list", item="X-1")
    no_review_yet.when(replace(CENSUS, resources="")).then_refused("answer-what-comes-with-it")
    no_review_yet.when(replace(CENSUS, capacity="")).then_refused("answer-whether-townships-can")


def test_refuses_a_departments_own_duty_by_itself() -> None:
    own = replace(CENSUS, item_code=OWN.code, item=OWN)
    refused = no_review_yet.when(own).then_states(TaskDownProposed, TaskDownDecided)
    assert refused.state.decided == AUTOMATIC
    refused.when(own).then_nothing()


def test_refuses_it_also_when_the_office_finds_the_line_that_is_meant() -> None:
    found = StartReview(OWN.code, OWN)
    refused = a_proposed_task.when(found).then(ReviewStarted(OWN.code), AUTOMATIC)
    refused.when(found).then_nothing()
    refused.when(StartReview()).then_refused("review-is-decided")


@pytest.mark.parametrize(
    ("item", "own"),
    [
        (None, False),
        (OWN, True),
        (replace(OWN, lead=WATER), False),
        (CLEANING, False),
        (WATERLOGGING, False),
        (replace(OWN, devolved=True, devolved_with=("人员2名", "经费3万元")), True),
        (replace(OWN, devolved=False, devolved_with=("人员", "经费", "技术")), True),
        (replace(OWN, devolved=True, devolved_with=("人员2名", "经费3万元", "技术培训")), False),
    ],
)
def test_reviews_what_townships_support_and_what_was_devolved_with_its_means(item: object, own: bool) -> None:
    assert own_duty(FARMING, item) is own  # type: ignore[arg-type]


def test_answers_both_questions_whatever_is_decided() -> None:
    for decision in ("approved", "approved_with_conditions", "refused"):
        for answers in ((None, False), (True, None)):
            half = DecideTaskDown(decision, answers[0], answers[1], "sealed", "sealed")
            a_task_under_review.when(half).then_refused("both-questions-are-answered")


def test_approves_only_what_comes_with_means_and_is_within_reach() -> None:
    a_task_under_review.when(APPROVE).then(TaskDownDecided("approved", False, True, False, None, None))
    for answers in ((False, False), (True, True)):
        heavy = DecideTaskDown("approved", *answers)
        a_task_under_review.when(heavy).then_refused("approve-only-what-townships-can-carry")


def test_sets_conditions_or_says_why_not() -> None:
    a_task_under_review.when(WITH_CONDITIONS).then_states(TaskDownDecided)
    bare = replace(WITH_CONDITIONS, conditions="")
    a_task_under_review.when(bare).then_refused("conditions-are-named")
    a_task_under_review.when(REFUSE).then_states(TaskDownDecided)
    a_task_under_review.when(replace(REFUSE, reason="")).then_refused("refusing-needs-a-reason")


def test_is_decided_once_after_it_began() -> None:
    a_proposed_task.when(APPROVE).then_refused("start-the-review-first")
    an_approved_task.when(APPROVE).then_nothing()
    an_approved_task.when(REFUSE).then_refused("review-is-decided")
    a_task_under_review.when(StartReview()).then_nothing()
    a_task_under_review.when(StartReview(OWN.code, OWN)).then_refused("review-has-begun")
    no_review_yet.when(APPROVE).then_refused("unknown-case")


def test_never_takes_silence_for_approval() -> None:
    issue = IssueTask(FARMING, "南农〔2026〕8号")
    for undecided in (a_proposed_task, a_task_under_review, a_refused_task):
        undecided.when(issue).then_refused("not-let-through")
    an_approved_task.when(issue).then(TaskIssued("南农〔2026〕8号"))
    an_approved_task.when(replace(issue, document="")).then_refused("issuing-needs-a-document")
    an_approved_task.when(replace(issue, by=WATER)).then_refused("unknown-case")
    an_issued_task.when(issue).then_nothing()
    an_issued_task.when(replace(issue, document="南农〔2026〕9号")).then_refused("already-issued")


def test_hears_twenty_representatives_before_it_is_decided() -> None:
    heard = TaskHearingRecorded(date(2026, 3, 6), 24, (YUANCUN,), "sealed minutes")
    a_task_under_review.when(HEARING).then(heard).when(HEARING).then_nothing()
    few = replace(HEARING, representatives=19)
    a_task_under_review.when(few).then_refused("hearing-needs-representatives", least=20)
    a_task_under_review.when(replace(HEARING, units=())).then_refused("hearing-names-units")
    a_task_under_review.when(replace(HEARING, minutes="")).then_refused("hearing-needs-minutes")
    an_approved_task.when(HEARING).then_refused("review-is-decided")


def test_is_evaluated_by_a_township_or_the_office() -> None:
    evaluated = an_issued_task.when(EVALUATE).then(TaskEvaluated(YUANCUN, "adjusted", "sealed words"))
    evaluated.when(EVALUATE).then_nothing()
    evaluated.when(replace(EVALUATE, evaluation="kept")).then_refused("already-evaluated")
    by_office = replace(EVALUATE, by="burden-reduction-office", by_office=True)
    an_issued_task.when(by_office).then_states(TaskEvaluated)
    an_issued_task.when(replace(EVALUATE, by="410923104")).then_refused("unknown-case")
    an_issued_task.when(replace(EVALUATE, words="")).then_refused("evaluation-needs-words")
    an_approved_task.when(EVALUATE).then_refused("not-issued-yet")


def test_can_be_cited_once_it_is_decided() -> None:
    cite = CiteReview("3f0c2b1a-7a55-4c0e-9d7e-0d6d0b0f5a11")
    cited = a_refused_task.when(cite).then(ReviewCited(cite.cited_by))
    cited.when(cite).then_nothing()
    a_task_under_review.when(cite).then_refused("cite-only-what-is-decided")
