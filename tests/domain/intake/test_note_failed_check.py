"""W9: a spot check has failed, and the office raises the whistle again."""

from dataclasses import replace

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import NoteFailedCheck, RaiseAgain
from intake.domain.whistle.facts import WhistleClosed, WhistleRaisedAgain
from tests.domain.intake.stories import (
    AWAITING,
    DITCH_SOLVED,
    FIELDS_SOLVED,
    MORNING,
    WATER_SATISFIED,
    YUANCUN,
    a_concluded_whistle,
    a_whistle_in_handling,
    nothing_yet,
)

OFFICE = "burden-reduction-office"
FAILED = NoteFailedCheck(OFFICE, "sealed finding", 1)
a_closed_whistle = a_concluded_whistle.given(
    WhistleClosed(True, (DITCH_SOLVED, FIELDS_SOLVED), (WATER_SATISFIED,), None, 1)
)


def test_opens_the_next_cycle_and_cites_the_closing() -> None:
    story = a_closed_whistle.when(FAILED).then(WhistleRaisedAgain("sealed finding", 1, 2, OFFICE))
    assert (story.state.stage, story.state.cycle) == (Stage.DISPATCHED, 2)


def test_checks_the_last_closing_if_none_is_named() -> None:
    a_closed_whistle.when(replace(FAILED, cycle=None)).then_states(WhistleRaisedAgain)


def test_changes_nothing_when_it_was_raised_again_already() -> None:
    raised = a_closed_whistle.when(FAILED).then_states(WhistleRaisedAgain)
    raised.when(FAILED).then_nothing()
    by_township = RaiseAgain(YUANCUN, "sealed reason", False, 30, MORNING)
    a_closed_whistle.when(by_township).then_states(WhistleRaisedAgain).when(FAILED).then_nothing()


def test_changes_nothing_when_a_later_cycle_was_closed_since() -> None:
    later = (
        a_closed_whistle.when(FAILED)
        .then_states(WhistleRaisedAgain)
        .given(replace(AWAITING, cycle=2), WhistleClosed(False, (), (), None, 2))
    )
    later.when(FAILED).then_nothing()


def test_is_never_refused() -> None:
    for story in (nothing_yet, a_whistle_in_handling, a_concluded_whistle):
        story.when(FAILED).then_nothing()
