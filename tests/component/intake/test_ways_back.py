"""Withdrawing before signing, appealing, raising again; and who has it after a return or a release."""

from contracts.events import Published, intake, routing
from intake.application.publishing import WHISTLE
from intake.domain.whistle import Stage, Whistle
from tests.component.intake.service import (
    CLERK,
    FARMING,
    FLOOD,
    LEADER,
    OFFICE,
    STRANGER,
    SUPERVISOR,
    WATER,
    YUANCUN,
    Desk,
)
from tests.component.intake.test_confirming import assigned, issued, lead_concluded, reported_in

SEALED = "sealed:v1:case/1:c2FtcGxl"
WITHDRAWN = {"township": YUANCUN, "reason_sealed": SEALED, "consented": False}


async def whistle(desk: Desk, case: str) -> Whistle:
    """Where it stands."""
    return WHISTLE.fold(await desk.store.load(WHISTLE.stream(case)))


async def told(desk: Desk, *facts: Published) -> None:
    """Facts of routing reach intake, one after the other."""
    for seq, fact in enumerate(facts, start=1):
        await desk.tell(fact, "routing", seq)


async def out(desk: Desk) -> str:
    """A whistle that was raised and signed."""
    case = await desk.done(CLERK, "/whistles", FLOOD)
    await desk.done(LEADER, f"/whistles/{case}/sign", {"dispatch": "now"})
    return case


async def test_withdraws_what_is_not_signed_with_a_sealed_reason(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles", FLOOD)
    path = f"/whistles/{case}/withdraw"
    assert await desk.refused(CLERK, path, {"reason": "x"}) == (403, "not-permitted")
    assert await desk.refused(STRANGER, path, {"reason": "x"}) == (404, "unknown-case")
    assert await desk.refused(LEADER, path) == (422, "withdrawal-needs-a-reason")
    await desk.done(LEADER, path, {"reason": "李某已自行处理"})
    withdrawn = (await desk.published(case))[-1]
    assert isinstance(withdrawn, intake.WhistleWithdrawn)
    assert await desk.read(withdrawn.reason_sealed) == "李某已自行处理"
    assert await desk.refused(LEADER, f"/whistles/{case}/sign") == (422, "whistle-withdrawn")


async def test_follows_the_desks_withdrawal_without_a_word_of_its_own(desk: Desk) -> None:
    case = await out(desk)
    assert await desk.refused(LEADER, f"/whistles/{case}/withdraw", {"reason": "x"}) == (
        422,
        "whistle-is-with-the-desk",
    )
    before = len(await desk.published(case))
    withdrawn = routing.DispatchWithdrawn.model_validate({"case_id": case} | WITHDRAWN)
    await told(desk, issued(case), withdrawn)
    assert (await whistle(desk, case)).stage is Stage.WITHDRAWN
    assert len(await desk.published(case)) == before


async def test_appeals_once_and_follows_the_decision(desk: Desk) -> None:
    case = await out(desk)
    turned_down = routing.WhistleNotAccepted(
        case_id=case, township=YUANCUN, reason_code="own_duty", legal_basis="XZ-01"
    )
    await told(desk, issued(case), turned_down)
    path = f"/whistles/{case}/appeal"
    await desk.done(LEADER, path, {"reason": "跨乡镇"})
    assert isinstance((await desk.published(case))[-1], intake.WhistleAppealed)
    rejected = routing.AppealDecided(
        case_id=case,
        granted=False,
        reason_sealed=SEALED,
        township=YUANCUN,
        emergency=False,
        complex=False,
        cycle=1,
    )
    await desk.tell(rejected, "routing", 3)
    assert await desk.refused(LEADER, path, {"reason": "再申诉"}) == (422, "appealed-already")


async def test_raises_a_closed_whistle_again(desk: Desk) -> None:
    case = await out(desk)
    await told(desk, issued(case), reported_in(case, WATER, "lead"), lead_concluded(case))
    path = f"/whistles/{case}/raise-again"
    assert await desk.refused(LEADER, path, {"reason": "x"}) == (422, "not-closed")
    await desk.done(CLERK, f"/whistles/{case}/close-out")
    assert await desk.refused(STRANGER, path, {"reason": "x"}) == (404, "unknown-case")
    await desk.done(SUPERVISOR, path, {"reason": "抽查不合格"})
    again = (await desk.published(case))[-1]
    assert isinstance(again, intake.WhistleRaisedAgain)
    assert (again.closed_cycle, again.cycle, again.by, again.township) == (1, 2, OFFICE, YUANCUN)


async def test_knows_who_has_it_after_a_return_and_a_release(desk: Desk) -> None:
    case = await out(desk)
    returned = routing.AssignmentReturned(
        case_id=case,
        assignment_id=f"a-{WATER}",
        unit=WATER,
        part="lead",
        to="power-supply",
        dispatch_error=False,
        legal_basis="《电力法》",
        issued=(assigned("power-supply", "lead"),),
        transfers=1,
        emergency=False,
        complex=False,
        cycle=1,
        township=YUANCUN,
    )
    released = routing.AssignmentReleased(
        case_id=case, assignment_id=f"a-{FARMING}", unit=FARMING, by="township"
    )
    await told(desk, issued(case), returned, released)
    assert (await whistle(desk, case)).departments == ("power-supply",)


async def test_a_merged_departments_part_is_its_heirs(desk: Desk) -> None:
    case = await out(desk)
    moved = routing.AssignmentMoved(
        case_id=case,
        unit=WATER,
        to="power-supply",
        kept=assigned("power-supply", "lead"),
        inherited=True,
        cycle=1,
        township=YUANCUN,
    )
    await told(desk, issued(case), moved)
    departments = (await whistle(desk, case)).departments
    assert WATER not in departments
    assert "power-supply" in departments
