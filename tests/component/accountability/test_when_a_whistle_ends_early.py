"""What withdrawing, not accepting, a granted appeal and raising again do to the clocks."""

from contracts.events import Published, routing
from tests.component.accountability.county import CASE, SEALED, TRANSPORT, WATER, YUANCUN, County, at
from tests.component.accountability.test_when_facts_arrive import CONCLUDED, ISSUED, closed

TEN, ELEVEN = at("2026-05-08 10:00"), at("2026-05-08 11:00")
WITHDRAWN = routing.DispatchWithdrawn(case_id=CASE, township=YUANCUN, reason_sealed=SEALED, consented=False)
NOT_ACCEPTED = routing.WhistleNotAccepted(
    case_id=CASE, township=YUANCUN, reason_code="own_duty", legal_basis="《权责清单》"
)
AFRESH = (
    WATER.model_copy(update={"assignment_id": "a0000000-0000-5000-8000-00000000000a"}),
    TRANSPORT.model_copy(update={"assignment_id": "a0000000-0000-5000-8000-00000000000b"}),
)
GRANTED = routing.AppealDecided(
    case_id=CASE,
    granted=True,
    reason_sealed=SEALED,
    township=YUANCUN,
    emergency=False,
    complex=False,
    cycle=2,
    assignments=AFRESH,
)
OPENED = routing.CycleOpened(
    case_id=CASE, township=YUANCUN, emergency=False, complex=False, cycle=2, assignments=AFRESH
)


async def ended(county: County, fact: Published) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(fact, ELEVEN)


async def test_a_withdrawal_makes_every_clock_void(county: County) -> None:
    await ended(county, WITHDRAWN)
    for kind, subject in (
        ("C1", WATER.assignment_id),
        ("C13", WATER.assignment_id),
        ("C5", CASE),
        ("C6", CASE),
    ):
        assert (await county.clock(kind, subject)).voided_at == ELEVEN


async def test_an_earlier_breach_stays_when_it_is_not_accepted(county: County) -> None:
    await county.hears(ISSUED, TEN)
    late = at("2026-05-09 10:30")
    await county.hears(NOT_ACCEPTED, late)
    report_in = await county.clock("C1", WATER.assignment_id)
    assert (report_in.breached_at, report_in.voided_at) == (at("2026-05-09 10:00"), late)
    assert (await county.clock("C5")).breached_at is None


async def test_a_granted_appeal_starts_report_in_and_handling_afresh(county: County) -> None:
    await ended(county, NOT_ACCEPTED)
    noon = at("2026-05-08 12:00")
    await county.hears(GRANTED, noon)
    for kind in ("C1", "C10", "C13"):
        assert (await county.clock(kind, AFRESH[0].assignment_id)).started_at == noon
    handling = await county.clock("C5", cycle=2)
    assert handling.started_at == noon
    await county.hears(CONCLUDED.model_copy(update={"cycle": 2}), at("2026-05-11 12:00"))
    assert (await county.clock("C5", cycle=2)).paused_at is not None
    await county.hears(closed(2), at("2026-05-11 13:00"))
    assert (await county.clock("C5", cycle=2)).outcome == "on_time"
    assert (await county.clock("C5")).voided_at == ELEVEN


async def test_a_rejected_appeal_starts_nothing(county: County) -> None:
    await ended(county, NOT_ACCEPTED)
    before = await county.kinds()
    await county.hears(GRANTED.model_copy(update={"granted": False, "assignments": ()}), ELEVEN)
    assert await county.kinds() == before


async def test_raising_again_times_report_in_and_rework(county: County) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(CONCLUDED, ELEVEN)
    await county.hears(closed(), at("2026-05-08 12:00"))
    await county.hears(routing.DispatchClosed(case_id=CASE), at("2026-05-08 12:00"))
    monday = at("2026-05-11 09:00")
    await county.hears(OPENED, monday)
    assert (await county.clock("C1", AFRESH[0].assignment_id)).due == at("2026-05-12 09:00")
    rework = await county.clock("C8", cycle=2)
    assert (rework.unit, rework.started_at) == (WATER.unit, monday)
    kinds = await county.kinds()
    assert (kinds["C5"], kinds["C13"]) == (1, 1)
    await county.hears(CONCLUDED.model_copy(update={"cycle": 2}), at("2026-05-12 09:00"))
    assert (await county.clock("C8", cycle=2)).outcome == "on_time"
    assert (await county.clock("C7", cycle=2)).runs
