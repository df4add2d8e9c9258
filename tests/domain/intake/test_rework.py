"""W8: the township leader is not content."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import CloseOut, CloseUnappraised, Rework
from intake.domain.whistle.facts import WhistleReworked
from tests.domain.intake.stories import HANZHANG, YUANCUN, a_concluded_whistle, a_whistle_in_handling

REWORK = Rework(YUANCUN, "sealed reason")
REWORKED = WhistleReworked("sealed reason", cycle=2)


def test_puts_it_back_into_handling_one_cycle_on() -> None:
    after = a_concluded_whistle.when(REWORK).then(REWORKED)
    assert after.state.stage is Stage.HANDLING
    assert after.state.cycle == 2


def test_changes_nothing_when_delivered_twice() -> None:
    a_concluded_whistle.given(REWORKED).when(REWORK).then_nothing()


def test_needs_a_reason() -> None:
    a_concluded_whistle.when(Rework(YUANCUN, "")).then_refused("rework-needs-a-reason")


def test_waits_until_the_lead_has_concluded() -> None:
    a_whistle_in_handling.when(REWORK).then_refused("not-awaiting-confirmation")


def test_comes_too_late_after_the_verdict() -> None:
    closed = a_concluded_whistle.given(*a_concluded_whistle.when(CloseOut(YUANCUN)).events)
    closed.when(REWORK).then_refused("whistle-already-closed")


def test_comes_too_late_after_the_time_to_confirm_ran_out() -> None:
    expired = a_concluded_whistle.given(*a_concluded_whistle.when(CloseUnappraised(cycle=1)).events)
    expired.when(REWORK).then_refused("closed-unappraised")


def test_finds_no_whistle_of_another_township() -> None:
    a_concluded_whistle.when(Rework(HANZHANG, "sealed reason")).then_refused("unknown-case")
