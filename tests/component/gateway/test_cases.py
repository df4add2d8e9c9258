"""Lists of cases: filters that combine, stable cursors, counts."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events import accountability, intake
from tests.component.gateway.board import (
    CASE,
    CLERK,
    MORNING,
    WATER,
    Board,
    case_number,
    whistle,
)
from tests.component.gateway.test_case import clock, started

PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $filter: CaseFilterInput) {
  cases(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { caseId } }
  } }"""


async def raise_many(board: Board, count: int) -> list[str]:
    """Whistles one minute after another; their ids, the newest first."""
    ids = [case_number(n) for n in range(count)]
    for each in ids:
        await board.tell(intake.WhistleRaised(**await whistle(board, each), emergency=False))
    return ids[::-1]


async def page(board: Board, **variables: Any) -> tuple[list[str], dict[str, Any]]:
    """The ids on a page, and the connection."""
    found = (await board.ask(PAGE, variables=variables))["cases"]
    return [edge["node"]["caseId"] for edge in found["edges"]], found


async def test_shows_the_last_changed_first_and_goes_on_where_it_stopped(board: Board) -> None:
    ids = await raise_many(board, 5)

    first, connection = await page(board, first=2)
    second, rest = await page(board, first=2, after=connection["pageInfo"]["endCursor"])
    third, end = await page(board, first=2, after=rest["pageInfo"]["endCursor"])

    assert first + second + third == ids
    told = [each["pageInfo"] for each in (connection, rest, end)]
    assert [each["hasNextPage"] for each in told] == [True, True, False]
    assert [each["hasPreviousPage"] for each in told] == [False, True, True]
    assert connection["totalCount"] == 5


async def test_goes_back_by_the_same_cursors(board: Board) -> None:
    ids = await raise_many(board, 5)
    _, connection = await page(board, first=4)

    before, back = await page(board, last=2, before=connection["pageInfo"]["endCursor"])

    assert before == ids[1:3]
    assert (back["pageInfo"]["hasPreviousPage"], back["pageInfo"]["hasNextPage"]) == (True, True)
    start, begun = await page(board, last=2, before=back["pageInfo"]["startCursor"])
    assert start == ids[:1]
    assert not begun["pageInfo"]["hasPreviousPage"]


async def test_a_new_case_does_not_shift_the_next_page(board: Board) -> None:
    ids = await raise_many(board, 4)
    _, connection = await page(board, first=2)
    await board.tell(intake.WhistleRaised(**await whistle(board, case_number(99)), emergency=False))

    second, _ = await page(board, first=2, after=connection["pageInfo"]["endCursor"])

    assert second == ids[2:4]


async def test_filters_combine(dispatched: Board) -> None:
    other = case_number(2)
    await dispatched.tell(intake.WhistleRaised(**await whistle(dispatched, other), emergency=False))

    async def found(**wanted: Any) -> list[str]:
        return (await page(dispatched, filter=wanted))[0]

    assert await found(states=["AWAITING_SIGNATURE"]) == [other]
    assert await found(unit=WATER) == [CASE]
    assert await found(unit="410923102", states=["DISPATCHED"]) == [CASE]
    assert await found(unit=WATER, states=["AWAITING_SIGNATURE"]) == []
    assert await found(types=["LETTER"]) == []
    assert await found(emergency=True) == []
    assert await found(text="积水") == [other, CASE]
    assert await found(text="100%") == []


@pytest.mark.parametrize(
    ("state", "fact"),
    [
        ("BREACHED", accountability.ClockBreached(**clock(), breached_at=MORNING)),
        ("PAUSED", accountability.ClockPaused(**clock(), at=MORNING, reason="awaiting-confirmation")),
        (
            "OVERDUE_UNCONFIRMED",
            accountability.ClockOverdueUnconfirmed(**clock(), due=MORNING, waiting_for=("intake",)),
        ),
    ],
)
async def test_finds_cases_by_the_state_of_their_clocks(
    dispatched: Board, state: str, fact: accountability.ClockFact
) -> None:
    await dispatched.tell(started())
    wanted = {"clockState": state}
    assert (await page(dispatched, filter=wanted))[0] == []

    await dispatched.tell(fact)

    assert (await page(dispatched, filter=wanted))[0] == [CASE]


async def test_finds_what_is_due_soon_by_the_database_clock(dispatched: Board) -> None:
    async with dispatched.engine.connect() as connection:
        present = (await connection.exec_driver_sql("SELECT chuishao_now()")).scalar_one()
    due = present + timedelta(hours=3)
    await dispatched.tell(started().model_copy(update={"due": due, "earliest": due, "latest": due}))

    assert (await page(dispatched, filter={"clockState": "DUE_SOON"}))[0] == [CASE]


async def test_a_page_has_a_limit_that_says_so(board: Board) -> None:
    told = await board.refusal(PAGE, variables={"first": 101})

    assert told["code"] == "page-too-large"
    assert "100" in told["message"]


@pytest.mark.parametrize("cursor", ["x", "W10=", "bm90IGpzb24=", "WzEsMl0=", "WzEsMiwzXQ=="])
async def test_a_foreign_cursor_is_refused(board: Board, cursor: str) -> None:
    assert (await board.refusal(PAGE, variables={"after": cursor}))["code"] == "bad-cursor"


async def test_a_list_costs_as_many_statements_as_one_case(board: Board) -> None:
    query = """{ cases(first: 50) { edges { node { clocks { kind unit { name } } timeline { title }
      ... on Whistle { issues { text } assignments { state unit { name } } } } } } }"""
    await raise_many(board, 1)
    board.statements.clear()
    await board.ask(query, CLERK)
    alone = len(board.statements)

    await raise_many(board, 50)
    board.statements.clear()
    await board.ask(query, CLERK)

    assert len(board.statements) <= alone
