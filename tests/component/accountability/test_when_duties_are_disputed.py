"""Which clocks disputes and task-down reviews start and stop."""

import pytest

from contracts.events import Published, routing
from tests.component.accountability.county import CASE, SEALED, County, at

FRIDAY = at("2026-05-08 10:00")
MONDAY = at("2026-05-11 10:00")
FILED = routing.DisputeFiled(
    case_id=CASE,
    disputed_department="water-resources",
    filed_by="water-resources",
    filer="department",
    legal_basis="《农业法》",
    matter_sealed=SEALED,
    parties=("water-resources",),
)
RULING = routing.Ruling(duty="农田排涝", lead="agriculture-rural", legal_basis="《农业法》")
RULED = routing.DutyRuled(case_id=CASE, ruling=RULING, number=1, by_higher_level=False, parties=())
AGREED = routing.DutyAgreed(case_id=CASE, ruling=RULING, way="telephone", parties=())
DECLINED = routing.DisputeNotAccepted(case_id=CASE, reason_sealed=SEALED)
REFERRED = routing.DisputeReferredUp(case_id=CASE, to="市委编办", cause="not-the-countys")
PROPOSED = routing.TaskDownProposed(
    case_id=CASE,
    department="water-resources",
    measure="登记",
    townships=("410923102",),
    resources_sealed=SEALED,
    capacity_sealed=SEALED,
)
DECIDED = routing.TaskDownDecided(case_id=CASE, decision="refused", automatic=True)


async def test_a_dispute_has_three_working_days_from_its_filing(county: County) -> None:
    await county.hears(FILED, FRIDAY)
    clock = await county.clock("C2")
    assert (clock.unit, clock.started_at) == ("establishment-office", FRIDAY)
    assert clock.due == at("2026-05-13 00:00")  # Saturday the 9th is worked


@pytest.mark.parametrize("end", [RULED, AGREED, DECLINED])
async def test_a_decision_stops_it(county: County, end: Published) -> None:
    await county.hears(FILED, FRIDAY)
    await county.hears(end, MONDAY)
    clock = await county.clock("C2")
    assert (clock.outcome, clock.runs) == ("on_time", False)


async def test_a_referral_stops_it_and_gives_the_higher_level_its_own(county: County) -> None:
    await county.hears(FILED, FRIDAY)
    await county.hears(REFERRED, MONDAY)
    assert not (await county.clock("C2")).runs
    theirs = await county.clock("C2", cycle=2)
    assert (theirs.unit, theirs.started_at) == ("higher-establishment-office", MONDAY)
    await county.hears(RULED.model_copy(update={"by_higher_level": True}), at("2026-05-12 10:00"))
    assert (await county.clock("C2", cycle=2)).outcome == "on_time"


async def test_a_review_has_five_working_days(county: County) -> None:
    await county.hears(PROPOSED, FRIDAY)
    clock = await county.clock("C12")
    assert (clock.unit, clock.due) == ("burden-reduction-office", at("2026-05-15 00:00"))
    await county.hears(DECIDED, MONDAY)
    assert (await county.clock("C12")).outcome == "on_time"
