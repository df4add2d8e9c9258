"""Lateness of timers that fall due at one instant while many are open, beside the bare claim in SQL.

Run by ``make bench`` or ``python tests/bench/bench_timers.py [DUE [OPEN]]``; PostgreSQL with fsync is its
own. The first floor claims the same rows by SQL alone, without firing; "bare" fires nothing but a count.
"Ledger" has the effect a clock has: a command through the aggregate, appended, published, its timer
cancelled; its floor is as many commands without timers.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import uvloop

from backbone.decider import Aggregate, Codec, CommandContext, execute
from backbone.eventstore import Deadline, Meta, ddl
from backbone.eventstore.postgres import PostgresEventStore
from backbone.timers import Fire, Timers
from chuishao.servers import PostgresServer

DUE, OPEN = 20_000, 100_000
LEDGER = 5
"""One in so many of the due timers goes through the aggregate in its measurement."""
CLERK = Meta("clerk-7", "township_clerk", "410923102")
FILL = """
    TRUNCATE bench.deadline;
    INSERT INTO bench.deadline (key, name, gen, due_at)
    SELECT gen_random_uuid()::text, 'due', n, now() + interval '{seconds} seconds'
    FROM generate_series(1, {due}) n;
    INSERT INTO bench.deadline (key, name, gen, due_at)
    SELECT gen_random_uuid()::text, 'due', n, now() + interval '1 day' + n * interval '1 second'
    FROM generate_series(1, {open}) n;
    ANALYZE bench.deadline;
"""
CLAIM = """
    UPDATE deadline t SET fired_at = clock_timestamp() FROM (
        SELECT key, name FROM deadline WHERE fired_at IS NULL AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT 256 FOR UPDATE SKIP LOCKED
    ) due WHERE t.key = due.key AND t.name = due.name RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Rung:
    """A timer's command and event."""

    name: ClassVar[str] = "bench.clock.rung.v1"
    at: datetime


def deadlines(events: Sequence[Rung], state: int, key: str) -> Sequence[Deadline]:
    """The firing cancels its own timer."""
    return [Deadline(key, "due", None)]


CLOCK: Aggregate[Rung, Rung, int] = Aggregate(
    category="clock",
    initial=0,
    decide=lambda command, _: [command],
    evolve=lambda state, _event, _at: state + 1,
    codec=Codec(Rung),
    publish=lambda event, _state, key: [("bench.clock.rung.v1", key, '{"case_id":"' + key + '"}')],
    deadlines=deadlines,
)


async def main(due: int, waiting: int) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory(prefix="chuishao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with PostgresServer(folder / "postgres", durable=True) as server:
            server.sql("CREATE ROLE bench LOGIN PASSWORD 'bench'; CREATE SCHEMA bench")
            server.sql("ALTER ROLE bench SET search_path = bench")
            server.sql(ddl("bench", "bench"))
            url = server.url(user="bench", password="bench")
            async with await PostgresEventStore.open(url, service="bench") as store:
                await measure(server, store, due, waiting)


async def measure(server: PostgresServer, store: PostgresEventStore, due: int, waiting: int) -> None:
    """Each way with the same table."""
    say(f"{waiting:,} open timers, fsync {server.sql('SHOW fsync')}: seconds from due to effect")
    say("                            due     median        p99       last     per second")
    fill(server, due, waiting)
    began = await database_clock(store)
    finished: list[float] = []
    while claimed := len(await store.pool.fetch(CLAIM)):
        finished += [await database_clock(store) - began] * claimed
    show("claim in SQL, the floor", finished)

    async def bare(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        assert name == "due"

    show("bare, two workers", await late(server, store, bare, due, waiting))

    async def ledger(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        await execute(store, CLOCK, key, Rung(due_at), context)

    gate = asyncio.Semaphore(128)
    begun = time.perf_counter()
    finished = []

    async def command() -> None:
        async with gate:
            key = str(uuid4())
            context = CommandContext(uuid4(), b"h" * 32, CLERK)
            await execute(store, CLOCK, key, Rung(datetime.now(UTC)), context)
            finished.append(time.perf_counter() - begun)

    await asyncio.gather(*(command() for _ in range(due // LEDGER)))
    show("commands alone, the floor", finished)
    show("ledger, two workers", await late(server, store, ledger, due // LEDGER, waiting))


async def late(
    server: PostgresServer, store: PostgresEventStore, fire: Fire, due: int, waiting: int
) -> list[float]:
    """How late each of the due timers had its effect, in seconds."""
    fill(server, due, waiting, seconds=3)
    lateness: list[float] = []
    offset = await database_clock(store) - time.time()

    async def fire_and_note(key: str, name: str, gen: int, due_at: datetime, context: CommandContext) -> None:
        await fire(key, name, gen, due_at, context)
        lateness.append(time.time() + offset - due_at.timestamp())
        if len(lateness) == due:
            stop.set()

    stop = asyncio.Event()
    await Timers(store.pool, fire_and_note, service="bench").run(stop)
    return lateness


def fill(server: PostgresServer, due: int, waiting: int, seconds: int = 0) -> None:
    """Timers that are due together in so many seconds, among others."""
    server.sql(FILL.format(due=due, open=waiting, seconds=seconds))


async def database_clock(store: PostgresEventStore) -> float:
    """Seconds since 1970."""
    return (await store.now()).timestamp()


def show(way: str, times: list[float]) -> None:
    """One line of the table."""
    times = sorted(times)
    middle, slowest = (times[int(len(times) * share)] for share in (0.5, 0.99))
    rate = len(times) / times[-1]
    say(f"{way:25} {len(times):6,} {middle:10.3f} {slowest:10.3f} {times[-1]:10.3f} {rate:14,.0f}")


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    uvloop.run(main(*(given + [DUE, OPEN][len(given) :])))
