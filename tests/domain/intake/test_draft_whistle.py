"""W1: a draft is kept."""

from dataclasses import replace

import pytest

from intake.domain.whistle.commands import DraftWhistle, Matter
from tests.domain.intake.stories import DRAFTED, FLOOD, YUANCUN, a_draft, nothing_yet


def test_keeps_what_the_township_wrote() -> None:
    nothing_yet.when(DraftWhistle(YUANCUN, "ordinary", FLOOD)).then(DRAFTED)


def test_may_be_unfinished() -> None:
    unfinished = replace(FLOOD, issues=(), departments=(), village="", text="")
    nothing_yet.when(DraftWhistle(YUANCUN, "ordinary", unfinished)).then_states(type(DRAFTED))


def test_changes_nothing_when_delivered_twice() -> None:
    a_draft.when(DraftWhistle(YUANCUN, "ordinary", FLOOD)).then_nothing()


def test_does_not_overwrite_another_draft() -> None:
    other = replace(FLOOD, text="sealed other words")
    a_draft.when(DraftWhistle(YUANCUN, "ordinary", other)).then_refused("draft-exists")


@pytest.mark.parametrize(
    ("matter", "slug"),
    [
        ("emergency_line", "belongs-to-the-emergency-line"),
        ("litigation", "belongs-to-the-court"),
        ("petition", "belongs-to-the-petition-office"),
        ("discipline", "belongs-to-the-discipline-body"),
        ("secret", "secret-is-not-admitted"),
    ],
)
def test_is_routed_away_when_others_must_handle_it(matter: Matter, slug: str) -> None:
    nothing_yet.when(DraftWhistle(YUANCUN, matter, FLOOD)).then_refused(slug)
