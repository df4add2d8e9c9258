"""Merging and countersigning over HTTP."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from backbone.identity import Actor
from contracts.events import intake, routing
from tests.component.routing.merging import (
    HANZHANG,
    LEADER_THERE,
    conclude,
    merge,
    report_in,
    two_whistles,
)
from tests.component.routing.service import (
    CLERK,
    DISPATCHER,
    FARMING,
    FARMING_LIAISON,
    POWER,
    POWER_LIAISON,
    TRANSPORT,
    WATER,
    WATER_LEADER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
    contexts,
    delivered,
    issue,
    whistle,
)


async def test_the_earlier_signed_takes_the_other_on(desk: Desk) -> None:
    parent, child = await two_whistles(desk)
    answer = await merge(desk, child, parent)
    assert (answer["id"], answer["child"]) == (parent, child)
    _, adopted = await desk.published(parent)
    assert isinstance(adopted, routing.ChildAdopted)
    assert adopted.township == YUANCUN
    assert adopted.adopted == (
        routing.AdoptedCase(
            case_id=child, township=HANZHANG, issue_ids=(issue(child, 1),), departments=(POWER, WATER)
        ),
    )
    assert [(each.unit, each.part, each.issue_ids) for each in adopted.issued] == [
        (POWER, "assist", (issue(child, 1),))
    ]
    _, merged = await desk.published(child)
    assert merged == routing.WhistleMerged(case_id=child, township=HANZHANG, parent=parent)


async def test_the_signature_decides_and_not_the_arrival(desk: Desk) -> None:
    late = await desk.dispatched("SL-01")
    early = str(uuid4())
    content = whistle(early, "DL-01", departments=(WATER,))
    signed = intake.WhistleSigned.model_validate(
        {"emergency": False, "signed_by_sealed": "sealed:v1:person/leader:c2FtcGxl", **content}
    )
    event = delivered(signed, 40)
    before = replace(event, recorded_at=event.recorded_at - timedelta(minutes=5))
    await desk.routing.follower.react(before, contexts(40))
    assert (await merge(desk, late, early))["id"] == early


async def test_a_repeat_answers_the_same_and_adds_nothing(desk: Desk) -> None:
    parent, child = await two_whistles(desk)
    key = uuid4()
    answers = [
        await desk.post(DISPATCHER, f"/dispatches/{parent}/merge", {"with_case": child}, key)
        for _ in range(2)
    ]
    assert [each.json()["id"] for each in answers] == [parent, parent]
    await merge(desk, parent, child)
    await merge(desk, child, parent)
    assert [type(each).__name__ for each in await desk.published(parent)] == [
        "DispatchIssued",
        "ChildAdopted",
    ]


async def test_only_the_dispatcher_merges_what_is_there(desk: Desk) -> None:
    parent, child = await two_whistles(desk)
    path, body = f"/dispatches/{parent}/merge", {"with_case": child}
    for actor in (CLERK, WATER_LIAISON, LEADER_THERE):
        assert await desk.refused(actor, path, body) == (403, "not-permitted")
    unknown = {"with_case": str(uuid4())}
    assert await desk.refused(DISPATCHER, path, unknown) == (404, "unknown-case")
    itself = {"with_case": parent}
    assert await desk.refused(DISPATCHER, path, itself) == (422, "merging-needs-two-whistles")


async def test_the_departments_go_on_in_the_parent(desk: Desk) -> None:
    parent, child = await two_whistles(desk)
    await merge(desk, parent, child)
    there = f"/dispatches/{child}/assignments/{POWER}/report-in"
    assert await desk.refused(POWER_LIAISON, there, {"phone": "1"}) == (422, "whistle-merged")
    await report_in(desk, POWER_LIAISON, parent)
    await report_in(desk, WATER_LIAISON, parent)
    await conclude(desk, WATER_LIAISON, parent)
    concluded = (await desk.published(parent))[-1]
    assert isinstance(concluded, routing.LeadConcluded)
    assert [each.issue_id for each in concluded.results] == [issue(parent, 1), issue(child, 1)]


async def test_a_shared_whistle_is_not_withdrawn_over_another_townships_head(desk: Desk) -> None:
    parent, child = await two_whistles(desk)
    await merge(desk, parent, child)
    leader = Actor("leader-410923102", "演示·李", "township_leader", YUANCUN)
    path, body = f"/dispatches/{parent}/withdraw", {"reason": "已自行疏通"}
    assert await desk.refused(leader, path, body) == (409, "others-share-this-whistle")
    await desk.done(leader, path, body | {"ask_consent": True})


async def test_a_whistle_that_grew_by_merging_joins_an_earlier_one_whole(desk: Desk) -> None:
    first = await desk.dispatched("SL-01")
    second, third = await two_whistles(desk)
    await merge(desk, second, third)
    await merge(desk, second, first)
    adopted = (await desk.published(first))[-1]
    assert isinstance(adopted, routing.ChildAdopted)
    assert [each.case_id for each in adopted.adopted] == [second, third]


async def test_a_lead_asks_its_assists_and_each_answers(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    for liaison in (WATER_LIAISON, FARMING_LIAISON):
        await report_in(desk, liaison, case)
    path = f"/dispatches/{case}/assignments"
    await desk.done(
        WATER_LIAISON, f"{path}/{WATER}/ask-to-countersign", {"proposal": "拟办结:张某家门前已疏通"}
    )
    await desk.done(
        FARMING_LIAISON, f"{path}/{FARMING}/countersign", {"agrees": False, "words": "麦田仍有积水"}
    )
    *_, asked, answer = await desk.published(case)
    assert isinstance(asked, routing.CountersigningAsked)
    assert (asked.asked, asked.round, asked.kind) == ((TRANSPORT, FARMING), 1, "conclusion")
    assert await desk.read(asked.content_sealed) == "拟办结:张某家门前已疏通"
    assert isinstance(answer, routing.DepartmentCountersigned)
    assert not answer.agrees
    assert await desk.read(answer.words_sealed) == "麦田仍有积水"
    kept = await desk.everything_kept()
    assert "张某" not in kept
    assert "麦田仍有积水" not in kept
    await conclude(desk, WATER_LIAISON, case)  # over the objection, and without transport


async def test_who_may_ask_and_answer(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await report_in(desk, WATER_LIAISON, case)
    path = f"/dispatches/{case}/assignments"
    ask = f"{path}/{WATER}/ask-to-countersign"
    assert await desk.refused(CLERK, ask, {"proposal": "x"}) == (403, "not-permitted")
    assert await desk.refused(WATER_LEADER, ask, {"proposal": "x"}) == (403, "not-permitted")
    assert await desk.refused(POWER_LIAISON, ask, {"proposal": "x"}) == (404, "unknown-case")
    assert await desk.refused(WATER_LIAISON, ask) == (422, "countersigning-needs-a-proposal")
    sign = f"{path}/{POWER}/countersign"
    assert await desk.refused(POWER_LIAISON, sign) == (404, "unknown-case")
    assert await desk.refused(CLERK, sign) == (403, "not-permitted")
