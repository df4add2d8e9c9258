"""The matter of a letter is resolved."""

from intake.domain.letter import Stage
from intake.domain.letter.commands import ResolveLetter
from intake.domain.letter.facts import LetterNotAccepted, LetterResolved, LetterResponded
from tests.domain.intake.stories import a_letter, a_resolved_letter, an_answered_letter, no_letter_yet

RESOLVE = ResolveLetter("sealed result")


def test_ends_an_answered_letter() -> None:
    after = an_answered_letter.when(RESOLVE).then(LetterResolved("sealed result"))
    assert after.state.stage is Stage.RESOLVED


def test_is_the_answer_too_when_none_was_given() -> None:
    a_letter.when(RESOLVE).then(LetterResponded("sealed result", final=True), LetterResolved("sealed result"))


def test_needs_content() -> None:
    an_answered_letter.when(ResolveLetter("")).then_refused("resolution-needs-content")


def test_changes_nothing_when_delivered_twice() -> None:
    a_resolved_letter.when(RESOLVE).then_nothing()


def test_comes_too_late_once_it_was_not_accepted() -> None:
    not_accepted = a_letter.given(LetterNotAccepted("sealed reason"))
    not_accepted.when(RESOLVE).then_refused("already-not-accepted")


def test_finds_no_letter_where_there_is_none() -> None:
    no_letter_yet.when(RESOLVE).then_refused("unknown-case")
