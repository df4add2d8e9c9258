"""W7': the time to confirm has run out."""

from intake.domain.whistle import Stage
from intake.domain.whistle.commands import CloseOut, CloseUnappraised
from intake.domain.whistle.facts import WhistleAwaitingConfirmation, WhistleClosed, WhistleReworked
from tests.domain.intake.stories import YUANCUN, a_concluded_whistle, a_whistle_in_handling


def test_closes_it_without_counting_it_as_satisfied() -> None:
    after = a_concluded_whistle.when(CloseUnappraised(cycle=1)).then(
        WhistleClosed(False, (), (), None, cycle=1)
    )
    assert after.state.stage is Stage.CLOSED


def test_changes_nothing_when_delivered_twice() -> None:
    closed = a_concluded_whistle.given(WhistleClosed(False, (), (), None, cycle=1))
    closed.when(CloseUnappraised(cycle=1)).then_nothing()


def test_states_nothing_when_the_verdict_came_first() -> None:
    judged = a_concluded_whistle.given(*a_concluded_whistle.when(CloseOut(YUANCUN)).events)
    judged.when(CloseUnappraised(cycle=1)).then_nothing()


def test_states_nothing_when_the_rework_came_first() -> None:
    reworked = a_concluded_whistle.given(WhistleReworked("sealed reason", cycle=2))
    reworked.when(CloseUnappraised(cycle=1)).then_nothing()
    concluded_again = reworked.given(WhistleAwaitingConfirmation((), cycle=2))
    concluded_again.when(CloseUnappraised(cycle=1)).then_nothing()
    concluded_again.when(CloseUnappraised(cycle=2)).then_states(WhistleClosed)


def test_states_nothing_before_the_lead_has_concluded() -> None:
    a_whistle_in_handling.when(CloseUnappraised(cycle=1)).then_nothing()
