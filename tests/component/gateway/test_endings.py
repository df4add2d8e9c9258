"""Withdrawn, not accepted and raised again as the case view shows them, and the mutations that ask for it."""

from backbone.identity import Actor
from contracts.events import intake, routing
from tests.component.gateway.board import CASE, DISPATCHER, LEADER, WATER, YUANCUN, Board, assigned, whistle

SUPERVISOR = Actor("supervisor-1", "演示·督", "office_supervisor", "burden-reduction-office")
STATE = f'{{ case(caseId: "{CASE}") {{ state settling timeline {{ title }} }} }}'


async def shown(board: Board) -> str:
    """The state, once the title of its last line could be said."""
    case = (await board.ask(STATE))["case"]
    assert "{" not in case["timeline"][-1]["title"]
    return str(case["state"])


async def test_shows_what_was_withdrawn_and_turned_down(dispatched: Board) -> None:
    sealed = await dispatched.seal("已自行疏通")
    asked = routing.WithdrawalRequested(case_id=CASE, township=YUANCUN, reason_sealed=sealed)
    refused = routing.WithdrawalRefused(case_id=CASE, township=YUANCUN, reason_sealed=sealed)
    await dispatched.tell(asked, refused)
    assert await shown(dispatched) == "DISPATCHED"
    turned_down = routing.WhistleNotAccepted(
        case_id=CASE, township=YUANCUN, reason_code="own_duty", legal_basis="XZ-01"
    )
    await dispatched.tell(turned_down)
    assert await shown(dispatched) == "NOT_ACCEPTED"
    appealed = intake.WhistleAppealed(case_id=CASE, township=YUANCUN, reason_sealed=sealed)
    await dispatched.tell(appealed)
    notices = (await dispatched.ask("{ notices { kind } }"))["notices"]
    assert {"appeal", "withdrawal-requested"} <= {each["kind"] for each in notices}
    decided = routing.AppealDecided(
        case_id=CASE,
        granted=True,
        reason_sealed=sealed,
        township=YUANCUN,
        emergency=False,
        complex=False,
        cycle=2,
        assignments=(assigned(WATER),),
    )
    await dispatched.tell(decided)
    assert await shown(dispatched) == "DISPATCHED"
    await dispatched.tell(
        routing.DispatchWithdrawn(case_id=CASE, township=YUANCUN, reason_sealed=sealed, consented=False)
    )
    assert await shown(dispatched) == "WITHDRAWN"


async def test_shows_a_whistle_that_is_raised_again(dispatched: Board) -> None:
    again = intake.WhistleRaisedAgain(
        case_id=CASE,
        township=YUANCUN,
        reason_sealed=await dispatched.seal("又堵了"),
        closed_cycle=1,
        cycle=2,
        by=YUANCUN,
    )
    await dispatched.tell(intake.WhistleClosed(case_id=CASE, appraised=True, cycle=1), again)
    assert (await dispatched.ask(STATE))["case"]["settling"]
    opened = routing.CycleOpened(
        case_id=CASE,
        township=YUANCUN,
        emergency=False,
        complex=False,
        cycle=2,
        assignments=(assigned(WATER),),
    )
    await dispatched.tell(opened)
    assert await shown(dispatched) == "DISPATCHED"


async def test_withdraws_where_the_whistle_is(dispatched: Board) -> None:
    withdraw = f'mutation {{ withdrawWhistle(caseId: "{CASE}", reason: "已疏通") {{ stale }} }}'
    await dispatched.ask(withdraw, LEADER)
    content = await whistle(dispatched)
    await dispatched.tell(intake.WhistleRaised(**content, emergency=False))
    await dispatched.ask(withdraw, LEADER)
    assert [(service, path, body) for service, path, body, _ in dispatched.services.sent] == [
        ("routing", f"/dispatches/{CASE}/withdraw", {"reason": "已疏通", "ask_consent": False}),
        ("intake", f"/whistles/{CASE}/withdraw", {"reason": "已疏通"}),
    ]


async def test_asks_the_service_that_decides(dispatched: Board) -> None:
    asked = {
        f'consentToWithdrawal(caseId: "{CASE}")': DISPATCHER,
        f'refuseWithdrawal(caseId: "{CASE}", reason: "在办")': DISPATCHER,
        f'notAcceptWhistle(caseId: "{CASE}", reasonCode: OWN_DUTY, legalBasis: "XZ-01")': DISPATCHER,
        f'appealWhistle(caseId: "{CASE}", reason: "跨乡镇")': LEADER,
        f'decideAppeal(caseId: "{CASE}", granted: false, reason: "属自身职责")': SUPERVISOR,
        f'raiseAgain(caseId: "{CASE}", reason: "又堵了")': LEADER,
    }
    for mutation, actor in asked.items():
        await dispatched.ask(f"mutation {{ {mutation} {{ stale }} }}", actor)
    assert [(service, path.split("/")[-1]) for service, path, _, _ in dispatched.services.sent] == [
        ("routing", "consent-to-withdrawal"),
        ("routing", "refuse-withdrawal"),
        ("routing", "not-accept"),
        ("intake", "appeal"),
        ("routing", "decide-appeal"),
        ("intake", "raise-again"),
    ]
