"""The writer judges how a letter was dealt with."""

import pytest

from intake.domain.letter import Stage
from intake.domain.letter.commands import AppraiseLetter
from intake.domain.letter.facts import (
    Event,
    LetterAppraised,
    LetterNotAccepted,
    LetterReferredUp,
    LetterResolved,
)
from tests.domain.intake.stories import a_letter, a_resolved_letter

APPRAISE = AppraiseLetter(True, "basically", "sealed comment")
APPRAISED = LetterAppraised("basically", "sealed comment")


@pytest.mark.parametrize(
    "ending",
    [LetterResolved("sealed"), LetterNotAccepted("sealed"), LetterReferredUp("市减负办", "sealed")],
)
def test_follows_any_ending(ending: Event) -> None:
    after = a_letter.given(ending).when(APPRAISE).then(APPRAISED)
    assert after.state.stage is Stage.APPRAISED


def test_is_the_writers_alone() -> None:
    a_resolved_letter.when(AppraiseLetter(False, "satisfied")).then_refused("unknown-case")


def test_waits_for_the_ending() -> None:
    a_letter.when(APPRAISE).then_refused("not-answered-yet")


def test_is_given_once() -> None:
    appraised = a_resolved_letter.given(APPRAISED)
    appraised.when(AppraiseLetter(True, "satisfied")).then_refused("already-appraised")


def test_changes_nothing_when_delivered_twice() -> None:
    a_resolved_letter.given(APPRAISED).when(APPRAISE).then_nothing()
