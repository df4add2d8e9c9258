"""Merged whistles, likely duplicates and countersignatures as the case view shows them."""

from typing import Any

from sqlalchemy import func, select

from backbone.identity import Actor
from contracts.events import intake, routing
from contracts.events.intake import AdoptedIssues, DepartmentRating, IssueVerdict, WhistleIssue
from gateway.projections.tables import cases
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LIAISON,
    OTHER_CLERK,
    POWER,
    STRANGER,
    TRANSPORT,
    WATER,
    YUANCUN,
    ZHANGGUOTUN,
    Board,
    assigned,
    case_number,
    whistle,
)

CHILD = case_number(2)
THIRD_CLERK = Actor("clerk-410923101", "演示·郑", "township_clerk", "410923101")
CARRIER = Actor("liaison-a-transport", "演示·冯", "department_liaison", TRANSPORT)
ADOPTED = routing.ChildAdopted(
    case_id=CASE,
    township=YUANCUN,
    child=CHILD,
    adopted=(
        routing.AdoptedCase(
            case_id=CHILD, township=ZHANGGUOTUN, issue_ids=("c1",), departments=(POWER, WATER)
        ),
    ),
    issued=(assigned(POWER, "assist").model_copy(update={"issue_ids": ("c1",)}),),
    changed=(),
    emergency=False,
    complex=False,
    cycle=1,
)
MERGED = routing.WhistleMerged(case_id=CHILD, township=ZHANGGUOTUN, parent=CASE)
FOLLOWED = (
    intake.IssuesAdopted(
        case_id=CASE,
        township=YUANCUN,
        adopted=(AdoptedIssues(case_id=CHILD, township=ZHANGGUOTUN, issue_ids=("c1",)),),
    ),
    intake.WhistleMerged(case_id=CHILD, township=ZHANGGUOTUN, parent=CASE),
)
VIEW = """query($id: ID!) { case(caseId: $id) { state settling text ... on Whistle {
    redacted township { code }
    issues { text raisedBy { code } result verdict judgedBy { code } }
    mergedInto { caseId }
    merged { caseId number township { code } judgedAt comment ratings { unitCode rating } case { caseId } }
    assignments { unitCode state issueIds }
    timeline { type title text }
} } }"""


async def the_child(board: Board, case_id: str = CHILD, **changes: Any) -> None:
    """张果屯镇: the same storm, one issue, power leads."""
    content = await whistle(
        board,
        case_id,
        ZHANGGUOTUN,
        number="NL-2026-000002",
        issues=(WhistleIssue(issue_id="c1", text_sealed=await board.seal("线杆倒伏", f"case/{case_id}")),),
        **changes,
    )
    signed = intake.WhistleSigned(
        **content,
        emergency=False,
        signed_by_sealed=await board.seal("演示·领导", "person/leader"),
        dispatch_at=None,
    )
    issued = routing.DispatchIssued(
        case_id=case_id,
        township=ZHANGGUOTUN,
        emergency=False,
        complex=False,
        provisional=False,
        assignments=(assigned(POWER, case_id=case_id), assigned(WATER, "assist", case_id)),
        cycle=1,
        reason="清单",
    )
    await board.tell(signed, issued)


async def merged(board: Board) -> Board:
    await the_child(board)
    await board.tell(ADOPTED, MERGED, *FOLLOWED)
    return board


async def view(board: Board, actor: Actor, case_id: str = CASE) -> Any:
    return (await board.ask(VIEW, actor, {"id": case_id}))["case"]


