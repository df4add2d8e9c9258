"""Disputes over HTTP: filed after reporting in, decided, carried out on the whistle, reconsidered."""

from datetime import UTC, datetime
from typing import Any

from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from contracts.events import accountability, intake, routing
from routing.application.disputes_publishing import EXECUTE_RULING
from routing.application.reactions import HIGHER_LEVEL
from tests.component.routing.service import (
    ARRIVAL,
    CLERK,
    ESTABLISHMENT,
    FARMING,
    POWER,
    TRANSPORT,
    WATER,
    WATER_LEADER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
    contexts,
)

FARMING_LEADER = Actor("leader-agriculture-rural", "演示·白甲丁", "department_leader", FARMING)
TRANSPORT_LEADER = Actor("leader-transport", "演示·方甲丁", "department_leader", TRANSPORT)
MATTER: dict[str, Any] = {
    "department": WATER,
    "legal_basis": "《农业法》第十九条",
    "matter": "张某家农田积水不属沟渠行洪",
    "proposed_owner": FARMING,
}
RULING: dict[str, Any] = {
    "duty": "农田积水排涝",
    "lead": FARMING,
    "legal_basis": "编办裁定〔2026〕1号",
    "assists": [{"unit": WATER, "duty": "保障骨干沟渠行洪"}],
    "precedent": True,
    "item_code": "SL-01",
}
THURSDAY_NIGHT = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
"""24:00 of Thursday, three working days after Monday."""


async def filed(desk: Desk) -> tuple[str, str]:
    """A whistle whose lead has reported in and disowns it; answers whistle and dispute."""
    whistle = await desk.dispatched("SL-01")
    await desk.done(WATER_LIAISON, f"/dispatches/{whistle}/assignments/{WATER}/report-in", ARRIVAL)
    return whistle, await desk.done(WATER_LEADER, "/disputes", MATTER | {"whistle": whistle})


async def accepted(desk: Desk) -> tuple[str, str]:
    """The establishment office has taken it on."""
    whistle, dispute = await filed(desk)
    await desk.done(ESTABLISHMENT, f"/disputes/{dispute}/accept")
    return whistle, dispute


async def fire(desk: Desk, dispute: str, attempt: int = 1) -> None:
    """The timer of the decision fires."""
    assert isinstance(desk.store, MemoryEventStore)
    timer = desk.store.deadlines[dispute, EXECUTE_RULING]
    context = contexts(700 + attempt)(0)
    await desk.routing.scheduled.fire(dispute, EXECUTE_RULING, timer.gen, timer.due_at, context)


async def breached(desk: Desk, dispute: str) -> None:
    """The three working days are over."""
    clock = {"case_id": dispute, "clock_id": "c", "kind": "C2", "unit": "establishment-office"}
    await desk.tell(accountability.ClockBreached.model_validate(clock | {"breached_at": THURSDAY_NIGHT}))


async def test_a_department_reports_in_before_it_disputes(desk: Desk) -> None:
    whistle = await desk.dispatched("SL-01")
    asked = MATTER | {"whistle": whistle}
    assert await desk.refused(WATER_LEADER, "/disputes", asked) == (422, "report-in-before-disputing")
    await desk.done(WATER_LIAISON, f"/dispatches/{whistle}/assignments/{WATER}/report-in", ARRIVAL)
    dispute = await desk.done(WATER_LEADER, "/disputes", asked)
    [fact] = await desk.published(dispute)
    assert isinstance(fact, routing.DisputeFiled)
    assert (fact.whistle, fact.filed_by, fact.parties) == (whistle, WATER, (WATER, FARMING, YUANCUN))
    assert await desk.read(fact.matter_sealed) == MATTER["matter"]
    assert MATTER["matter"] not in await desk.everything_kept()
    assert await desk.done(WATER_LEADER, "/disputes", asked) == dispute
    assert len(await desk.published(dispute)) == 1


