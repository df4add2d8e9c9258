"""What routing makes of intake's facts."""

from datetime import UTC, datetime
from uuid import uuid4

import orjson

from backbone.eventstore.memory import MemoryEventStore
from contracts.events import intake, routing
from routing.application.publishing import ISSUE_DISPATCH
from tests.component.routing.service import (
    ARRIVAL,
    DISPATCHER,
    ESTABLISHMENT,
    FARMING,
    LIST,
    TRANSPORT,
    WATER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
    contexts,
    issue,
    whistle,
)

TUESDAY_MORNING = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)


async def test_sends_a_signed_whistle_out(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    [issued] = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    assert not issued.provisional
    assert (issued.township, issued.cycle, issued.emergency, issued.scheduled) == (YUANCUN, 1, False, False)
    lead, *assists = issued.assignments
    assert (lead.unit, lead.part, lead.issue_ids) == (WATER, "lead", (issue(case, 1),))
    assert {each.unit for each in assists} == {TRANSPORT, FARMING}
    assert "《沟渠河道堵塞清障和行洪保障》" in issued.reason


async def test_sends_it_out_provisionally_when_the_list_does_not_decide(desk: Desk) -> None:
    case = await desk.dispatched("SL-01", None)
    [issued] = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    assert issued.provisional
    assert [each.unit for each in issued.assignments] == [WATER, FARMING]


async def test_uses_the_list_in_force_today(desk: Desk) -> None:
    next_year = LIST | {"effective_from": "2027-01-01", "items": LIST["items"][1:]}
    await desk.done(ESTABLISHMENT, "/responsibility-list/versions", next_year)
    case = await desk.dispatched("SL-01")
    [issued] = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    assert not issued.provisional


async def test_leaves_out_a_department_nobody_registered(desk: Desk) -> None:
    case = await desk.dispatched(None, departments=("no-such-bureau", WATER, YUANCUN))
    [issued] = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    assert [each.unit for each in issued.assignments] == [WATER]
    assert "no-such-bureau、410923102" in issued.reason


async def test_sends_an_emergency_out_when_it_is_raised(desk: Desk) -> None:
    case = str(uuid4())
    raised = intake.WhistleRaised.model_validate(whistle(case, "SL-01") | {"emergency": True})
    await desk.tell(raised)
    signed = whistle(case, "SL-01") | {"emergency": True, "signed_by_sealed": "sealed:v1:person/x:c2FtcGxl"}
    await desk.tell(intake.WhistleSigned.model_validate(signed))
    [issued] = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    assert issued.emergency


async def test_waits_for_the_signature_of_any_other(desk: Desk) -> None:
    case = str(uuid4())
    await desk.tell(intake.WhistleRaised.model_validate(whistle(case, "SL-01") | {"emergency": False}))
    assert await desk.published(case) == []


async def test_waits_for_the_scheduled_hour(desk: Desk, store: MemoryEventStore) -> None:
    case = await desk.dispatched("SL-01", dispatch_at=TUESDAY_MORNING)
    [scheduled] = await desk.published(case)
    assert isinstance(scheduled, routing.DispatchScheduled)
    timer = store.deadlines[case, ISSUE_DISPATCH]
    assert timer.due_at == TUESDAY_MORNING
    assert await desk.refused(DISPATCHER, f"/dispatches/{case}/confirm") == (422, "not-dispatched-yet")
    assert await desk.refused(
        WATER_LIAISON, f"/dispatches/{case}/assignments/{WATER}/report-in", ARRIVAL
    ) == (
        404,
        "unknown-case",
    )
    store.advance(TUESDAY_MORNING - await store.now())
    for attempt in (90, 91):
        await desk.routing.scheduled.fire(case, ISSUE_DISPATCH, timer.gen, timer.due_at, contexts(attempt)(0))
    _, issued = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    assert issued.scheduled


async def test_fires_no_timer_it_did_not_set(desk: Desk) -> None:
    case = await desk.dispatched("SL-01", dispatch_at=TUESDAY_MORNING)
    await desk.routing.scheduled.fire(case, "another", 1, TUESDAY_MORNING, contexts(90)(0))
    assert len(await desk.published(case)) == 1


async def test_remembers_what_it_had_read_of_intake(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(WATER_LIAISON, f"/dispatches/{case}/assignments/{WATER}/report-in", ARRIVAL)
    for fact in await desk.store.published(0, 500, case):
        assert orjson.loads(fact.meta)["after"] == {"intake": desk.heard}


async def test_adds_nothing_when_a_fact_is_delivered_twice(desk: Desk) -> None:
    case = str(uuid4())
    signed = intake.WhistleSigned.model_validate(
        whistle(case, "SL-01") | {"emergency": False, "signed_by_sealed": "sealed:v1:person/x:c2FtcGxl"}
    )
    await desk.tell(signed, seq=7)
    await desk.tell(signed, seq=7)
    await desk.tell(signed, seq=8)
    assert len(await desk.published(case)) == 1


async def test_opens_it_again_after_rework_and_closes_it(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    path = f"/dispatches/{case}/assignments/{WATER}"
    done = ARRIVAL | {"sentence": "沟渠已疏通"}
    await desk.done(WATER_LIAISON, f"{path}/report-in-and-conclude", done)
    reworked = intake.WhistleReworked(case_id=case, reason_sealed="sealed:v1:case/1:c2FtcGxl", cycle=2)
    await desk.tell(reworked)
    await desk.tell(reworked)
    await desk.done(WATER_LIAISON, f"{path}/conclude", {"sentence": "又清了一遍"})
    closed = intake.WhistleClosed(case_id=case, appraised=True, cycle=2)
    await desk.tell(closed)
    await desk.tell(reworked)
    names = [type(each).__name__ for each in await desk.published(case)]
    assert names == [
        "DispatchIssued",
        "DepartmentReportedIn",
        "LeadConcluded",
        "DispatchReopened",
        "LeadConcluded",
        "DispatchClosed",
    ]
    assert await desk.refused(WATER_LIAISON, f"{path}/give-feedback", {"content": "还在看"}) == (
        422,
        "dispatch-closed",
    )


async def test_passes_over_what_does_not_concern_it(desk: Desk) -> None:
    before = len(await desk.published())
    case = str(uuid4())
    await desk.tell(intake.WhistleHandling(case_id=case))
    await desk.tell(intake.WhistleClosed(case_id=case, appraised=True, cycle=1))
    await desk.tell(intake.WhistleReworked(case_id=case, reason_sealed="sealed:v1:case/1:c2FtcGxl", cycle=2))
    assert len(await desk.published()) == before
