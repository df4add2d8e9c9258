"""W1: a draft is thrown away."""

from intake.domain.whistle.commands import DiscardWhistle, SubmitWhistle
from intake.domain.whistle.facts import WhistleDiscarded
from tests.domain.intake.stories import HANZHANG, NUMBER, YUANCUN, a_draft, a_raised_whistle


def test_throws_the_draft_away() -> None:
    a_draft.when(DiscardWhistle(YUANCUN)).then(WhistleDiscarded())


def test_changes_nothing_when_delivered_twice() -> None:
    a_draft.given(WhistleDiscarded()).when(DiscardWhistle(YUANCUN)).then_nothing()


def test_does_not_take_back_what_was_raised() -> None:
    a_raised_whistle.when(DiscardWhistle(YUANCUN)).then_refused("not-a-draft")


def test_leaves_nothing_to_submit() -> None:
    discarded = a_draft.given(WhistleDiscarded())
    discarded.when(SubmitWhistle(YUANCUN, NUMBER)).then_refused("draft-was-discarded")


def test_finds_no_draft_of_another_township() -> None:
    a_draft.when(DiscardWhistle(HANZHANG)).then_refused("unknown-case")
