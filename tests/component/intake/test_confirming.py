"""What departments did reaches intake, and the township judges it."""

from uuid import uuid4

from contracts.events import accountability, intake, routing
from intake.application.publishing import WHISTLE
from intake.domain.whistle import Stage
from tests.component.intake.service import CLERK, FARMING, FIREWORKS, FLOOD, LEADER, WATER, YUANCUN, Desk

TRANSPORT = "transport"


def assigned(unit: str, part: routing.Part = "assist") -> routing.Assigned:
    return routing.Assigned(assignment_id=f"a-{unit}", unit=unit, part=part, issue_ids=(), provisional=False)


def issued(case: str, *, emergency: bool = False) -> routing.DispatchIssued:
    return routing.DispatchIssued(
        case_id=case,
        township=YUANCUN,
        emergency=emergency,
        complex=False,
        provisional=False,
        assignments=(assigned(WATER, "lead"), assigned(FARMING)),
        cycle=1,
        reason="清单",
    )


def reported_in(case: str, unit: str, part: routing.Part) -> routing.DepartmentReportedIn:
    return routing.DepartmentReportedIn(
        case_id=case,
        assignment_id=f"a-{unit}",
        unit=unit,
        part=part,
        mode="on_site",
        handler_sealed="sealed",
        phone_sealed="sealed",
    )


def lead_concluded(
    case: str, cycle: int = 1, results: tuple[routing.IssueResult, ...] = ()
) -> routing.LeadConcluded:
    return routing.LeadConcluded(
        case_id=case,
        assignment_id=f"a-{WATER}",
        unit=WATER,
        township=YUANCUN,
        sentence_sealed="sealed",
        results=results,
        cycle=cycle,
    )


def confirmation_expired(case: str, kind: accountability.ClockKind = "C7") -> accountability.ClockExpired:
    return accountability.ClockExpired(
        case_id=case,
        clock_id=str(uuid4()),
        kind=kind,
        unit=YUANCUN,
        expired_at="2026-03-06T16:00:00Z",
        cycle=1,
    )


async def a_concluded_whistle(desk: Desk) -> str:
    case = await desk.done(LEADER, "/whistles", FLOOD)
    await desk.tell(issued(case), "routing", 1)
    await desk.tell(reported_in(case, WATER, "lead"), "routing", 2)
    await desk.tell(lead_concluded(case), "routing", 3)
    return case


async def stage_of(desk: Desk, case: str) -> Stage:
    return WHISTLE.fold(await desk.store.load(WHISTLE.stream(case))).stage


async def test_follows_the_lead_from_report_in_to_conclusion(desk: Desk) -> None:
    case = await desk.done(LEADER, "/whistles", FLOOD)
    await desk.tell(issued(case), "routing", 1)
    assert await stage_of(desk, case) is Stage.DISPATCHED
    await desk.tell(reported_in(case, FARMING, "assist"), "routing", 2)
    assert await stage_of(desk, case) is Stage.DISPATCHED
    await desk.tell(reported_in(case, WATER, "lead"), "routing", 3)
    assert await stage_of(desk, case) is Stage.HANDLING
    await desk.tell(lead_concluded(case), "routing", 4)
    assert await stage_of(desk, case) is Stage.AWAITING_CONFIRMATION
    assert [type(each) for each in (await desk.published(case))[-2:]] == [
        intake.WhistleHandling,
        intake.WhistleAwaitingConfirmation,
    ]


async def test_follows_an_emergency_before_it_is_signed(desk: Desk) -> None:
    case = await desk.done(CLERK, "/whistles", FIREWORKS)
    await desk.tell(issued(case, emergency=True), "routing", 1)
    await desk.tell(reported_in(case, WATER, "lead"), "routing", 2)
    assert await stage_of(desk, case) is Stage.HANDLING
    await desk.done(LEADER, f"/whistles/{case}/sign")
    assert await stage_of(desk, case) is Stage.HANDLING


async def test_carries_the_foreign_position_in_everything_that_follows(desk: Desk) -> None:
    case = await a_concluded_whistle(desk)
    await desk.done(CLERK, f"/whistles/{case}/close-out")
    closed = (await desk.store.published(0, 100, case))[-1]
    assert '"after":{"routing":3}' in closed.meta.replace(" ", "")


async def test_closes_out_with_one_tap(desk: Desk) -> None:
    case = await a_concluded_whistle(desk)
    await desk.done(CLERK, f"/whistles/{case}/close-out")
    closed = (await desk.published(case))[-1]
    assert isinstance(closed, intake.WhistleClosed)
    assert closed.appraised
    assert [each.verdict for each in closed.verdicts] == ["solved", "solved"]
    assert [(each.unit, each.rating) for each in closed.ratings] == [
        (WATER, "satisfied"),
        (FARMING, "satisfied"),
    ]


