"""Asking accountability when work begins next."""

from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from intake.adapters.opening_hours import HttpOpeningHours
from intake.application.ports import CalendarUnavailable

MONDAY_NIGHT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
TUESDAY_MORNING = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)


def hours(answer: Callable[[httpx.Request], httpx.Response]) -> HttpOpeningHours:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return HttpOpeningHours("http://accountability/", lambda: {"Authorization": "Bearer x"}, client=client)


async def test_gives_the_hour_when_the_offices_open() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(
            200, json={"open": False, "next_opening": TUESDAY_MORNING.isoformat(), "provisional": True}
        )

    assert await hours(answer).next_opening(MONDAY_NIGHT) == TUESDAY_MORNING
    assert asked[0].url.path == "/openings"
    assert datetime.fromisoformat(asked[0].url.params["at"]) == MONDAY_NIGHT
    assert asked[0].headers["authorization"] == "Bearer x"


async def test_gives_none_while_they_are_open() -> None:
    answer = {"open": True, "next_opening": None, "provisional": False}
    assert await hours(lambda _: httpx.Response(200, json=answer)).next_opening(MONDAY_NIGHT) is None


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(500),
        httpx.Response(403, json={"code": "not-permitted"}),
        httpx.Response(200, text="no calendar"),
        httpx.Response(200, json={"open": False}),
        httpx.Response(200, json={"open": False, "next_opening": "2026-03-03T08:30:00"}),
    ],
)
async def test_says_that_the_calendar_cannot_be_asked(response: httpx.Response) -> None:
    with pytest.raises(CalendarUnavailable):
        await hours(lambda _: response).next_opening(MONDAY_NIGHT)


async def test_tries_again_before_it_gives_up() -> None:
    tries: list[int] = []

    def answer(_: httpx.Request) -> httpx.Response:
        tries.append(1)
        if len(tries) < 3:
            raise httpx.ConnectError("not there")
        return httpx.Response(200, json={"open": True})

    assert await hours(answer).next_opening(MONDAY_NIGHT) is None
    assert len(tries) == 3


async def test_gives_up_when_nobody_answers() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("not there")

    with pytest.raises(CalendarUnavailable):
        await hours(answer).next_opening(MONDAY_NIGHT)
