"""One case with everything in it, as it is after each fact."""

from datetime import timedelta
from typing import Any

from contracts.events import accountability, intake, routing
from gateway.projections.facts import ERASED
from tests.component.gateway.board import (
    CASE,
    CLERK,
    LIAISON,
    MORNING,
    SATISFIED,
    SOLVED,
    WATER,
    Board,
    assigned,
    whistle,
)

LEAD = assigned(WATER)


async def case(board: Board, fields: str) -> dict[str, Any]:
    """Some fields of the case, as the office sees it."""
    found: dict[str, Any] = (await board.ask(f'{{ case(caseId: "{CASE}") {{ {fields} }} }}'))["case"]
    return found


def clock(kind: str = "C5", **changes: Any) -> dict[str, Any]:
    """Who a clock is."""
    return {"case_id": CASE, "clock_id": f"clock-{kind}", "kind": kind, "unit": WATER} | changes


def started(kind: str = "C5") -> accountability.ClockStarted:
    """A clock of seven days runs."""
    due = MORNING + timedelta(days=7)
    return accountability.ClockStarted(
        **clock(kind),
        started_at=MORNING,
        due=due,
        earliest=due,
        latest=due,
        provisional=False,
        policy_version="C5.1",
        calendar_version="2026.1",
    )


async def test_shows_what_the_township_wrote(dispatched: Board) -> None:
    shown = await case(
        dispatched,
        "number state title text ... on Whistle { village kind ground cycle provisional raisedBy signedBy"
        " dispatchReason township { code } issues { issueId text } proposedDepartments { code } }",
    )

    assert shown == {
        "number": "NL-2026-000001",
        "state": "DISPATCHED",
        "title": "沟渠堵塞,农田积水",
        "text": "沟渠堵塞,农田积水",
        "village": "410923102201",
        "kind": "PUBLIC_APPEAL",
        "ground": "CROSS_DEPARTMENT",
        "cycle": 1,
        "provisional": True,
        "raisedBy": "演示·张",
        "signedBy": "演示·李",
        "dispatchReason": "镇街建议的部门",
        "township": {"code": "410923102"},
        "issues": [{"issueId": "i1", "text": "清淤"}, {"issueId": "i2", "text": "修桥"}],
        "proposedDepartments": [{"code": "water-resources"}, {"code": "transport"}],
    }


async def test_settles_when_the_next_service_has_answered(board: Board) -> None:
    content = await whistle(board)
    await board.tell(
        intake.WhistleRaised(**content, emergency=False),
        intake.WhistleSigned(**content, emergency=False, signed_by_sealed=content["raised_by_sealed"]),
    )
    assert (await case(board, "settling"))["settling"]

    await board.tell(
        routing.DispatchIssued(
            case_id=CASE,
            township="410923102",
            emergency=False,
            complex=False,
            provisional=False,
            assignments=(LEAD,),
            cycle=1,
            reason="清单",
        )
    )
    assert (await case(board, "settling"))["settling"]

    await board.tell(started())
    assert not (await case(board, "settling"))["settling"]


async def test_shows_who_has_reported_in(dispatched: Board) -> None:
    await dispatched.tell(
        routing.DepartmentReportedIn(
            case_id=CASE,
            assignment_id=LEAD.assignment_id,
            unit=WATER,
            part="lead",
            mode="on_site",
            handler_sealed=await dispatched.seal("王五", "person/handler"),
            phone_sealed=await dispatched.seal("0393-0000001", "person/handler"),
        ),
        intake.WhistleHandling(case_id=CASE),
    )

    shown = await case(dispatched, "state ... on Whistle { assignments { part state handler phone mode } }")
    assert shown["state"] == "HANDLING"
    assert shown["assignments"] == [
        {
            "part": "LEAD",
            "state": "REPORTED_IN",
            "handler": "王五",
            "phone": "0393-0000001",
            "mode": "ON_SITE",
        },
        {"part": "ASSIST", "state": "AWAITING_REPORT_IN", "handler": None, "phone": None, "mode": None},
    ]


async def test_shows_results_verdicts_and_ratings(dispatched: Board) -> None:
    await dispatched.tell(
        routing.LeadConcluded(
            case_id=CASE,
            assignment_id=LEAD.assignment_id,
            unit=WATER,
            township="410923102",
            sentence_sealed=await dispatched.seal("已清淤"),
            results=(
                routing.IssueResult(issue_id="i1", result="solved"),
                routing.IssueResult(
                    issue_id="i2", result="unsolved", details_sealed=await dispatched.seal("桥待立项")
                ),
            ),
            cycle=1,
        ),
        intake.WhistleAwaitingConfirmation(case_id=CASE, cycle=1),
        intake.WhistleClosed(case_id=CASE, appraised=True, verdicts=SOLVED, ratings=SATISFIED, cycle=1),
    )

    shown = await case(
        dispatched,
        "state closedAt ... on Whistle { appraised issues { result resultDetails verdict }"
        " assignments { sentence rating } }",
    )
    assert shown["state"] == "CLOSED"
    assert shown["appraised"]
    assert shown["issues"] == [
        {"result": "SOLVED", "resultDetails": None, "verdict": "SOLVED"},
        {"result": "UNSOLVED", "resultDetails": "桥待立项", "verdict": "PARTLY"},
    ]
    assert shown["assignments"][0] == {"sentence": "已清淤", "rating": "SATISFIED"}


