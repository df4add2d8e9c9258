"""补录: the dispatch of a whistle recorded after the fact."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from routing.domain.dispatch import Stage
from routing.domain.dispatch.commands import CloseDispatch, OpenCycle, ReopenDispatch
from routing.domain.dispatch.facts import CycleOpened, DispatchRecorded, IssueResult
from routing.domain.dispatch.recording import PaperDepartment, RecordDispatch
from tests.domain.routing.stories import (
    BLOCKED_DITCH,
    CASE,
    FARMING,
    WATER,
    YUANCUN,
    a_final_dispatch,
    nothing_yet,
    report_in,
)

SIGNED_AT = datetime(2025, 6, 3, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RECORD = RecordDispatch(
    case_id=CASE,
    township=YUANCUN,
    emergency=False,
    complex=False,
    departments=(PaperDepartment(WATER, SIGNED_AT + 5 * HOUR, "satisfied"), PaperDepartment(FARMING)),
    signed_at=SIGNED_AT,
    dispatched_at=SIGNED_AT + HOUR,
    feedback_at=None,
    concluded_at=SIGNED_AT + 48 * HOUR,
    sentence="sealed sentence",
    results=(IssueResult("ditch", "solved"), IssueResult("road", "partly")),
    closed_at=SIGNED_AT + 72 * HOUR,
)


def test_is_closed_with_the_parts_a_live_dispatch_would_have() -> None:
    story = nothing_yet.when(RECORD).then_states(DispatchRecorded)
    state = story.state
    assert (state.stage, state.township, state.issue_ids) == (Stage.CLOSED, YUANCUN, ("ditch", "road"))
    assert [(each.assigned.unit, each.assigned.part) for each in state.assignments] == [
        (WATER, "lead"),
        (FARMING, "assist"),
    ]
    assert state.assignments[0].assigned.issue_ids == ("ditch", "road")
    live = a_final_dispatch.state.assignment(WATER)
    assert live is not None
    assert state.assignments[0].assigned.assignment_id == live.assigned.assignment_id


def test_changes_nothing_when_delivered_twice_or_where_a_dispatch_is() -> None:
    story = nothing_yet.when(RECORD).then_states(DispatchRecorded)
    story.when(RECORD).then_nothing()
    story.when(replace(RECORD, closed_at=RECORD.closed_at + HOUR)).then_nothing()
    a_final_dispatch.when(RECORD).then_nothing()


def test_leaves_nothing_to_do() -> None:
    story = nothing_yet.when(RECORD).then_states(DispatchRecorded)
    story.when(CloseDispatch()).then_nothing()
    story.when(ReopenDispatch(2)).then_nothing()
    story.when(BLOCKED_DITCH).then_nothing()
    story.when(report_in(WATER)).then_refused("dispatch-closed")


def test_may_be_raised_again_with_fresh_assignments() -> None:
    story = nothing_yet.when(RECORD).then_states(DispatchRecorded)
    before = {each.assigned.assignment_id for each in story.state.assignments}
    again = story.when(OpenCycle(2, escalating_cycle=3)).then_states(CycleOpened)
    assert again.state.stage is Stage.OUT
    assert before.isdisjoint(each.assigned.assignment_id for each in again.state.assignments)
