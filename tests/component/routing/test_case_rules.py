"""A record of case rules reaches routing: it binds the next decision, and none before its first day."""

from datetime import date, timedelta

from contracts.events import accountability, intake, routing
from routing.application.followed_rules import FOLLOWED_RULES, FOLLOWED_RULES_KEY
from tests.component.routing.service import (
    ARRIVAL,
    DISPATCHER,
    ESTABLISHMENT,
    POWER,
    WATER,
    WATER_LEADER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
)
from tests.component.routing.test_disputes import RULING, THURSDAY_NIGHT, accepted
from tests.component.routing.test_task_down_reviews import REVIEWS, SUPERVISOR, under_review

MARCH_2, MARCH_3 = date(2026, 3, 2), date(2026, 3, 3)
SEALED = "sealed:v1:case/1:c2FtcGxl"
RECORD = "c0000000-0000-5000-8000-0000000000aa"
HEARING = {"met_on": "2026-03-01", "representatives": 21, "units": [YUANCUN], "minutes": "可行"}


def approved(number: int = 1, day: date = MARCH_2, **limits: int) -> accountability.CaseRulesApproved:
    """A record with some limits of its own."""
    return accountability.CaseRulesApproved(
        case_id=RECORD,
        number=number,
        effective_from=day,
        source_document="南减办〔2026〕5号",
        rules=accountability.CaseRules(**limits),
    )


async def test_wants_as_many_representatives_as_the_record_in_force(desk: Desk) -> None:
    case = await under_review(desk)
    await desk.tell(approved(day=MARCH_3, representatives=30))
    await desk.done(SUPERVISOR, f"{REVIEWS}/{case}/hearings", HEARING)
    other = await under_review(desk)
    await desk.tell(approved(2, representatives=25))
    response = await desk.post(SUPERVISOR, f"{REVIEWS}/{other}/hearings", HEARING)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "hearing-needs-representatives")
    assert "25" in problem["title"]
    assert problem["rule"]["id"] == "case-rules:2", "the version that refuses"
    heard = [each for each in await desk.published(case) if isinstance(each, routing.TaskHearingRecorded)]
    assert len(heard) == 1, "what was heard before stays heard"


async def test_escalates_at_the_transfer_the_record_names(desk: Desk) -> None:
    await desk.tell(approved(transfers_that_escalate=1))
    case = await desk.dispatched("SL-01")
    path = f"/dispatches/{case}/assignments/{WATER}"
    asked = {"legal_basis": "《电力供应与使用条例》", "proposed_owner": POWER}
    await desk.done(WATER_LEADER, f"{path}/request-return", asked)
    body = {"dispatch_error": True, "legal_basis": "《电力法》"}
    await desk.done(DISPATCHER, f"{path}/accept-return", body)
    escalated = (await desk.published(case))[-1]
    assert isinstance(escalated, routing.DispatchEscalated)
    assert (escalated.cause, escalated.limit) == ("third-transfer", 1)


async def test_escalates_at_the_cycle_the_record_names(desk: Desk) -> None:
    await desk.tell(approved(cycles_that_escalate=2))
    case = await desk.dispatched("SL-01")
    path = f"/dispatches/{case}/assignments/{WATER}/report-in-and-conclude"
    await desk.done(WATER_LIAISON, path, ARRIVAL | {"sentence": "已疏通"})
    await desk.tell(intake.WhistleClosed(case_id=case, appraised=True, cycle=1))
    again = intake.WhistleRaisedAgain(
        case_id=case, township=YUANCUN, reason_sealed=SEALED, closed_cycle=1, cycle=2, by=YUANCUN
    )
    await desk.tell(again)
    escalated = (await desk.published(case))[-1]
    assert isinstance(escalated, routing.DispatchEscalated)
    assert (escalated.cause, escalated.limit) == ("third-cycle", 2)


async def test_a_ruling_can_be_questioned_as_long_as_the_record_at_its_moment_says(desk: Desk) -> None:
    _, before = await accepted(desk)
    await desk.done(ESTABLISHMENT, f"/disputes/{before}/rule", {"ruling": RULING})
    await desk.tell(approved(reconsideration_days=1))
    _, after = await accepted(desk)
    await desk.done(ESTABLISHMENT, f"/disputes/{after}/rule", {"ruling": RULING})
    until = [
        each.reconsider_until
        for case in (before, after)
        for each in await desk.published(case)
        if isinstance(each, routing.DutyRuled)
    ]
    assert until == [THURSDAY_NIGHT, THURSDAY_NIGHT - timedelta(days=2)]


async def test_is_noted_once_however_often_it_comes(desk: Desk) -> None:
    for _ in range(2):
        await desk.tell(approved(representatives=30))
    assert len(await desk.store.load(FOLLOWED_RULES.stream(FOLLOWED_RULES_KEY))) == 1