async def test_keeps_what_the_clerk_says_differently(desk: Desk) -> None:
    case = await a_concluded_whistle(desk)
    raised = (await desk.published(case))[1]
    assert isinstance(raised, intake.WhistleRaised)
    body = {
        "verdicts": [{"issue_id": raised.issues[1].issue_id, "verdict": "partly"}],
        "ratings": [{"unit": FARMING, "rating": "dissatisfied"}],
        "comment": "还有一块地没排完",
    }
    await desk.done(CLERK, f"/whistles/{case}/close-out", body)
    closed = (await desk.published(case))[-1]
    assert isinstance(closed, intake.WhistleClosed)
    assert [each.verdict for each in closed.verdicts] == ["solved", "partly"]
    assert [each.rating for each in closed.ratings] == ["satisfied", "dissatisfied"]
    assert await desk.read(closed.comment_sealed or "") == "还有一块地没排完"
    assert "没排完" not in await desk.everything_kept()


async def test_asks_for_ratings_of_the_departments_after_a_correction(desk: Desk) -> None:
    case = await desk.done(LEADER, "/whistles", FLOOD)
    await desk.tell(issued(case), "routing", 1)
    corrected = routing.DispatchCorrected(
        case_id=case,
        legal_basis="三定方案",
        emergency=False,
        complex=False,
        voided=(assigned(FARMING),),
        issued=(assigned(TRANSPORT),),
        cycle=1,
    )
    await desk.tell(corrected, "routing", 2)
    await desk.tell(reported_in(case, WATER, "lead"), "routing", 3)
    await desk.tell(lead_concluded(case), "routing", 4)
    await desk.done(CLERK, f"/whistles/{case}/close-out")
    closed = (await desk.published(case))[-1]
    assert isinstance(closed, intake.WhistleClosed)
    assert [each.unit for each in closed.ratings] == [WATER, TRANSPORT]


async def test_goes_through_rework_and_a_second_conclusion(desk: Desk) -> None:
    case = await a_concluded_whistle(desk)
    assert await desk.refused(LEADER, f"/whistles/{case}/rework") == (422, "rework-needs-a-reason")
    await desk.done(LEADER, f"/whistles/{case}/rework", {"reason": "西头还积水"})
    reworked = (await desk.published(case))[-1]
    assert isinstance(reworked, intake.WhistleReworked)
    assert reworked.cycle == 2
    assert await desk.read(reworked.reason_sealed) == "西头还积水"
    reopened = routing.DispatchReopened(
        case_id=case,
        emergency=False,
        complex=False,
        cycle=2,
        assignments=(assigned(WATER, "lead"), assigned(FARMING)),
    )
    await desk.tell(reopened, "routing", 4)
    await desk.tell(lead_concluded(case, cycle=1), "routing", 5)
    assert await stage_of(desk, case) is Stage.HANDLING
    await desk.tell(lead_concluded(case, cycle=2), "routing", 6)
    await desk.done(CLERK, f"/whistles/{case}/close-out")
    closed = (await desk.published(case))[-1]
    assert isinstance(closed, intake.WhistleClosed)
    assert closed.cycle == 2


async def test_closes_unappraised_when_the_time_to_confirm_runs_out(desk: Desk) -> None:
    case = await a_concluded_whistle(desk)
    await desk.tell(confirmation_expired(case, "C10"), "accountability", 1)
    assert await stage_of(desk, case) is Stage.AWAITING_CONFIRMATION
    await desk.tell(confirmation_expired(case), "accountability", 2)
    closed = (await desk.published(case))[-1]
    assert isinstance(closed, intake.WhistleClosed)
    assert not closed.appraised
    assert closed.verdicts == ()
    assert closed.ratings == ()
    assert await desk.refused(CLERK, f"/whistles/{case}/close-out") == (422, "closed-unappraised")


async def test_lets_the_verdict_stand_when_the_expiry_comes_after_it(desk: Desk) -> None:
    case = await a_concluded_whistle(desk)
    await desk.done(CLERK, f"/whistles/{case}/close-out")
    before = await desk.published(case)
    await desk.tell(confirmation_expired(case), "accountability", 1)
    assert await desk.published(case) == before


async def test_passes_over_facts_of_unknown_types_and_cases(desk: Desk) -> None:
    await desk.tell(routing.DispatchClosed(case_id=str(uuid4())), "routing", 1)
    await desk.tell(issued(str(uuid4())), "routing", 2)
    await desk.tell(lead_concluded(str(uuid4())), "routing", 3)
    assert await desk.store.read(0) == []
