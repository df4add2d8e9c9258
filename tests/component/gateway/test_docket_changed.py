"""A console follows its docket and the breaches, and a lost connection loses nothing."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events import intake, routing
from contracts.events.accountability import ClockBreached, ClockStarted
from gateway.projections import changes, docket
from tests.component.gateway.board import (
    CASE,
    CLERK,
    DISPATCHER,
    LEADER,
    LIAISON,
    MORNING,
    STRANGER,
    TRANSPORT,
    WATER,
    YUANCUN,
    Board,
    ConsoleRefused,
    assigned,
    case_number,
    whistle,
)
from tests.component.gateway.test_case import clock, started

DOCKET = """subscription($unit: String!, $after: String) { docketChanged(unit: $unit, after: $after) {
  cursor caseId case { caseId state } } }"""
BREACHES = """subscription($unit: String, $after: String) { breaches(unit: $unit, after: $after) {
  cursor clock { clockId kind breachedAt } case { caseId } } }"""


async def raised(board: Board, nth: int, **changes: Any) -> str:
    """A whistle of 元村镇."""
    case_id = case_number(nth)
    await board.tell(intake.WhistleRaised(**await whistle(board, case_id, **changes), emergency=False))
    return case_id


def timed(clock_id: str) -> ClockStarted:
    """A department's report-in clock runs."""
    return started("C1").model_copy(update={"clock_id": clock_id})


async def breach(board: Board, clock_id: str = "C1") -> None:
    """A department is late."""
    late = {"breached_at": MORNING + timedelta(days=1), "due": MORNING + timedelta(days=1)}
    await board.tell(ClockBreached(**clock("C1", clock_id=clock_id), **late))


async def test_tells_each_change_of_the_own_docket(board: Board) -> None:
    async with board.console(DOCKET, CLERK, {"unit": YUANCUN}) as console:
        case_id = await raised(board, 1)

        change = (await console.next())["docketChanged"]

    assert change["caseId"] == case_id
    assert change["case"] == {"caseId": case_id, "state": "AWAITING_SIGNATURE"}


async def test_goes_on_where_the_connection_was_lost(board: Board) -> None:
    async with board.console(DOCKET, CLERK, {"unit": YUANCUN}) as console:
        await raised(board, 1)
        cursor = (await console.next())["docketChanged"]["cursor"]
    missed = [await raised(board, n) for n in (2, 3)]

    told: list[str] = []
    async with board.console(DOCKET, CLERK, {"unit": YUANCUN, "after": cursor}) as console:
        while len(told) < 3:
            told.append((await console.next())["docketChanged"]["caseId"])

    assert told[-2:] == missed  # the first may come twice, nothing is left out


async def test_a_slow_console_is_told_everything_all_the_same(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "WAITING", 4)
    async with board.console(DOCKET, CLERK, {"unit": YUANCUN}) as console:
        first = await raised(board, 0)
        await console.next()
        many = [await raised(board, n) for n in range(1, 12)]

        told: set[str] = {first}
        while len(told) < len(many) + 1:
            told.add((await console.next())["docketChanged"]["caseId"])

    assert told == {first, *many}


async def test_tells_a_department_that_a_case_has_left_its_docket(dispatched: Board) -> None:
    async with dispatched.console(DOCKET, LIAISON, {"unit": WATER}) as console:
        part = assigned(WATER)
        await dispatched.tell(
            routing.AssignmentReleased(
                case_id=CASE,
                assignment_id=part.assignment_id,
                unit=WATER,
                by="office",
                changed=(),
                settled=False,
            )
        )
        change = (await console.next())["docketChanged"]

    assert (change["caseId"], change["case"]) == (CASE, None)


async def test_tells_nobody_of_another_docket(dispatched: Board) -> None:
    """A stranger who names somebody else's unit is told nothing, now and after a lost connection."""
    early = docket.place(MORNING)
    for variables in ({"unit": WATER}, {"unit": WATER, "after": early}, {"unit": YUANCUN, "after": early}):
        async with dispatched.console(DOCKET, STRANGER, variables) as console:
            await dispatched.tell(
                routing.FeedbackGiven(
                    case_id=CASE,
                    assignment_id=assigned(WATER).assignment_id,
                    unit=WATER,
                    part="lead",
                    first=True,
                    content_sealed=await dispatched.seal("清淤中"),
                )
            )
            assert await console.silent()


