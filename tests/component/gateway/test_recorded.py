"""补录 in the case view: closed, marked, without a notice; and the mutation that records it."""

from datetime import UTC, datetime

from backbone.identity import Actor
from contracts.events import intake, routing
from tests.component.gateway.board import (
    CASE,
    CLERK,
    LIAISON,
    STRANGER,
    TRANSPORT,
    WATER,
    YUANCUN,
    Board,
)

SUPERVISOR = Actor("supervisor-a", "演示·督查甲", "office_supervisor", "burden-reduction-office")
SIGNED = datetime(2025, 6, 3, 1, 0, tzinfo=UTC)
DISPATCHED = datetime(2025, 6, 3, 1, 30, tzinfo=UTC)
ARRIVED = datetime(2025, 6, 3, 7, 0, tzinfo=UTC)
CONCLUDED = datetime(2025, 6, 5, 8, 0, tzinfo=UTC)
CLOSED = datetime(2025, 6, 6, 2, 0, tzinfo=UTC)
SHOWN = """query ($id: ID!) { case(caseId: $id) { recorded state settling createdAt closedAt
    timeline { title } ... on Whistle { number externalNumber raisedBy appraised dispatchAt
    issues { text result verdict } assignments { unitCode part state reportedInAt sentence rating } } } }"""


async def a_recorded_whistle(board: Board) -> None:
    """Of June 2025, with its dispatch."""
    await board.tell(
        intake.WhistleRecorded(
            case_id=CASE,
            number="NL-2025-000001",
            external_number="吹哨2025-17",
            township=YUANCUN,
            village=f"{YUANCUN}201",
            kind="public_appeal",
            ground="cross_department",
            text_sealed=await board.seal("沟渠堵塞"),
            issues=(intake.WhistleIssue(issue_id="i1", text_sealed=await board.seal("沟渠堵塞")),),
            raised_by_sealed=await board.seal("张某", f"person/raiser-{CASE}"),
            emergency=False,
            signed_at=SIGNED,
            dispatched_at=DISPATCHED,
            departments=(
                intake.RecordedDepartment(unit=WATER, reported_in_at=ARRIVED, rating="satisfied"),
                intake.RecordedDepartment(unit=TRANSPORT),
            ),
            concluded_at=CONCLUDED,
            sentence_sealed=await board.seal("已疏通"),
            results=(intake.IssueVerdict(issue_id="i1", verdict="solved"),),
            closed_at=CLOSED,
            appraised=True,
            verdicts=(intake.IssueVerdict(issue_id="i1", verdict="partly"),),
            approved_by="supervisor-b",
        ),
        at=SIGNED,
    )
    await board.tell(
        routing.DispatchRecorded(
            case_id=CASE,
            township=YUANCUN,
            emergency=False,
            complex=False,
            assignments=(
                routing.RecordedAssignment(
                    assignment_id="a1",
                    unit=WATER,
                    part="lead",
                    issue_ids=("i1",),
                    reported_in_at=ARRIVED,
                    rating="satisfied",
                ),
                routing.RecordedAssignment(assignment_id="a2", unit=TRANSPORT, part="assist", issue_ids=()),
            ),
            signed_at=SIGNED,
            dispatched_at=DISPATCHED,
            concluded_at=CONCLUDED,
            sentence_sealed=await board.seal("已疏通"),
            closed_at=CLOSED,
        ),
        at=SIGNED,
    )


async def test_shows_the_course_on_paper_and_that_it_was_recorded(board: Board) -> None:
    await a_recorded_whistle(board)
    shown = (await board.ask(SHOWN, SUPERVISOR, {"id": CASE}))["case"]
    assert (shown["recorded"], shown["state"], shown["settling"]) == (True, "CLOSED", False)
    assert (shown["number"], shown["externalNumber"]) == ("NL-2025-000001", "吹哨2025-17")
    assert (shown["raisedBy"], shown["appraised"]) == ("张某", True)
    assert (shown["createdAt"], shown["closedAt"]) == (SIGNED.isoformat(), CLOSED.isoformat())
    assert shown["issues"] == [{"text": "沟渠堵塞", "result": "SOLVED", "verdict": "PARTLY"}]
    lead, assist = shown["assignments"]
    assert (lead["unitCode"], lead["sentence"], lead["rating"]) == (WATER, "已疏通", "SATISFIED")
    assert lead["reportedInAt"] == ARRIVED.isoformat()
    assert (assist["unitCode"], assist["state"], assist["reportedInAt"]) == (TRANSPORT, "CONCLUDED", None)
    assert [each["title"] for each in shown["timeline"]] == ["事后补录哨单", "补录派单与办理经过"]


async def test_is_seen_by_its_units_and_notifies_nobody(board: Board) -> None:
    await a_recorded_whistle(board)
    for actor, sees in ((CLERK, True), (LIAISON, True), (STRANGER, False)):
        found = (await board.ask(SHOWN, actor, {"id": CASE}))["case"]
        assert (found is not None) is sees
        notices = await board.ask("{ notices { kind } }", actor)
        assert notices["notices"] == []


async def test_is_recorded_over_graphql_with_the_second_person(board: Board) -> None:
    await board.ask(
        """mutation { recordWhistle(whistle: {township: "410923102", village: "410923102201",
           text: "沟渠堵塞",
           departments: [{unit: "water-resources", reportedInAt: "2025-06-03T15:00:00+08:00",
             rating: SATISFIED}],
           signedAt: "2025-06-03T09:00:00+08:00", dispatchedAt: "2025-06-03T09:30:00+08:00",
           concludedAt: "2025-06-05T16:00:00+08:00", sentence: "已疏通",
           closedAt: "2025-06-06T10:00:00+08:00", approvedBy: "supervisor-b",
           issues: [{text: "沟渠", verdict: SOLVED}]}) { caseId } }""",
        SUPERVISOR,
    )
    service, path, body, _ = board.services.sent[-1]
    assert (service, path) == ("intake", "/whistles/record")
    assert body["departments"] == [
        {"unit": WATER, "reported_in_at": "2025-06-03T15:00:00+08:00", "rating": "satisfied"}
    ]
    assert body["issues"] == [{"text": "沟渠", "result": "solved", "verdict": "solved"}]
    assert (body["signed_at"], body["result"]) == ("2025-06-03T09:00:00+08:00", "solved")
