"""W3: the leader signs."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import CloseUnappraised, SignWhistle
from intake.domain.whistle.facts import WhistleDiscarded, WhistleSigned
from tests.domain.intake.stories import (
    AT_ONCE,
    AWAITING,
    DISPATCHED,
    HANDLING,
    HANZHANG,
    IN_THE_MORNING,
    MORNING,
    SIGNED,
    YUANCUN,
    a_draft,
    a_raised_emergency,
    a_raised_whistle,
    a_signed_whistle,
)


def test_sends_it_out_at_once() -> None:
    after = a_raised_whistle.when(SignWhistle(YUANCUN, AT_ONCE)).then(SIGNED)
    assert after.state.stage is Stage.SIGNED


def test_sends_it_out_in_the_morning_when_signed_at_night() -> None:
    sign = SignWhistle(YUANCUN, IN_THE_MORNING)
    a_raised_whistle.when(sign).then(WhistleSigned("sealed leader", MORNING))


def test_changes_nothing_when_delivered_twice() -> None:
    a_signed_whistle.when(SignWhistle(YUANCUN, IN_THE_MORNING)).then_nothing()


def test_follows_an_emergency_that_is_already_being_handled() -> None:
    out = a_raised_emergency.given(DISPATCHED, HANDLING)
    after = out.when(SignWhistle(YUANCUN, AT_ONCE)).then(SIGNED)
    assert after.state.stage is Stage.HANDLING


def test_is_still_a_signature_after_the_emergency_was_closed() -> None:
    waiting = a_raised_emergency.given(DISPATCHED, HANDLING, AWAITING)
    closed = waiting.given(*waiting.when(CloseUnappraised(cycle=1)).events)
    after = closed.when(SignWhistle(YUANCUN, IN_THE_MORNING)).then(SIGNED)
    assert after.state.stage is Stage.CLOSED


def test_needs_something_submitted() -> None:
    a_draft.when(SignWhistle(YUANCUN, AT_ONCE)).then_refused("not-submitted")
    a_draft.given(WhistleDiscarded()).when(SignWhistle(YUANCUN, AT_ONCE)).then_refused("not-submitted")


def test_finds_no_whistle_of_another_township() -> None:
    a_raised_whistle.when(SignWhistle(HANZHANG, AT_ONCE)).then_refused("unknown-case")
