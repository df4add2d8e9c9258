"""W1: a draft gets other words."""

from dataclasses import replace

from intake.domain.whistle.commands import ReviseDraft
from intake.domain.whistle.facts import WhistleDrafted, WhistleSentBack
from tests.domain.intake.stories import FLOOD, HANZHANG, YUANCUN, a_draft, a_raised_whistle, nothing_yet

BETTER = replace(FLOOD, text="sealed better words")


def test_replaces_the_words() -> None:
    a_draft.when(ReviseDraft(YUANCUN, "ordinary", BETTER)).then(WhistleDrafted(YUANCUN, BETTER))


def test_is_how_a_whistle_sent_back_is_mended() -> None:
    sent_back = a_raised_whistle.given(WhistleSentBack("sealed reason"))
    sent_back.when(ReviseDraft(YUANCUN, "ordinary", BETTER)).then(WhistleDrafted(YUANCUN, BETTER))


def test_changes_nothing_when_delivered_twice() -> None:
    a_draft.when(ReviseDraft(YUANCUN, "ordinary", FLOOD)).then_nothing()


def test_is_too_late_once_it_is_raised() -> None:
    a_raised_whistle.when(ReviseDraft(YUANCUN, "ordinary", BETTER)).then_refused("not-a-draft")


def test_does_not_let_a_routed_away_matter_in() -> None:
    a_draft.when(ReviseDraft(YUANCUN, "petition", BETTER)).then_refused("belongs-to-the-petition-office")


def test_finds_no_draft_of_another_township() -> None:
    a_draft.when(ReviseDraft(HANZHANG, "ordinary", BETTER)).then_refused("unknown-case")


def test_finds_no_draft_where_there_is_none() -> None:
    nothing_yet.when(ReviseDraft(YUANCUN, "ordinary", BETTER)).then_refused("unknown-case")
