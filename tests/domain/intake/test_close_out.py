"""W7: 销哨."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import CloseOut, CloseUnappraised
from intake.domain.whistle.facts import (
    DepartmentRating,
    IssueJudgement,
    WhistleAwaitingConfirmation,
    WhistleClosed,
    WhistleDispatched,
)
from tests.domain.intake.stories import (
    DITCH_SOLVED,
    FARMING,
    FARMING_SATISFIED,
    FIELDS_PARTLY,
    FIELDS_SOLVED,
    HANZHANG,
    TRANSPORT,
    WATER,
    WATER_SATISFIED,
    YUANCUN,
    a_concluded_whistle,
    a_draft,
    a_whistle_in_handling,
)

ALL_WELL = CloseOut(YUANCUN)
CLOSED = WhistleClosed(
    True, (DITCH_SOLVED, FIELDS_SOLVED), (WATER_SATISFIED, FARMING_SATISFIED), None, cycle=1
)


def test_takes_one_tap_for_all_issues_and_departments() -> None:
    after = a_concluded_whistle.when(ALL_WELL).then(CLOSED)
    assert after.state.stage is Stage.CLOSED


def test_affirms_what_the_lead_reported_where_nothing_else_is_said() -> None:
    partly = a_whistle_in_handling.given(WhistleAwaitingConfirmation((DITCH_SOLVED, FIELDS_PARTLY), cycle=1))
    after = partly.when(ALL_WELL).then_states(WhistleClosed)
    assert after.state.closing is not None
    assert after.state.closing.verdicts == (DITCH_SOLVED, FIELDS_PARTLY)


def test_keeps_what_the_township_says_differently() -> None:
    unsolved = IssueJudgement("fields", "unsolved")
    dissatisfied = DepartmentRating(FARMING, "dissatisfied")
    close = CloseOut(YUANCUN, (unsolved,), (dissatisfied,), "sealed comment")
    a_concluded_whistle.when(close).then(
        WhistleClosed(
            True, (DITCH_SOLVED, unsolved), (WATER_SATISFIED, dissatisfied), "sealed comment", cycle=1
        )
    )


def test_rates_the_departments_that_have_it_after_a_correction() -> None:
    corrected = a_concluded_whistle.given(WhistleDispatched((WATER, TRANSPORT)))
    after = corrected.when(ALL_WELL).then_states(WhistleClosed)
    assert after.state.closing is not None
    assert [each.unit for each in after.state.closing.ratings] == [WATER, TRANSPORT]


def test_changes_nothing_when_delivered_twice() -> None:
    a_concluded_whistle.given(CLOSED).when(ALL_WELL).then_nothing()


def test_does_not_change_a_verdict_afterwards() -> None:
    other = CloseOut(YUANCUN, (FIELDS_PARTLY,))
    a_concluded_whistle.given(CLOSED).when(other).then_refused("whistle-already-closed")


def test_comes_too_late_after_the_time_to_confirm_ran_out() -> None:
    expired = a_concluded_whistle.given(*a_concluded_whistle.when(CloseUnappraised(cycle=1)).events)
    expired.when(ALL_WELL).then_refused("closed-unappraised")


def test_waits_until_the_lead_has_concluded() -> None:
    for story in (a_draft, a_whistle_in_handling):
        story.when(ALL_WELL).then_refused("not-awaiting-confirmation")


def test_judges_only_issues_of_this_whistle() -> None:
    close = CloseOut(YUANCUN, (IssueJudgement("elsewhere", "solved"),))
    a_concluded_whistle.when(close).then_refused("issue-not-in-this-whistle")


def test_rates_only_departments_that_were_given_it() -> None:
    close = CloseOut(YUANCUN, ratings=(DepartmentRating(TRANSPORT, "dissatisfied"),))
    a_concluded_whistle.when(close).then_refused("department-not-dispatched")


def test_finds_no_whistle_of_another_township() -> None:
    a_concluded_whistle.when(CloseOut(HANZHANG)).then_refused("unknown-case")
