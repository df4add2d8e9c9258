"""Lists of cases in the order asked for, page by page, whatever changes meanwhile."""

from datetime import timedelta
from typing import Any

import pytest

from backbone.identity import Actor
from contracts.events import intake
from gateway.projections import case_lists, search
from tests.component.gateway.board import (
    CLERK,
    DISPATCHER,
    LIAISON,
    MORNING,
    OTHER_CLERK,
    STRANGER,
    ZHANGGUOTUN,
    Board,
    case_number,
    whistle,
)
from tests.component.gateway.test_case import started
from tests.component.gateway.test_cases import page

ORDERED = """query($order: CaseOrderInput, $first: Int, $last: Int, $after: String, $before: String,
  $filter: CaseFilterInput) { cases(orderBy: $order, first: $first, last: $last, after: $after,
    before: $before, filter: $filter) {
  totalCount pageInfo { endCursor startCursor hasNextPage } edges { cursor node { caseId } } } }"""


async def raised(board: Board, nth: int, at: int = 0, **changes: Any) -> str:
    """A whistle some minutes after the morning."""
    case_id = case_number(nth)
    fact = intake.WhistleRaised(**await whistle(board, case_id, **changes), emergency=False)
    await board.tell(fact, at=MORNING + timedelta(minutes=at))
    return case_id


async def asked(board: Board, actor: Actor = DISPATCHER, **variables: Any) -> tuple[list[str], Any]:
    """The ids on a page, and where it ends."""
    found = (await board.ask(ORDERED, actor, variables))["cases"]
    return [edge["node"]["caseId"] for edge in found["edges"]], found["pageInfo"]


async def through(board: Board, actor: Actor = DISPATCHER, **variables: Any) -> list[str]:
    """The ids of all pages of two."""
    ids, place = await asked(board, actor, first=2, **variables)
    while place["hasNextPage"]:
        more, place = await asked(board, actor, first=2, after=place["endCursor"], **variables)
        assert more
        ids += more
    return ids


async def due_in(board: Board, case_id: str, hours: int) -> None:
    """A clock of a case runs."""
    due = MORNING + timedelta(hours=hours)
    moments = {"due": due, "original_due": due, "earliest": due, "latest": due}
    clock = {"clock_id": f"{case_id}/{hours}", "case_id": case_id, **moments}
    await board.tell(started().model_copy(update=clock))


async def test_cases_of_one_moment_come_each_once(board: Board) -> None:
    ids = {await raised(board, n) for n in range(5)}

    found = await through(board)

    assert len(found) == 5
    assert set(found) == ids
    _, place = await asked(board, first=4)
    assert (await asked(board, last=2, before=place["endCursor"]))[0] == found[1:3]


async def test_by_number_both_ways_with_drafts_before_the_first(board: Board) -> None:
    third = await raised(board, 1, 1, number="NL-2026-000003")
    first = await raised(board, 2, 2, number="NL-2026-000001")
    draft = case_number(3)
    await board.tell(intake.WhistleDrafted(**await whistle(board, draft, number=None)))

    assert await through(board, CLERK, order={"by": "NUMBER", "direction": "ASC"}) == [draft, first, third]
    assert await through(board, CLERK, order={"by": "NUMBER"}) == [third, first, draft]


async def test_by_creation_whatever_changes_meanwhile(board: Board) -> None:
    ids = [await raised(board, n, n) for n in range(4)]
    oldest_first = {"by": "CREATED", "direction": "ASC"}
    start, place = await asked(board, order=oldest_first, first=2)
    await raised(board, 3, 60)  # the last one changes, the first too
    await raised(board, 0, 61)

    rest, _ = await asked(board, order=oldest_first, first=5, after=place["endCursor"])

    assert start + rest == ids


async def test_by_the_next_deadline_those_without_one_last(board: Board) -> None:
    without, later, soon = [await raised(board, n, n) for n in range(3)]
    await due_in(board, later, 30)
    await due_in(board, soon, 40)
    await due_in(board, soon, 2)

    assert await through(board, order={"by": "DUE", "direction": "ASC"}) == [soon, later, without]
    assert await through(board, CLERK, order={"by": "DUE"}) == [without, later, soon]


