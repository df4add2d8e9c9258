"""Reads asked for at once are one call, and nobody hears what another's read came to."""

import asyncio
from collections.abc import Sequence

from backbone.reading import AT_ONCE, MOST, TogetherReader


class Calls:
    """A database that doubles numbers, knows no negative ones, and answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.answering = asyncio.Event()
        self.away = False

    async def read(self, keys: Sequence[int]) -> list[int]:
        self.asked.append(list(keys))
        await self.answering.wait()
        if self.away:
            raise ConnectionError("away")
        if min(keys) < 0:
            raise ValueError("negative")
        return [2 * key for key in keys]


def for_all(error: Exception) -> bool:
    return isinstance(error, ConnectionError)


async def test_a_lone_read_goes_at_once() -> None:
    calls = Calls()
    calls.answering.set()
    assert await TogetherReader(calls.read).get(4) == 8
    assert calls.asked == [[4]]


async def test_what_is_asked_meanwhile_goes_together_and_each_gets_its_own() -> None:
    calls = Calls()
    reader = TogetherReader(calls.read)
    first = [asyncio.create_task(reader.get(n)) for n in range(AT_ONCE)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    begun = sum(map(len, calls.asked))
    rest = [asyncio.create_task(reader.get(n)) for n in range(begun, MOST)]
    await asyncio.sleep(0)
    calls.answering.set()
    assert await asyncio.gather(*first, *rest) == [2 * n for n in range(MOST)]
    assert len(calls.asked) <= AT_ONCE + 1


async def test_no_call_holds_more_than_its_limit() -> None:
    calls = Calls()
    calls.answering.set()
    reader = TogetherReader(calls.read)
    await asyncio.gather(*(reader.get(n) for n in range(3 * MOST + 1)))
    assert max(map(len, calls.asked)) == MOST


async def test_an_error_of_one_key_is_its_own() -> None:
    calls = Calls()
    calls.answering.set()
    reader = TogetherReader(calls.read, for_all)
    answers = await asyncio.gather(*(reader.get(n) for n in (1, -1, 2)), return_exceptions=True)
    assert (answers[0], answers[2]) == (2, 4)
    assert isinstance(answers[1], ValueError)


async def test_an_error_for_all_is_asked_about_once() -> None:
    calls = Calls()
    calls.answering.set()
    calls.away = True
    reader = TogetherReader(calls.read, for_all)
    answers = await asyncio.gather(*(reader.get(n) for n in range(3)), return_exceptions=True)
    assert all(isinstance(each, ConnectionError) for each in answers)
    assert sum(map(len, calls.asked)) == 3
    calls.away = False
    assert await reader.get(5) == 10, "and it goes on afterwards"


async def test_who_stops_waiting_stops_nobody_else() -> None:
    calls = Calls()
    reader = TogetherReader(calls.read)
    waiting = [asyncio.create_task(reader.get(n)) for n in range(4)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    calls.answering.set()
    assert (await asyncio.gather(*waiting, return_exceptions=True))[1:] == [2, 4, 6]


async def test_whoever_asks_again_as_soon_as_he_is_answered_is_answered_again() -> None:
    calls = Calls()
    calls.answering.set()
    reader = TogetherReader(calls.read)

    async def asks() -> list[int]:
        return [await reader.get(n) for n in range(50)]

    async with asyncio.timeout(30):
        assert await asyncio.gather(*(asks() for _ in range(2 * AT_ONCE))) == [[*range(0, 100, 2)]] * (
            2 * AT_ONCE
        )
