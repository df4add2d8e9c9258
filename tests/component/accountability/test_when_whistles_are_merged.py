"""W13: new assists get their own report-in, the parent's clocks never move, the child's are void."""

from contracts.events import routing
from tests.component.accountability.county import CASE, TRANSPORT, WATER, YUANCUN, County, at
from tests.component.accountability.test_when_facts_arrive import ISSUED

POWER = TRANSPORT.model_copy(
    update={"assignment_id": "a0000000-0000-5000-8000-000000000003", "unit": "power-supply"}
)
CHILD = "5f0f6a52-0f58-5c0e-9d1c-3b7c1f1f6a02"
ADOPTED = routing.ChildAdopted(
    case_id=CASE,
    township=YUANCUN,
    child=CHILD,
    adopted=(
        routing.AdoptedCase(
            case_id=CHILD, township="410923101", issue_ids=("i2",), departments=("power-supply", "transport")
        ),
    ),
    issued=(POWER,),
    changed=(TRANSPORT.model_copy(update={"issue_ids": ("i1", "i2")}),),
    emergency=False,
    complex=False,
    cycle=1,
)
MERGED = routing.WhistleMerged(case_id=CASE, township=YUANCUN, parent=CHILD)
TEN, ELEVEN = at("2026-05-08 10:00"), at("2026-05-08 11:00")


async def test_a_new_assist_has_a_fresh_report_in_and_return_window(county: County) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(ADOPTED, ELEVEN)
    report_in = await county.clock("C1", POWER.assignment_id)
    assert (report_in.started_at, report_in.due) == (ELEVEN, at("2026-05-09 11:00"))
    assert (await county.clock("C10", POWER.assignment_id)).started_at == ELEVEN


async def test_no_clock_of_the_parent_moves(county: County) -> None:
    await county.hears(ISSUED, TEN)
    subjects = [("C1", WATER.assignment_id), ("C1", TRANSPORT.assignment_id), ("C5", CASE), ("C6", CASE)]
    before = [await county.clock(*each) for each in subjects]
    await county.hears(ADOPTED, ELEVEN)
    assert [await county.clock(*each) for each in subjects] == before


async def test_the_childs_clocks_are_void_and_an_earlier_breach_stays(county: County) -> None:
    await county.hears(ISSUED, TEN)
    late = at("2026-05-09 10:30")
    await county.hears(MERGED, late)
    report_in = await county.clock("C1", WATER.assignment_id)
    assert (report_in.breached_at, report_in.voided_at) == (at("2026-05-09 10:00"), late)
    handling = await county.clock("C5")
    assert (handling.breached_at, handling.voided_at) == (None, late)
