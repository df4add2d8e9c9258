"""回告 by the system: the reporter to the grid hears how the whistle ended, in plain words, once."""

from contracts.events import Published, accountability, intake, routing
from tests.component.intake.service import (
    CLERK,
    FLOOD,
    LEADER,
    OFFICE,
    RESIDENT,
    WATER,
    YUANCUN,
    Desk,
    delivered,
)
from tests.component.intake.test_confirming import issued, lead_concluded, reported_in
from tests.component.intake.test_grid_reports import PUDDLE


async def promoted(desk: Desk) -> tuple[str, str]:
    """A report that became a draft; answers report and whistle."""
    report = await desk.done(RESIDENT, "/grid-reports", PUDDLE)
    await desk.done(CLERK, f"/grid-reports/{report}/promote", {"departments": [WATER]})
    fact = (await desk.published(report))[-1]
    assert isinstance(fact, intake.GridReportPromoted)
    return report, fact.whistle


async def concluded(desk: Desk, whistle: str) -> None:
    """Signed, handled and concluded."""
    await desk.done(LEADER, f"/whistles/{whistle}/submit")
    await handled(desk, whistle)


async def handled(desk: Desk, whistle: str) -> None:
    """Dispatched, reported in and concluded."""
    facts = (issued(whistle), reported_in(whistle, WATER, "lead"), lead_concluded(whistle))
    for seq, fact in enumerate(facts, start=1):
        await desk.tell(fact, "routing", seq)


async def ends(desk: Desk, case: str, fact: Published | None = None, service: str = "intake") -> None:
    """The last fact of a case, or this one, reaches whoever tells the reporters, twice."""
    told = fact or (await desk.published(case))[-1]
    event = delivered(told, service, 9)
    for _ in range(2):
        await desk.intake.reporters.react(event, desk.commands(service, 9))


async def replies(desk: Desk, report: str) -> list[str]:
    """What the reporter was told."""
    facts = await desk.published(report)
    return [await desk.read(each.reply_sealed) for each in facts if isinstance(each, intake.ReporterAnswered)]


async def test_tells_the_outcome_when_the_whistle_is_closed(desk: Desk) -> None:
    report, whistle = await promoted(desk)
    await concluded(desk, whistle)
    await desk.done(CLERK, f"/whistles/{whistle}/close-out")
    await ends(desk, whistle)
    [reply] = await replies(desk, report)
    assert reply.startswith("您反映的问题由镇街吹哨（NL-")
    assert reply.endswith("已解决 1 项")
    assert reply not in await desk.everything_kept()
    answered = (await desk.published(report))[-1]
    assert isinstance(answered, intake.ReporterAnswered)
    assert answered.outcome == "closed"


async def test_asks_to_report_again_when_nobody_confirmed_it(desk: Desk) -> None:
    report, whistle = await promoted(desk)
    await concluded(desk, whistle)
    expired = {"case_id": whistle, "clock_id": "c", "kind": "C7", "unit": YUANCUN, "cycle": 1}
    gone = accountability.ClockExpired.model_validate(expired | {"expired_at": "2026-03-06T00:00:00+08:00"})
    await desk.tell(gone, "accountability")
    await ends(desk, whistle)
    assert "如仍未解决，请再次反映" in (await replies(desk, report))[0]


async def test_tells_of_a_withdrawal_before_and_after_signing(desk: Desk) -> None:
    report, whistle = await promoted(desk)
    await desk.done(CLERK, f"/whistles/{whistle}/submit")
    await desk.done(LEADER, f"/whistles/{whistle}/withdraw", {"reason": "已自行解决"})
    await ends(desk, whistle)
    assert "已由镇街撤回" in (await replies(desk, report))[0]

    report, whistle = await promoted(desk)
    await desk.done(LEADER, f"/whistles/{whistle}/submit")
    sealed = "sealed:v1:case/1:c2FtcGxl"
    withdrawn = routing.DispatchWithdrawn(
        case_id=whistle, township=YUANCUN, reason_sealed=sealed, consented=False
    )
    await ends(desk, whistle, withdrawn, "routing")
    assert "已由镇街撤回" in (await replies(desk, report))[0]


async def test_tells_that_it_was_not_accepted_and_later_that_it_was_solved_after_all(desk: Desk) -> None:
    report, whistle = await promoted(desk)
    await desk.done(LEADER, f"/whistles/{whistle}/submit")
    await desk.tell(issued(whistle), "routing", 1)
    refused = routing.WhistleNotAccepted(
        case_id=whistle, township=YUANCUN, reason_code="own_duty", legal_basis="《条例》"
    )
    await desk.tell(refused, "routing", 2)
    await ends(desk, whistle, refused, "routing")
    assert "未予受理" in (await replies(desk, report))[0]


async def test_tells_that_a_draft_was_thrown_away(desk: Desk) -> None:
    report, whistle = await promoted(desk)
    await desk.done(CLERK, f"/whistles/{whistle}/discard")
    await ends(desk, whistle)
    assert await replies(desk, report) == ["您反映的问题未吹哨，由镇街另行处理"]


async def test_says_nothing_of_whistles_that_nobody_reported(desk: Desk) -> None:
    whistle = await desk.done(LEADER, "/whistles", FLOOD)
    await handled(desk, whistle)
    await desk.done(CLERK, f"/whistles/{whistle}/close-out")
    before = len(await desk.published())
    await ends(desk, whistle)
    assert len(await desk.published()) == before


async def test_a_failed_check_raises_a_closed_whistle_again(desk: Desk) -> None:
    _, whistle = await promoted(desk)
    await concluded(desk, whistle)
    await desk.done(CLERK, f"/whistles/{whistle}/close-out")
    failed = accountability.SpotCheckFailed(
        case_id=whistle, check_id="check", finding_sealed="sealed:v1:case/1:c2FtcGxl", unit=OFFICE
    )
    await desk.tell(failed, "accountability", 5)
    await desk.tell(failed, "accountability", 6)
    again = [each for each in await desk.published(whistle) if isinstance(each, intake.WhistleRaisedAgain)]
    assert [(each.by, each.cycle, each.closed_cycle) for each in again] == [(OFFICE, 2, 1)]