async def test_is_hidden_from_others_and_left_to_the_establishment_office(desk: Desk) -> None:
    whistle, dispute = await filed(desk)
    asked = MATTER | {"whistle": whistle, "department": POWER}
    assert await desk.refused(TRANSPORT_LEADER, "/disputes", asked) == (404, "unknown-case")
    said = {"words": "意见"}
    statements = f"/disputes/{dispute}/statements"
    assert await desk.refused(TRANSPORT_LEADER, statements, said) == (404, "unknown-case")
    assert await desk.refused(WATER_LEADER, f"/disputes/{dispute}/accept") == (403, "not-permitted")
    assert await desk.refused(CLERK, "/disputes", asked) == (403, "not-permitted")
    nowhere = "/disputes/3f0c2b1a-7a55-4c0e-9d7e-0d6d0b0f5a99/accept"
    assert await desk.refused(ESTABLISHMENT, nowhere) == (404, "unknown-case")


async def test_goes_through_rounds_and_a_hearing_to_a_ruling(desk: Desk) -> None:
    _, dispute = await accepted(desk)
    path = f"/disputes/{dispute}"
    await desk.done(ESTABLISHMENT, f"{path}/negotiate")
    await desk.done(WATER_LEADER, f"{path}/statements", {"words": "属农业"})
    await desk.done(FARMING_LEADER, f"{path}/statements", {"words": "属水利"})
    await desk.done(ESTABLISHMENT, f"{path}/coordinate")
    hearing = {"met_on": "2026-03-03", "units": [WATER, FARMING], "minutes": "王某主持"}
    await desk.done(ESTABLISHMENT, f"{path}/hearings", hearing)
    await desk.done(ESTABLISHMENT, f"{path}/rule", {"ruling": RULING})
    *_, heard, ruled, revision = await desk.published(dispute)
    assert isinstance(heard, routing.HearingRecorded)
    assert await desk.read(heard.content_sealed) == "王某主持"
    assert isinstance(ruled, routing.DutyRuled)
    assert (ruled.ruling.lead, ruled.blameless) == (FARMING, (WATER,))
    assert ruled.reconsider_until == THURSDAY_NIGHT
    assert isinstance(revision, routing.ListRevisionDrafted)
    assert (revision.replaces, revision.lead, revision.assists) == ("SL-01", FARMING, (WATER,))


async def test_gives_the_whistle_to_the_ruled_department(desk: Desk) -> None:
    whistle, dispute = await accepted(desk)
    await desk.done(ESTABLISHMENT, f"/disputes/{dispute}/rule", {"ruling": RULING})
    await fire(desk, dispute)
    await fire(desk, dispute)
    await fire(desk, dispute, attempt=2)
    corrected = (await desk.published(whistle))[-1]
    assert isinstance(corrected, routing.DispatchCorrected)
    assert corrected.legal_basis == "编办裁定〔2026〕1号"
    parts = {each.unit: each.part for each in (*corrected.issued, *corrected.changed)}
    assert parts == {FARMING: "lead", WATER: "assist"}
    assert corrected.voided == ()
    executed = [each for each in await desk.published(dispute) if isinstance(each, routing.RulingExecuted)]
    assert [(each.number, each.effect) for each in executed] == [(1, "reassigned")]


async def test_leaves_a_closed_whistle_as_it_is_while_the_precedent_stands(desk: Desk) -> None:
    whistle, dispute = await accepted(desk)
    await desk.tell(intake.WhistleClosed(case_id=whistle, appraised=True, cycle=1))
    await desk.done(ESTABLISHMENT, f"/disputes/{dispute}/rule", {"ruling": RULING})
    await fire(desk, dispute)
    executed = (await desk.published(dispute))[-1]
    assert isinstance(executed, routing.RulingExecuted)
    assert executed.effect == "without-effect"


async def test_settles_by_telephone_in_one_record(desk: Desk) -> None:
    whistle = await desk.dispatched("SL-01")
    body = MATTER | {"whistle": whistle, "ruling": RULING | {"assists": []}, "way": "telephone"}
    dispute = await desk.done(ESTABLISHMENT, "/disputes/settled", body)
    await fire(desk, dispute)
    kinds = [type(each) for each in await desk.published(dispute)]
    agreed = [routing.DisputeFiled, routing.DutyAgreed, routing.ListRevisionDrafted, routing.RulingExecuted]
    assert kinds == agreed
    corrected = (await desk.published(whistle))[-1]
    assert isinstance(corrected, routing.DispatchCorrected)
    assert [each.unit for each in corrected.voided] == [WATER]


