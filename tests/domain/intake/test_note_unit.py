"""NoteUnit and NoteUnitGone: intake follows which units there are."""

import pytest

from backbone.testing import Scenario
from intake.application.followed_units import FOLLOWED_UNIT
from intake.domain.followed_unit import FollowedUnit, NoteUnit, NoteUnitGone, UnitGoneNoted, UnitNoted
from intake.domain.refusals import Refused

WATER, FARMING = "water-resources", "agriculture-rural"

nothing = Scenario.of(FOLLOWED_UNIT)
water = nothing.given(UnitNoted(WATER))
merged = water.given(UnitGoneNoted(WATER, FARMING))


def refusal(unit: FollowedUnit) -> str:
    """Why the unit can get nothing."""
    with pytest.raises(Refused) as refused:
        unit.can_get_cases(WATER)
    assert refused.value.params == {"unit": WATER}
    return refused.value.slug


def test_a_unit_that_is_there_can_get_cases() -> None:
    nothing.when(NoteUnit(WATER)).then(UnitNoted(WATER))
    water.state.can_get_cases(WATER)


def test_a_unit_nobody_registered_cannot() -> None:
    assert refusal(nothing.state) == "unknown-unit"


def test_a_unit_that_is_no_more_cannot_whoever_stands_in_its_place() -> None:
    water.when(NoteUnitGone(WATER, FARMING)).then(UnitGoneNoted(WATER, FARMING))
    assert refusal(merged.state) == "unit-is-no-more"
    assert merged.state.heir == FARMING
    assert refusal(water.given(UnitGoneNoted(WATER, None)).state) == "unit-is-no-more"


def test_changes_nothing_when_delivered_twice() -> None:
    water.when(NoteUnit(WATER)).then_nothing()
    merged.when(NoteUnit(WATER)).then_nothing()
    merged.when(NoteUnitGone(WATER, FARMING)).then_nothing()