async def test_a_reopened_assist_that_never_reported_in_is_still_awaited(dispatched: Board) -> None:
    await dispatched.tell(
        routing.DispatchReopened(
            case_id=CASE,
            emergency=False,
            complex=False,
            cycle=2,
            assignments=(LEAD, assigned("transport", "assist")),
        )
    )

    shown = await case(dispatched, "... on Whistle { assignments { state cycle } }")
    assert shown["assignments"] == [{"state": "AWAITING_REPORT_IN", "cycle": 2}] * 2


async def test_a_corrected_department_is_released(dispatched: Board) -> None:
    await dispatched.tell(
        routing.DispatchCorrected(
            case_id=CASE,
            legal_basis="电力法",
            emergency=False,
            complex=False,
            voided=(LEAD,),
            issued=(assigned("power-supply"),),
            cycle=1,
        )
    )

    shown = await case(dispatched, "... on Whistle { provisional assignments { unitCode state } }")
    assert shown["provisional"] is False
    assert {each["unitCode"]: each["state"] for each in shown["assignments"]} == {
        "water-resources": "RELEASED",
        "power-supply": "AWAITING_REPORT_IN",
        "transport": "AWAITING_REPORT_IN",
    }
    assert (await dispatched.ask(f'{{ case(caseId: "{CASE}") {{ state }} }}', LIAISON))["case"] is None


async def test_shows_each_clock_with_its_explanation(dispatched: Board) -> None:
    await dispatched.tell(started("C5"), started("C13"))
    await dispatched.tell(
        accountability.ClockPaused(**clock("C5"), at=MORNING, reason="awaiting-confirmation"),
        accountability.ClockStopped(**clock("C13"), at=MORNING, outcome="on_time"),
    )

    shown = await case(
        dispatched, "clocks { kind state outcome remainingSeconds title explanation { zh } policyVersion }"
    )
    by_kind = {each["kind"]: each for each in shown["clocks"]}
    assert (by_kind["C5"]["state"], by_kind["C5"]["remainingSeconds"]) == ("PAUSED", None)
    assert (by_kind["C13"]["state"], by_kind["C13"]["outcome"]) == ("STOPPED", "ON_TIME")
    assert by_kind["C5"]["title"] == "办理时限"
    assert by_kind["C5"]["explanation"] == {"zh": ["时限 clock-C5"]}


async def test_a_moved_deadline_keeps_the_old_one_visible(dispatched: Board) -> None:
    await dispatched.tell(started())
    later = MORNING + timedelta(days=9)
    await dispatched.tell(
        accountability.ClockMoved(
            **clock(),
            cause="extended",
            at=MORNING,
            old_due=MORNING + timedelta(days=7),
            due=later,
            earliest=later,
            latest=later,
            provisional=False,
        )
    )

    (shown,) = (await case(dispatched, "clocks { due originalDue }"))["clocks"]
    assert shown["due"] > shown["originalDue"]


async def test_an_unconfirmed_deadline_names_what_it_waits_for_until_the_breach_is_stated(
    dispatched: Board,
) -> None:
    due = MORNING + timedelta(days=7)
    await dispatched.tell(started())
    await dispatched.tell(
        accountability.ClockOverdueUnconfirmed(**clock(), due=due, waiting_for=("routing",))
    )
    (shown,) = (await case(dispatched, "clocks { state waitingFor breachedAt }"))["clocks"]
    assert shown == {"state": "OVERDUE_UNCONFIRMED", "waitingFor": ["routing"], "breachedAt": None}

    await dispatched.tell(accountability.ClockBreached(**clock(), breached_at=due))
    (shown,) = (await case(dispatched, "clocks { state waitingFor breachedAt }"))["clocks"]
    assert shown == {"state": "RUNNING", "waitingFor": [], "breachedAt": due.isoformat()}


async def test_the_timeline_tells_the_story_in_order(dispatched: Board) -> None:
    due = MORNING + timedelta(days=7)
    await dispatched.tell(started())
    await dispatched.tell(accountability.ClockBreached(**clock(), breached_at=due))

    shown = (await case(dispatched, "timeline { title at }"))["timeline"]
    assert [each["title"] for each in shown] == [
        "吹哨,待带班领导签发",
        "带班领导签发",
        "派单:镇街建议的部门",
        "时限 C5 超期",
    ]
    assert shown[-1]["at"] == due.isoformat()


async def test_forgets_the_words_when_their_key_is_destroyed(dispatched: Board) -> None:
    await dispatched.tell(
        intake.PersonalDataErased(case_id=CASE, key_ids=(f"case/{CASE}",)),
        intake.PersonalDataErased(
            case_id="00000000-0000-0000-0000-000000000000", key_ids=(f"person/{CLERK.subject}",)
        ),
    )

    shown = await case(dispatched, "title text number ... on Whistle { raisedBy issues { text } }")
    assert shown["text"] == shown["title"] == shown["raisedBy"] == ERASED
    assert {each["text"] for each in shown["issues"]} == {ERASED}
    assert shown["number"] == "NL-2026-000001"


async def test_a_rebuild_after_an_erasure_shows_the_placeholder(board: Board) -> None:
    content = await whistle(board)
    board.ring.destroy(f"case/{CASE}")

    await board.tell(intake.WhistleRaised(**content, emergency=False))

    assert (await case(board, "text"))["text"] == ERASED
