"""更正 in the case view: what waits, the times that hold, and what an annulled breach leaves behind."""

from datetime import timedelta
from uuid import uuid4

from backbone.identity import Actor
from contracts.events import Published, accountability, intake, routing
from tests.component.gateway.board import (
    CASE,
    DISPATCHER,
    LIAISON,
    MORNING,
    WATER,
    YUANCUN,
    Board,
    assigned,
    whistle,
)

SUPERVISOR = Actor("supervisor-a", "演示·督查甲", "office_supervisor", "burden-reduction-office")
HOUR = timedelta(hours=1)
DUE, RECORDED, CALLED = MORNING + 24 * HOUR, MORNING + 26 * HOUR, MORNING + 20 * HOUR
LEAD = assigned(WATER)
CLOCK = str(uuid4())
WHO = {"case_id": CASE, "clock_id": CLOCK, "kind": "C1", "unit": WATER, "assignment_id": LEAD.assignment_id}
SUBJECT = {
    "case_id": CASE,
    "correction_id": str(uuid4()),
    "fact": "report-in",
    "assignment_id": LEAD.assignment_id,
    "unit": WATER,
    "part": "lead",
    "cycle": 1,
    "by": "dispatcher-1",
}
TIMES = {"old_at": RECORDED, "new_at": CALLED}
SHOWN = """query ($id: ID!) { case(caseId: $id) { corrections { fact state oldAt newAt proposedBy decidedBy
    unit { code } } clocks { kind breachedAt outcome } timeline { title }
    ... on Whistle { assignments { reportedInAt } } } }"""


async def a_late_report_in(board: Board) -> None:
    """Recorded two hours after it was due: a breach with its first rung."""
    sealed = await board.seal("张三", "person/handler")
    content = await whistle(board)
    await board.tell(
        intake.WhistleSigned(**content, emergency=False, signed_by_sealed=sealed),
        routing.DispatchIssued(
            case_id=CASE,
            township=YUANCUN,
            emergency=False,
            complex=False,
            provisional=False,
            assignments=(LEAD,),
            cycle=1,
            reason="按清单",
        ),
        accountability.ClockStarted.model_validate(
            WHO
            | {"started_at": MORNING, "due": DUE, "earliest": DUE, "latest": DUE, "provisional": False}
            | {"policy_version": "C1.1", "calendar_version": ""}
        ),
        accountability.ClockBreached.model_validate(WHO | {"breached_at": DUE}),
    )
    rung: dict[str, object] = {"rung": "BLUE", "at": DUE, "to": "department-leader", "proposed": False}
    await board.tell(accountability.LadderRungReached.model_validate(WHO | rung), at=DUE + HOUR)
    arrived = routing.DepartmentReportedIn(
        case_id=CASE,
        assignment_id=LEAD.assignment_id,
        unit=WATER,
        part="lead",
        mode="on_site",
        handler_sealed=sealed,
        phone_sealed=sealed,
    )
    await board.tell(arrived, at=RECORDED)


async def reasoned(board: Board, model: type[Published], **fields: object) -> Published:
    """A fact of the correction with its reason."""
    reason = await board.seal("电话报到,有记录")
    return model.model_validate(SUBJECT | {"reason_sealed": reason} | fields)


async def shown(board: Board, actor: Actor = SUPERVISOR) -> dict[str, object]:
    found: dict[str, object] = (await board.ask(SHOWN, actor, {"id": CASE}))["case"]
    return found


async def test_waits_for_the_second_person_and_tells_the_office(board: Board) -> None:
    await a_late_report_in(board)
    await board.tell(await reasoned(board, routing.CorrectionProposed, **TIMES), at=RECORDED + HOUR)
    found = await shown(board)
    assert found["corrections"] == [
        {
            "fact": "REPORT_IN",
            "state": "WAITING",
            "oldAt": RECORDED.isoformat(),
            "newAt": CALLED.isoformat(),
            "proposedBy": "dispatcher-1",
            "decidedBy": None,
            "unit": {"code": WATER},
        }
    ]
    assert found["assignments"] == [{"reportedInAt": RECORDED.isoformat()}]
    notices = (await board.ask("{ notices { kind } }", SUPERVISOR))["notices"]
    assert {"kind": "correction-proposed"} in notices


