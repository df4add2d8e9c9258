"""Departments at work over HTTP: report in, give feedback, conclude."""

from typing import Any
from uuid import uuid4

import pytest

from backbone.identity import Actor
from contracts.events import routing
from tests.component.routing.service import (
    ARRIVAL,
    CLERK,
    DISPATCHER,
    FARMING,
    FARMING_LIAISON,
    POWER,
    POWER_LIAISON,
    WATER,
    WATER_DUTY,
    WATER_LEADER,
    WATER_LIAISON,
    Desk,
    issue,
)

VERBS: dict[str, dict[str, Any]] = {
    "report-in": ARRIVAL,
    "give-feedback": {"content": "两台泵在抽水"},
    "conclude": {"sentence": "沟渠已疏通"},
    "report-in-and-conclude": ARRIVAL | {"sentence": "沟渠已疏通"},
}


def of(case: str, unit: str = WATER) -> str:
    return f"/dispatches/{case}/assignments/{unit}"


async def test_names_the_handler_sealed_under_the_person(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    assert await desk.done(WATER_LIAISON, f"{of(case)}/report-in", ARRIVAL | {"mode": "online"}) == case
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, routing.DepartmentReportedIn)
    assert (fact.unit, fact.part, fact.mode) == (WATER, "lead", "online")
    assert fact.handler_sealed.startswith(f"sealed:v1:person/{WATER_LIAISON.subject}:")
    assert (fact.first_step_sealed or "").startswith(f"sealed:v1:case/{case}:")
    assert await desk.read(fact.handler_sealed) == "张三"
    assert await desk.read(fact.phone_sealed) == "13800000000"
    assert await desk.read(fact.first_step_sealed) == "带泵赶往现场"