async def test_the_parent_shows_the_issues_of_both_and_who_raised_them(dispatched: Board) -> None:
    shown = await view(await merged(dispatched), CLERK)
    assert [(each["text"], each["raisedBy"]["code"]) for each in shown["issues"]] == [
        ("清淤", YUANCUN),
        ("修桥", YUANCUN),
        ("线杆倒伏", ZHANGGUOTUN),
    ]
    [child] = shown["merged"]
    assert (child["number"], child["township"]["code"], child["judgedAt"]) == (
        "NL-2026-000002",
        ZHANGGUOTUN,
        None,
    )
    assert child["case"] is None, "another township's whistle itself is not there"
    [power] = [each for each in shown["assignments"] if each["unitCode"] == POWER]
    assert power == {"unitCode": POWER, "state": "AWAITING_REPORT_IN", "issueIds": ["c1"]}
    assert all("{" not in each["title"] for each in shown["timeline"])
    assert "另一件哨单并入本件" in [each["title"] for each in shown["timeline"]]


async def test_the_child_is_merged_and_leads_to_its_parent(dispatched: Board) -> None:
    shown = await view(await merged(dispatched), OTHER_CLERK, CHILD)
    assert (shown["state"], shown["mergedInto"]) == ("MERGED", {"caseId": CASE})
    assert {each["state"] for each in shown["assignments"]} == {"MERGED"}
    assert [each["text"] for each in shown["issues"]] == ["线杆倒伏"]


async def test_both_are_settling_until_intake_has_answered(dispatched: Board) -> None:
    await the_child(dispatched)
    await dispatched.tell(ADOPTED, MERGED)
    assert (await view(dispatched, DISPATCHER))["settling"]
    assert (await view(dispatched, DISPATCHER, CHILD))["settling"]
    await dispatched.tell(*FOLLOWED)
    # That the clocks of this story never started is another handover.
    assert await settling_for(dispatched) == {"clocks"}


async def settling_for(board: Board) -> set[str]:
    async with board.view.connect() as connection:
        rows = await connection.execute(select(func.unnest(cases.c.settling_for)))
        return set(rows.scalars())


async def test_the_childs_township_sees_its_issues_and_the_work_from_then_on(dispatched: Board) -> None:
    said_before = routing.FeedbackGiven(
        case_id=CASE,
        assignment_id=assigned(WATER).assignment_id,
        unit=WATER,
        part="lead",
        first=True,
        content_sealed=await dispatched.seal("元村的沟已在清"),
    )
    await dispatched.tell(said_before)
    assert await view(dispatched, OTHER_CLERK) is None
    await merged(dispatched)
    said_after = said_before.model_copy(
        update={"first": False, "content_sealed": await dispatched.seal("线杆已扶正")}
    )
    await dispatched.tell(said_after)
    shown = await view(dispatched, OTHER_CLERK)
    assert (shown["redacted"], shown["text"], shown["township"]["code"]) == (True, "", YUANCUN)
    assert [each["text"] for each in shown["issues"]] == ["线杆倒伏"]
    texts = [each["text"] for each in shown["timeline"]]
    assert "线杆已扶正" in texts
    assert "另一件哨单并入本件" in [each["title"] for each in shown["timeline"]]
    assert "元村的沟已在清" not in texts
    found = '{ cases(filter: {text: "沟渠堵塞"}) { totalCount } }'
    assert (await dispatched.ask(found, OTHER_CLERK))["cases"]["totalCount"] == 1  # its own
    assert (await view(dispatched, CLERK))["redacted"] is False
    for nobody in (THIRD_CLERK, Actor("x", "演示·沈", "resident", ZHANGGUOTUN)):
        assert await view(dispatched, nobody) is None


async def test_a_township_whose_whistles_are_both_its_own_sees_the_parent_whole(dispatched: Board) -> None:
    adopted = ADOPTED.adopted[0].model_copy(update={"township": YUANCUN})
    followed = AdoptedIssues(case_id=CHILD, township=YUANCUN, issue_ids=("c1",))
    await dispatched.tell(
        ADOPTED.model_copy(update={"adopted": (adopted,)}),
        intake.IssuesAdopted(case_id=CASE, township=YUANCUN, adopted=(followed,)),
    )

    shown = await view(dispatched, CLERK)

    assert (shown["redacted"], shown["text"]) == (False, "沟渠堵塞,农田积水")


