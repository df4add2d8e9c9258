"""更正 over HTTP: a report-in that came by telephone before it was recorded."""

from datetime import timedelta
from typing import Any

from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from contracts.events import routing
from tests.component.routing.service import (
    ARRIVAL,
    CLERK,
    DISPATCHER,
    FARMING,
    OFFICE,
    WATER,
    WATER_LIAISON,
    Desk,
)

SUPERVISOR = Actor("supervisor-a", "演示·督查甲", "office_supervisor", OFFICE)
REASON = "水利局张某九点来电报到,值班记录第12页"


async def at_work(desk: Desk) -> str:
    """The lead has reported in three hours after the dispatch."""
    whistle = await desk.dispatched("SL-01")
    later(desk, 3)
    await desk.done(WATER_LIAISON, f"/dispatches/{whistle}/assignments/{WATER}/report-in", ARRIVAL)
    later(desk, 1)
    return whistle


def later(desk: Desk, hours: int) -> None:
    """Time goes on."""
    assert isinstance(desk.store, MemoryEventStore)
    desk.store.advance(timedelta(hours=hours))


async def proposed(desk: Desk, whistle: str, hours: float = 2, **changes: Any) -> tuple[str, Any]:
    """It happened so many hours ago; answers the path of the correction and the time."""
    at = await desk.store.now() - timedelta(hours=hours)
    body = {"fact": "report-in", "unit": WATER, "happened_at": at.isoformat(), "reason": REASON} | changes
    response = await desk.post(DISPATCHER, f"/dispatches/{whistle}/corrections", body)
    assert response.status_code == 200, response.text
    return f"/dispatches/{whistle}/corrections/{response.json()['correction']}", at


async def test_is_proposed_by_one_and_approved_by_another(desk: Desk) -> None:
    whistle = await at_work(desk)
    path, at = await proposed(desk, whistle)
    assert await desk.refused(DISPATCHER, f"{path}/approve") == (422, "proposer-cannot-approve")
    assert await desk.refused(WATER_LIAISON, f"{path}/approve") == (403, "not-permitted")
    assert await desk.done(SUPERVISOR, f"{path}/approve") == whistle
    asked, fact = (await desk.published(whistle))[-2:]
    assert isinstance(asked, routing.CorrectionProposed)
    assert isinstance(fact, routing.FactCorrected)
    assert (fact.old_at, fact.new_at) == (at + timedelta(hours=1), at)
    assert (fact.unit, fact.part, fact.by, fact.approved_by) == (
        WATER,
        "lead",
        DISPATCHER.subject,
        SUPERVISOR.subject,
    )
    assert await desk.read(fact.reason_sealed) == REASON
    assert REASON not in await desk.everything_kept()


async def test_may_be_declined(desk: Desk) -> None:
    whistle = await at_work(desk)
    path, _ = await proposed(desk, whistle)
    assert await desk.refused(SUPERVISOR, f"{path}/decline") == (
        422,
        "declining-a-correction-needs-a-reason",
    )
    await desk.done(SUPERVISOR, f"{path}/decline", {"reason": "没有凭据"})
    assert isinstance((await desk.published(whistle))[-1], routing.CorrectionDeclined)
    assert await desk.refused(SUPERVISOR, f"{path}/approve") == (422, "correction-was-declined")
    nowhere = f"/dispatches/{whistle}/corrections/3f0c2b1a-7a55-4c0e-9d7e-0d6d0b0f5a99/approve"
    assert await desk.refused(SUPERVISOR, nowhere) == (422, "unknown-correction")


async def test_lies_between_the_dispatch_and_what_followed(desk: Desk) -> None:
    whistle = await at_work(desk)
    path = f"/dispatches/{whistle}/corrections"
    early = (await desk.store.now() - timedelta(hours=5)).isoformat()
    body = {"fact": "report-in", "unit": WATER, "happened_at": early, "reason": REASON}
    assert await desk.refused(DISPATCHER, path, body) == (422, "corrected-before-it-could-happen")
    body["unit"] = FARMING
    assert await desk.refused(DISPATCHER, path, body) == (422, "nothing-to-correct")
    body["fact"] = "conclusion"
    assert await desk.refused(DISPATCHER, path, body) == (422, "nothing-to-correct")
    assert await desk.refused(CLERK, path, body) == (403, "not-permitted")


async def test_of_a_conclusion_is_the_leads(desk: Desk) -> None:
    whistle = await at_work(desk)
    later(desk, 10)
    said = {"sentence": "沟渠已疏通"}
    await desk.done(WATER_LIAISON, f"/dispatches/{whistle}/assignments/{WATER}/conclude", said)
    later(desk, 1)
    path, at = await proposed(desk, whistle, 3, fact="conclusion", unit=None)
    await desk.done(SUPERVISOR, f"{path}/approve")
    fact = (await desk.published(whistle))[-1]
    assert isinstance(fact, routing.FactCorrected)
    assert (fact.fact, fact.unit, fact.cycle, fact.new_at) == ("conclusion", WATER, 1, at)
