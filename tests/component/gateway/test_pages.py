"""Lists of what is newest first: page after page, each row once, also while more comes in."""

import base64
from collections.abc import Sequence
from datetime import timedelta

import orjson
import pytest

from contracts.events.accountability import ReminderDue
from tests.component.gateway.board import CLERK, LIAISON, MORNING, Board
from tests.component.gateway.test_case import clock, started

NOTICES = (
    "query($first: Int!, $after: String) { notices(first: $first, after: $after) { cursor noticeId at } }"
)
PLACE: list[object] = [MORNING.isoformat(), "a notice"]


async def reminded(board: Board, numbers: Sequence[int], *, hours: int = 20) -> None:
    """The water department is reminded so often, in one moment."""
    at = MORNING + timedelta(hours=hours)
    for n in numbers:
        fact = ReminderDue(
            **clock("C1"), reminder=f"remind-{n}", at=at, to="unit", due=MORNING + timedelta(days=1)
        )
        await board.tell(fact, at=at)


async def pages(board: Board, size: int) -> list[str]:
    """The notices of the department, so many at a time."""
    found: list[str] = []
    after: str | None = None
    while page := (await board.ask(NOTICES, LIAISON, {"first": size, "after": after}))["notices"]:
        found += [each["noticeId"] for each in page]
        after = page[-1]["cursor"]
    return found


@pytest.fixture
async def timed(dispatched: Board) -> Board:
    """The department's report-in clock runs."""
    await dispatched.tell(started("C1"))
    return dispatched


async def test_pages_of_any_size_make_up_the_list(timed: Board) -> None:
    await reminded(timed, range(5))
    await reminded(timed, range(5, 8), hours=25)

    whole = [each["noticeId"] for each in (await timed.ask(NOTICES, LIAISON, {"first": 100}))["notices"]]

    assert len(whole) == len(set(whole)) >= 8
    assert [await pages(timed, size) for size in (1, 3, 50)] == [whole] * 3


async def test_what_comes_in_moves_no_later_page(timed: Board) -> None:
    await reminded(timed, range(4))
    first, second = (await timed.ask(NOTICES, LIAISON, {"first": 2}))["notices"]
    rest = (await timed.ask(NOTICES, LIAISON, {"first": 50, "after": second["cursor"]}))["notices"]

    await reminded(timed, [9], hours=48)

    again = (await timed.ask(NOTICES, LIAISON, {"first": 50, "after": second["cursor"]}))["notices"]
    assert again == rest
    assert first["noticeId"] not in [each["noticeId"] for each in rest]


@pytest.mark.parametrize(
    "place",
    [
        *([], {}, "x", 7, PLACE[:1], [*PLACE, "more"], [PLACE[0], 7], ["2026-01-01", "x"]),
        ["0001-01-01T00:00:00+14:00", "x"],
    ],
)
async def test_a_place_of_no_list_is_refused(dispatched: Board, place: object) -> None:
    after = base64.urlsafe_b64encode(orjson.dumps(place)).decode()
    refused = await dispatched.refusal(NOTICES, CLERK, {"first": 5, "after": after})
    assert refused["code"] == "bad-cursor"


@pytest.mark.parametrize("after", ["", "nonsense", "水"])
async def test_a_word_that_is_no_place_is_refused(dispatched: Board, after: str) -> None:
    refused = await dispatched.refusal(NOTICES, CLERK, {"first": 5, "after": after})
    assert refused["code"] == "bad-cursor"