async def test_departments_of_the_child_see_the_parent(dispatched: Board) -> None:
    assert await view(dispatched, STRANGER) is None
    shown = await view(await merged(dispatched), STRANGER)
    assert len(shown["issues"]) == 3
    [notice, *_] = (await dispatched.ask("{ notices { kind } }", STRANGER))["notices"]
    assert notice["kind"] == "dispatch"


async def test_an_issue_shows_whose_verdict_it_has(dispatched: Board) -> None:
    await merged(dispatched)
    concluded = routing.LeadConcluded(
        case_id=CASE,
        township=YUANCUN,
        assignment_id=assigned(WATER).assignment_id,
        unit=WATER,
        sentence_sealed=await dispatched.seal("都已办好"),
        results=tuple(routing.IssueResult(issue_id=each, result="solved") for each in ("i1", "i2", "c1")),
        cycle=1,
    )
    judged = intake.AdoptedIssuesJudged(
        case_id=CASE,
        unit=ZHANGGUOTUN,
        verdicts=(IssueVerdict(issue_id="c1", verdict="unsolved"),),
        ratings=(DepartmentRating(unit=POWER, rating="dissatisfied"),),
        comment_sealed=await dispatched.seal("线杆还歪着"),
        cycle=1,
    )
    closed = intake.WhistleClosed(
        case_id=CASE,
        appraised=True,
        verdicts=(
            IssueVerdict(issue_id="i1", verdict="solved"),
            IssueVerdict(issue_id="i2", verdict="solved"),
            IssueVerdict(issue_id="c1", verdict="unsolved"),
        ),
        cycle=1,
    )
    await dispatched.tell(concluded, judged, closed)
    shown = await view(dispatched, DISPATCHER)
    assert [(each["result"], each["verdict"], each["judgedBy"]["code"]) for each in shown["issues"]] == [
        ("SOLVED", "SOLVED", YUANCUN),
        ("SOLVED", "SOLVED", YUANCUN),
        ("SOLVED", "UNSOLVED", ZHANGGUOTUN),
    ]
    [child] = shown["merged"]
    assert child["comment"] == "线杆还歪着"
    assert child["ratings"] == [{"unitCode": POWER, "rating": "DISSATISFIED"}]
    again = routing.DispatchReopened(
        case_id=CASE, emergency=False, complex=False, cycle=2, assignments=(assigned(WATER),)
    )
    await dispatched.tell(again)
    shown = await view(dispatched, DISPATCHER)
    assert {each["verdict"] for each in shown["issues"]} == {None}
    assert shown["merged"][0]["judgedAt"] is None


async def test_unjudged_issues_fall_under_the_parents_verdict_visibly(dispatched: Board) -> None:
    await merged(dispatched)
    closed = intake.WhistleClosed(
        case_id=CASE,
        appraised=True,
        verdicts=(IssueVerdict(issue_id="c1", verdict="solved"),),
        cycle=1,
    )
    late = intake.AdoptedIssuesJudged(
        case_id=CASE,
        unit=ZHANGGUOTUN,
        verdicts=(IssueVerdict(issue_id="c1", verdict="partly"),),
        ratings=(),
        cycle=1,
    )
    await dispatched.tell(closed)
    [issue] = (await view(dispatched, OTHER_CLERK))["issues"]
    assert (issue["verdict"], issue["judgedBy"]["code"]) == ("SOLVED", YUANCUN)
    await dispatched.tell(late)
    [issue] = (await view(dispatched, OTHER_CLERK))["issues"]
    assert (issue["verdict"], issue["judgedBy"]["code"]) == ("PARTLY", ZHANGGUOTUN)


