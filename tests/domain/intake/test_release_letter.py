"""The office lets a unit see what it has redacted, and nothing else."""

from intake.domain.letter.commands import ReleaseLetter
from intake.domain.letter.facts import LetterReleased
from tests.domain.intake.stories import TRANSPORT, WATER, a_letter, a_resolved_letter, no_letter_yet

RELEASE = ReleaseLetter(WATER, "sealed redacted")


def test_shows_a_unit_the_redacted_words() -> None:
    a_letter.when(RELEASE).then(LetterReleased(WATER, "sealed redacted"))


def test_is_for_each_unit_by_itself() -> None:
    told = a_letter.given(LetterReleased(WATER, "sealed redacted"))
    told.when(ReleaseLetter(TRANSPORT, "sealed redacted")).then(LetterReleased(TRANSPORT, "sealed redacted"))


def test_may_be_put_into_other_words() -> None:
    told = a_letter.given(LetterReleased(WATER, "sealed redacted"))
    after = told.when(ReleaseLetter(WATER, "sealed less")).then(LetterReleased(WATER, "sealed less"))
    assert after.state.released == ((WATER, "sealed less"),)


def test_needs_words() -> None:
    a_letter.when(ReleaseLetter(WATER, "")).then_refused("release-needs-words")


def test_changes_nothing_when_delivered_twice() -> None:
    a_letter.given(LetterReleased(WATER, "sealed redacted")).when(RELEASE).then_nothing()


def test_comes_too_late_once_the_matter_is_over() -> None:
    a_resolved_letter.when(RELEASE).then_refused("already-resolved")


def test_finds_no_letter_where_there_is_none() -> None:
    no_letter_yet.when(RELEASE).then_refused("unknown-case")
