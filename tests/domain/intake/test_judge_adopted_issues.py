"""W13: a township whose whistle was merged judges its own issues in the parent."""

from dataclasses import replace
from datetime import timedelta

from intake.domain.whistle.commands import CloseOut, CloseUnappraised, RaiseAgain, Rework
from intake.domain.whistle.facts import (
    AdoptedIssues,
    AdoptedIssuesJudged,
    ConfirmationWindowNoted,
    DepartmentRating,
    IssueJudgement,
    IssuesAdopted,
    WhistleAwaitingConfirmation,
    WhistleClosed,
    WhistleDispatched,
    WhistleMerged,
    WhistleRaisedAgain,
    WhistleReworked,
)
from intake.domain.whistle.merging_commands import JudgeAdoptedIssues, NoteConfirmationWindow
from tests.domain.intake.stories import (
    DITCH_SOLVED,
    FARMING,
    FIELDS_SOLVED,
    HANDLING,
    HANZHANG,
    MORNING,
    TRANSPORT,
    WATER,
    YUANCUN,
    a_concluded_whistle,
    a_signed_whistle,
)

ZHANGGUOTUN = "410923104"
ROAD = AdoptedIssues("child", HANZHANG, ("road", "culvert"), (TRANSPORT, WATER))
OWN = AdoptedIssues("own", YUANCUN, ("well",), (FARMING,))
ROAD_SOLVED, CULVERT_PARTLY = IssueJudgement("road", "solved"), IssueJudgement("culvert", "partly")
CULVERT_SOLVED, WELL_SOLVED = IssueJudgement("culvert", "solved"), IssueJudgement("well", "solved")
RESULTS = (DITCH_SOLVED, FIELDS_SOLVED, ROAD_SOLVED, CULVERT_PARTLY, WELL_SOLVED)
TRANSPORT_SATISFIED = DepartmentRating(TRANSPORT, "satisfied")
WATER_SATISFIED = DepartmentRating(WATER, "satisfied")

in_handling = a_signed_whistle.given(
    WhistleDispatched((WATER, FARMING, TRANSPORT)), HANDLING, IssuesAdopted((ROAD, OWN))
)
concluded = in_handling.given(WhistleAwaitingConfirmation(RESULTS, 1))
ALL_WELL = JudgeAdoptedIssues(HANZHANG, (), (), None, MORNING)
JUDGED = AdoptedIssuesJudged(
    HANZHANG, (ROAD_SOLVED, CULVERT_PARTLY), (WATER_SATISFIED, TRANSPORT_SATISFIED), None, 1
)
THREE_DAYS = MORNING + timedelta(days=3)


def test_takes_one_tap_for_its_issues_and_the_departments_that_came_for_them() -> None:
    concluded.when(ALL_WELL).then(JUDGED)


def test_keeps_what_the_township_says_differently() -> None:
    unsolved = IssueJudgement("road", "unsolved")
    slow = DepartmentRating(TRANSPORT, "dissatisfied")
    said = replace(ALL_WELL, verdicts=(unsolved,), ratings=(slow,), comment="sealed comment")
    concluded.when(said).then(
        AdoptedIssuesJudged(
            HANZHANG, (unsolved, CULVERT_PARTLY), (WATER_SATISFIED, slow), "sealed comment", 1
        )
    )


def test_stands_when_the_parent_is_closed() -> None:
    unsolved = replace(ALL_WELL, verdicts=(IssueJudgement("road", "unsolved"),))
    judged = concluded.when(unsolved).then_states(AdoptedIssuesJudged)
    [closed] = judged.when(CloseOut(YUANCUN)).events
    assert isinstance(closed, WhistleClosed)
    assert {each.issue_id: each.judgement for each in closed.verdicts} == {
        "ditch": "solved",
        "fields": "solved",
        "well": "solved",
    }, "what its own township has judged is not judged again"
    in_its_place = CloseOut(YUANCUN, (ROAD_SOLVED,))
    judged.when(in_its_place).then_refused("issue-judged-by-its-township")


def test_the_parents_verdict_covers_what_nobody_else_has_judged() -> None:
    [closed] = concluded.when(CloseOut(YUANCUN, (CULVERT_SOLVED,))).events
    assert isinstance(closed, WhistleClosed)
    assert CULVERT_SOLVED in closed.verdicts