async def test_words_are_gone_with_their_key(dispatched: Board) -> None:
    await merged(dispatched)
    asked = routing.CountersigningAsked(
        case_id=CASE,
        assignment_id=assigned(WATER).assignment_id,
        unit=WATER,
        round=1,
        kind="plan",
        content_sealed=await dispatched.seal("张某家门口先清"),
        asked=(TRANSPORT,),
    )
    await dispatched.tell(asked, intake.PersonalDataErased(case_id=CASE, key_ids=(f"case/{CASE}",)))
    shown = await dispatched.ask(
        f'{{ case(caseId: "{CASE}") {{ ... on Whistle {{ countersignings {{ proposal }} }} }} }}'
    )
    assert shown["case"]["countersignings"] == [{"proposal": "〔个人信息已删除〕"}]


async def test_countersignatures_show_who_agrees_who_objects_and_who_is_missing(dispatched: Board) -> None:
    asked = routing.CountersigningAsked(
        case_id=CASE,
        assignment_id=assigned(WATER).assignment_id,
        unit=WATER,
        round=1,
        kind="conclusion",
        content_sealed=await dispatched.seal("拟于明日办结"),
        asked=(TRANSPORT, POWER),
    )
    objected = routing.DepartmentCountersigned(
        case_id=CASE,
        assignment_id=assigned(TRANSPORT).assignment_id,
        unit=TRANSPORT,
        round=1,
        agrees=False,
        words_sealed=await dispatched.seal("涵管未疏通"),
    )
    await dispatched.tell(asked, objected)
    query = f"""{{ case(caseId: "{CASE}") {{ timeline {{ title text }} ... on Whistle {{ countersignings {{
        round kind proposal unitCode answers {{ unitCode agrees words }} missing {{ code }} }} }} }} }}"""
    case = (await dispatched.ask(query, LIAISON))["case"]
    assert case["countersignings"] == [
        {
            "round": 1,
            "kind": "CONCLUSION",
            "proposal": "拟于明日办结",
            "unitCode": WATER,
            "answers": [{"unitCode": TRANSPORT, "agrees": False, "words": "涵管未疏通"}],
            "missing": [{"code": POWER}],
        }
    ]
    assert {"title": "会签答复", "text": "涵管未疏通"} in case["timeline"]
    notices = (await dispatched.ask("{ notices { kind title } }", CARRIER))["notices"]
    assert {"kind": "countersigning-asked", "title": "主办单位请贵单位会签"} in notices


DUPLICATES = """query($id: ID!, $days: Int, $likeness: Float) { case(caseId: $id) { ... on Whistle {
    duplicateCandidates(withinDays: $days, likeness: $likeness) {
        caseId likeness words daysApart sameVillage sameItems case { caseId } } } } }"""


async def candidates(board: Board, **variables: Any) -> list[dict[str, Any]]:
    given = {"id": CHILD, "days": 14, "likeness": 0.2} | variables
    found: list[dict[str, Any]] = (await board.ask(DUPLICATES, DISPATCHER, given))["case"][
        "duplicateCandidates"
    ]
    return found


async def test_likely_duplicates_are_shown_with_their_reasons(dispatched: Board) -> None:
    await the_child(dispatched, village=f"{YUANCUN}201")
    [found] = await candidates(dispatched)
    assert found["caseId"] == CASE
    assert found["case"] == {"caseId": CASE}
    assert (found["sameVillage"], found["daysApart"], found["sameItems"]) == (True, 0, [])
    assert found["likeness"] >= 0.2
    assert "沟渠堵塞" in found["words"]


async def test_another_place_another_text_and_another_time_are_no_duplicate(dispatched: Board) -> None:
    await the_child(dispatched)  # another village
    assert await candidates(dispatched) == []
    elsewhere = case_number(3)
    content = await whistle(dispatched, elsewhere, number="NL-2026-000003")
    content["text_sealed"] = await dispatched.seal("工地拖欠民工工资", f"case/{elsewhere}")
    content["issues"] = (
        WhistleIssue(issue_id="w1", text_sealed=await dispatched.seal("讨薪", f"case/{elsewhere}")),
    )
    await dispatched.tell(intake.WhistleRaised(**content, emergency=False))
    assert await candidates(dispatched, id=CASE) == []


