"""查询码: the writer's code opens an anonymous letter, and nobody may guess for long."""

from dataclasses import replace
from datetime import timedelta

from intake.domain.letter.commands import SubmitLetter, TryCode
from intake.domain.letter.facts import LetterSubmitted, WrongCodeTried
from tests.domain.intake.stories import MORNING, POTHOLE, no_letter_yet

NAMELESS = replace(POTHOLE, anonymous=True, writer=None)
WRONG = TryCode(False, MORNING)
RIGHT = TryCode(True, MORNING)
A_MINUTE = timedelta(minutes=1)
a_nameless_letter = no_letter_yet.given(LetterSubmitted(NAMELESS, "hash"))
after_five_wrong_codes = a_nameless_letter.given(*(WrongCodeTried(MORNING + n * A_MINUTE) for n in range(5)))


def test_keeps_the_hash_of_the_code_alone() -> None:
    story = no_letter_yet.when(SubmitLetter(NAMELESS, "hash")).then(LetterSubmitted(NAMELESS, "hash"))
    assert story.state.code_hash == "hash"
    story.when(SubmitLetter(NAMELESS, "hash")).then_nothing()


def test_counts_a_wrong_code_and_says_nothing_of_the_right_one() -> None:
    a_nameless_letter.when(WRONG).then(WrongCodeTried(MORNING))
    a_nameless_letter.when(RIGHT).then_nothing()


def test_opens_to_nobody_after_five_wrong_codes_in_an_hour() -> None:
    for tried in (RIGHT, WRONG):
        soon = replace(tried, at=MORNING + 30 * A_MINUTE)
        after_five_wrong_codes.when(soon).then_refused("too-many-wrong-codes")


def test_opens_again_when_the_hour_has_passed() -> None:
    later = replace(RIGHT, at=MORNING + 60 * A_MINUTE)
    after_five_wrong_codes.when(later).then_nothing()
    after_five_wrong_codes.when(replace(later, matches=False)).then_states(WrongCodeTried)