async def test_a_cursor_of_another_order_is_refused(board: Board) -> None:
    await raised(board, 1)
    _, place = await asked(board, first=1)

    for by in ("CREATED", "NUMBER", "DUE"):
        told = await board.refusal(ORDERED, variables={"order": {"by": by}, "after": place["endCursor"]})
        assert told["code"] == "bad-cursor"


@pytest.mark.parametrize("near", [1, 3, 1000])
async def test_who_sees_little_among_much_finds_all_of_it(
    dispatched: Board, monkeypatch: pytest.MonkeyPatch, near: int
) -> None:
    """However far the way through everybody's newest cases is followed."""
    monkeypatch.setattr(case_lists, "NEAR", near)
    own = [await raised(dispatched, 10 + n, 100 + n) for n in range(3)]
    for n in range(6):
        await raised(dispatched, 20 + n, 200 + n, township=ZHANGGUOTUN)

    assert (await through(dispatched, CLERK))[:3] == own[::-1]
    assert await through(dispatched, LIAISON) == [case_number(1)]
    assert await through(dispatched, STRANGER) == []
    assert len(await through(dispatched, OTHER_CLERK, order={"by": "CREATED", "direction": "ASC"})) == 6
    start, place = await asked(dispatched, CLERK, first=3)
    assert (await asked(dispatched, CLERK, last=1, before=place["endCursor"]))[0] == start[1:2]


async def test_a_common_text_is_found_too_and_counted_so_far(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nearly every case holds is met on the way, not looked up; and is not counted to the end."""
    ids = [await raised(board, n, n) for n in range(4)]
    await raised(board, 9, 50, township=ZHANGGUOTUN)
    rare = {"filter": {"text": "沟渠 农田"}}
    expected = await through(board, CLERK, **rare)
    monkeypatch.setattr(search, "COMMON", 1)

    assert await through(board, CLERK, **rare) == expected == ids[::-1]
    assert await through(board, LIAISON, **rare) == []
    assert await through(board, CLERK, filter={"text": "沟农"}) == []

    monkeypatch.setattr(case_lists, "MOST_COUNTED", 2)
    assert (await page(board, filter={"text": "沟渠"}))[1]["totalCount"] == 3


async def test_filters_by_kind_and_by_the_day_it_was_raised(board: Board) -> None:
    early = await raised(board, 1, 0)
    late = await raised(board, 2, 600, kind="joint_enforcement")

    async def found(**wanted: Any) -> list[str]:
        return (await page(board, filter=wanted))[0]

    assert await found(kinds=["JOINT_ENFORCEMENT"]) == [late]
    assert await found(kinds=["PUBLIC_APPEAL", "JOINT_ENFORCEMENT"]) == [late, early]
    noon = (MORNING + timedelta(minutes=300)).isoformat()
    assert await found(createdSince=noon) == [late]
    assert await found(createdBefore=noon) == [early]
    assert await found(createdBefore=noon, kinds=["JOINT_ENFORCEMENT"]) == []
    assert await found(createdSince="2026-05-08T04:00:00") == [late]  # without an offset it is UTC


async def test_every_count_of_a_dashboard_can_be_filtered_by(dispatched: Board) -> None:
    await raised(dispatched, 2, township=ZHANGGUOTUN, kind="joint_enforcement")
    facets = """query($filter: CaseFilterInput) { caseFacets(filter: $filter) { total kinds { value count }
      states { value count } types { value count } townships { code count } departments { code count } } }"""
    counted = (await dispatched.ask(facets))["caseFacets"]

    for name, field in (("kinds", "kinds"), ("states", "states"), ("types", "types")):
        for each in counted[name]:
            assert (await page(dispatched, filter={field: [each["value"]]}))[1]["totalCount"] == each["count"]
    for each in counted["townships"] + counted["departments"]:
        assert (await page(dispatched, filter={"unit": each["code"]}))[1]["totalCount"] == each["count"]