async def test_the_limits_can_be_moved(dispatched: Board) -> None:
    await the_child(dispatched, village=f"{YUANCUN}201")
    assert await candidates(dispatched, likeness=0.99) == []


async def test_different_items_are_different_matters(dispatched: Board) -> None:
    def item(code: str, text: str, key: str) -> WhistleIssue:
        return WhistleIssue(issue_id=f"{key}-{code}", text_sealed=text, item_code=code)

    words = await dispatched.seal("清淤", f"case/{CASE}")
    two, three = case_number(4), case_number(5)
    for case_id, code in ((two, "SL-01"), (three, "NY-01")):
        content = await whistle(dispatched, case_id, issues=(item(code, words, case_id),))
        signed = intake.WhistleSigned(
            **content, emergency=False, signed_by_sealed=await dispatched.seal("演示", "person/x")
        )
        issued = routing.DispatchIssued(
            case_id=case_id,
            township=YUANCUN,
            emergency=False,
            complex=False,
            provisional=False,
            assignments=(assigned(WATER, case_id=case_id),),
            cycle=1,
            reason="清单",
        )
        await dispatched.tell(signed, issued)
    found = {each["caseId"] for each in await candidates(dispatched, id=two)}
    assert found == {CASE}, "the one without an item may be the same, the one with another item is not"


async def test_a_list_with_duplicates_takes_no_more_statements(dispatched: Board) -> None:
    query = "{ cases { edges { node { caseId ... on Whistle { duplicateCandidates { likeness } } } } } }"

    async def statements() -> int:
        dispatched.statements.clear()
        await dispatched.ask(query)
        return len(dispatched.statements)

    await the_child(dispatched, village=f"{YUANCUN}201")
    for_two = await statements()
    await the_child(dispatched, case_number(3), village=f"{YUANCUN}201")
    assert await statements() == for_two


async def test_only_the_desk_is_shown_duplicates(dispatched: Board) -> None:
    told = await dispatched.refusal(
        f'{{ case(caseId: "{CASE}") {{ ... on Whistle {{ duplicateCandidates {{ caseId }} }} }} }}', CLERK
    )
    assert told["code"] == "not-permitted"


async def test_asks_the_service_that_decides(dispatched: Board) -> None:
    asked = {
        f'mergeWhistles(caseId: "{CASE}", withCase: "{CHILD}")': DISPATCHER,
        f'judgeAdoptedIssues(caseId: "{CASE}", verdicts: [{{issueId: "c1", verdict: PARTLY}}])': OTHER_CLERK,
        f'askToCountersign(caseId: "{CASE}", proposal: "拟办结", kind: PLAN)': LIAISON,
        f'countersign(caseId: "{CASE}", agrees: false, words: "未完")': CARRIER,
    }
    for mutation, actor in asked.items():
        await dispatched.ask(f"mutation {{ {mutation} {{ stale }} }}", actor)
    assert [(service, path, body) for service, path, body, _ in dispatched.services.sent] == [
        ("routing", f"/dispatches/{CASE}/merge", {"with_case": CHILD}),
        (
            "intake",
            f"/whistles/{CASE}/judge-adopted-issues",
            {"verdicts": [{"issue_id": "c1", "verdict": "partly"}]},
        ),
        (
            "routing",
            f"/dispatches/{CASE}/assignments/{WATER}/ask-to-countersign",
            {"proposal": "拟办结", "kind": "plan"},
        ),
        (
            "routing",
            f"/dispatches/{CASE}/assignments/{TRANSPORT}/countersign",
            {"agrees": False, "words": "未完"},
        ),
    ]