async def test_settles_by_a_line_of_the_list(desk: Desk) -> None:
    listed = RULING | {"lead": WATER, "assists": []}
    whistle = await desk.dispatched("SL-01")
    body = MATTER | {"whistle": whistle, "ruling": listed, "way": "listed"}
    wrong = body | {"ruling": RULING}
    assert await desk.refused(ESTABLISHMENT, "/disputes/settled", wrong) == (422, "list-says-otherwise")
    dispute = await desk.done(ESTABLISHMENT, "/disputes/settled", body)
    await fire(desk, dispute)
    executed = (await desk.published(dispute))[-1]
    assert isinstance(executed, routing.RulingExecuted)
    assert executed.effect == "nothing-to-reassign"


async def test_sends_utility_units_up_and_records_what_came_back(desk: Desk) -> None:
    _, dispute = await accepted(desk)
    path = f"/disputes/{dispute}"
    powers = {"ruling": RULING | {"lead": POWER}}
    assert await desk.refused(ESTABLISHMENT, f"{path}/rule", powers) == (422, "not-the-countys-to-rule")
    await desk.done(ESTABLISHMENT, f"{path}/refer-up", {"to": "市委编办", "reason": "属公用企业"})
    await desk.done(ESTABLISHMENT, f"{path}/rule", powers | {"by_higher_level": True})
    ruled = (await desk.published(dispute))[-2]
    assert isinstance(ruled, routing.DutyRuled)
    assert (ruled.by_higher_level, ruled.reconsider_until) == (True, None)


async def test_goes_up_when_its_time_is_over(desk: Desk) -> None:
    _, dispute = await accepted(desk)
    await breached(desk, dispute)
    await breached(desk, dispute)
    referred = (await desk.published(dispute))[-1]
    assert isinstance(referred, routing.DisputeReferredUp)
    assert (referred.to, referred.cause) == (HIGHER_LEVEL, "undecided-in-time")
    assert len(await desk.published(dispute)) == 3


async def test_a_breach_after_the_ruling_changes_nothing(desk: Desk) -> None:
    _, dispute = await accepted(desk)
    await desk.done(ESTABLISHMENT, f"/disputes/{dispute}/rule", {"ruling": RULING})
    before = await desk.published(dispute)
    await breached(desk, dispute)
    assert await desk.published(dispute) == before


async def test_is_reconsidered_once_and_the_revised_ruling_is_carried_out(desk: Desk) -> None:
    whistle, dispute = await accepted(desk)
    path = f"/disputes/{dispute}"
    await desk.done(ESTABLISHMENT, f"{path}/rule", {"ruling": RULING})
    await fire(desk, dispute)
    await desk.done(FARMING_LEADER, f"{path}/request-reconsideration", {"words": "另有规定"})
    revised = RULING | {"lead": WATER, "assists": [], "legal_basis": "编办裁定〔2026〕2号"}
    await desk.done(ESTABLISHMENT, f"{path}/decide-reconsideration", {"reason": "属水利", "revised": revised})
    await fire(desk, dispute, attempt=2)
    executed = [each for each in await desk.published(dispute) if isinstance(each, routing.RulingExecuted)]
    assert [(each.number, each.effect) for each in executed] == [(1, "reassigned"), (2, "reassigned")]
    corrected = (await desk.published(whistle))[-1]
    assert isinstance(corrected, routing.DispatchCorrected)
    assert {each.unit: each.part for each in corrected.changed} == {WATER: "lead", FARMING: "assist"}


async def test_is_declined_with_a_sealed_reason(desk: Desk) -> None:
    _, dispute = await filed(desk)
    await desk.done(ESTABLISHMENT, f"/disputes/{dispute}/not-accept", {"words": "李某所提非职责争议"})
    declined = (await desk.published(dispute))[-1]
    assert isinstance(declined, routing.DisputeNotAccepted)
    assert await desk.read(declined.reason_sealed) == "李某所提非职责争议"
