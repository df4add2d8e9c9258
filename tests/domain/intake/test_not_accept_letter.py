"""A letter is not the office's to handle."""

from intake.domain.letter import Stage
from intake.domain.letter.commands import NotAcceptLetter
from intake.domain.letter.facts import LetterNotAccepted
from tests.domain.intake.stories import a_letter, a_resolved_letter, no_letter_yet

NOT_ACCEPT = NotAcceptLetter("sealed reason")


def test_is_explained_to_the_writer() -> None:
    after = a_letter.when(NOT_ACCEPT).then(LetterNotAccepted("sealed reason"))
    assert after.state.stage is Stage.NOT_ACCEPTED


def test_needs_a_reason() -> None:
    a_letter.when(NotAcceptLetter("")).then_refused("not-accepting-needs-a-reason")


def test_changes_nothing_when_delivered_twice() -> None:
    a_letter.given(LetterNotAccepted("sealed reason")).when(NOT_ACCEPT).then_nothing()


def test_comes_too_late_once_it_is_resolved() -> None:
    a_resolved_letter.when(NOT_ACCEPT).then_refused("already-resolved")


def test_finds_no_letter_where_there_is_none() -> None:
    no_letter_yet.when(NOT_ACCEPT).then_refused("unknown-case")
