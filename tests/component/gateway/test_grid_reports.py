"""Grid reports in the case view: whose they are, how they end, what they become."""

from typing import Any

from backbone.identity import Actor
from contracts.events import intake
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LEADER,
    LIAISON,
    OTHER_CLERK,
    WATER,
    YUANCUN,
    Board,
    case_number,
    whistle,
)

RESIDENT = Actor("resident-410923102", "演示·沈", "resident", YUANCUN)
NEIGHBOUR = Actor("resident-2", "演示·邻", "resident", YUANCUN)
GRID_WORKER = Actor("grid-worker-410923102", "演示·韩", "grid_worker", YUANCUN)
QUERY = f"""{{ case(caseId: "{CASE}") {{ type state text closedAt ... on GridReport {{ source grid
    leaderInCharge item suggestedItems reporter phone email reply routedTo whistle {{ caseId }} }} }} }}"""


async def reported(board: Board, **changes: Any) -> intake.GridReportFiled:
    """A resident's report of standing water."""
    content: dict[str, Any] = {
        "case_id": CASE,
        "number": "NL-WG-2026-000001",
        "source": "resident",
        "township": YUANCUN,
        "village": "410923102201",
        "grid": "410923102201-01",
        "leader": LEADER.subject,
        "item": "facilities",
        "suggested": ("SL-03",),
        "title_sealed": await board.seal("路面积水"),
        "text_sealed": await board.seal("村口积水"),
        "reporter_sealed": await board.seal("演示·沈", f"person/{RESIDENT.subject}"),
        "phone_sealed": await board.seal("0393-0000000", f"person/{RESIDENT.subject}"),
        "email_sealed": await board.seal("shen@puddle.test", f"person/{RESIDENT.subject}"),
    }
    return intake.GridReportFiled(**(content | changes))


async def test_are_seen_by_their_reporter_their_township_and_the_office(board: Board) -> None:
    await board.tell(await reported(board))
    for actor in (RESIDENT, GRID_WORKER, CLERK, LEADER, DISPATCHER):
        seen = (await board.ask(QUERY, actor))["case"]
        assert (seen["type"], seen["state"], seen["text"]) == ("GRID_REPORT", "REPORTED", "村口积水")
        assert (seen["leaderInCharge"], seen["suggestedItems"]) == (LEADER.subject, ["SL-03"])
        assert seen["email"] == "shen@puddle.test"
    for actor in (NEIGHBOUR, OTHER_CLERK, LIAISON):
        assert (await board.ask(QUERY, actor))["case"] is None


async def test_tell_the_township_whose_leader_is_in_charge(board: Board) -> None:
    await board.tell(await reported(board))
    query = "{ notices { kind title params } }"
    told = (await board.ask(query, LEADER))["notices"]
    assert told == [
        {
            "kind": "grid-report",
            "title": "有新的网格上报,请包保领导处置",
            "params": {"leader": LEADER.subject},
        }
    ]


async def test_show_the_reply_where_they_were_closed(board: Board) -> None:
    await board.tell(
        await reported(board),
        intake.GridReportClosed(case_id=CASE, level="grid", reply_sealed=await board.seal("已疏通")),
    )
    seen = (await board.ask(QUERY, RESIDENT))["case"]
    assert (seen["state"], seen["reply"]) == ("CLOSED_IN_GRID", "已疏通")
    assert seen["closedAt"] is not None


async def test_show_where_they_were_routed(board: Board) -> None:
    await board.tell(
        await reported(board),
        intake.ReporterAnswered(case_id=CASE, reply_sealed=await board.seal("请到便民服务中心")),
        intake.GridReportRoutedAway(case_id=CASE, matter="service"),
    )
    seen = (await board.ask(QUERY, RESIDENT))["case"]
    assert (seen["state"], seen["routedTo"], seen["reply"]) == ("ROUTED_AWAY", "SERVICE", "请到便民服务中心")


async def test_keep_their_history_when_they_become_a_whistle(board: Board) -> None:
    draft = case_number(2)
    origin = intake.Origin(type="grid_report", origin_case_id=CASE)
    await board.tell(
        await reported(board),
        intake.WhistleDrafted(**await whistle(board, draft, number=None, origin=origin)),
        intake.GridReportPromoted(case_id=CASE, whistle=draft),
    )
    assert (await board.ask(QUERY, CLERK))["case"]["whistle"] == {"caseId": draft}
    assert (await board.ask(QUERY, RESIDENT))["case"]["whistle"] is None
    query = f"""{{ case(caseId: "{draft}") {{ ... on Whistle {{
        origin {{ caseId text timeline {{ title }} }} }} }} }}"""
    cited = (await board.ask(query, CLERK))["case"]["origin"]
    assert (cited["caseId"], cited["text"]) == (CASE, "村口积水")
    assert [line["title"] for line in cited["timeline"]] == ["网格上报", "转为哨单"]


async def test_forget_the_reporter_with_the_key(board: Board) -> None:
    await board.tell(
        await reported(board),
        intake.PersonalDataErased(case_id=CASE, key_ids=(f"person/{RESIDENT.subject}",)),
    )
    seen = (await board.ask(QUERY))["case"]
    assert (seen["phone"], seen["email"]) == (None, None)
    assert seen["reporter"] == "〔个人信息已删除〕"
    assert seen["text"] == "村口积水"


async def test_go_to_intake_by_their_own_commands(board: Board) -> None:
    report = f'fileGridReport(report: {{ title: "积水", text: "村口积水", township: "{YUANCUN}" }})'
    await board.ask(f"mutation {{ {report} {{ stale }} }}", RESIDENT)
    assert board.services.sent[-1][:3] == (
        "intake",
        "/grid-reports",
        {
            "title": "积水",
            "text": "村口积水",
            "township": YUANCUN,
            "source": "resident",
            "matter": "ordinary",
        },
    )
    for mutation, path, body in (
        ('closeGridReport(caseId: "%s", reply: "已办")', "close", {"reply": "已办"}),
        ('replyToReporter(caseId: "%s", reply: "在办")', "reply", {"reply": "在办"}),
        ('routeAwayGridReport(caseId: "%s", matter: PERMIT)', "route-away", {"matter": "permit"}),
        (
            f'promoteGridReport(caseId: "%s", departments: ["{WATER}"])',
            "promote",
            {"departments": [WATER], "kind": "public_appeal", "ground": "cross_department"},
        ),
    ):
        await board.ask(f"mutation {{ {mutation % CASE} {{ stale }} }}", CLERK)
        assert board.services.sent[-1][:3] == ("intake", f"/grid-reports/{CASE}/{path}", body)


async def test_may_be_drafts_that_are_put_into_other_words(board: Board) -> None:
    words = f'kind: KEY_WORK, ground: NO_POWER, village: "v", text: "文", departments: ["{WATER}"]'
    await board.ask(
        f'mutation {{ reviseDraft(caseId: "{CASE}", whistle: {{ {words} }}) {{ stale }} }}', CLERK
    )
    service, path, body, _ = board.services.sent[-1]
    assert (service, path, body["text"]) == ("intake", f"/whistles/{CASE}/revise", "文")
