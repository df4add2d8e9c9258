"""A merged unit's clocks are its heir's as they stand; what went into another part is void."""

from accountability.application.publishing import CLOCK, clock_id
from accountability.domain.clock import FallDue
from backbone.decider import execute
from contracts.events import routing
from tests.component.accountability.county import CASE, TRANSPORT, WATER, YUANCUN, County, at, context
from tests.component.accountability.test_when_facts_arrive import ISSUED, REPORTED_IN

HEIR = "agriculture-rural"
TEN, ELEVEN, NOON = at("2026-05-08 10:00"), at("2026-05-08 11:00"), at("2026-05-08 12:00")
MOVED = routing.AssignmentMoved(
    case_id=CASE,
    unit=WATER.unit,
    to=HEIR,
    kept=WATER.model_copy(update={"unit": HEIR}),
    inherited=True,
    cycle=1,
    township=YUANCUN,
)


async def test_the_leads_clocks_are_the_heirs_without_a_new_start(county: County) -> None:
    await county.hears(ISSUED, TEN)
    before = {kind: await county.clock(kind, WATER.assignment_id) for kind in ("C1", "C10", "C13")}
    handling = await county.clock("C5")
    started = await county.kinds()

    await county.hears(MOVED, ELEVEN)

    for kind, was in before.items():
        now = await county.clock(kind, WATER.assignment_id)
        assert (now.unit, now.started_at, now.due) == (HEIR, was.started_at, was.due)
    assert ((await county.clock("C5")).unit, (await county.clock("C5")).due) == (HEIR, handling.due)
    assert await county.kinds() == started, "no clock starts anew"
    assert (await county.clock("C1", TRANSPORT.assignment_id)).unit == TRANSPORT.unit


async def test_the_heirs_report_in_stops_the_clock(county: County) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(MOVED, ELEVEN)
    await county.hears(REPORTED_IN.model_copy(update={"unit": HEIR}), NOON)
    assert (await county.clock("C1", WATER.assignment_id)).outcome == "on_time"


async def test_an_assists_merger_leaves_the_leads_time_alone(county: County) -> None:
    await county.hears(ISSUED, TEN)
    kept = TRANSPORT.model_copy(update={"unit": HEIR})
    assist = MOVED.model_copy(update={"unit": TRANSPORT.unit, "kept": kept})
    await county.hears(assist, ELEVEN)
    assert (await county.clock("C1", TRANSPORT.assignment_id)).unit == HEIR
    assert (await county.clock("C5")).unit == WATER.unit


async def test_what_went_into_the_heirs_own_part_is_void(county: County) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(
        routing.AssignmentMoved(
            case_id=CASE,
            unit=TRANSPORT.unit,
            to=WATER.unit,
            kept=WATER,
            inherited=False,
            absorbed=TRANSPORT,
            cycle=1,
            township=YUANCUN,
        ),
        ELEVEN,
    )
    assert (await county.clock("C1", TRANSPORT.assignment_id)).voided_at == ELEVEN
    lead = await county.clock("C1", WATER.assignment_id)
    assert (lead.unit, lead.runs, lead.started_at) == (WATER.unit, True, TEN)


async def test_a_breach_stays_and_the_work_is_the_heirs(county: County) -> None:
    await county.hears(ISSUED, TEN)
    key = clock_id(CASE, "C1", WATER.assignment_id, 1)
    fallen = FallDue(at("2026-05-09 10:00:01"))
    await execute(county.store, CLOCK, key, fallen, context("due"))
    await county.hears(MOVED, at("2026-05-09 11:00"))
    now = await county.clock("C1", WATER.assignment_id)
    assert (now.breached_at, now.unit, now.runs) == (at("2026-05-09 10:00"), HEIR, True)


async def test_a_repeat_changes_nothing(county: County) -> None:
    await county.hears(ISSUED, TEN)
    await county.hears(MOVED, ELEVEN)
    before = len(await county.store.read(0, limit=10_000))
    await county.hears(MOVED, NOON)
    assert len(await county.store.read(0, limit=10_000)) == before
