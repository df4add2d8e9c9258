"""W6: the lead has concluded, the township is asked."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import AwaitConfirmation
from intake.domain.whistle.facts import IssueJudgement, WhistleAwaitingConfirmation, WhistleReworked
from tests.domain.intake.stories import (
    AWAITING,
    DITCH_SOLVED,
    FIELDS_PARTLY,
    FIELDS_SOLVED,
    a_concluded_whistle,
    a_draft,
    a_whistle_in_handling,
)


def test_keeps_the_result_of_every_issue() -> None:
    concluded = AwaitConfirmation((DITCH_SOLVED, FIELDS_PARTLY), cycle=1)
    after = a_whistle_in_handling.when(concluded).then(
        WhistleAwaitingConfirmation((DITCH_SOLVED, FIELDS_PARTLY), cycle=1)
    )
    assert after.state.stage is Stage.AWAITING_CONFIRMATION


def test_takes_an_issue_without_a_result_as_solved() -> None:
    a_whistle_in_handling.when(AwaitConfirmation((), cycle=1)).then(
        WhistleAwaitingConfirmation((DITCH_SOLVED, FIELDS_SOLVED), cycle=1)
    )


def test_passes_over_an_issue_it_does_not_know_because_followers_never_refuse() -> None:
    strange = AwaitConfirmation((IssueJudgement("elsewhere", "unsolved"),), cycle=1)
    a_whistle_in_handling.when(strange).then(AWAITING)


def test_changes_nothing_when_delivered_twice() -> None:
    a_concluded_whistle.when(AwaitConfirmation((), cycle=1)).then_nothing()


def test_states_nothing_for_an_earlier_cycle() -> None:
    reworked = a_concluded_whistle.given(WhistleReworked("sealed reason", cycle=2))
    reworked.when(AwaitConfirmation((), cycle=1)).then_nothing()
    reworked.when(AwaitConfirmation((), cycle=2)).then_states(WhistleAwaitingConfirmation)


def test_states_nothing_out_of_place() -> None:
    a_draft.when(AwaitConfirmation((), cycle=1)).then_nothing()
