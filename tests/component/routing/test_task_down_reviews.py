"""Task-down reviews over HTTP: proposed, heard, decided, issued, evaluated, cited."""

from typing import Any
from uuid import uuid4

from backbone.identity import Actor
from contracts.events import routing
from tests.component.routing.service import (
    CLERK,
    ESTABLISHMENT,
    FARMING,
    LIST,
    OFFICE,
    WATER,
    WATER_LEADER,
    YUANCUN,
    Desk,
)

SUPERVISOR = Actor("supervisor-a", "演示·督查甲", "office_supervisor", OFFICE)
TOWN_LEADER = Actor("leader-410923102", "演示·李甲甲", "township_leader", YUANCUN)
FARMING_LEADER = Actor("leader-agriculture-rural", "演示·白甲丁", "department_leader", FARMING)
REVIEWS = "/task-down-reviews"
CENSUS: dict[str, Any] = {
    "measure": "小型水利设施逐户登记",
    "townships": [YUANCUN],
    "resources": "配2名技术员、3万元经费",
    "capacity": "乡镇现有人员可以承担",
}
DECISION = {"decision": "approved", "resources_attached": True, "beyond_capacity": False}


async def under_review(desk: Desk) -> str:
    """A proposal that the office has begun to look into."""
    case = await desk.done(WATER_LEADER, REVIEWS, CENSUS)
    await desk.done(SUPERVISOR, f"{REVIEWS}/{case}/start")
    return case


async def test_is_unknown_to_a_unit_that_had_no_part_in_it(desk: Desk) -> None:
    case = await under_review(desk)
    citing = {"case_id": str(uuid4())}

    for case_id in (case, str(uuid4())):
        refused = await desk.refused(FARMING_LEADER, f"{REVIEWS}/{case_id}/cite", citing)
        assert refused == (404, "unknown-case")


async def test_goes_from_the_proposal_to_the_evaluation_and_is_cited(desk: Desk) -> None:
    case = await under_review(desk)
    path = f"{REVIEWS}/{case}"
    hearing = {"met_on": "2026-03-03", "representatives": 21, "units": [YUANCUN], "minutes": "赵某:可行"}
    few = hearing | {"representatives": 19}
    slug = "hearing-needs-representatives"
    assert await desk.refused(SUPERVISOR, f"{path}/hearings", few) == (422, slug)
    await desk.done(SUPERVISOR, f"{path}/hearings", hearing)
    assert await desk.refused(WATER_LEADER, f"{path}/issue", {"document": "1号"}) == (422, "not-let-through")
    await desk.done(SUPERVISOR, f"{path}/decide", DECISION)
    await desk.done(WATER_LEADER, f"{path}/issue", {"document": "南水〔2026〕3号"})
    await desk.done(TOWN_LEADER, f"{path}/evaluate", {"evaluation": "kept", "words": "负担可控"})
    later = await desk.done(WATER_LEADER, REVIEWS, CENSUS | {"measure": "机井登记", "cites": [case]})
    await desk.done(WATER_LEADER, f"{path}/cite", {"case_id": later})
    kinds = [type(each) for each in await desk.published(case)]
    assert kinds == [
        routing.TaskDownProposed,
        routing.ReviewStarted,
        routing.TaskHearingRecorded,
        routing.TaskDownDecided,
        routing.TaskIssued,
        routing.TaskEvaluated,
        routing.ReviewCited,
    ]
    proposed = (await desk.published(later))[0]
    assert isinstance(proposed, routing.TaskDownProposed)
    assert proposed.cites == (case,)
    assert await desk.read(proposed.resources_sealed) == CENSUS["resources"]
    assert "赵某" not in await desk.everything_kept()


async def test_refuses_the_departments_own_duty_at_once(desk: Desk) -> None:
    own = {
        "code": "SL-09",
        "title": "水库安全巡查",
        "kind": "withdrawn_upward",
        "level": "county",
        "lead": WATER,
        "legal_basis": "《水库大坝安全管理条例》",
    }
    await desk.done(ESTABLISHMENT, "/responsibility-list/versions", LIST | {"items": [*LIST["items"], own]})
    case = await desk.done(WATER_LEADER, REVIEWS, CENSUS | {"item_code": "SL-09"})
    decided = (await desk.published(case))[-1]
    assert isinstance(decided, routing.TaskDownDecided)
    assert (decided.decision, decided.automatic) == ("refused", True)
    supported = await desk.done(WATER_LEADER, REVIEWS, CENSUS | {"item_code": "SL-01"})
    assert [type(each) for each in await desk.published(supported)] == [routing.TaskDownProposed]
    found = await desk.done(WATER_LEADER, REVIEWS, CENSUS)
    await desk.done(SUPERVISOR, f"{REVIEWS}/{found}/start", {"item_code": "SL-09"})
    assert isinstance((await desk.published(found))[-1], routing.TaskDownDecided)


async def test_leaves_it_to_the_department_and_the_office(desk: Desk) -> None:
    assert await desk.refused(CLERK, REVIEWS, CENSUS) == (403, "not-permitted")
    case = await under_review(desk)
    path = f"{REVIEWS}/{case}/decide"
    assert await desk.refused(WATER_LEADER, path, DECISION) == (403, "not-permitted")
    half = DECISION | {"beyond_capacity": None}
    assert await desk.refused(SUPERVISOR, path, half) == (422, "both-questions-are-answered")
    stranger = Actor("leader-410923104", "演示·王甲甲", "township_leader", "410923104")
    told = {"evaluation": "kept", "words": "好"}
    assert await desk.refused(stranger, f"{REVIEWS}/{case}/evaluate", told) == (404, "unknown-case")
    nobody = CENSUS | {"townships": [WATER]}
    assert await desk.refused(WATER_LEADER, REVIEWS, nobody) == (422, "unknown-township")
