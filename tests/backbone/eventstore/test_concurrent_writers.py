"""Sixteen writers at once hide nothing from a reader of ``seq > last`` and show no row twice or too early."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import asyncpg

from backbone.eventstore import Append, Appended, Conflict, EventStore, KeyReused, PublishedEvent, verify
from backbone.eventstore.group import APPEND, Group
from backbone.eventstore.port import load_all
from backbone.eventstore.postgres import PostgresEventStore
from tests.backbone.eventstore.appends import OTHER_BODY, PostgresBed, command, pair

WRITERS, COMMANDS, STREAMS = 16, 60, 24


async def test_hide_nothing_from_a_polling_reader(postgres: PostgresBed) -> None:
    outcomes: Counter[str] = Counter()
    acknowledged: dict[UUID, int] = {}
    done = asyncio.Event()
    async with AsyncExitStack() as stack:
        stores = [
            await stack.enter_async_context(
                await PostgresEventStore.open(
                    postgres.url, service="sample", schema=postgres.schema, pool_size=1, patience=60
                )
            )
            for _ in range(WRITERS)
        ]
        readers = [asyncio.create_task(_poll_events(postgres.store, done)) for _ in range(2)]
        facts = asyncio.create_task(_poll_facts(postgres.store, done))
        async with asyncio.timeout(240):
            await asyncio.gather(
                *(_write(store, postgres, n, outcomes, acknowledged) for n, store in enumerate(stores))
            )
            done.set()
            seen = [await reader for reader in readers]
            seen_facts = await facts

    assert min(outcomes[each] for each in ("stored", "conflict", "repeated", "reused", "rolled back")) > 20
    log = await load_all(postgres.store)
    assert seen[0] == seen[1] == [event.id for event in log]
    assert seen_facts == [fact.id for fact in await _all_facts(postgres.store)]
    assert len(log) == len(seen_facts) == outcomes["stored"] == len(acknowledged)
    assert sorted(acknowledged.values()) == [event.seq for event in log]
    assert [broken async for broken in verify(postgres.store)] == []


async def _write(
    store: PostgresEventStore,
    postgres: PostgresBed,
    number: int,
    outcomes: Counter[str],
    acknowledged: dict[UUID, int],
) -> None:
    """Commands on few streams, so that many conflict; some are sent again, reused or rolled back."""
    chance = random.Random(number)
    connection = await asyncpg.connect(postgres.url, server_settings={"search_path": postgres.schema})
    known: dict[str, int] = {}
    for _ in range(COMMANDS):
        stream = f"whistle-{chance.randrange(STREAMS)}"
        sent = command(pair(stream, known.get(stream, 0), "{}"), publish=1)
        match chance.random():
            case roll if roll < 0.1:
                await _roll_back(connection, sent)
                outcomes["rolled back"] += 1
            case roll if roll < 0.2 and acknowledged:
                again = chance.choice(list(acknowledged))
                try:
                    await store.append(command(command_id=again, request_hash=OTHER_BODY))
                except KeyReused:
                    outcomes["reused"] += 1
            case _:
                copies = 2 if chance.random() < 0.2 else 1
                for answer in await asyncio.gather(
                    *(store.append(sent) for _ in range(copies)), return_exceptions=True
                ):
                    if isinstance(answer, Conflict):
                        outcomes["conflict"] += 1
                        known[stream] = answer.actual
                    else:
                        assert isinstance(answer, Appended)
                        outcomes["repeated" if answer.repeated else "stored"] += 1
                        acknowledged[sent.command_id] = answer.seq
                        known[stream] = sent.streams[0].expected + 1
    await connection.close()


async def _roll_back(connection: "asyncpg.Connection[asyncpg.Record]", sent: Append) -> None:
    group = Group()
    group.add(sent)
    transaction = connection.transaction()
    await transaction.start()
    await connection.fetch(APPEND, *group.arguments())
    await transaction.rollback()


async def _poll_events(store: EventStore, done: asyncio.Event) -> list[UUID]:
    """What a reader sees who only ever asks for the rows after the last one it saw."""
    seen: list[UUID] = []
    versions: Counter[str] = Counter()
    async for page in _pages(store, seen, done):
        for event in await store.read(page, limit=7):
            assert event.seq == len(seen) + 1
            assert event.version == versions[event.stream] + 1
            versions[event.stream] += 1
            seen.append(event.id)
    return seen


async def _poll_facts(store: EventStore, done: asyncio.Event) -> list[UUID]:
    seen: list[UUID] = []
    async for page in _pages(store, seen, done):
        for fact in await store.published(page, limit=7):
            assert fact.seq == len(seen) + 1
            seen.append(fact.id)
    return seen


async def _pages(store: EventStore, seen: list[UUID], done: asyncio.Event) -> AsyncIterator[int]:
    """The last position seen, until a page that was asked for after the last write is empty."""
    while True:
        last, finished = len(seen), done.is_set()
        yield last
        if finished and len(seen) == last:
            return


async def _all_facts(store: EventStore) -> list[PublishedEvent]:
    facts: list[PublishedEvent] = []
    while page := await store.published(len(facts)):
        facts.extend(page)
    return facts
