"""A letter becomes a whistle, or the ground of a dispute."""

from intake.domain.letter import Stage
from intake.domain.letter.commands import NoteDispute, PromoteLetter
from intake.domain.letter.facts import LetterDisputed, LetterPromoted
from tests.domain.intake.stories import a_letter, a_resolved_letter, no_letter_yet

PROMOTE = PromoteLetter("whistle-case")
NOTE_DISPUTE = NoteDispute("dispute-case")


def test_goes_on_as_a_whistle() -> None:
    after = a_letter.when(PROMOTE).then(LetterPromoted("whistle-case"))
    assert after.state.stage is Stage.HANDLING


def test_becomes_one_whistle_only() -> None:
    promoted = a_letter.given(LetterPromoted("whistle-case"))
    promoted.when(PROMOTE).then_nothing()
    promoted.when(PromoteLetter("another-case")).then_refused("letter-became-a-whistle")


def test_is_over_once_the_letter_is() -> None:
    a_resolved_letter.when(PROMOTE).then_refused("already-resolved")


def test_is_cited_by_a_dispute() -> None:
    after = a_letter.when(NOTE_DISPUTE).then(LetterDisputed("dispute-case"))
    assert after.state.stage is Stage.HANDLING
    after.when(NOTE_DISPUTE).then_nothing()


def test_stays_resolved_when_a_dispute_cites_it_later() -> None:
    after = a_resolved_letter.when(NOTE_DISPUTE).then(LetterDisputed("dispute-case"))
    assert after.state.stage is Stage.RESOLVED


def test_follows_a_dispute_about_nothing_with_nothing() -> None:
    no_letter_yet.when(NOTE_DISPUTE).then_nothing()
