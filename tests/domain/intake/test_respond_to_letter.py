"""The office answers a letter."""

from intake.domain.letter import Stage
from intake.domain.letter.commands import RespondToLetter
from intake.domain.letter.facts import LetterNotAccepted, LetterResolved, LetterResponded
from tests.domain.intake.stories import a_letter, a_resolved_letter, an_answered_letter, no_letter_yet

RESPOND = RespondToLetter("sealed answer")


def test_is_an_answer_with_content() -> None:
    after = a_letter.when(RESPOND).then(LetterResponded("sealed answer", final=False))
    assert after.state.stage is Stage.RESPONDED


def test_may_be_the_resolution_too() -> None:
    after = a_letter.when(RespondToLetter("sealed answer", final=True)).then(
        LetterResponded("sealed answer", final=True), LetterResolved("sealed answer")
    )
    assert after.state.stage is Stage.RESOLVED


def test_may_be_followed_by_a_second_one() -> None:
    an_answered_letter.when(RespondToLetter("sealed more")).then(LetterResponded("sealed more", final=False))


def test_is_no_automatic_acknowledgement() -> None:
    acknowledge = RespondToLetter("sealed received", automatic=True)
    a_letter.when(acknowledge).then_refused("acknowledgement-is-no-response")


def test_needs_content() -> None:
    a_letter.when(RespondToLetter("")).then_refused("response-needs-content")


def test_changes_nothing_when_delivered_twice() -> None:
    an_answered_letter.when(RESPOND).then_nothing()


def test_comes_too_late_once_the_matter_is_over() -> None:
    a_resolved_letter.when(RespondToLetter("sealed more")).then_refused("already-resolved")
    not_accepted = a_letter.given(LetterNotAccepted("sealed reason"))
    not_accepted.when(RESPOND).then_refused("already-not-accepted")


def test_finds_no_letter_where_there_is_none() -> None:
    no_letter_yet.when(RESPOND).then_refused("unknown-case")
