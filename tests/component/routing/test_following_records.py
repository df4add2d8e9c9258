"""补录: what routing makes of a whistle that intake has recorded."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from contracts.events import intake, routing
from tests.component.routing.service import FARMING, WATER, YUANCUN, Desk, contexts, delivered, issue

SEALED = "sealed:v1:case/1:c2FtcGxl"


def recorded(case: str) -> intake.WhistleRecorded:
    """A whistle of June 2025 with one issue."""
    return intake.WhistleRecorded.model_validate(
        {
            "case_id": case,
            "number": "NL-2025-000001",
            "township": YUANCUN,
            "village": "410923102201",
            "kind": "public_appeal",
            "ground": "cross_department",
            "text_sealed": SEALED,
            "issues": [{"issue_id": issue(case, 1), "text_sealed": SEALED, "item_code": "SL-01"}],
            "emergency": False,
            "signed_at": "2025-06-03T09:00:00+08:00",
            "dispatched_at": "2025-06-03T09:30:00+08:00",
            "departments": [
                {"unit": WATER, "reported_in_at": "2025-06-03T15:00:00+08:00", "rating": "basically"},
                {"unit": FARMING},
            ],
            "concluded_at": "2025-06-05T16:00:00+08:00",
            "sentence_sealed": SEALED,
            "results": [{"issue_id": issue(case, 1), "verdict": "solved"}],
            "closed_at": "2025-06-06T10:00:00+08:00",
            "appraised": False,
            "approved_by": "supervisor-b",
        }
    )


async def test_keeps_who_had_it_and_when_in_the_time_on_paper(desk: Desk) -> None:
    case = str(uuid4())
    event = replace(delivered(recorded(case), 1), occurred_at=datetime(2025, 6, 3, 1, 0, tzinfo=UTC))
    await desk.routing.follower.react(event, contexts(1))
    await desk.routing.follower.react(event, contexts(1))
    [fact] = await desk.published(case)
    assert isinstance(fact, routing.DispatchRecorded)
    assert [(each.unit, each.part, each.rating) for each in fact.assignments] == [
        (WATER, "lead", "basically"),
        (FARMING, "assist", None),
    ]
    assert fact.assignments[0].issue_ids == (issue(case, 1),)
    [row] = await desk.store.published(0, 10, case)
    assert row.occurred_at == fact.signed_at


async def test_can_be_raised_again(desk: Desk) -> None:
    case = str(uuid4())
    await desk.tell(recorded(case))
    again = intake.WhistleRaisedAgain(
        case_id=case, township=YUANCUN, reason_sealed=SEALED, closed_cycle=1, cycle=2, by=YUANCUN
    )
    await desk.tell(again)
    opened = (await desk.published(case))[-1]
    assert isinstance(opened, routing.CycleOpened)
    assert [each.unit for each in opened.assignments] == [WATER, FARMING]
