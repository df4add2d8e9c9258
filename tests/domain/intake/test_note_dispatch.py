"""W3, W4: intake follows which departments have the whistle."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import CloseUnappraised, NoteDispatch
from intake.domain.whistle.facts import WhistleDispatched
from tests.domain.intake.stories import (
    DISPATCHED,
    FARMING,
    TRANSPORT,
    WATER,
    a_concluded_whistle,
    a_dispatched_whistle,
    a_draft,
    a_raised_emergency,
    a_raised_whistle,
    a_signed_whistle,
    a_whistle_in_handling,
)


def test_notes_that_a_signed_whistle_is_out() -> None:
    after = a_signed_whistle.when(NoteDispatch((WATER, FARMING))).then(DISPATCHED)
    assert after.state.stage is Stage.DISPATCHED


def test_notes_that_an_emergency_is_out_before_it_is_signed() -> None:
    after = a_raised_emergency.when(NoteDispatch((WATER, FARMING))).then(DISPATCHED)
    assert after.state.stage is Stage.DISPATCHED
    assert not after.state.signed


def test_notes_a_correction_and_leaves_the_handling_alone() -> None:
    corrected = NoteDispatch(joined=(TRANSPORT,), left=(FARMING,))
    after = a_whistle_in_handling.when(corrected).then(WhistleDispatched((WATER, TRANSPORT)))
    assert after.state.stage is Stage.HANDLING


def test_changes_nothing_when_delivered_twice() -> None:
    a_dispatched_whistle.when(NoteDispatch((WATER, FARMING))).then_nothing()


def test_leaves_a_department_that_left_and_joined_at_once_where_it_was() -> None:
    a_dispatched_whistle.when(NoteDispatch(joined=(WATER,), left=(WATER,))).then_nothing()


def test_states_nothing_for_a_whistle_that_is_not_out_or_is_over() -> None:
    for story in (a_draft, a_raised_whistle):
        story.when(NoteDispatch((WATER,))).then_nothing()
    closed = a_concluded_whistle.given(*a_concluded_whistle.when(CloseUnappraised(cycle=1)).events)
    closed.when(NoteDispatch((TRANSPORT,))).then_nothing()
