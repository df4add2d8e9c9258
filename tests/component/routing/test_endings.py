"""Withdrawing, not accepting, appealing and raising again over HTTP and by the facts of intake."""

from backbone.identity import Actor
from contracts.events import intake, routing
from tests.component.routing.service import (
    ARRIVAL,
    CLERK,
    DISPATCHER,
    OFFICE,
    WATER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
)

SEALED = "sealed:v1:case/1:c2FtcGxl"
LEADER = Actor("leader-410923102", "演示·李", "township_leader", YUANCUN)
ELSEWHERE = Actor("leader-410923101", "演示·丁", "township_leader", "410923101")
SUPERVISOR = Actor("supervisor-a", "演示·督", "office_supervisor", OFFICE)
TURNED_DOWN = {"reason_code": "own_duty", "legal_basis": "《权责清单》XZ-01"}


async def report_in(desk: Desk, case: str) -> None:
    await desk.done(WATER_LIAISON, f"/dispatches/{case}/assignments/{WATER}/report-in", ARRIVAL)


async def test_a_township_withdraws_and_nobody_works_on(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(LEADER, f"/dispatches/{case}/withdraw", {"reason": "张某已自行疏通"})
    *_, withdrawn = await desk.published(case)
    assert isinstance(withdrawn, routing.DispatchWithdrawn)
    assert not withdrawn.consented
    assert await desk.read(withdrawn.reason_sealed) == "张某已自行疏通"
    path = f"/dispatches/{case}/assignments/{WATER}/report-in"
    assert await desk.refused(WATER_LIAISON, path, ARRIVAL) == (422, "dispatch-withdrawn")


async def test_a_report_in_that_was_quicker_asks_for_consent(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await report_in(desk, case)
    withdraw = f"/dispatches/{case}/withdraw"
    body = {"reason": "已自行疏通"}
    assert await desk.refused(LEADER, withdraw, body) == (409, "withdrawal-needs-consent")
    await desk.done(LEADER, withdraw, body | {"ask_consent": True})
    await desk.done(DISPATCHER, f"/dispatches/{case}/refuse-withdrawal", {"reason": "已在现场"})
    await desk.done(LEADER, withdraw, body | {"ask_consent": True})
    await desk.done(DISPATCHER, f"/dispatches/{case}/consent-to-withdrawal")
    kinds = [type(each).__name__ for each in await desk.published(case)]
    assert kinds[2:] == [
        "WithdrawalRequested",
        "WithdrawalRefused",
        "WithdrawalRequested",
        "DispatchWithdrawn",
    ]


async def test_only_the_townships_leader_withdraws(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    withdraw = f"/dispatches/{case}/withdraw"
    assert await desk.refused(ELSEWHERE, withdraw, {"reason": "x"}) == (404, "unknown-case")
    assert await desk.refused(CLERK, withdraw, {"reason": "x"}) == (403, "not-permitted")


async def test_an_appeal_is_decided_by_another_person_and_sends_it_out_again(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(DISPATCHER, f"/dispatches/{case}/not-accept", TURNED_DOWN)
    decide = f"/dispatches/{case}/decide-appeal"
    granted = {"granted": True, "reason": "沟渠跨乡镇"}
    assert await desk.refused(SUPERVISOR, decide, granted) == (422, "no-appeal-to-decide")
    await desk.tell(intake.WhistleAppealed(case_id=case, township=YUANCUN, reason_sealed=SEALED))
    assert await desk.refused(DISPATCHER, decide, granted) == (403, "not-permitted")
    await desk.done(SUPERVISOR, decide, granted)
    issued, _, decided = await desk.published(case)
    assert isinstance(issued, routing.DispatchIssued)
    assert isinstance(decided, routing.AppealDecided)
    assert [each.unit for each in decided.assignments] == [each.unit for each in issued.assignments]
    await report_in(desk, case)
    assert await desk.refused(DISPATCHER, f"/dispatches/{case}/not-accept", TURNED_DOWN) == (
        422,
        "department-has-reported-in",
    )


async def test_raising_again_opens_a_cycle(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    path = f"/dispatches/{case}/assignments/{WATER}/report-in-and-conclude"
    await desk.done(WATER_LIAISON, path, ARRIVAL | {"sentence": "已疏通"})
    for cycle in (1, 2):
        await desk.tell(intake.WhistleClosed(case_id=case, appraised=True, cycle=cycle))
        again = intake.WhistleRaisedAgain(
            case_id=case,
            township=YUANCUN,
            reason_sealed=SEALED,
            closed_cycle=cycle,
            cycle=cycle + 1,
            by=YUANCUN,
        )
        await desk.tell(again)
        await desk.tell(again)
    kinds = [type(each).__name__ for each in await desk.published(case)]
    assert kinds[3:] == [
        "DispatchClosed",
        "CycleOpened",
        "DispatchClosed",
        "CycleOpened",
        "DispatchEscalated",
    ]
