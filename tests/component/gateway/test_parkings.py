"""Parking and extension as the case view shows them, and the mutations that ask for them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from backbone.identity import Actor
from contracts.events import accountability, intake, routing
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LEADER,
    WATER,
    YUANCUN,
    Board,
)

WATER_LEADER = Actor("leader-w", "演示·萧", "department_leader", WATER)
WATER_LIAISON = Actor("liaison-w", "演示·彭", "department_liaison", WATER)
SUPERVISOR = Actor("supervisor-a", "演示·督查", "office_supervisor", "burden-reduction-office")
COUNTY_LEADER = Actor("county-1", "演示·县", "county_leader", "county-leadership")
STRANGER = Actor("leader-p", "演示·钱", "department_leader", "power-supply")
APPROVED_AT = datetime(2026, 5, 8, 2, 30, tzinfo=UTC)
REVIEW_DUE = datetime(2026, 6, 7, 16, tzinfo=UTC)
SUNSET = date(2026, 9, 30)
OWNER_KEY = "person/leader-w"
CLOCK_ID = "c0000000-0000-5000-8000-0000000000c5"
SHOWN = f"""{{ case(caseId: "{CASE}") {{ state settling ... on Whistle {{ extensionCount
  parkings {{ number state ground plan owner sunset second objection reason cause review
    nextReviewDue unit {{ code }} milestones {{ number due text reachedAt }} }}
  extensions {{ number state amount measure reason refusal cause second unit {{ code }} }} }}
  timeline {{ type title text }} }} }}"""
WHO: dict[str, Any] = {"case_id": CASE, "number": 1}
HELD = {**WHO, "unit": WATER, "township": YUANCUN, "cycle": 1}
APPROVED = accountability.ParkingApproved(**WHO, unit=WATER, township=YUANCUN, at=APPROVED_AT, sunset=SUNSET)
PARKED = routing.DispatchParked(**HELD, at=APPROVED_AT)


def clock(kind: accountability.ClockKind) -> accountability.ClockStarted:
    """A clock of the lead that runs until the review is due."""
    return accountability.ClockStarted(
        case_id=CASE,
        clock_id=f"c0000000-0000-5000-8000-0000000000{kind.lower()}",
        kind=kind,
        unit=WATER,
        started_at=APPROVED_AT,
        due=REVIEW_DUE,
        earliest=REVIEW_DUE,
        latest=REVIEW_DUE,
        provisional=False,
        policy_version=f"{kind}.1",
        calendar_version="",
    )


async def applied_for(board: Board, **changes: Any) -> accountability.ParkingAppliedFor:
    step = accountability.Milestone(number=1, due=date(2026, 7, 1), text_sealed=await board.seal("完成测量"))
    given: dict[str, Any] = {
        **WHO,
        "unit": WATER,
        "township": YUANCUN,
        "ground": "season_or_term",
        "plan_sealed": await board.seal("汛后清淤"),
        "milestones": (step,),
        "owner_sealed": await board.seal("张建国", OWNER_KEY),
        "sunset": SUNSET,
        "second": False,
    }
    return accountability.ParkingAppliedFor.model_validate(given | changes)


async def shown(board: Board, actor: Actor = DISPATCHER) -> dict[str, Any]:
    case: dict[str, Any] = (await board.ask(SHOWN, actor))["case"]
    return case


async def notices(board: Board, actor: Actor) -> list[str]:
    answer = await board.ask("{ notices { kind title } }", actor)
    assert all(each["title"] != f"notice-{each['kind']}" for each in answer["notices"])
    return [each["kind"] for each in answer["notices"]]


@pytest.fixture
async def parked(dispatched: Board) -> Board:
    """Applied for, approved, and standing still."""
    await dispatched.tell(
        intake.WhistleHandling(case_id=CASE),
        await applied_for(dispatched),
        APPROVED,
        PARKED,
        clock("C9"),
    )
    return dispatched


async def test_shows_an_application_and_tells_the_office_and_the_township(dispatched: Board) -> None:
    await dispatched.tell(await applied_for(dispatched))
    [parking] = (await shown(dispatched))["parkings"]
    assert (parking["state"], parking["ground"]) == ("APPLIED", "SEASON_OR_TERM")
    assert (parking["plan"], parking["owner"], parking["sunset"]) == ("汛后清淤", "张建国", "2026-09-30")
    assert parking["milestones"] == [
        {"number": 1, "due": "2026-07-01", "text": "完成测量", "reachedAt": None}
    ]
    for actor in (SUPERVISOR, CLERK):
        assert "parking-applied-for" in await notices(dispatched, actor)


async def test_tells_the_county_leader_of_a_second_application(dispatched: Board) -> None:
    await dispatched.tell(await applied_for(dispatched, second=True))
    assert "parking-applied-for" in await notices(dispatched, COUNTY_LEADER)


async def test_settles_until_routing_has_answered(dispatched: Board) -> None:
    await dispatched.tell(clock("C5"), await applied_for(dispatched))
    assert (await shown(dispatched))["settling"] is False
    await dispatched.tell(APPROVED)
    assert (await shown(dispatched))["settling"] is True
    await dispatched.tell(PARKED)
    case = await shown(dispatched)
    assert case["settling"] is False
    assert (case["state"], case["parkings"][0]["state"]) == ("PARKED", "PARKED")
    assert "parked" in await notices(dispatched, CLERK)


async def test_shows_that_it_came_too_late(dispatched: Board) -> None:
    await dispatched.tell(
        clock("C5"),
        await applied_for(dispatched),
        APPROVED,
        routing.ParkingRefused(**WHO, cause="lead-concluded"),
        accountability.ParkingLapsed(**WHO, cause="lead-concluded", unit=WATER, township=YUANCUN),
    )
    case = await shown(dispatched)
    assert case["state"] != "PARKED"
    assert (case["parkings"][0]["state"], case["parkings"][0]["cause"]) == ("LAPSED", "lead-concluded")
    assert case["settling"] is False


async def test_shows_what_happens_while_it_stands_still(parked: Board) -> None:
    await parked.tell(
        accountability.ParkingObjectedTo(**WHO, unit=YUANCUN, reason_sealed=await parked.seal("汛期将至")),
        accountability.ParkingReviewed(
            **WHO, round=1, unit=WATER, content_sealed=await parked.seal("测量过半")
        ),
        accountability.MilestoneReached(**WHO, milestone=1, unit=WATER),
    )
    case = await shown(parked)
    [parking] = case["parkings"]
    assert (parking["objection"], parking["review"]) == ("汛期将至", "测量过半")
    assert parking["milestones"][0]["reachedAt"] is not None
    assert datetime.fromisoformat(parking["nextReviewDue"]) == REVIEW_DUE
    assert "parking-objected-to" in await notices(parked, SUPERVISOR)
    told = {each["type"].split(".")[2]: each for each in case["timeline"]}
    assert told["parking-reviewed"]["text"] == "测量过半"
    assert "2026-09-30" in told["parking-approved"]["title"]
    assert "dispatch-parked" not in told
    assert not any(each["title"].startswith("timeline-") for each in case["timeline"])


async def test_goes_on_when_it_has_ended(parked: Board) -> None:
    ended = accountability.ParkingEnded(
        **WHO,
        at=APPROVED_AT,
        cause="early",
        lead=WATER,
        township=YUANCUN,
        unit=WATER,
        reason_sealed=await parked.seal("材料已到"),
    )
    await parked.tell(ended)
    assert (await shown(parked))["settling"] is True
    await parked.tell(routing.DispatchUnparked(**HELD, at=APPROVED_AT))
    case = await shown(parked)
    assert case["state"] == "HANDLING"
    assert (case["parkings"][0]["state"], case["parkings"][0]["reason"]) == ("ENDED", "材料已到")
    assert case["parkings"][0]["nextReviewDue"] is None
    for actor in (CLERK, WATER_LEADER):
        assert "parking-ended" in await notices(parked, actor)


async def test_stays_parked_when_word_of_the_report_in_comes_late(parked: Board) -> None:
    await parked.tell(intake.WhistleHandling(case_id=CASE))
    assert (await shown(parked))["state"] == "PARKED"


async def test_stays_withdrawn_when_it_was_withdrawn_meanwhile(parked: Board) -> None:
    await parked.tell(
        routing.DispatchWithdrawn(
            case_id=CASE, township=YUANCUN, reason_sealed=await parked.seal("不需要了"), consented=True
        ),
        routing.DispatchUnparked(**HELD, at=APPROVED_AT),
    )
    assert (await shown(parked))["state"] == "WITHDRAWN"


async def test_forgets_the_owner_and_the_words_with_their_keys(parked: Board) -> None:
    await parked.tell(intake.PersonalDataErased(case_id=CASE, key_ids=(OWNER_KEY, f"case/{CASE}")))
    [parking] = (await shown(parked))["parkings"]
    assert "已删除" in parking["owner"]
    assert "已删除" in parking["plan"]
    assert "已删除" in parking["milestones"][0]["text"]


async def test_is_nobody_elses_to_see(parked: Board) -> None:
    assert (await parked.ask(SHOWN, STRANGER))["case"] is None
    assert (await shown(parked, WATER_LEADER))["parkings"][0]["state"] == "PARKED"


async def extension(board: Board, **changes: Any) -> accountability.ExtensionAppliedFor:
    given: dict[str, Any] = {
        **WHO,
        "unit": WATER,
        "clock_id": CLOCK_ID,
        "amount": 5,
        "measure": "working-days",
        "reason_sealed": await board.seal("设备未到"),
        "due": REVIEW_DUE,
        "second": False,
    }
    return accountability.ExtensionAppliedFor.model_validate(given | changes)


async def test_shows_an_extension_and_counts_it_when_granted(dispatched: Board) -> None:
    await dispatched.tell(clock("C5"), await extension(dispatched))
    case = await shown(dispatched)
    assert (case["extensions"][0]["state"], case["extensionCount"]) == ("APPLIED", 0)
    assert case["extensions"][0]["reason"] == "设备未到"
    assert "extension-applied-for" in await notices(dispatched, SUPERVISOR)
    await dispatched.tell(
        accountability.ExtensionGranted(
            **WHO, unit=WATER, clock_id=CLOCK_ID, amount=5, at=APPROVED_AT, second=False
        )
    )
    case = await shown(dispatched)
    assert (case["extensions"][0]["state"], case["extensionCount"]) == ("GRANTED", 1)
    assert case["settling"] is True
    moved = clock("C5").model_dump(include={"case_id", "clock_id", "kind", "unit"})
    until = dict.fromkeys(("due", "earliest", "latest"), REVIEW_DUE)
    await dispatched.tell(
        accountability.ClockMoved(
            **moved, **until, provisional=False, cause="extended", at=APPROVED_AT, old_due=APPROVED_AT
        )
    )
    assert (await shown(dispatched))["settling"] is False
    assert "extension-granted" in await notices(dispatched, WATER_LEADER)


@pytest.mark.parametrize("kind", ["refused", "undecided", "lapsed"])
async def test_shows_an_extension_that_was_not_granted(dispatched: Board, kind: str) -> None:
    who = {**WHO, "unit": WATER}
    outcome = {
        "refused": accountability.ExtensionRefused(**who, reason_sealed=await dispatched.seal("理由不足")),
        "undecided": accountability.ExtensionLeftUndecided(**who, cause="clock-overdue", at=APPROVED_AT),
        "lapsed": accountability.ExtensionLapsed(**who, cause="lead-concluded"),
    }[kind]
    await dispatched.tell(await extension(dispatched, second=True), outcome)
    case = await shown(dispatched)
    assert (case["extensions"][0]["state"], case["extensionCount"]) == (kind.upper(), 0)
    assert "extension-applied-for" in await notices(dispatched, COUNTY_LEADER)
    assert any(each.startswith("extension-") for each in await notices(dispatched, WATER_LEADER))


MUTATIONS = [
    (
        'applyForParking(caseId: "{case}", ground: AWAITING_FUNDS, plan: "立项", owner: "张建国", '
        'sunset: "2026-09-30", milestones: [{{due: "2026-07-01", words: "可研"}}])',
        WATER_LEADER,
        "apply-for-parking",
        {
            "ground": "awaiting_funds",
            "plan": "立项",
            "owner": "张建国",
            "sunset": "2026-09-30",
            "milestones": [{"due": "2026-07-01", "words": "可研"}],
        },
    ),
    (
        'objectToParking(caseId: "{case}", reason: "不可")',
        LEADER,
        "object-to-parking",
        {"reason": "不可"},
    ),
    ('approveParking(caseId: "{case}")', SUPERVISOR, "approve-parking", {}),
    ('refuseParking(caseId: "{case}", reason: "不足")', COUNTY_LEADER, "refuse-parking", {"reason": "不足"}),
    ('reviewParking(caseId: "{case}", words: "顺利")', WATER_LEADER, "review-parking", {"words": "顺利"}),
    ('reachMilestone(caseId: "{case}", milestone: 1)', WATER_LIAISON, "reach-milestone", {"milestone": 1}),
    ('endParking(caseId: "{case}", reason: "已到")', WATER_LIAISON, "end-parking", {"reason": "已到"}),
    (
        'applyForExtension(caseId: "{case}", amount: 3, reason: "设备")',
        WATER_LEADER,
        "apply-for-extension",
        {"amount": 3, "reason": "设备"},
    ),
    ('grantExtension(caseId: "{case}")', SUPERVISOR, "grant-extension", {}),
    ('refuseExtension(caseId: "{case}", reason: "不足")', SUPERVISOR, "refuse-extension", {"reason": "不足"}),
]


@pytest.mark.parametrize(("call", "actor", "verb", "body"), MUTATIONS, ids=[each[2] for each in MUTATIONS])
async def test_sends_a_command_to_accountability(
    dispatched: Board, call: str, actor: Actor, verb: str, body: dict[str, Any]
) -> None:
    await dispatched.ask("mutation { %s { stale caseId } }" % call.format(case=CASE), actor)  # noqa: UP031
    [(service, path, sent, _)] = dispatched.services.sent
    assert (service, path, sent) == ("accountability", f"/whistles/{CASE}/{verb}", body)


@pytest.mark.parametrize(("call", "actor", "verb", "body"), MUTATIONS, ids=[each[2] for each in MUTATIONS])
async def test_permits_nobody_whose_part_it_is_not(
    dispatched: Board, call: str, actor: Actor, verb: str, body: dict[str, Any]
) -> None:
    told = await dispatched.refusal("mutation { %s { stale } }" % call.format(case=CASE), DISPATCHER)  # noqa: UP031
    assert told["code"] == "not-permitted"
    assert dispatched.services.sent == []
