"""A letter reaches the office."""

from dataclasses import replace

from intake.domain.letter.commands import SubmitLetter
from intake.domain.letter.facts import LetterSubmitted
from tests.domain.intake.stories import POTHOLE, a_letter, no_letter_yet


def test_is_kept_as_written() -> None:
    no_letter_yet.when(SubmitLetter(POTHOLE)).then(LetterSubmitted(POTHOLE))


def test_may_be_anonymous() -> None:
    anonymous = replace(POTHOLE, anonymous=True, writer=None)
    no_letter_yet.when(SubmitLetter(anonymous)).then(LetterSubmitted(anonymous))


def test_names_nobody_when_it_is_anonymous() -> None:
    named = replace(POTHOLE, anonymous=True)
    no_letter_yet.when(SubmitLetter(named)).then_refused("anonymous-letter-names-nobody")


def test_needs_a_text() -> None:
    no_letter_yet.when(SubmitLetter(replace(POTHOLE, text=""))).then_refused("letter-needs-a-text")


def test_changes_nothing_when_delivered_twice() -> None:
    a_letter.when(SubmitLetter(POTHOLE)).then_nothing()


def test_does_not_overwrite_another_letter() -> None:
    a_letter.when(SubmitLetter(replace(POTHOLE, text="sealed other words"))).then_refused("letter-exists")
