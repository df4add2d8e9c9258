"""Another unit's case is indistinguishable from none: in one case, in lists, in counts."""

import pytest

from backbone.identity import Actor
from contracts.events import intake
from tests.component.gateway.board import (
    ADMINISTRATOR,
    CASE,
    CLERK,
    DISPATCHER,
    EDITOR,
    LEADER,
    LIAISON,
    OTHER_CLERK,
    STRANGER,
    Board,
    case_number,
    whistle,
)

SUPERVISOR = Actor("supervisor-1", "演示·郑", "office_supervisor", "burden-reduction-office")
COUNTY_LEADER = Actor("county-leader-1", "演示·冯", "county_leader", "county-leadership")
DUTY_OFFICER = Actor("duty-water-resources", "演示·陈", "duty_officer", "water-resources")
DEPARTMENT_LEADER = Actor("leader-water-resources", "演示·褚", "department_leader", "water-resources")
AUDITOR = Actor("auditor-1", "演示·卫", "auditor", "burden-reduction-office")
DISCIPLINE = Actor("discipline-1", "演示·蒋", "discipline", "discipline")
RESIDENT = Actor("resident-410923102", "演示·沈", "resident", "410923102")
GRID_WORKER = Actor("grid-worker-410923102", "演示·韩", "grid_worker", "410923102")
LETTER = case_number(9)


async def seen(board: Board, actor: Actor, case_id: str = CASE) -> bool:
    """Whether a case is there for somebody, by id, in lists and in counts alike."""
    found = await board.ask(
        f'{{ case(caseId: "{case_id}") {{ caseId }} cases {{ totalCount edges {{ node {{ caseId }} }} }} }}',
        actor,
    )
    listed = [edge["node"]["caseId"] for edge in found["cases"]["edges"]]
    assert found["cases"]["totalCount"] == len(listed)
    assert (found["case"] is not None) == (case_id in listed)
    return case_id in listed


@pytest.mark.parametrize(
    "actor", [CLERK, LEADER, LIAISON, DUTY_OFFICER, DEPARTMENT_LEADER, DISPATCHER, SUPERVISOR, COUNTY_LEADER]
)
async def test_is_seen_by_its_township_its_departments_the_office_and_the_county_leader(
    dispatched: Board, actor: Actor
) -> None:
    assert await seen(dispatched, actor)


@pytest.mark.parametrize("actor", [OTHER_CLERK, STRANGER, EDITOR, AUDITOR, DISCIPLINE, RESIDENT, GRID_WORKER])
async def test_is_not_there_for_anyone_else(dispatched: Board, actor: Actor) -> None:
    assert not await seen(dispatched, actor)


async def test_the_administrator_may_not_read_cases_at_all(dispatched: Board) -> None:
    told = await dispatched.refusal(f'{{ case(caseId: "{CASE}") {{ state }} }}', ADMINISTRATOR)

    assert told["code"] == "not-permitted"


async def test_a_draft_is_seen_by_its_township_alone(board: Board) -> None:
    await board.tell(intake.WhistleDrafted(**await whistle(board, number=None)))

    assert await seen(board, CLERK)
    assert not await seen(board, DISPATCHER)
    assert not await seen(board, LIAISON)


async def test_a_letter_is_seen_by_the_office_and_its_writer_alone(board: Board) -> None:
    await board.tell(
        intake.LetterSubmitted(
            case_id=LETTER,
            channel="express",
            number="NL-XJ-2026-000001",
            anonymous=False,
            title_sealed=await board.seal("报表太多"),
            text_sealed=await board.seal("每周重复填报"),
            writer_sealed=await board.seal("演示·张", f"person/{CLERK.subject}"),
            township="410923102",
        )
    )

    assert await seen(board, DISPATCHER, LETTER)
    assert await seen(board, CLERK, LETTER)
    assert not await seen(board, LEADER, LETTER)
    assert not await seen(board, LIAISON, LETTER)


async def test_a_number_of_another_unit_finds_nothing(dispatched: Board) -> None:
    query = '{ case(number: "NL-2026-000001") { caseId } }'

    assert (await dispatched.ask(query, CLERK))["case"] == {"caseId": CASE}
    assert (await dispatched.ask(query, STRANGER))["case"] is None


async def test_notices_go_to_the_unit_they_concern(dispatched: Board) -> None:
    query = "{ notices { kind title caseId } }"

    assert (await dispatched.ask(query, LIAISON))["notices"] == [
        {"kind": "dispatch", "title": "有新的派单,请报到", "caseId": CASE}
    ]
    assert (await dispatched.ask(query, STRANGER))["notices"] == []
