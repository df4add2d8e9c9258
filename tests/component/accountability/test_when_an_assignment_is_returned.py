"""Which clocks a return, its decision and a release start and end."""

from contracts.events import routing
from tests.component.accountability.county import CASE, SEALED, TRANSPORT, WATER, YUANCUN, County, at
from tests.component.accountability.test_when_facts_arrive import CONCLUDED, ISSUED, REPORTED_IN

POWER = WATER.model_copy(
    update={"assignment_id": "a0000000-0000-5000-8000-000000000003", "unit": "power-supply"}
)
REQUESTED = routing.ReturnRequested(
    case_id=CASE,
    assignment_id=WATER.assignment_id,
    unit=WATER.unit,
    part="lead",
    legal_basis="《电力法》",
    proposed_owner=POWER.unit,
    emergency=False,
    township=YUANCUN,
)
RETURNED = routing.AssignmentReturned(
    case_id=CASE,
    assignment_id=WATER.assignment_id,
    unit=WATER.unit,
    part="lead",
    to=POWER.unit,
    dispatch_error=False,
    legal_basis="《电力法》",
    issued=(POWER,),
    transfers=1,
    emergency=False,
    complex=False,
    cycle=1,
    township=YUANCUN,
)
REFUSED = routing.ReturnRefused(
    case_id=CASE, assignment_id=WATER.assignment_id, unit=WATER.unit, reason_sealed=SEALED
)
RELEASED = routing.AssignmentReleased(
    case_id=CASE, assignment_id=TRANSPORT.assignment_id, unit=TRANSPORT.unit, by="township", settled=True
)
TEN, ELEVEN, NOON = at("2026-05-08 10:00"), at("2026-05-08 11:00"), at("2026-05-08 12:00")


async def requested(county: County) -> County:
    await county.hears(ISSUED, TEN)
    await county.hears(REQUESTED, ELEVEN)
    return county


async def test_a_request_starts_the_offices_clock_and_the_departments_runs_on(county: County) -> None:
    await requested(county)
    decision = await county.clock("C15", WATER.assignment_id)
    assert (decision.started_at, decision.unit) == (ELEVEN, "burden-reduction-office")
    assert decision.due == at("2026-05-08 17:00")
    assert (await county.clock("C1", WATER.assignment_id)).runs
    assert (await county.clock("C10", WATER.assignment_id)).outcome == "on_time"


async def test_an_emergencys_decision_has_thirty_minutes(county: County) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(REQUESTED.model_copy(update={"emergency": True}), ELEVEN)
    assert (await county.clock("C15", WATER.assignment_id)).due == at("2026-05-08 11:30")


async def test_a_return_ends_the_clock_neither_on_time_nor_breached(county: County) -> None:
    await (await requested(county)).hears(RETURNED, NOON)
    ended = await county.clock("C1", WATER.assignment_id)
    assert (ended.outcome, ended.breached_at, ended.voided_at) == ("returned", None, None)
    assert (await county.clock("C13", WATER.assignment_id)).voided_at == NOON
    assert (await county.clock("C15", WATER.assignment_id)).outcome == "on_time"


async def test_a_dispatch_error_makes_the_clock_void(county: County) -> None:
    await (await requested(county)).hears(RETURNED.model_copy(update={"dispatch_error": True}), NOON)
    ended = await county.clock("C1", WATER.assignment_id)
    assert (ended.voided_at, ended.outcome) == (NOON, None)


async def test_the_new_lead_starts_afresh_and_handling_runs_on(county: County) -> None:
    await (await requested(county)).hears(RETURNED, NOON)
    for kind in ("C1", "C10", "C13"):
        assert (await county.clock(kind, POWER.assignment_id)).started_at == NOON
    assert (await county.clock("C5")).started_at == TEN
    assert (await county.kinds())["C5"] == 1
    assert (await county.clock("C6")).runs


async def test_what_is_left_of_handling_is_the_new_leads_time(county: County) -> None:
    due = at("2026-05-18 00:00")
    await (await requested(county)).hears(RETURNED, NOON)
    handling = await county.clock("C5")
    assert (handling.unit, handling.started_at) == (POWER.unit, TEN)
    assert handling.due >= due
    assert handling.reminders


async def test_a_breach_of_handling_stays_the_old_leads(county: County) -> None:
    await requested(county)
    long_after = at("2026-06-30 09:00")
    await county.hears(CONCLUDED.model_copy(update={"assignment_id": "x"}), long_after)
    await county.hears(RETURNED, long_after)
    assert (await county.clock("C5")).unit == WATER.unit


async def test_an_assist_that_becomes_the_lead_gets_its_feedback_clock(county: County) -> None:
    lead = TRANSPORT.model_copy(update={"part": "lead", "reported_in": True})
    returned = {"issued": (), "changed": (lead,), "to": lead.unit, "settled": True}
    await (await requested(county)).hears(RETURNED.model_copy(update=returned), NOON)
    assert (await county.clock("C13", TRANSPORT.assignment_id)).started_at == NOON
    assert (await county.clock("C1", TRANSPORT.assignment_id)).started_at == TEN
    assert (await county.clock("C6")).outcome == "on_time"


async def test_a_refusal_lets_the_departments_clock_run_on(county: County) -> None:
    await (await requested(county)).hears(REFUSED, at("2026-05-11 09:00"))
    assert (await county.clock("C15", WATER.assignment_id)).outcome == "late"
    await county.hears(REPORTED_IN, at("2026-05-11 09:30"))
    assert (await county.clock("C1", WATER.assignment_id)).outcome == "late"


async def test_a_release_makes_the_clocks_of_the_assist_void(county: County) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(RELEASED, ELEVEN)
    for kind in ("C1", "C10"):
        assert (await county.clock(kind, TRANSPORT.assignment_id)).voided_at == ELEVEN
    assert (await county.clock("C1", WATER.assignment_id)).runs
    assert (await county.clock("C6")).outcome == "on_time"
