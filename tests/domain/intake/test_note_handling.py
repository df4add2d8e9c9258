"""W5: the lead has reported in."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import NoteHandling
from tests.domain.intake.stories import (
    HANDLING,
    a_concluded_whistle,
    a_dispatched_whistle,
    a_draft,
    a_whistle_in_handling,
    nothing_yet,
)


def test_moves_the_whistle_into_handling() -> None:
    after = a_dispatched_whistle.when(NoteHandling()).then(HANDLING)
    assert after.state.stage is Stage.HANDLING


def test_changes_nothing_when_delivered_twice() -> None:
    a_whistle_in_handling.when(NoteHandling()).then_nothing()


def test_states_nothing_out_of_place() -> None:
    for story in (nothing_yet, a_draft, a_concluded_whistle):
        story.when(NoteHandling()).then_nothing()
