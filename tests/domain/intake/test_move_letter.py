"""The unit a letter was handed to goes into another, which looks into it from then on."""

from intake.domain.letter.commands import HandOverLetter, MoveLetter, ReportOnLetter
from intake.domain.letter.facts import (
    LetterHandedOver,
    LetterMoved,
    LetterReleased,
    LetterReportedOn,
    LetterResolved,
)
from tests.domain.intake.stories import TRANSPORT, WATER, a_letter

FARMING = "agriculture-rural"
with_water = a_letter.given(LetterReleased(WATER, "sealed redacted"), LetterHandedOver(WATER))
MOVE, MOVED = MoveLetter(WATER, TRANSPORT), LetterMoved(WATER, TRANSPORT)


def test_goes_to_the_heir() -> None:
    with_water.when(MOVE).then(MOVED)


def test_is_the_heirs_to_report_on_and_no_more_the_forebears() -> None:
    moved = with_water.given(MOVED)
    moved.when(ReportOnLetter(TRANSPORT, "sealed")).then(LetterReportedOn(TRANSPORT, "sealed"))
    moved.when(ReportOnLetter(WATER, "sealed")).then_refused("unknown-case")


def test_moves_on_when_the_heir_goes_into_a_third() -> None:
    with_water.given(MOVED).when(MoveLetter(TRANSPORT, FARMING)).then(LetterMoved(TRANSPORT, FARMING))


def test_is_the_heirs_once_where_both_had_it() -> None:
    both = with_water.given(LetterReleased(TRANSPORT, "sealed other"), LetterHandedOver(TRANSPORT), MOVED)
    both.when(HandOverLetter(TRANSPORT, "")).then_nothing()
    both.given(LetterMoved(TRANSPORT, FARMING)).when(MoveLetter(TRANSPORT, FARMING)).then_nothing()


def test_may_be_handed_back_in_the_words_it_was_moved_with() -> None:
    onward = with_water.given(MOVED, LetterMoved(TRANSPORT, FARMING))
    onward.when(HandOverLetter(TRANSPORT, "")).then(LetterHandedOver(TRANSPORT))


def test_changes_nothing_for_what_the_unit_does_not_have() -> None:
    a_letter.when(MOVE).then_nothing()
    a_letter.given(LetterReleased(WATER, "sealed redacted")).when(MOVE).then_nothing()
    with_water.given(MOVED).when(MOVE).then_nothing()


def test_changes_nothing_once_the_matter_is_over() -> None:
    with_water.given(LetterResolved("sealed")).when(MOVE).then_nothing()


def test_stays_where_it_is_when_a_unit_would_be_its_own_heir() -> None:
    with_water.when(MoveLetter(WATER, WATER)).then_nothing()
