"""Disputes and task-down reviews on the board: who sees them, what they show, what is asked."""

from datetime import date
from uuid import UUID

from backbone.identity import Actor
from contracts.events import routing
from tests.component.gateway.board import (
    CASE,
    CLERK,
    EDITOR,
    LIAISON,
    OTHER_CLERK,
    STRANGER,
    TRANSPORT,
    WATER,
    YUANCUN,
    Board,
    assigned,
    case_number,
)

DISPUTE, REVIEW = case_number(71), case_number(72)
RULING = routing.Ruling(
    duty="农田排涝",
    lead=TRANSPORT,
    legal_basis="编办裁定〔2026〕1号",
    assists=(routing.Share(unit=WATER, duty="行洪"),),
    valid_from=date(2026, 3, 4),
    precedent=True,
)
SHOWN = """query ($id: ID!) { case(caseId: $id) { type state title text timeline { title }
  ... on Dispute { whistleId disputedDepartment { code } parties { code } reconsidering effect referredTo
    ruling { duty lead { code } assists { unit { code } duty } validFrom precedent }
    blameless { code } listRevision }
  ... on TaskDownReview { department { code } townships { code } automatic resourcesAttached
    beyondCapacity answer representatives document evaluation citedBy } } }"""
FLAG = """query ($id: ID!) { case(caseId: $id) { ... on Whistle {
  assignments { unit { code } disputed } } } }"""


async def file(board: Board) -> None:
    """Water resources disowns its assignment."""
    await board.tell(
        routing.DisputeFiled(
            case_id=DISPUTE,
            disputed_department=WATER,
            filed_by=WATER,
            filer="department",
            legal_basis="《农业法》",
            matter_sealed=await board.seal("张某家农田积水", f"case/{DISPUTE}"),
            whistle=CASE,
            assignment_id=assigned(WATER).assignment_id,
            township=YUANCUN,
            proposed_owner=TRANSPORT,
            parties=(WATER, TRANSPORT, YUANCUN),
        )
    )


async def rule(board: Board) -> None:
    """It is transport's."""
    await board.tell(
        routing.DisputeAccepted(case_id=DISPUTE),
        routing.DutyRuled(
            case_id=DISPUTE,
            whistle=CASE,
            ruling=RULING,
            number=1,
            by_higher_level=False,
            blameless=(WATER,),
            parties=(WATER, TRANSPORT, YUANCUN),
        ),
        routing.ListRevisionDrafted(
            case_id=DISPUTE, duty="农田排涝", lead=TRANSPORT, legal_basis="编办裁定〔2026〕1号"
        ),
    )


async def flags(board: Board) -> dict[str, bool]:
    """Which departments' assignments are disputed."""
    found = await board.ask(FLAG, variables={"id": CASE})
    return {each["unit"]["code"]: each["disputed"] for each in found["case"]["assignments"]}


async def test_a_dispute_is_a_flag_on_its_assignment_until_it_is_decided(dispatched: Board) -> None:
    assert await flags(dispatched) == {WATER: False, TRANSPORT: False}
    await file(dispatched)
    assert await flags(dispatched) == {WATER: True, TRANSPORT: False}
    await rule(dispatched)
    assert await flags(dispatched) == {WATER: False, TRANSPORT: False}


async def test_shows_the_ruling_with_what_follows_from_it(dispatched: Board) -> None:
    await file(dispatched)
    await rule(dispatched)
    reason = await dispatched.seal("另有规定", f"case/{DISPUTE}")
    await dispatched.tell(
        routing.ReconsiderationRequested(case_id=DISPUTE, unit=TRANSPORT, reason_sealed=reason),
        routing.RulingExecuted(case_id=DISPUTE, whistle=CASE, number=1, effect="reassigned"),
    )
    shown = (await dispatched.ask(SHOWN, LIAISON, {"id": DISPUTE}))["case"]
    assert (shown["type"], shown["state"], shown["text"]) == ("DISPUTE", "EXECUTED", "张某家农田积水")
    assert (shown["whistleId"], shown["effect"], shown["reconsidering"]) == (CASE, "reassigned", True)
    ruling = shown["ruling"]
    assert (ruling["lead"]["code"], ruling["validFrom"], ruling["precedent"]) == (
        TRANSPORT,
        "2026-03-04",
        True,
    )
    assert ruling["assists"] == [{"unit": {"code": WATER}, "duty": "行洪"}]
    assert shown["blameless"] == [{"code": WATER}]
    assert shown["listRevision"]["duty"] == "农田排涝"
    assert "编办裁定（第1号）" in [each["title"] for each in shown["timeline"]]


async def test_is_seen_by_its_parties_and_the_offices_alone(dispatched: Board) -> None:
    await file(dispatched)
    for actor, sees in (
        (LIAISON, True),
        (CLERK, True),
        (EDITOR, True),
        (STRANGER, False),
        (OTHER_CLERK, False),
    ):
        found = await dispatched.ask(SHOWN, actor, {"id": DISPUTE})
        assert (found["case"] is not None) is sees, actor.role


