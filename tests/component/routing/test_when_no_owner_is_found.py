"""W4 without an owner: the office asks whose duty it is, once, and the departments keep it meanwhile."""

from typing import Any

from backbone.eventstore.memory import MemoryEventStore
from contracts.events import routing
from routing.application.ownerless import OFFICE
from routing.application.publishing import ASK_WHOSE
from tests.component.routing.service import (
    ARRIVAL,
    DISPATCHER,
    ESTABLISHMENT,
    FARMING,
    FARMING_LIAISON,
    TRANSPORT,
    WATER,
    WATER_LEADER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
    contexts,
    issue,
)

NOBODYS: dict[str, Any] = {"owner_found": False}


async def fire(desk: Desk, whistle: str, attempt: int = 1) -> None:
    """The timer that follows the desk's word."""
    assert isinstance(desk.store, MemoryEventStore)
    timer = desk.store.deadlines[whistle, ASK_WHOSE]
    context = contexts(800 + attempt)(0)
    await desk.routing.scheduled.fire(whistle, ASK_WHOSE, timer.gen, timer.due_at, context)


async def disputes(desk: Desk) -> list[routing.DisputeFiled]:
    """Every dispute there is."""
    return [each for each in await desk.published() if isinstance(each, routing.DisputeFiled)]


async def test_files_a_dispute_that_cites_the_whistle_and_its_issues(desk: Desk) -> None:
    whistle = await desk.dispatched(None, None)
    await desk.done(DISPATCHER, f"/dispatches/{whistle}/confirm", NOBODYS)
    await fire(desk, whistle)
    [filed] = await disputes(desk)
    assert (filed.whistle, filed.filed_by, filed.filer) == (whistle, OFFICE, "office")
    assert filed.issue_ids == (issue(whistle, 1), issue(whistle, 2))
    assert (filed.disputed_department, filed.parties) == (WATER, (WATER, FARMING, OFFICE, YUANCUN))
    assert "2个问题项" in await desk.read(filed.matter_sealed)
    assert "2个问题项" not in await desk.everything_kept()


async def test_files_it_once_however_often_it_is_said(desk: Desk) -> None:
    whistle = await desk.dispatched(None)
    await desk.done(DISPATCHER, f"/dispatches/{whistle}/confirm", NOBODYS)
    await fire(desk, whistle)
    await fire(desk, whistle)
    await fire(desk, whistle, attempt=2)
    again = NOBODYS | {"complex": True, "complex_reason": "跨三个乡镇"}
    await desk.done(DISPATCHER, f"/dispatches/{whistle}/confirm", again)
    await fire(desk, whistle, attempt=3)
    assert len(await disputes(desk)) == 1


async def test_leaves_the_dispute_its_parties_have_filed_themselves(desk: Desk) -> None:
    whistle = await desk.dispatched(None)
    await desk.done(WATER_LIAISON, f"/dispatches/{whistle}/assignments/{WATER}/report-in", ARRIVAL)
    own = {"department": WATER, "legal_basis": "《农业法》", "matter": "不属我局", "whistle": whistle}
    await desk.done(WATER_LEADER, "/disputes", own)
    await desk.done(DISPATCHER, f"/dispatches/{whistle}/confirm", NOBODYS)
    await fire(desk, whistle)
    assert [each.filed_by for each in await disputes(desk)] == [WATER]


async def test_asks_nobody_when_an_owner_was_found_after_all_or_the_whistle_has_ended(desk: Desk) -> None:
    found = await desk.dispatched(None)
    await desk.done(DISPATCHER, f"/dispatches/{found}/confirm", NOBODYS)
    await desk.done(DISPATCHER, f"/dispatches/{found}/confirm", {"legal_basis": "《防洪法》第六条"})
    ended = await desk.dispatched(None)
    await desk.done(DISPATCHER, f"/dispatches/{ended}/confirm", NOBODYS)
    refusal = {"reason_code": "own_duty", "legal_basis": "《村庄清洁条例》"}
    await desk.done(DISPATCHER, f"/dispatches/{ended}/not-accept", refusal)
    for attempt, whistle in enumerate((found, ended)):
        await fire(desk, whistle, attempt)
    assert await disputes(desk) == []


async def test_gives_it_to_the_owner_the_ruling_names(desk: Desk) -> None:
    whistle = await desk.dispatched(None)
    await desk.done(DISPATCHER, f"/dispatches/{whistle}/confirm", NOBODYS)
    await fire(desk, whistle)
    [filed] = await disputes(desk)
    await desk.done(FARMING_LIAISON, f"/dispatches/{whistle}/assignments/{FARMING}/report-in", ARRIVAL)
    await desk.done(ESTABLISHMENT, f"/disputes/{filed.case_id}/accept")
    ruling = {"duty": "田间道路抢修", "lead": TRANSPORT, "legal_basis": "编办裁定〔2026〕2号"}
    await desk.done(ESTABLISHMENT, f"/disputes/{filed.case_id}/rule", {"ruling": ruling})
    await desk.routing.scheduled.fire(
        filed.case_id, "execute-ruling", 1, (await desk.store.now()), contexts(850)(0)
    )
    corrected = (await desk.published(whistle))[-1]
    assert isinstance(corrected, routing.DispatchCorrected)
    assert [each.unit for each in corrected.issued] == [TRANSPORT]
    assert [each.unit for each in corrected.voided] == [WATER]
