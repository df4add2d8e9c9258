"""A higher authority has to decide."""

import pytest

from intake.domain.letter import Stage
from intake.domain.letter.commands import ReferLetterUp, ResolveLetter
from intake.domain.letter.facts import LetterReferredUp
from tests.domain.intake.stories import a_letter, a_resolved_letter

REFER_UP = ReferLetterUp("市减负办", "sealed reason")
REFERRED_UP = LetterReferredUp("市减负办", "sealed reason")


def test_ends_it_here() -> None:
    after = a_letter.when(REFER_UP).then(REFERRED_UP)
    assert after.state.stage is Stage.REFERRED_UP
    after.when(ResolveLetter("sealed result")).then_refused("already-referred-up")


@pytest.mark.parametrize(
    ("command", "slug"),
    [
        (ReferLetterUp("", "sealed reason"), "referral-needs-an-authority"),
        (ReferLetterUp("市减负办", ""), "letter-referral-needs-a-reason"),
    ],
)
def test_says_to_whom_and_why(command: ReferLetterUp, slug: str) -> None:
    a_letter.when(command).then_refused(slug)


def test_changes_nothing_when_delivered_twice() -> None:
    a_letter.given(REFERRED_UP).when(REFER_UP).then_nothing()


def test_comes_too_late_once_the_matter_is_over() -> None:
    a_resolved_letter.when(REFER_UP).then_refused("already-resolved")
