"""The unit a letter was handed to tells the office what it found."""

from intake.domain.letter.commands import ReportOnLetter
from intake.domain.letter.facts import LetterHandedOver, LetterReleased, LetterReportedOn, LetterResolved
from tests.domain.intake.stories import TRANSPORT, WATER, a_letter

a_handed_over_letter = a_letter.given(LetterReleased(WATER, "sealed redacted"), LetterHandedOver(WATER))
REPORT = ReportOnLetter(WATER, "sealed findings")


def test_tells_the_office_what_was_found() -> None:
    a_handed_over_letter.when(REPORT).then(LetterReportedOn(WATER, "sealed findings"))


def test_is_for_the_unit_that_has_it_only() -> None:
    other = ReportOnLetter(TRANSPORT, "sealed findings")
    a_handed_over_letter.when(other).then_refused("unknown-case")
    a_letter.given(LetterReleased(WATER, "sealed redacted")).when(REPORT).then_refused("unknown-case")


def test_needs_content() -> None:
    a_handed_over_letter.when(ReportOnLetter(WATER, "")).then_refused("report-needs-content")


def test_changes_nothing_when_delivered_twice() -> None:
    a_handed_over_letter.given(LetterReportedOn(WATER, "sealed findings")).when(REPORT).then_nothing()


def test_comes_too_late_once_the_matter_is_over() -> None:
    a_handed_over_letter.given(LetterResolved("sealed")).when(REPORT).then_refused("already-resolved")