async def test_shows_a_township_what_a_department_has_of_its_own(dispatched: Board) -> None:
    async with dispatched.console(DOCKET, LEADER, {"unit": WATER, "after": docket.place(MORNING)}) as console:
        assert (await console.next())["docketChanged"]["case"]["caseId"] == CASE


@pytest.mark.parametrize("cursor", ["", "nonsense", "bm90IGEgdGltZQ==", "MjAyNi0wMS0wMQ=="])
async def test_refuses_a_place_it_never_gave(board: Board, cursor: str) -> None:
    for query in (DOCKET, BREACHES):
        async with board.console(query, DISPATCHER, {"unit": WATER, "after": cursor}) as console:
            with pytest.raises(ConsoleRefused, match="bad-cursor"):
                await console.next()


async def test_says_when_too_much_was_missed(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docket, "MOST", 1)
    for nth in range(2):
        await raised(board, nth)

    async with board.console(DOCKET, CLERK, {"unit": YUANCUN, "after": docket.place(MORNING)}) as console:
        with pytest.raises(ConsoleRefused, match="resume-too-far"):
            await console.next()


async def test_tells_a_breach_as_it_is_stated_and_once(dispatched: Board) -> None:
    await dispatched.tell(timed("C1"), timed("other"))
    async with dispatched.console(BREACHES) as console:
        await breach(dispatched)
        told = (await console.next())["breaches"]
        assert (told["clock"]["kind"], told["clock"]["clockId"]) == ("C1", "C1")
        assert told["case"] == {"caseId": CASE}

        await breach(dispatched, "other")
        assert (await console.next())["breaches"]["clock"]["clockId"] == "other"


async def test_a_breach_during_a_lost_connection_is_told_afterwards(dispatched: Board) -> None:
    await dispatched.tell(timed("C1"))
    await breach(dispatched)

    async with dispatched.console(BREACHES, LIAISON, {"after": docket.place(MORNING)}) as console:
        assert (await console.next())["breaches"]["clock"]["clockId"] == "C1"


async def test_tells_a_stranger_of_no_breach(dispatched: Board) -> None:
    await dispatched.tell(timed("C1"))
    for variables in ({}, {"unit": TRANSPORT}, {"after": docket.place(MORNING)}):
        async with dispatched.console(BREACHES, STRANGER, variables) as console:
            await breach(dispatched)
            assert await console.silent()


CASES = """subscription($caseId: ID, $after: String) { caseChanged(caseId: $caseId, after: $after) {
  cursor caseId state } }"""


async def test_all_one_sees_goes_on_where_the_connection_was_lost(board: Board) -> None:
    async with board.console(CASES, CLERK, {}) as console:
        await raised(board, 1)
        cursor = (await console.next())["caseChanged"]["cursor"]
    missed = [await raised(board, n) for n in (2, 3)]

    told: list[str] = []
    async with board.console(CASES, CLERK, {"after": cursor}) as console:
        while len(told) < 3:
            told.append((await console.next())["caseChanged"]["caseId"])

    assert told[-2:] == missed


async def test_one_case_goes_on_alone(board: Board) -> None:
    first = await raised(board, 1)
    found = await board.ask(f'{{ case(caseId: "{first}") {{ cursor }} }}', CLERK)
    second = await raised(board, 2)

    async with board.console(CASES, CLERK, {"caseId": second, "after": found["case"]["cursor"]}) as console:
        assert (await console.next())["caseChanged"]["caseId"] == second


async def test_a_slow_console_misses_no_case_it_sees(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "WAITING", 4)
    async with board.console(CASES, CLERK, {}) as console:
        told = {await raised(board, 0)}
        await console.next()
        many = {await raised(board, n) for n in range(1, 12)}
        while not many <= told:
            told.add((await console.next())["caseChanged"]["caseId"])


async def test_a_stranger_who_goes_on_from_anywhere_is_told_nothing(dispatched: Board) -> None:
    async with dispatched.console(CASES, STRANGER, {"after": docket.place(MORNING)}) as console:
        assert await console.silent()
