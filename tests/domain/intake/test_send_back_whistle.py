"""W2': the leader sends a whistle back to draft."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import SendBackWhistle
from intake.domain.whistle.facts import WhistleSentBack
from tests.domain.intake.stories import (
    HANZHANG,
    YUANCUN,
    a_raised_emergency,
    a_raised_whistle,
    a_signed_whistle,
)

SEND_BACK = SendBackWhistle(YUANCUN, "sealed reason")


def test_makes_it_a_draft_again() -> None:
    after = a_raised_whistle.when(SEND_BACK).then(WhistleSentBack("sealed reason"))
    assert after.state.stage is Stage.DRAFT


def test_changes_nothing_when_delivered_twice() -> None:
    a_raised_whistle.given(WhistleSentBack("sealed reason")).when(SEND_BACK).then_nothing()


def test_needs_a_reason() -> None:
    a_raised_whistle.when(SendBackWhistle(YUANCUN, "")).then_refused("send-back-needs-a-reason")


def test_is_too_late_once_it_is_signed() -> None:
    a_signed_whistle.when(SEND_BACK).then_refused("already-signed")


def test_cannot_call_an_emergency_back() -> None:
    a_raised_emergency.when(SEND_BACK).then_refused("emergency-is-out")


def test_finds_no_whistle_of_another_township() -> None:
    a_raised_whistle.when(SendBackWhistle(HANZHANG, "sealed reason")).then_refused("unknown-case")