async def test_lets_the_establishment_office_see_the_whistles_in_dispute(dispatched: Board) -> None:
    assert (await dispatched.ask(FLAG, EDITOR, {"id": CASE}))["case"] is None
    await file(dispatched)
    assert (await dispatched.ask(FLAG, EDITOR, {"id": CASE}))["case"] is not None


async def test_are_counted_as_they_are_listed(dispatched: Board) -> None:
    await file(dispatched)
    asked = "{ cases { totalCount edges { node { caseId } } } caseFacets { total types { value count } } }"

    for actor, seen in ((EDITOR, {CASE, DISPUTE}), (LIAISON, {CASE, DISPUTE}), (STRANGER, set())):
        found = await dispatched.ask(asked, actor)
        assert {edge["node"]["caseId"] for edge in found["cases"]["edges"]} == seen, actor.subject
        assert found["cases"]["totalCount"] == found["caseFacets"]["total"] == len(seen), actor.subject


async def test_follows_a_dispute_that_goes_up(dispatched: Board) -> None:
    await file(dispatched)
    await dispatched.tell(routing.DisputeReferredUp(case_id=DISPUTE, to="市委编办", cause="not-the-countys"))
    shown = (await dispatched.ask(SHOWN, EDITOR, {"id": DISPUTE}))["case"]
    assert (shown["state"], shown["referredTo"]) == ("REFERRED_UP", "市委编办")
    assert (await flags(dispatched))[WATER]


async def test_shows_a_review_from_proposal_to_citation(board: Board) -> None:
    sealed = [
        await board.seal(words, f"case/{REVIEW}")
        for words in ("配2人", "可以承担", "须配经费", "纪要", "可行")
    ]
    await board.tell(
        routing.TaskDownProposed(
            case_id=REVIEW,
            department=WATER,
            measure="小型水利设施登记",
            townships=(YUANCUN,),
            resources_sealed=sealed[0],
            capacity_sealed=sealed[1],
        ),
        routing.ReviewStarted(case_id=REVIEW),
        routing.TaskHearingRecorded(
            case_id=REVIEW,
            met_on=date(2026, 3, 5),
            representatives=21,
            units=(YUANCUN,),
            content_sealed=sealed[3],
        ),
        routing.TaskDownDecided(
            case_id=REVIEW,
            decision="approved_with_conditions",
            automatic=False,
            resources_attached=False,
            beyond_capacity=False,
            conditions_sealed=sealed[2],
        ),
        routing.TaskIssued(case_id=REVIEW, document="南水〔2026〕3号"),
        routing.TaskEvaluated(case_id=REVIEW, unit=YUANCUN, evaluation="kept", content_sealed=sealed[4]),
        routing.ReviewCited(case_id=REVIEW, cited_by=CASE),
    )
    shown = (await board.ask(SHOWN, CLERK, {"id": REVIEW}))["case"]
    assert (shown["type"], shown["state"], shown["title"]) == (
        "TASK_DOWN_REVIEW",
        "EVALUATED",
        "小型水利设施登记",
    )
    assert shown["text"] == "配2人\n可以承担"
    assert (shown["resourcesAttached"], shown["beyondCapacity"], shown["automatic"]) == (False, False, False)
    assert (shown["answer"], shown["document"], shown["evaluation"]) == (
        "须配经费",
        "南水〔2026〕3号",
        "KEPT",
    )
    assert (shown["representatives"], shown["citedBy"]) == (21, [CASE])
    assert (await board.ask(SHOWN, STRANGER, {"id": REVIEW}))["case"] is None


async def test_passes_commands_to_routing(board: Board) -> None:
    leader = Actor("leader-water-resources", "演示·郑", "department_leader", WATER)
    key = UUID(int=7)
    board.services.case_id = DISPUTE
    await board.ask(
        """mutation ($key: UUID, $id: ID!) { fileDispute(idempotencyKey: $key, dispute: {legalBasis: "b",
           department: "water-resources", matter: "m", whistleId: $id, letterId: $id}) { caseId } }""",
        leader,
        {"key": str(key), "id": CASE},
    )
    body = {"department": WATER, "legal_basis": "b", "matter": "m", "whistle": CASE, "letter": CASE}
    assert board.services.sent[-1] == ("routing", "/disputes", body, key)
    await board.ask(
        """mutation ($id: ID!) { ruleOnDuty(caseId: $id, ruling: {duty: "d", legalBasis: "b",
           lead: "transport", assists: [{unit: "water-resources", duty: "x"}],
           validFrom: "2026-03-04"}) { caseId } }""",
        EDITOR,
        {"id": DISPUTE},
    )
    _, path, ruled, _key = board.services.sent[-1]
    assert path == f"/disputes/{DISPUTE}/rule"
    expected = {
        "duty": "d",
        "lead": TRANSPORT,
        "legal_basis": "b",
        "assists": [{"unit": WATER, "duty": "x"}],
        "valid_from": "2026-03-04",
        "precedent": False,
    }
    assert ruled == {"ruling": expected, "by_higher_level": False}
    accept = "mutation ($id: ID!) { acceptDispute(caseId: $id) { caseId } }"
    assert (await board.refusal(accept, leader, {"id": DISPUTE}))["code"] == "not-permitted"
