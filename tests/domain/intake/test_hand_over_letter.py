"""A unit is to look into a letter; it sees what the office has redacted."""

from intake.domain.letter import Stage
from intake.domain.letter.commands import HandOverLetter, RespondToLetter
from intake.domain.letter.facts import LetterHandedOver, LetterReleased, LetterResponded
from tests.domain.intake.stories import WATER, a_letter, a_resolved_letter

HAND_OVER = HandOverLetter(WATER, "sealed redacted")
RELEASED = LetterReleased(WATER, "sealed redacted")
HANDED_OVER = LetterHandedOver(WATER)


def test_releases_and_hands_over_in_one() -> None:
    after = a_letter.when(HAND_OVER).then(RELEASED, HANDED_OVER)
    assert after.state.stage is Stage.HANDLING


def test_needs_no_second_release() -> None:
    a_letter.given(RELEASED).when(HandOverLetter(WATER)).then(HANDED_OVER)


def test_never_happens_without_a_release() -> None:
    a_letter.when(HandOverLetter(WATER)).then_refused("not-released-to-this-unit")


def test_stays_in_handling_when_the_office_answers_meanwhile() -> None:
    handled = a_letter.given(RELEASED, HANDED_OVER)
    after = handled.when(RespondToLetter("sealed answer")).then(LetterResponded("sealed answer", final=False))
    assert after.state.stage is Stage.HANDLING


def test_changes_nothing_when_delivered_twice() -> None:
    a_letter.given(RELEASED, HANDED_OVER).when(HAND_OVER).then_nothing()


def test_comes_too_late_once_the_matter_is_over() -> None:
    a_resolved_letter.when(HAND_OVER).then_refused("already-resolved")
