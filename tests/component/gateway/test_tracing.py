"""倒查材料: the document of a case holds every decision, refusal, lateness and lacking resource there was."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from reportlab.platypus import Table

from backbone.identity import Actor
from contracts.events import REGISTER, Published, accountability, intake, routing
from gateway.adapters import whistle_sheet
from gateway.entrypoints.decisions import DECISIONS
from gateway.entrypoints.tracing import traced
from tests.component.gateway.board import CASE, TRANSPORT, WATER, Board, assigned, issued, whistle

SUPERVISOR = Actor("supervisor-a", "演示·督查", "office_supervisor", "burden-reduction-office")
DISPUTE = "d0000000-0000-5000-8000-0000000000d1"
DISPUTE_CLOCK = "c0000000-0000-5000-8000-0000000000c2"
REPORT_IN = "c0000000-0000-5000-8000-0000000000c1"
BEGAN = datetime(2026, 5, 8, 2, tzinfo=UTC)
RELEASE = f'mutation {{ releaseTraceBack(caseId: "{CASE}", reason: "群众反映") {{ caseId }} }}'

_NAMES = """accountability.case-rules-approved accountability.breach-annulled
    accountability.calendar-year-published accountability.checks-drawn accountability.clock-breached
    accountability.clock-expired accountability.clock-moved accountability.clock-overdue-unconfirmed
    accountability.clock-paused accountability.clock-started accountability.clock-stopped
    accountability.clock-voided accountability.extension-applied-for accountability.figure-appealed
    accountability.good-faith-exemption-claimed accountability.ladder-rung-reached
    accountability.matter-handed-over accountability.milestone-reached accountability.order-proposed
    accountability.order-left-unanswered
    accountability.order-replied accountability.parking-applied-for accountability.parking-objected-to
    accountability.period-frozen accountability.period-restated accountability.policy-approved
    accountability.policy-declined accountability.policy-proposed accountability.reminder-due
    accountability.spot-check-assigned accountability.spot-check-drawn accountability.trace-back-released
    accountability.unit-heard
    intake.attachment-added intake.attachment-removed intake.correction-proposed intake.enterprise-ended
    intake.enterprise-registered intake.grid-network-published intake.grid-report-filed intake.issues-adopted
    intake.letter-appraised intake.letter-disputed intake.letter-moved
    intake.letter-recorded intake.letter-reported-on
    intake.letter-submitted intake.personal-data-erased intake.reporter-answered
    intake.service-officer-assigned intake.service-officer-relieved intake.whistle-appealed
    intake.whistle-awaiting-confirmation intake.whistle-drafted intake.whistle-handling intake.whistle-raised
    intake.whistle-recorded
    routing.assignment-moved routing.correction-proposed routing.countersigning-asked routing.cycle-opened
    routing.department-reported-in routing.dispatch-closed routing.dispatch-parked routing.dispatch-recorded
    routing.dispatch-reopened routing.dispatch-scheduled routing.dispatch-unparked routing.dispute-filed
    routing.feedback-given routing.hearing-recorded routing.lead-concluded routing.list-revision-drafted
    routing.part-concluded routing.reconsideration-requested routing.responsibility-list-published
    routing.return-requested routing.review-cited routing.review-started routing.statement-given
    routing.task-down-proposed routing.task-hearing-recorded routing.unit-ended routing.unit-merged
    routing.unit-registered routing.unit-renamed routing.withdrawal-requested"""
ACTS_AND_CLOCKS = frozenset(_NAMES.split())
"""What is nobody's decision on a case, by service and fact."""


def short(name: str) -> str:
    service, _, fact, _ = name.split(".")
    return f"{service}.{fact}"


def test_every_fact_is_a_decision_or_known_to_be_none() -> None:
    """A new kind of fact has to say which it is, or a trace-back would keep silent about a decision."""
    decided = {short(each) for each in DECISIONS}
    assert decided & ACTS_AND_CLOCKS == set()
    assert {short(each) for each in REGISTER} - decided - ACTS_AND_CLOCKS == set()


def item(*resources: str, devolved: bool = True) -> routing.ResponsibilityItem:
    return routing.ResponsibilityItem(
        code="NL-1",
        title="沟渠清淤",
        kind="supporting",
        level="township",
        lead=WATER,
        legal_basis="清单",
        devolved=devolved,
        devolved_with=resources,
    )


def published(version: int, day: str, listed: routing.ResponsibilityItem) -> Published:
    return routing.ResponsibilityListPublished(
        case_id="list", version=version, effective_from=day, source_document="清单", items=(listed,)
    )


def clock(
    case: str, clock_id: str, kind: str, unit: str, begin: datetime = BEGAN, **more: str
) -> list[Published]:
    """A clock that was breached."""
    due = begin + timedelta(hours=24)
    who: dict[str, Any] = {"case_id": case, "clock_id": clock_id, "kind": kind, "unit": unit, **more}
    started = accountability.ClockStarted(
        **who,
        started_at=begin,
        due=due,
        earliest=due,
        latest=due,
        provisional=False,
        policy_version=f"{kind}.1",
        calendar_version="",
    )
    return [started, accountability.ClockBreached(**who, breached_at=due)]