def test_has_its_time_also_when_the_parent_is_closed_early() -> None:
    noted = concluded.when(NoteConfirmationWindow(1, THREE_DAYS)).then(ConfirmationWindowNoted(1, THREE_DAYS))
    closed = noted.when(CloseOut(YUANCUN)).then_states(WhistleClosed)
    closed.when(replace(ALL_WELL, at=THREE_DAYS)).then_states(AdoptedIssuesJudged)
    late = replace(ALL_WELL, at=THREE_DAYS + timedelta(seconds=1))
    closed.when(late).then_refused("confirmation-window-over")
    noted.when(late).then_states(AdoptedIssuesJudged)  # nobody has closed it yet


def test_nobody_is_late_because_another_service_lags() -> None:
    closed = concluded.when(CloseOut(YUANCUN)).then_states(WhistleClosed)
    closed.when(replace(ALL_WELL, at=THREE_DAYS)).then_states(AdoptedIssuesJudged)


def test_a_moved_deadline_is_the_windows_too() -> None:
    noted = concluded.given(ConfirmationWindowNoted(1, MORNING))
    noted.when(NoteConfirmationWindow(None, THREE_DAYS)).then(ConfirmationWindowNoted(1, THREE_DAYS))


def test_the_window_matters_only_where_another_has_a_say() -> None:
    a_concluded_whistle.when(NoteConfirmationWindow(1, THREE_DAYS)).then_nothing()
    noted = concluded.given(ConfirmationWindowNoted(1, THREE_DAYS))
    noted.when(NoteConfirmationWindow(1, THREE_DAYS)).then_nothing()
    concluded.given(WhistleMerged("root")).when(NoteConfirmationWindow(1, THREE_DAYS)).then_nothing()


def test_is_left_over_when_the_parent_closes_without_a_verdict() -> None:
    judged = concluded.given(JUDGED)
    judged.when(CloseUnappraised(1)).then_states(WhistleClosed)


def test_begins_anew_with_each_cycle() -> None:
    judged = concluded.given(JUDGED)
    again = judged.when(Rework(YUANCUN, "sealed")).then_states(WhistleReworked)
    again.when(ALL_WELL).then_refused("not-awaiting-confirmation")
    once_more = again.given(WhistleAwaitingConfirmation(RESULTS, 2))
    once_more.when(ALL_WELL).then(replace(JUDGED, cycle=2))
    closed = judged.when(CloseOut(YUANCUN)).then_states(WhistleClosed)
    raised = closed.when(RaiseAgain(YUANCUN, "sealed", True, 30, MORNING)).then_states(WhistleRaisedAgain)
    assert raised.state.judged == ()


def test_changes_nothing_when_repeated_and_is_not_taken_back() -> None:
    judged = concluded.given(JUDGED)
    judged.when(ALL_WELL).then_nothing()
    other = replace(ALL_WELL, verdicts=(IssueJudgement("road", "unsolved"),))
    judged.when(other).then_refused("adopted-issues-judged-already")


def test_a_township_without_a_share_sees_no_whistle() -> None:
    concluded.when(replace(ALL_WELL, unit=ZHANGGUOTUN)).then_refused("unknown-case")
    a_concluded_whistle.when(ALL_WELL).then_refused("unknown-case")


def test_the_parents_own_township_judges_by_closing_out() -> None:
    concluded.when(replace(ALL_WELL, unit=YUANCUN)).then_refused("judged-by-closing-out")


def test_only_ones_own_issues_and_departments_are_judged() -> None:
    ditch = replace(ALL_WELL, verdicts=(DITCH_SOLVED,))
    concluded.when(ditch).then_refused("issue-not-in-this-whistle")
    farming = replace(ALL_WELL, ratings=(DepartmentRating(FARMING, "satisfied"),))
    concluded.when(farming).then_refused("department-not-dispatched")


def test_not_before_the_lead_has_concluded() -> None:
    in_handling.when(ALL_WELL).then_refused("not-awaiting-confirmation")


def test_what_was_merged_once_more_is_judged_where_it_went() -> None:
    in_handling.given(WhistleMerged("root")).when(ALL_WELL).then_refused("whistle-merged")


def test_all_departments_are_rated_where_those_that_came_are_gone() -> None:
    others = in_handling.given(WhistleDispatched((FARMING,)), WhistleAwaitingConfirmation(RESULTS, 1))
    [judged] = others.when(ALL_WELL).events
    assert isinstance(judged, AdoptedIssuesJudged)
    assert judged.ratings == (DepartmentRating(FARMING, "satisfied"),)
