"""Reading the log and the published facts, in every store."""

import asyncio
import time

import pytest

from backbone.eventstore import EventStore, KeyReused
from tests.backbone.eventstore.appends import PostgresBed, command, pair


async def test_pages_through_the_log_in_order(store: EventStore) -> None:
    await store.append(command(pair("whistle-1", 0, *("{}" for _ in range(5)))))

    assert [e.seq for e in await store.read(0, limit=2)] == [1, 2]
    assert [e.seq for e in await store.read(2, limit=2)] == [3, 4]
    assert [e.seq for e in await store.read(4, limit=2)] == [5]
    assert await store.read(5) == []


async def test_loads_a_stream_from_any_version(store: EventStore) -> None:
    await store.append(command(pair("whistle-1", 0, "1", "2"), pair("whistle-2", 0, "3")))
    await store.append(command(pair("whistle-1", 2, "4")))

    assert [e.data for e in await store.load("whistle-1")] == ["1", "2", "4"]
    assert [e.data for e in await store.load("whistle-1", after_version=2)] == ["4"]
    assert await store.load("whistle-3") == []


async def test_numbers_published_facts_by_themselves(store: EventStore) -> None:
    await store.append(command(pair("whistle-1", 0, "{}", "{}", "{}"), publish=1, case_id="case-1"))
    await store.append(command(pair("whistle-2", 0, "{}")))
    answer = await store.append(command(pair("whistle-3", 0, "{}"), publish=2, case_id="case-2"))

    assert (answer.seq, answer.published_seq) == (5, 3)
    facts = await store.published(0)
    assert [(f.seq, f.case_id, f.data) for f in facts] == [
        (1, "case-1", '{"case_id":"case-1","n":0}'),
        (2, "case-2", '{"case_id":"case-2","n":0}'),
        (3, "case-2", '{"case_id":"case-2","n":1}'),
    ]
    assert facts[0].recorded_at == (await store.load("whistle-1"))[0].recorded_at


async def test_reads_the_published_facts_of_one_case(store: EventStore) -> None:
    for case_id in ("case-1", "case-2", "case-1", "case-1"):
        await store.append(command(publish=1, case_id=case_id))

    assert [f.seq for f in await store.published(0, case_id="case-1")] == [1, 3, 4]
    assert [f.seq for f in await store.published(1, limit=1, case_id="case-1")] == [3]
    assert await store.published(0, case_id="case-3") == []


async def test_wakes_a_reader_when_something_is_published(store: EventStore) -> None:
    begun = time.monotonic()
    waiting = asyncio.create_task(store.wake(0, timeout=30))
    await store.append(command(pair("whistle-1", 0, "{}"), publish=1))

    await waiting

    assert time.monotonic() - begun < 20
    await store.wake(0, timeout=30)
    assert time.monotonic() - begun < 20


async def test_lets_a_reader_go_when_nothing_is_published(store: EventStore) -> None:
    await store.append(command(pair("whistle-1", 0, "{}"), publish=1))
    begun = time.monotonic()

    await store.wake(1, timeout=0.05)

    assert time.monotonic() - begun >= 0.04


async def test_streams_loaded_at_once_are_each_whole_and_in_order(store: EventStore) -> None:
    for n in range(20):
        await store.append(command(pair(f"whistle-{n}", 0, *(f"{n}.{v}" for v in range(n)))))
    loaded = await asyncio.gather(*(store.load(f"whistle-{n}", after_version=n // 2) for n in range(25)))
    assert [[event.data for event in events] for events in loaded] == [
        [f"{n}.{v}" for v in range(n // 2, n)] if n < 20 else [] for n in range(25)
    ]


async def test_answers_asked_for_at_once_are_each_its_commands_own(store: EventStore) -> None:
    commands = [command(pair(f"whistle-{n}", 0, "{}")) for n in range(10)]
    given = [await store.append(each) for each in commands]
    found = await asyncio.gather(*(store.answered(each.command_id, each.request_hash) for each in commands))
    assert [each.seq for each in found if each] == [each.seq for each in given]
    with pytest.raises(KeyReused):
        await store.answered(commands[0].command_id, bytes(32)[1:] + b"x")


async def test_a_stream_that_no_database_could_hold_spoils_no_other_read(postgres: PostgresBed) -> None:
    await postgres.store.append(command(pair("whistle-1", 0, "{}")))
    answers = await asyncio.gather(
        postgres.store.load("whistle-1"),
        postgres.store.load("whistle-\x00"),
        postgres.store.load("whistle-1"),
        return_exceptions=True,
    )
    assert [isinstance(each, Exception) for each in answers] == [False, True, False]