@pytest.fixture
async def whole(board: Board) -> Board:
    """A whistle sent back once, late, disputed and ruled on late; its item was devolved without anything."""
    content = await whistle(board)
    issue = intake.WhistleIssue(issue_id="i1", text_sealed=await board.seal("清淤"), item_code="NL-1")
    content["issues"] = (issue,)
    ruling = routing.Ruling(duty="沟渠", lead=WATER, legal_basis="三定")
    await board.tell(
        published(1, "2020-01-01", item()),
        published(2, "2099-01-01", item("people", "funds")),
        intake.WhistleRaised(**content, emergency=False),
        intake.WhistleSentBack(case_id=CASE, reason_sealed=await board.seal("写清地点")),
        intake.WhistleSigned(**content, emergency=False, signed_by_sealed=await board.seal("演示·李")),
        issued(),
        *clock(CASE, REPORT_IN, "C1", WATER),
        routing.DisputeFiled(
            case_id=DISPUTE,
            disputed_department=WATER,
            filed_by=WATER,
            filer="department",
            legal_basis="三定",
            matter_sealed=await board.seal("不归我们", f"case/{DISPUTE}"),
            whistle=CASE,
            parties=(WATER, TRANSPORT),
        ),
        *clock(DISPUTE, DISPUTE_CLOCK, "C2", "establishment-office"),
        routing.DutyRuled(
            case_id=DISPUTE,
            whistle=CASE,
            ruling=ruling,
            number=1,
            by_higher_level=False,
            parties=(WATER, TRANSPORT),
        ),
    )
    return board


async def document(board: Board) -> dict[str, Any]:
    """What the office releases."""
    await board.ask(RELEASE, SUPERVISOR)
    [(_, _, body, _)] = board.services.sent
    found: dict[str, Any] = json.loads(body["document"])
    return found


def facts(lines: list[dict[str, Any]]) -> list[str]:
    return [each["type"].split(".")[2] for each in lines]


async def test_holds_decisions_refusals_and_lateness_with_their_reckoning(whole: Board) -> None:
    found = await document(whole)

    assert facts(found["decisions"]) == ["whistle-sent-back", "whistle-signed", "dispatch-issued"]
    assert found["decisions"][0]["text"] == "写清地点"
    [late] = found["lateness"]
    assert (late["clock"], late["unit"]) == ("C1", WATER)
    assert late["breached_at"] == (BEGAN + timedelta(hours=24)).isoformat()
    assert late["reckoning"] == [f"时限 {REPORT_IN}"]


async def test_holds_what_was_decided_and_late_in_a_dispute_about_it(whole: Board) -> None:
    [dispute] = (await document(whole))["related"]

    assert (dispute["id"], dispute["type"]) == (DISPUTE, "dispute")
    assert facts(dispute["decisions"]) == ["duty-ruled"]
    [late] = dispute["lateness"]
    assert (late["clock"], late["unit"]) == ("C2", "establishment-office")
    assert late["reckoning"] == [f"时限 {DISPUTE_CLOCK}"]


PROMISE = "c0000000-0000-5000-8000-0000000000c0"
SPLIT = f"""{{ case(caseId: "{CASE}") {{ clocks {{ kind split {{ deskSeconds departmentSeconds }} }} }} }}"""


@pytest.fixture
async def promised(dispatched: Board) -> Board:
    """Signed at ten, with the lead from noon on, who reports in thirty hours after the signature."""
    lead, late = assigned(WATER).assignment_id, BEGAN + timedelta(hours=30)
    assist = assigned(TRANSPORT, "assist").assignment_id
    noon = BEGAN + timedelta(hours=2)
    await dispatched.tell(
        *clock(CASE, PROMISE, "C0", "burden-reduction-office"),
        *clock(CASE, REPORT_IN, "C1", WATER, noon, assignment_id=lead),
        *clock(CASE, DISPUTE_CLOCK, "C1", TRANSPORT, assignment_id=assist),
        *(
            accountability.ClockStopped(
                case_id=CASE, clock_id=each, kind=kind, unit=unit, at=late, outcome="late"
            )
            for each, kind, unit in (
                (PROMISE, "C0", "burden-reduction-office"),
                (REPORT_IN, "C1", WATER),
            )
        ),
    )
    return dispatched


async def test_splits_a_late_promise_between_desk_and_department(promised: Board) -> None:
    clocks = (await promised.ask(SPLIT))["case"]["clocks"]
    assert {each["kind"]: each["split"] for each in clocks} == {
        "C0": {"deskSeconds": 2 * 3600, "departmentSeconds": 28 * 3600},
        "C1": None,
    }

    late = {each["clock"]: each for each in (await document(promised))["lateness"]}
    assert (late["C0"]["desk_seconds"], late["C0"]["department_seconds"]) == (2 * 3600, 28 * 3600)
    assert "desk_seconds" not in late["C1"]


async def test_counts_the_time_of_a_wrong_department_for_the_desk(promised: Board) -> None:
    await promised.tell(
        accountability.ClockVoided(
            case_id=CASE, clock_id=REPORT_IN, kind="C1", unit=WATER, at=BEGAN, reason="dispatch-corrected"
        )
    )
    clocks = (await promised.ask(SPLIT))["case"]["clocks"]
    [split] = [each["split"] for each in clocks if each["kind"] == "C0"]
    assert split == {"deskSeconds": 30 * 3600, "departmentSeconds": 0}


async def test_says_that_resources_lacked_then_whatever_came_later(whole: Board) -> None:
    found = await document(whole)

    assert found["resources"] == [{"item": "NL-1", "title": "沟渠清淤", "with": []}]


async def test_prints_every_part_and_says_where_there_was_nothing(
    whole: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def table(cells: Any, *arguments: Any, **options: Any) -> Table:
        printed.extend(part.getPlainText() for row in cells for part in row if hasattr(part, "getPlainText"))
        return Table(cells, *arguments, **options)

    monkeypatch.setattr(whistle_sheet, "Table", table)
    text = json.dumps(await document(whole), ensure_ascii=False)
    row: Any = {"document": text, "released_at": BEGAN, "number": 1, "digest": "d", "reason": "群众反映"}

    assert traced(row, "zh", "打印").startswith(b"%PDF")

    words = "\n".join(printed)
    for said in ("写清地点", "NL-1", "establishment-office", "无"):
        assert said in words
