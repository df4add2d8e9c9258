"""NoteRules: intake follows approved records and finds the one of a day."""

from dataclasses import replace
from datetime import date

from backbone.testing import Scenario
from intake.application.followed_rules import DEFAULTS, FOLLOWED_RULES
from intake.domain.followed_rules import NoteRules, RulesNoted

MARCH, APRIL, JUNE = date(2026, 3, 1), date(2026, 4, 1), date(2026, 6, 1)
LENIENT = replace(DEFAULTS, days_to_raise_again=60)
STRICT = replace(DEFAULTS, days_to_raise_again=15)
FIRST = NoteRules(1, MARCH, None, LENIENT)

nothing = Scenario.of(FOLLOWED_RULES)
noted = nothing.given(RulesNoted(1, MARCH, None, LENIENT))


def test_is_kept_with_its_days() -> None:
    nothing.when(FIRST).then(RulesNoted(1, MARCH, None, LENIENT))
    assert nothing.state.in_force(JUNE) is None
    assert noted.state.in_force(MARCH) == LENIENT
    assert noted.state.in_force(date(2026, 2, 28)) is None


def test_is_followed_by_the_one_that_began_last_as_long_as_it_holds() -> None:
    both = noted.given(RulesNoted(2, APRIL, date(2026, 5, 31), STRICT))
    assert both.state.in_force(date(2026, 3, 31)) == LENIENT
    assert both.state.in_force(date(2026, 5, 31)) == STRICT
    assert both.state.in_force(JUNE) == LENIENT


def test_on_one_day_the_newer_holds_in_whatever_order_they_come() -> None:
    out_of_order = nothing.given(RulesNoted(2, MARCH, None, STRICT), RulesNoted(1, MARCH, None, LENIENT))
    assert out_of_order.state.in_force(MARCH) == STRICT


def test_changes_nothing_when_delivered_twice() -> None:
    noted.when(FIRST).then_nothing()
