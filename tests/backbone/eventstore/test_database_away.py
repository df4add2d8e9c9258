"""PostgreSQL killed, cut off or gone: nothing answered is lost, nothing is stored twice."""

import asyncio
import random
import time
from collections.abc import Callable
from uuid import uuid4

import asyncpg
import pytest

from backbone.eventstore import Appended, StoreUnavailable, verify
from backbone.eventstore.port import load_all
from backbone.testing import eventually
from chuishao.servers import PostgresServer
from tests.backbone.eventstore.appends import PostgresBed, command, pair, postgres_bed

CLIENTS, KILLS = 8, 3


async def test_keeps_every_answered_command_over_kill_9(
    make_postgres_server: Callable[..., PostgresServer],
) -> None:
    server = make_postgres_server(durable=True)
    chance = random.Random(20260305)
    answered: dict[str, Appended] = {}
    stop = asyncio.Event()

    async with postgres_bed(server.url(), patience=60) as bed:

        async def client() -> None:
            while not stop.is_set():
                stream = f"whistle-{uuid4()}"
                answered[stream] = await bed.store.append(command(pair(stream, 0, "{}", "{}"), publish=1))

        async def some_more() -> None:
            wanted = len(answered) + chance.randrange(20, 120)
            await eventually(lambda: len(answered) >= wanted, timeout=60, interval=chance.random() / 50)

        clients = [asyncio.create_task(client()) for _ in range(CLIENTS)]
        for _ in range(KILLS):
            await some_more()
            server.kill()  # each client waits for an answer at this moment
            server.start()
        await some_more()
        stop.set()
        await asyncio.gather(*clients)

        log = await load_all(bed.store)
        assert {event.stream: event.seq for event in log} == {
            stream: answer.seq for stream, answer in answered.items()
        }
        assert len(log) == 2 * len(answered)
        assert [broken async for broken in verify(bed.store)] == []


async def test_is_not_noticed_when_connections_are_cut(postgres: PostgresBed) -> None:
    cuts = 0
    for number in range(30):
        waiting = asyncio.create_task(
            postgres.store.append(command(pair(f"whistle-{number}", 0, "{}"), publish=1))
        )
        await asyncio.sleep(0)
        cuts += await postgres.owner.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = $1",
            postgres.schema,
        )
        assert (await waiting).seq == number + 1
        assert len(await postgres.store.load(f"whistle-{number}")) == 1

    assert cuts >= 30
    assert len(await load_all(postgres.store)) == len(await postgres.store.published(0)) == 30


async def test_says_so_when_patience_is_over(postgres_server: PostgresServer) -> None:
    async with postgres_bed(postgres_server.url(), patience=0.5) as bed:
        await bed.store.append(command(pair("whistle-1", 0, "{}")))
        sent = command(pair("whistle-2", 0, "{}"))
        postgres_server.kill()

        begun = time.monotonic()
        answers = await asyncio.gather(
            bed.store.append(sent), bed.store.load("whistle-1"), bed.store.now(), return_exceptions=True
        )

        assert [type(answer) for answer in answers] == [StoreUnavailable] * 3
        assert time.monotonic() - begun < 10
        postgres_server.start()
        assert (await bed.store.append(sent)).seq == 2
        assert len(await bed.store.load("whistle-2")) == 1


async def test_is_refused_after_closing(postgres: PostgresBed) -> None:
    waiting = asyncio.create_task(postgres.store.append(command(pair("whistle-1", 0, "{}"))))
    await asyncio.sleep(0)

    await postgres.store.close()

    assert (await waiting).seq == 1
    with pytest.raises(StoreUnavailable):
        await postgres.store.append(command(pair("whistle-2", 0, "{}")))


async def test_goes_on_when_a_held_head_is_let_go(postgres: PostgresBed) -> None:
    holder = await asyncpg.connect(postgres.url, server_settings={"search_path": postgres.schema})
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("SELECT * FROM log_head FOR UPDATE")
    waiting = asyncio.create_task(postgres.store.append(command(pair("whistle-1", 0, "{}"))))
    await eventually(
        lambda: postgres.owner.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'",
            postgres.schema,
        )
    )
    later = asyncio.create_task(postgres.store.append(command(pair("whistle-1", 1, "{}"))))
    await transaction.rollback()

    assert [(await waiting).seq, (await later).seq] == [1, 2]
    await holder.close()


async def test_spoils_no_group_by_one_command_the_database_refuses(postgres: PostgresBed) -> None:
    impossible = command(pair("whistle-2", 0, "{}"))
    event = impossible.streams[0].events[0]
    object.__setattr__(event, "schema_version", 2**40)

    first, bad, last = await asyncio.gather(
        postgres.store.append(command(pair("whistle-1", 0, "{}"))),
        postgres.store.append(impossible),
        postgres.store.append(command(pair("whistle-3", 0, "{}"))),
        return_exceptions=True,
    )

    assert isinstance(bad, asyncpg.DataError | ValueError)
    assert [first, last] == [Appended(1, 0, "{}"), Appended(2, 0, "{}")]