async def test_takes_one_tap_when_the_person_is_the_handler(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(WATER_DUTY, f"{of(case)}/report-in", {"phone": "0393-0000010"})
    fact = (await desk.published(case))[-1]
    assert isinstance(fact, routing.DepartmentReportedIn)
    assert await desk.read(fact.handler_sealed) == WATER_DUTY.name
    assert (fact.mode, fact.first_step_sealed) == ("on_site", None)


async def test_keeps_no_word_and_no_name_unsealed(desk: Desk) -> None:
    case = await desk.dispatched("SL-01", None)
    partly = {"issue_id": issue(case, 2), "result": "partly", "details": "已找王五谈过,周五前补种"}
    confirm = {"legal_basis": "《防洪法》", "complex": True, "complex_reason": "涉及李四家的宅基地"}
    await desk.done(DISPATCHER, f"/dispatches/{case}/confirm", confirm)
    await desk.done(WATER_LIAISON, f"{of(case)}/report-in", ARRIVAL)
    await desk.done(WATER_LIAISON, f"{of(case)}/give-feedback", VERBS["give-feedback"])
    await desk.done(WATER_LIAISON, f"{of(case)}/conclude", VERBS["conclude"] | {"results": [partly]})
    kept = await desk.everything_kept()
    for word in ("张三", "13800000000", "带泵", "两台泵", "疏通", "王五", "李四", WATER_LIAISON.name):
        assert word not in kept
        assert word.encode("unicode-escape").decode() not in kept


async def test_gives_feedback_and_concludes(desk: Desk) -> None:
    case = await desk.dispatched("SL-01", None)
    await desk.done(WATER_LIAISON, f"{of(case)}/report-in", ARRIVAL)
    for content in ("两台泵在抽水", "已抽干一半"):
        await desk.done(WATER_LIAISON, f"{of(case)}/give-feedback", {"content": content})
    partly = {"issue_id": issue(case, 2), "result": "partly", "details": "周五前补种"}
    await desk.done(WATER_LIAISON, f"{of(case)}/conclude", {"sentence": "沟渠已疏通", "results": [partly]})
    *_, first, second, concluded = await desk.published(case)
    assert isinstance(first, routing.FeedbackGiven)
    assert isinstance(second, routing.FeedbackGiven)
    assert (first.first, second.first) == (True, False)
    assert await desk.read(second.content_sealed) == "已抽干一半"
    assert isinstance(concluded, routing.LeadConcluded)
    assert await desk.read(concluded.sentence_sealed) == "沟渠已疏通"
    assert [(each.issue_id, each.result) for each in concluded.results] == [
        (issue(case, 1), "solved"),
        (issue(case, 2), "partly"),
    ]
    assert concluded.results[0].details_sealed is None
    assert await desk.read(concluded.results[1].details_sealed) == "周五前补种"


async def test_ends_an_assists_own_part(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(
        FARMING_LIAISON, f"{of(case, FARMING)}/report-in-and-conclude", ARRIVAL | {"sentence": "已补种"}
    )
    _, reported, concluded = await desk.published(case)
    assert isinstance(reported, routing.DepartmentReportedIn)
    assert reported.part == "assist"
    assert isinstance(concluded, routing.PartConcluded)


async def test_answers_a_repeat_as_the_first_time_and_adds_nothing(desk: Desk) -> None:
    case, key = await desk.dispatched("SL-01"), uuid4()
    first = await desk.post(WATER_LIAISON, f"{of(case)}/report-in", ARRIVAL, key)
    again = await desk.post(WATER_LIAISON, f"{of(case)}/report-in", ARRIVAL, key)
    assert (
        first.json()
        == again.json()
        == {
            "service": "routing",
            "published_seq": (await desk.store.published_head()).seq,
            "id": case,
        }
    )
    other = await desk.post(WATER_LIAISON, f"{of(case)}/report-in", ARRIVAL | {"handler": "李四"}, key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await desk.published(case)) == 2


async def test_adds_nothing_when_a_colleague_taps_too(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(WATER_LIAISON, f"{of(case)}/report-in", ARRIVAL)
    await desk.done(WATER_DUTY, f"{of(case)}/report-in", {"phone": "0393-0000010"})
    assert len(await desk.published(case)) == 2


@pytest.mark.parametrize("verb", VERBS)
async def test_is_unknown_to_a_department_without_a_part(desk: Desk, verb: str) -> None:
    case = await desk.dispatched("SL-01")
    answers = [
        await desk.post(POWER_LIAISON, f"{of(where, unit)}/{verb}", VERBS[verb])
        for where, unit in ((case, WATER), (case, POWER), (str(uuid4()), POWER))
    ]
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "unknown-case")}
    assert len({each.content.partition(b'"trace"')[0] for each in answers}) == 1


@pytest.mark.parametrize("verb", VERBS)
async def test_is_not_done_for_another_department(desk: Desk, verb: str) -> None:
    case = await desk.dispatched("SL-01")
    assert await desk.refused(FARMING_LIAISON, f"{of(case)}/{verb}", VERBS[verb]) == (
        422,
        "not-your-assignment",
    )


@pytest.mark.parametrize("actor", [CLERK, DISPATCHER, WATER_LEADER])
@pytest.mark.parametrize("verb", VERBS)
async def test_is_for_liaisons_and_duty_officers(desk: Desk, actor: Actor, verb: str) -> None:
    case = await desk.dispatched("SL-01")
    assert await desk.refused(actor, f"{of(case)}/{verb}", VERBS[verb]) == (403, "not-permitted")


@pytest.mark.parametrize(
    ("verb", "body", "slug"),
    [
        ("report-in", {"phone": " ", "handler": "张三"}, "handler-needs-a-phone"),
        ("report-in", {"phone": "1", "handler": "  "}, "handler-needs-a-name"),
        ("give-feedback", {"content": "有进展"}, "not-reported-in"),
        ("conclude", {"sentence": "已办"}, "not-reported-in"),
        ("report-in-and-conclude", {"phone": "1", "sentence": " "}, "conclusion-needs-a-sentence"),
        (
            "report-in-and-conclude",
            {"phone": "1", "sentence": "已办", "results": [{"issue_id": "no", "result": "solved"}]},
            "issue-not-dispatched",
        ),
    ],
)
async def test_says_what_is_missing(desk: Desk, verb: str, body: dict[str, Any], slug: str) -> None:
    case = await desk.dispatched("SL-01")
    assert await desk.refused(WATER_LIAISON, f"{of(case)}/{verb}", body) == (422, slug)


@pytest.mark.parametrize(
    ("verb", "change"),
    [
        ("report-in", {"mode": "by-pigeon"}),
        ("report-in", {"phone": "1" * 41}),
        ("report-in", {"photo": "data:image/png;base64,"}),
        ("report-in", {"first_step": "长" * 2_001}),
        ("report-in", {"handler": "有\u0000无"}),
        ("give-feedback", {"content": "长" * 2_001}),
        ("conclude", {"results": [{"issue_id": "1", "result": "perfect"}]}),
        ("conclude", {"results": [{"issue_id": "1", "result": "solved"}] * 51}),
    ],
)
async def test_refuses_a_body_that_is_none(desk: Desk, verb: str, change: dict[str, object]) -> None:
    case = await desk.dispatched("SL-01")
    assert await desk.refused(WATER_LIAISON, f"{of(case)}/{verb}", VERBS[verb] | change) == (
        422,
        "invalid-request",
    )
