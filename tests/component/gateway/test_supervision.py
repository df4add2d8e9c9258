"""Supervision, exemptions, spot checks and trace-backs as the case view shows them, and who may ask."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from backbone.identity import Actor
from contracts.events import accountability, intake
from gateway.entrypoints.tracing import traced
from gateway.projections import supervision_queries
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    STRANGER,
    WATER,
    Board,
)

SUPERVISOR = Actor("supervisor-a", "演示·督查", "office_supervisor", "burden-reduction-office")
COUNTY_LEADER = Actor("county-1", "演示·县", "county_leader", "county-leadership")
INSPECTOR = Actor("discipline-1", "演示·纪", "discipline", "discipline-inspection")
CHECKER = Actor("liaison-a-transport", "演示·核", "department_liaison", "power-supply")
WATER_LEADER = Actor("leader-w", "演示·萧", "department_leader", WATER)
COPIED = Actor("leader-c", "演示·督", "department_leader", "county-supervision-office")
MATTER = "c0000000-0000-5000-8000-0000000000c1"
NOON = datetime(2026, 5, 11, 4, tzinfo=UTC)
WHO: dict[str, Any] = {"case_id": CASE, "matter_id": MATTER, "unit": WATER, "kind": "C1"}
ORDERS = f"""{{ supervisionOrders(caseId: "{CASE}") {{ color state reply heard speaker words cause copiedTo
    unit {{ code }} }} }}"""
RESULTS = f'{{ sharedResults(caseId: "{CASE}") {{ result words unitCode }} }}'
TIMELINE = f'{{ case(caseId: "{CASE}") {{ timeline {{ type title text }} }} }}'
ORANGE_OF_ANOTHER: dict[str, Any] = {
    **WHO,
    "matter_id": "c0000000-0000-5000-8000-0000000000c2",
    "kind": None,
    "color": "ORANGE",
    "authority": "office",
    "by_ladder": False,
    "at": NOON,
}
RED = accountability.OrderProposed(**WHO, color="RED", authority="office", at=NOON)


async def orders(board: Board, actor: Actor = DISPATCHER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await board.ask(ORDERS, actor))["supervisionOrders"]
    return found


async def notices(board: Board, actor: Actor) -> list[str]:
    told = (await board.ask("{ notices { kind title } }", actor))["notices"]
    assert all(each["title"] != f"notice-{each['kind']}" for each in told)
    return [each["kind"] for each in told]


async def titles(board: Board, actor: Actor = DISPATCHER) -> list[str]:
    told = (await board.ask(TIMELINE, actor))["case"]["timeline"]
    assert not any(each["title"].startswith("timeline-") for each in told)
    return [each["type"].split(".")[2] for each in told]


@pytest.fixture
async def issued(dispatched: Board) -> Board:
    """A red order was proposed, the unit heard, and the order issued."""
    await dispatched.tell(
        RED,
        accountability.UnitHeard(
            **WHO,
            at=NOON,
            speaker_sealed=await dispatched.seal("萧某"),
            words_sealed=await dispatched.seal("汛情紧急"),
        ),
        accountability.OrderIssued(
            **WHO,
            color="RED",
            authority="office",
            by_ladder=False,
            at=NOON,
            copied_to="county-supervision-office",
        ),
    )
    return dispatched


async def test_tells_the_office_and_the_unit_of_a_proposal(dispatched: Board) -> None:
    await dispatched.tell(RED)
    [order] = await orders(dispatched)
    assert (order["color"], order["state"], order["unit"]["code"]) == ("RED", "PROPOSED", WATER)
    assert "order-proposed" in await notices(dispatched, SUPERVISOR)
    assert "order-heard-first" in await notices(dispatched, LIAISON)


async def test_shows_an_order_from_hearing_to_closing(issued: Board) -> None:
    [order] = await orders(issued)
    assert (order["state"], order["speaker"], order["heard"]) == ("ISSUED", "萧某", "汛情紧急")
    assert order["copiedTo"] == "county-supervision-office"
    await issued.tell(
        accountability.OrderReplied(**WHO, color="RED", reply_sealed=await issued.seal("已整改")),
        accountability.OrderClosed(**WHO, color="RED", content_sealed=await issued.seal("同意销号")),
    )
    [order] = await orders(issued, CLERK)
    assert (order["state"], order["reply"], order["words"]) == ("CLOSED", "已整改", "同意销号")
    assert "order-replied" in await notices(issued, SUPERVISOR)
    [result] = (await issued.ask(RESULTS, LIAISON))["sharedResults"]
    assert (result["result"], result["unitCode"]) == ("ORDER_CLOSED", WATER)
    assert await orders(issued, STRANGER) == []


async def test_shows_until_when_an_order_is_replied_to_and_that_nobody_did(issued: Board) -> None:
    asked = f'{{ supervisionOrders(caseId: "{CASE}") {{ color replyDue overdueAt }} }}'
    due = datetime(2026, 5, 14, 16, tzinfo=UTC)
    orange = {**ORANGE_OF_ANOTHER, "reply_due": due}
    await issued.tell(accountability.OrderIssued(**orange))
    both = {each["color"]: each for each in (await issued.ask(asked, DISPATCHER))["supervisionOrders"]}
    assert (both["RED"]["replyDue"], both["ORANGE"]["overdueAt"]) == (None, None)
    assert datetime.fromisoformat(both["ORANGE"]["replyDue"]) == due
    place = {name: ORANGE_OF_ANOTHER[name] for name in ("case_id", "matter_id", "unit", "kind", "authority")}
    await issued.tell(accountability.OrderLeftUnanswered(**place, color="ORANGE", due=due))
    both = {each["color"]: each for each in (await issued.ask(asked, DISPATCHER))["supervisionOrders"]}
    assert datetime.fromisoformat(both["ORANGE"]["overdueAt"]) == due
    assert "order-left-unanswered" in await notices(issued, LIAISON)
    assert "order-left-unanswered" in await notices(issued, SUPERVISOR)
    assert (await titles(issued))[-1] == "order-left-unanswered"


async def test_tells_the_unit_of_a_hint_that_wants_no_reply(dispatched: Board) -> None:
    place = {name: ORANGE_OF_ANOTHER[name] for name in ("case_id", "matter_id", "unit", "kind", "authority")}
    hint = accountability.HintGiven(**place, at=NOON, reason_sealed=await dispatched.seal("请注意汛期"))
    await dispatched.tell(hint)
    assert await orders(dispatched) == []
    assert "hint-given" in await notices(dispatched, LIAISON)
    assert "hint-given" not in await notices(dispatched, SUPERVISOR)
    line = (await dispatched.ask(TIMELINE, LIAISON))["case"]["timeline"][-1]
    assert (line["type"].split(".")[2], line["text"]) == ("hint-given", "请注意汛期")


async def test_shows_who_gets_a_copy_the_order_and_not_the_case(issued: Board) -> None:
    await issued.tell(accountability.OrderIssued(**ORANGE_OF_ANOTHER))
    assert await notices(issued, COPIED) == ["order-copied"]
    [copy] = await orders(issued, COPIED)
    assert (copy["color"], copy["unit"]["code"], copy["heard"]) == ("RED", WATER, "汛情紧急")
    assert (await issued.ask(f'{{ case(caseId: "{CASE}") {{ state }} }}', COPIED))["case"] is None


async def test_keeps_a_withdrawn_order_in_sight(issued: Board) -> None:
    await issued.tell(
        accountability.OrderReplied(**WHO, color="RED", reply_sealed=await issued.seal("已整改")),
        accountability.OrderClosed(**WHO, color="RED", content_sealed=await issued.seal("同意")),
        accountability.OrderWithdrawn(**WHO, color="RED", cause="breach-annulled"),
        accountability.NameCleared(**WHO, content_sealed=await issued.seal("按时报到,原督办不成立")),
    )
    [order] = await orders(issued)
    assert (order["state"], order["cause"]) == ("WITHDRAWN", "breach-annulled")
    [result] = (await issued.ask(RESULTS))["sharedResults"]
    assert (result["result"], result["words"]) == ("NAME_CLEARED", "按时报到,原督办不成立")
    assert (await titles(issued))[-2:] == ["order-withdrawn", "name-cleared"]
    assert {"order-withdrawn", "name-cleared"} <= set(await notices(issued, WATER_LEADER))


async def test_tells_nobody_but_the_office_of_a_referral(issued: Board) -> None:
    before = await titles(issued)
    await issued.tell(
        accountability.MatterReferred(
            **WHO, to="discipline-inspection", reason_sealed=await issued.seal("涉嫌失职")
        )
    )
    assert await titles(issued) == before
    assert (await issued.ask(RESULTS, LIAISON))["sharedResults"] == []
    [result] = (await issued.ask(RESULTS, SUPERVISOR))["sharedResults"]
    assert result["result"] == "REFERRED"


async def test_brings_the_offices_own_lateness_before_the_county_leader(dispatched: Board) -> None:
    rung = {"case_id": CASE, "clock_id": MATTER, "unit": "burden-reduction-office", "kind": "C6"}
    await dispatched.tell(
        accountability.LadderRungReached(**rung, rung="BLUE", at=NOON, to="county-leader", proposed=False)
    )
    assert "ladder" in await notices(dispatched, COUNTY_LEADER)
    assert "ladder" in await notices(dispatched, SUPERVISOR)


async def test_shows_instructions_to_whom_they_concern(dispatched: Board) -> None:
    await dispatched.tell(
        accountability.InstructionGiven(
            case_id=CASE,
            number=1,
            unit="county-leadership",
            to=(WATER,),
            content_sealed=await dispatched.seal("限期解决"),
        )
    )
    asked = f'{{ instructions(caseId: "{CASE}") {{ number words toCodes }} }}'
    assert (await dispatched.ask(asked, LIAISON))["instructions"] == [
        {"number": 1, "words": "限期解决", "toCodes": [WATER]}
    ]
    assert (await dispatched.ask(asked, STRANGER))["instructions"] == []
    assert "instruction-given" in await notices(dispatched, LIAISON)


async def test_shows_an_exemption_until_and_after_it_is_decided(dispatched: Board) -> None:
    claim: dict[str, Any] = {
        "case_id": CASE,
        "clock_id": MATTER,
        "kind": "C1",
        "unit": WATER,
        "ground": "force_majeure",
    }
    asked = "{ exemptions { state ground evidence reason unitCode } }"
    await dispatched.tell(
        accountability.GoodFaithExemptionClaimed(
            **claim, claimed_by=WATER, evidence_sealed=await dispatched.seal("断桥")
        )
    )
    [exemption] = (await dispatched.ask(asked, WATER_LEADER))["exemptions"]
    assert (exemption["state"], exemption["ground"], exemption["evidence"]) == (
        "CLAIMED",
        "FORCE_MAJEURE",
        "断桥",
    )
    assert "exemption-claimed" in await notices(dispatched, SUPERVISOR)
    await dispatched.tell(
        accountability.GoodFaithExemptionGranted(
            **claim, decided_by="burden-reduction-office", reason_sealed=await dispatched.seal("属实")
        )
    )
    [exemption] = (await dispatched.ask(asked))["exemptions"]
    assert (exemption["state"], exemption["reason"]) == ("GRANTED", "属实")
    assert "good-faith-exemption-granted" in await titles(dispatched)
    assert (await dispatched.ask(RESULTS))["sharedResults"][0]["result"] == "EXEMPTED"


CHECKS = "{ spotChecks { state way asked finding checker stratum } }"


async def test_keeps_a_spot_check_from_those_concerned_until_it_is_done(dispatched: Board) -> None:
    check: dict[str, Any] = {"case_id": CASE, "check_id": "check-1"}
    before = await titles(dispatched)
    await dispatched.tell(
        accountability.SpotCheckDrawn(**check, period="2026-05", cycle=1, stratum="a/b", weight=3),
        accountability.SpotCheckAssigned(**check, checker=CHECKER.subject, unit=CHECKER.unit),
    )
    assert await titles(dispatched) == before
    assert (await dispatched.ask(CHECKS, CLERK))["spotChecks"] == []
    [mine] = (await dispatched.ask(CHECKS, CHECKER))["spotChecks"]
    assert mine["state"] == "ASSIGNED"
    assert (await dispatched.ask(f'{{ case(caseId: "{CASE}") {{ state }} }}', CHECKER))["case"] is not None
    assert "spot-check-assigned" in await notices(dispatched, CHECKER)
    await dispatched.tell(
        accountability.SpotCheckFailed(
            **check,
            unit="burden-reduction-office",
            cycle=1,
            way="resident",
            asked_sealed=await dispatched.seal("李某"),
            finding_sealed=await dispatched.seal("水仍未通"),
        )
    )
    [done] = (await dispatched.ask(CHECKS))["spotChecks"]
    assert (done["state"], done["asked"], done["finding"]) == ("FAILED", "李某", "水仍未通")
    assert (await titles(dispatched))[-1] == "spot-check-failed"
    assert (await dispatched.ask(f'{{ case(caseId: "{CASE}") {{ state }} }}', CHECKER))["case"] is None


async def test_releases_the_whole_case_and_its_digest(issued: Board) -> None:
    release = f'mutation {{ releaseTraceBack(caseId: "{CASE}", reason: "群众反映") {{ caseId }} }}'
    await issued.ask(release, SUPERVISOR)
    [(service, path, body, _)] = issued.services.sent
    assert (service, path) == ("accountability", f"/cases/{CASE}/release-trace-back")
    document = json.loads(body["document"])
    assert body["reason"] == "群众反映"
    assert [each["type"].split(".")[2] for each in document["decisions"]][-1] == "order-issued"
    assert document["supervision"]["orders"][0]["heard"] == "汛情紧急"
    assert len(document["timeline"]) == len(await titles(issued))
    assert (await issued.refusal(release, COUNTY_LEADER))["code"] == "not-permitted"
    assert (await issued.refusal(release.replace(CASE, MATTER), SUPERVISOR))["code"] == "unknown-case"


async def test_shows_the_discipline_body_what_was_released_and_nothing_else(issued: Board) -> None:
    release = f'mutation {{ releaseTraceBack(caseId: "{CASE}", reason: "群众反映") {{ caseId }} }}'
    await issued.ask(release, SUPERVISOR)
    text = issued.services.sent[0][2]["document"].replace("NL-", "<b>&NL-")
    await issued.tell(
        accountability.TraceBackReleased(
            case_id=CASE,
            number=1,
            digest=sha256(text.encode()).hexdigest(),
            by="supervisor-a",
            reason_sealed=await issued.seal("群众反映"),
            document_sealed=await issued.seal(text),
        )
    )
    asked = "{ traceBacks { number digest reason document } }"
    [shown] = (await issued.ask(asked, INSPECTOR))["traceBacks"]
    assert sha256(shown["document"].encode()).hexdigest() == shown["digest"]
    assert (await issued.ask(f'{{ case(caseId: "{CASE}") {{ state }} }}', INSPECTOR))["case"] is None
    assert await orders(issued, INSPECTOR) == []
    assert (await issued.refusal(asked, LIAISON))["code"] == "not-permitted"
    async with issued.view.connect() as connection:
        row = await supervision_queries.trace_back(connection, CASE, 1)
    assert row is not None
    for language in ("zh", "en"):
        assert traced(row, language, "打印").startswith(b"%PDF")


async def test_forgets_what_was_said_with_the_key_of_the_case(issued: Board) -> None:
    await issued.tell(
        accountability.TraceBackReleased(
            case_id=CASE,
            number=1,
            digest="d",
            by="supervisor-a",
            reason_sealed=await issued.seal("群众反映"),
            document_sealed=await issued.seal("{}"),
        ),
        intake.PersonalDataErased(
            case_id=CASE, key_ids=(f"case/{CASE}",), reason="依申请", by="administrator-1"
        ),
    )
    [order] = await orders(issued)
    assert (order["speaker"], order["heard"]) == (None, None)
    [kept] = (await issued.ask("{ traceBacks { reason document } }", INSPECTOR))["traceBacks"]
    assert set(kept.values()) == {"〔个人信息已删除〕"}


ASKED = {
    "supervise": f'supervise(caseId: "{CASE}", unit: "{WATER}", color: RED, reason: "久拖")',
    "give-hint": f'giveHint(caseId: "{CASE}", unit: "{WATER}", reason: "请注意")',
    "hear-unit": f'hearUnit(matterId: "{MATTER}", at: "2026-05-11T04:00:00Z", speaker: "萧", words: "忙")',
    "issue-order": f'issueOrder(matterId: "{MATTER}")',
    "decline-order": f'declineOrder(matterId: "{MATTER}", reason: "属实")',
    "reply-to-order": f'replyToOrder(matterId: "{MATTER}", words: "已办")',
    "close-order": f'closeOrder(matterId: "{MATTER}", words: "同意")',
    "withdraw-order": f'withdrawOrder(matterId: "{MATTER}", reason: "误发")',
    "refer-to-discipline": f'referToDiscipline(matterId: "{MATTER}", reason: "失职")',
    "clear-name": f'clearName(matterId: "{MATTER}", words: "不成立")',
    "claim-exemption": f'claimExemption(clockId: "{MATTER}", ground: PILOT, evidence: "试点")',
    "decide-exemption": f'decideExemption(clockId: "{MATTER}", granted: true, reason: "属实")',
}


@pytest.mark.parametrize("operation", ASKED)
async def test_asks_accountability_for_each_command(dispatched: Board, operation: str) -> None:
    await dispatched.ask(f"mutation {{ {ASKED[operation]} {{ caseId stale }} }}", SUPERVISOR)
    [(service, path, _, _)] = dispatched.services.sent
    assert (service, path.rsplit("/", 1)[1]) == ("accountability", operation)
    assert (await dispatched.refusal(f"mutation {{ {ASKED[operation]} {{ caseId }} }}", CLERK))[
        "code"
    ] == "not-permitted"


async def test_asks_for_a_draw_an_assignment_and_a_result(dispatched: Board) -> None:
    await dispatched.ask('mutation { drawSpotChecks(period: "2026-05", seed: 7) { checkId } }', SUPERVISOR)
    await dispatched.ask(
        f'mutation {{ assignSpotCheck(period: "2026-05", caseId: "{CASE}", checker: "x", unit: "audit")'
        " { caseId } }",
        SUPERVISOR,
    )
    await dispatched.ask(
        f'mutation {{ recordSpotCheck(period: "2026-05", caseId: "{CASE}", way: SITE, asked: "现场",'
        " passed: true) { caseId } }",
        SUPERVISOR,
    )
    await dispatched.ask(
        f'mutation {{ instruct(caseId: "{CASE}", words: "限期") {{ caseId }} }}', COUNTY_LEADER
    )
    assert [path for _, path, _, _ in dispatched.services.sent] == [
        "/spot-checks/2026-05/draw",
        f"/spot-checks/2026-05/cases/{CASE}/assign",
        f"/spot-checks/2026-05/cases/{CASE}/record",
        f"/cases/{CASE}/instruct",
    ]
