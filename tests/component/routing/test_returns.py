"""Returns and releases over HTTP, and the window that accountability's clock gives."""

from datetime import UTC, datetime, timedelta

from contracts.events import accountability, routing
from tests.component.routing.service import (
    ARRIVAL,
    CLERK,
    DISPATCHER,
    FARMING,
    FARMING_LIAISON,
    POWER,
    WATER,
    WATER_LEADER,
    WATER_LIAISON,
    Desk,
)

MONDAY_NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ASKED = {"legal_basis": "《电力供应与使用条例》", "proposed_owner": POWER}


def part(case: str, unit: str = WATER) -> str:
    """The path of a department's part."""
    return f"/dispatches/{case}/assignments/{unit}"


async def dispatched(desk: Desk) -> tuple[str, routing.Assigned]:
    """A dispatched whistle and its lead."""
    case = await desk.dispatched("SL-01")
    [issued] = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    return case, issued.assignments[0]


async def window(desk: Desk, case: str, lead: routing.Assigned, until: datetime, kind: str = "C10") -> None:
    """Accountability's clock has started."""
    clock = {
        "case_id": case,
        "clock_id": "c0000000-0000-5000-8000-000000000001",
        "kind": kind,
        "unit": lead.unit,
        "assignment_id": lead.assignment_id,
        "started_at": MONDAY_NOON,
        **dict.fromkeys(("due", "earliest", "latest"), until),
        "provisional": False,
        "policy_version": "C10.1",
        "calendar_version": "2026.1",
    }
    await desk.tell(accountability.ClockStarted.model_validate(clock))


async def test_a_leader_asks_and_the_office_gives_it_to_another(desk: Desk) -> None:
    case, lead = await dispatched(desk)
    await desk.done(WATER_LEADER, f"{part(case)}/request-return", ASKED)
    body = {"dispatch_error": True, "legal_basis": "《电力法》"}
    await desk.done(DISPATCHER, f"{part(case)}/accept-return", body)
    *_, requested, returned = await desk.published(case)
    assert isinstance(requested, routing.ReturnRequested)
    assert (requested.unit, requested.proposed_owner, requested.part) == (WATER, POWER, "lead")
    assert isinstance(returned, routing.AssignmentReturned)
    assert (returned.assignment_id, returned.to, returned.transfers) == (lead.assignment_id, POWER, 1)
    assert [each.part for each in returned.issued] == ["lead"]
    assert returned.dispatch_error
    assert await desk.refused(WATER_LIAISON, f"{part(case)}/report-in", ARRIVAL) == (404, "unknown-case")


async def test_the_office_refuses_with_a_sealed_reason(desk: Desk) -> None:
    case, _ = await dispatched(desk)
    await desk.done(WATER_LEADER, f"{part(case)}/request-return", ASKED)
    assert await desk.refused(WATER_LIAISON, f"{part(case)}/report-in", ARRIVAL) == (422, "return-requested")
    await desk.done(DISPATCHER, f"{part(case)}/refuse-return", {"reason": "张某所报沟渠属水利"})
    *_, refused = await desk.published(case)
    assert isinstance(refused, routing.ReturnRefused)
    assert await desk.read(refused.reason_sealed) == "张某所报沟渠属水利"
    assert "张某" not in await desk.everything_kept()
    await desk.done(WATER_LIAISON, f"{part(case)}/report-in", ARRIVAL)


async def test_the_window_is_the_one_of_the_clock(desk: Desk) -> None:
    case, lead = await dispatched(desk)
    await window(desk, case, lead, MONDAY_NOON - timedelta(seconds=1))
    assert await desk.refused(WATER_LEADER, f"{part(case)}/request-return", ASKED) == (
        422,
        "return-window-over",
    )
    await window(desk, case, lead, MONDAY_NOON)
    await desk.done(WATER_LEADER, f"{part(case)}/request-return", ASKED)


async def test_other_clocks_are_nothing_to_it(desk: Desk) -> None:
    case, lead = await dispatched(desk)
    await window(desk, case, lead, MONDAY_NOON - timedelta(days=1), kind="C1")
    await desk.done(WATER_LEADER, f"{part(case)}/request-return", ASKED)


async def test_a_report_in_comes_first(desk: Desk) -> None:
    case, _ = await dispatched(desk)
    await desk.done(WATER_LIAISON, f"{part(case)}/report-in", ARRIVAL)
    assert await desk.refused(WATER_LEADER, f"{part(case)}/request-return", ASKED) == (
        422,
        "return-after-report-in",
    )


async def test_nobody_decides_for_another(desk: Desk) -> None:
    case, _ = await dispatched(desk)
    assert await desk.refused(WATER_LIAISON, f"{part(case)}/request-return", ASKED) == (403, "not-permitted")
    assert await desk.refused(WATER_LEADER, f"{part(case, FARMING)}/request-return", ASKED) == (
        422,
        "not-your-assignment",
    )
    assert await desk.refused(WATER_LEADER, f"{part(case)}/accept-return", {}) == (403, "not-permitted")
    assert await desk.refused(WATER_LEADER, f"{part(case)}/refuse-return", {}) == (403, "not-permitted")
    assert await desk.refused(WATER_LEADER, f"{part(case)}/release", {}) == (403, "not-permitted")


async def test_the_township_lets_an_assist_go_in_one_tap(desk: Desk) -> None:
    case, _ = await dispatched(desk)
    await desk.done(CLERK, f"{part(case, FARMING)}/release")
    *_, released = await desk.published(case)
    assert isinstance(released, routing.AssignmentReleased)
    assert (released.unit, released.by, released.reason_sealed) == (FARMING, "township", None)
    assert await desk.refused(FARMING_LIAISON, f"{part(case, FARMING)}/report-in", ARRIVAL) == (
        404,
        "unknown-case",
    )


async def test_the_office_lets_an_assist_go_with_a_reason(desk: Desk) -> None:
    case, _ = await dispatched(desk)
    assert await desk.refused(DISPATCHER, f"{part(case, FARMING)}/release") == (422, "release-needs-a-reason")
    await desk.done(DISPATCHER, f"{part(case, FARMING)}/release", {"reason": "现场核实无农田受损"})
    *_, released = await desk.published(case)
    assert isinstance(released, routing.AssignmentReleased)
    assert released.by == "office"


async def test_another_township_finds_no_case(desk: Desk) -> None:
    case, _ = await dispatched(desk)
    elsewhere = CLERK.__class__("clerk-2", "演示·丁", "township_clerk", "410923101")
    assert await desk.refused(elsewhere, f"{part(case, FARMING)}/release") == (404, "unknown-case")