async def test_withdraws_the_orders_of_a_breach_that_falls_and_keeps_them_visible(board: Board) -> None:
    await a_late_report_in(board)
    await board.tell(await reasoned(board, routing.CorrectionProposed, **TIMES), at=RECORDED + HOUR)
    fact = await reasoned(board, routing.FactCorrected, **TIMES, approved_by="supervisor-a")
    annulled = accountability.BreachAnnulled.model_validate(
        WHO | {"at": RECORDED + 2 * HOUR, "breached_at": DUE}
    )
    moved = accountability.ClockMoved.model_validate(
        WHO
        | {"cause": "superseded", "at": RECORDED + 2 * HOUR, "outcome": "on_time", "old_due": DUE}
        | {"due": DUE, "earliest": DUE, "latest": DUE, "provisional": False, "stopped_at": CALLED}
    )
    await board.tell(fact, annulled, moved, at=RECORDED + 2 * HOUR)
    found = await shown(board)
    assert found["corrections"][0]["state"] == "APPROVED"  # type: ignore[index]
    assert found["corrections"][0]["decidedBy"] == "supervisor-a"  # type: ignore[index]
    assert found["assignments"] == [{"reportedInAt": CALLED.isoformat()}]
    assert found["clocks"] == [{"kind": "C1", "breachedAt": None, "outcome": "ON_TIME"}]
    titles = [each["title"] for each in found["timeline"]]  # type: ignore[attr-defined]
    assert "督查:BLUE（已撤销）" in titles
    assert any(each.endswith("（已撤销）") and "超期" in each for each in titles)
    assert sum(each.endswith("（已撤销）") for each in titles) == 2


async def test_leaves_everything_as_it_was_when_it_is_declined(board: Board) -> None:
    await a_late_report_in(board)
    await board.tell(await reasoned(board, routing.CorrectionProposed, **TIMES), at=RECORDED + HOUR)
    declined = await reasoned(board, routing.CorrectionDeclined, by="supervisor-a")
    await board.tell(declined, at=RECORDED + 2 * HOUR)
    found = await shown(board, LIAISON)
    assert found["corrections"][0]["state"] == "DECLINED"  # type: ignore[index]
    assert found["assignments"] == [{"reportedInAt": RECORDED.isoformat()}]
    assert found["clocks"][0]["breachedAt"] == DUE.isoformat()  # type: ignore[index]


async def test_goes_to_the_service_that_keeps_the_fact(board: Board) -> None:
    await a_late_report_in(board)
    correction = SUBJECT["correction_id"]
    await board.ask(
        """mutation ($id: ID!) { proposeCorrection(caseId: $id, fact: REPORT_IN, unit: "water-resources",
           happenedAt: "2026-05-09T06:00:00+08:00", reason: "电话报到") { caseId } }""",
        DISPATCHER,
        {"id": CASE},
    )
    assert board.services.sent[-1][:3] == (
        "routing",
        f"/dispatches/{CASE}/corrections",
        {
            "fact": "report-in",
            "unit": WATER,
            "happened_at": "2026-05-09T06:00:00+08:00",
            "reason": "电话报到",
        },
    )
    decide = """mutation ($id: ID!, $one: ID!) { approveCorrection(caseId: $id, correctionId: $one) { caseId }
        declineCorrection(caseId: $id, correctionId: $one, reason: "没有凭据") { caseId } }"""
    await board.ask(decide, SUPERVISOR, {"id": CASE, "one": correction})
    path = f"/dispatches/{CASE}/corrections/{correction}"
    assert [each[1] for each in board.services.sent[-2:]] == [f"{path}/approve", f"{path}/decline"]
    await board.ask(
        """mutation ($id: ID!) { proposeCorrection(caseId: $id, fact: RESPONSE,
           happenedAt: "2026-05-09T06:00:00+08:00", reason: "电话答复") { caseId } }""",
        SUPERVISOR,
        {"id": CASE},
    )
    assert board.services.sent[-1][:2] == ("intake", f"/letters/{CASE}/corrections")
    asked = "mutation ($id: ID!, $one: ID!) { approveCorrection(caseId: $id, correctionId: $one) { caseId } }"
    refused = await board.refusal(asked, LIAISON, {"id": CASE, "one": correction})
    assert refused["code"] == "not-permitted"
