"""机构沿革 over HTTP: rename, merge and end, and what was open goes on in other hands."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backbone.eventstore import EventStore
from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from backbone.timers import command_context
from contracts.events import intake, routing
from routing.application.units_publishing import MOVE_ASSIGNMENTS
from tests.component.routing.conftest import MONDAY_NOON
from tests.component.routing.service import (
    ADMINISTRATOR,
    ARRIVAL,
    CLERK,
    DISPATCHER,
    ESTABLISHMENT,
    FARMING,
    FARMING_LIAISON,
    LIST,
    POWER,
    POWER_LIAISON,
    TRANSPORT,
    WATER,
    WATER_LIAISON,
    YUANCUN,
    Desk,
)
from tests.component.routing.test_disputes import RULING, accepted, fire
from tests.component.routing.test_task_down_reviews import DECISION, SUPERVISOR, under_review

DOCUMENT = "南编〔2026〕5号"
MERGE = {"into": POWER, "source_document": DOCUMENT}


async def moves(desk: Desk, unit: str = WATER) -> None:
    """The timer of a merger fires."""
    context = command_context("routing", unit, MOVE_ASSIGNMENTS[0], 1, MONDAY_NOON)
    await desk.routing.scheduled.fire(unit, MOVE_ASSIGNMENTS[0], 1, MONDAY_NOON, context)


async def moved(desk: Desk, case: str) -> routing.AssignmentMoved:
    [fact] = [each for each in await desk.published(case) if isinstance(each, routing.AssignmentMoved)]
    return fact


async def test_renames_from_a_day_on(desk: Desk) -> None:
    body = {"name": "南乐县水务局", "short_name": "水务局", "source_document": DOCUMENT}
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/rename", body | {"effective_from": "2026-04-01"})
    fact = (await desk.published())[-1]
    assert isinstance(fact, routing.UnitRenamed)
    assert (fact.code, fact.short_name, str(fact.effective_from)) == (WATER, "水务局", "2026-04-01")


async def test_renames_today_unless_another_day_is_named(desk: Desk) -> None:
    body = {"name": "南乐县水务局", "short_name": "水务局", "source_document": DOCUMENT}
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/rename", body)
    fact = (await desk.published())[-1]
    assert isinstance(fact, routing.UnitRenamed)
    assert str(fact.effective_from) == "2026-03-02"


async def test_moves_what_is_open_to_the_heir(desk: Desk, store: MemoryEventStore) -> None:
    open_one, closed_one = await desk.dispatched("SL-01"), await desk.dispatched("SL-01")
    await desk.done(WATER_LIAISON, f"/dispatches/{open_one}/assignments/{WATER}/report-in", {
        "phone": ARRIVAL["phone"], "mode": "on_site"
    })  # fmt: skip
    await desk.tell(intake.WhistleClosed(
        case_id=closed_one, appraised=True, verdicts=(), ratings=(), cycle=1
    ))  # fmt: skip

    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)

    timers = {name: timer.due_at for (key, name), timer in store.deadlines.items() if key == WATER}
    assert timers == dict(
        zip(MOVE_ASSIGNMENTS, (MONDAY_NOON, MONDAY_NOON + timedelta(minutes=1)), strict=True)
    )
    await moves(desk)
    fact = await moved(desk, open_one)
    assert (fact.unit, fact.to, fact.inherited, fact.kept.reported_in) == (WATER, POWER, True, True)
    assert not [
        each for each in await desk.published(closed_one) if isinstance(each, routing.AssignmentMoved)
    ]

    content = {"sentence": "已清淤"}
    path = f"/dispatches/{open_one}/assignments"
    assert (await desk.refused(WATER_LIAISON, f"{path}/{WATER}/conclude", content))[1] == "unknown-case"
    await desk.done(POWER_LIAISON, f"{path}/{POWER}/conclude", content)


async def test_moves_once_however_often_it_is_asked(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)
    await moves(desk)
    await moves(desk)
    assert (await moved(desk, case)).to == POWER
    before = len(await desk.published())
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)
    assert len(await desk.published()) == before


async def test_dispatches_to_the_heir_while_the_list_names_the_old_unit(desk: Desk) -> None:
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)

    by_list = await desk.dispatched("SL-01", departments=(WATER,))
    named = await desk.dispatched(None, departments=(WATER, FARMING))

    for case, others in ((by_list, set()), (named, {FARMING})):
        [issued] = await desk.published(case)
        assert isinstance(issued, routing.DispatchIssued)
        units = {each.unit: each.part for each in issued.assignments}
        assert units[POWER] == "lead"
        assert (WATER in units, others <= units.keys()) == (False, True)


async def test_raises_again_with_the_heir(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.tell(intake.WhistleClosed(case_id=case, appraised=True, verdicts=(), ratings=(), cycle=1))
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)
    await moves(desk)
    await desk.tell(
        intake.WhistleRaisedAgain(
            case_id=case,
            township=YUANCUN,
            reason_sealed="sealed:v1:case/1:c2FtcGxl",
            closed_cycle=1,
            cycle=2,
            by=YUANCUN,
        )
    )
    opened = (await desk.published(case))[-1]
    assert isinstance(opened, routing.CycleOpened)
    assert next(each.unit for each in opened.assignments if each.part == "lead") == POWER


async def test_names_a_unit_that_is_no_more_nowhere(desk: Desk) -> None:
    case = await desk.dispatched(None, departments=(FARMING,))
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)
    correction = {"lead": WATER, "legal_basis": "《防洪法》"}
    assert await desk.refused(DISPATCHER, f"/dispatches/{case}/correct", correction) == (
        422,
        "unknown-department",
    )
    assert await desk.refused(ESTABLISHMENT, "/responsibility-list/versions", LIST | {
        "effective_from": "2026-05-01"
    }) == (422, "item-names-an-unknown-unit")  # fmt: skip


async def test_ends_only_what_has_nothing_open(desk: Desk) -> None:
    case = await desk.dispatched("SL-01", departments=(WATER,))
    end = {"source_document": DOCUMENT}
    assert await desk.refused(ADMINISTRATOR, f"/units/{WATER}/end", end) == (
        422,
        "unit-has-open-assignments",
    )
    await desk.tell(intake.WhistleClosed(case_id=case, appraised=True, verdicts=(), ratings=(), cycle=1))
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/end", end)
    assert isinstance((await desk.published())[-1], routing.UnitEnded)


async def test_ends_with_a_successor_as_a_merger(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/end", MERGE)
    await moves(desk)
    assert (await moved(desk, case)).to == POWER


async def test_a_return_proposed_to_a_merged_unit_goes_to_its_heir(desk: Desk) -> None:
    leader = Actor("leader-farming", "演示·任", "department_leader", FARMING)
    case = await desk.dispatched(None, departments=(FARMING,))
    path = f"/dispatches/{case}/assignments/{FARMING}"
    asked = {"legal_basis": "《农业法》", "proposed_owner": WATER}
    await desk.done(leader, f"{path}/request-return", asked)
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)
    await desk.done(DISPATCHER, f"{path}/accept-return", {"legal_basis": "《防洪法》"})
    returned = (await desk.published(case))[-1]
    assert isinstance(returned, routing.AssignmentReturned)
    assert returned.to == POWER


@pytest.mark.parametrize("actor", [CLERK, DISPATCHER, ESTABLISHMENT, FARMING_LIAISON])
async def test_leaves_units_to_the_administrator(desk: Desk, actor: Actor) -> None:
    for verb, body in (("merge", MERGE), ("end", {"source_document": DOCUMENT})):
        answer = await desk.refused(actor, f"/units/{WATER}/{verb}", body)
        assert answer == (403, "not-permitted")


@pytest.mark.parametrize(
    ("unit", "body", "slug"),
    [
        ("tobacco", MERGE, "no-such-unit"),
        (WATER, MERGE | {"into": "tobacco"}, "no-such-unit"),
        (WATER, MERGE | {"into": WATER}, "unit-merges-into-itself"),
        (WATER, MERGE | {"into": YUANCUN}, "township-takes-no-department"),
        (YUANCUN, MERGE, "only-departments-dissolve"),
        (WATER, {"into": POWER}, "unit-change-needs-a-document"),
        (WATER, MERGE | {"effective_from": "2026-03-03"}, "unit-change-lies-ahead"),
        (WATER, MERGE | {"to": POWER}, "invalid-request"),
    ],
)
async def test_refuses_a_merger_that_is_none(desk: Desk, unit: str, body: dict[str, str], slug: str) -> None:
    assert await desk.refused(ADMINISTRATOR, f"/units/{unit}/merge", body) == (422, slug)


async def test_a_repeated_request_answers_as_the_first_time(desk: Desk, store: EventStore) -> None:
    key = uuid4()
    first = await desk.post(ADMINISTRATOR, f"/units/{TRANSPORT}/merge", MERGE, key)
    again = await desk.post(ADMINISTRATOR, f"/units/{TRANSPORT}/merge", MERGE, key)
    assert first.json() == again.json()


async def test_the_heir_speaks_in_a_dispute_of_its_forebear(desk: Desk) -> None:
    _, dispute = await accepted(desk)
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)
    path = f"/disputes/{dispute}/statements"
    stranger = Actor("leader-transport", "演示·任", "department_leader", TRANSPORT)
    assert (await desk.refused(stranger, path, {"words": "不知"}))[1] == "unknown-case"
    leader = Actor("leader-power-supply", "演示·乔", "department_leader", POWER)
    await desk.done(leader, path, {"words": "属农业"})
    stated = (await desk.published(dispute))[-1]
    assert isinstance(stated, routing.StatementGiven)
    assert stated.unit == WATER, "the party is still called what it was"


async def test_carries_a_ruling_out_with_the_heir(desk: Desk) -> None:
    whistle, dispute = await accepted(desk)
    await desk.done(ESTABLISHMENT, f"/disputes/{dispute}/rule", {"ruling": RULING})
    await desk.done(ADMINISTRATOR, f"/units/{FARMING}/merge", MERGE | {"into": TRANSPORT})
    await fire(desk, dispute)
    parts = {}
    for fact in await desk.published(whistle):
        if isinstance(fact, routing.DispatchCorrected):
            parts = {each.unit: each.part for each in (*fact.issued, *fact.changed)}
    assert parts[TRANSPORT] == "lead"
    assert FARMING not in parts


async def test_the_heir_issues_the_task_of_its_forebear(desk: Desk) -> None:
    case = await under_review(desk)
    path = f"/task-down-reviews/{case}"
    await desk.done(SUPERVISOR, f"{path}/decide", DECISION)
    await desk.done(ADMINISTRATOR, f"/units/{WATER}/merge", MERGE)
    stranger = Actor("leader-transport", "演示·任", "department_leader", TRANSPORT)
    assert (await desk.refused(stranger, f"{path}/issue", {"document": "1号"}))[1] == "unknown-case"
    leader = Actor("leader-power-supply", "演示·乔", "department_leader", POWER)
    await desk.done(leader, f"{path}/issue", {"document": "南水〔2026〕1号"})
    assert isinstance((await desk.published(case))[-1], routing.TaskIssued)
