"""Counting the requests of a caller over all replicas, beside counting them in the process.

Run by ``make bench`` or ``python tests/bench/bench_rates.py [REQUESTS]``; PostgreSQL and NATS are its own.
The floor counts in the process. Then every request is counted in PostgreSQL, in a key-value bucket of NATS
(read, then compare and set), and in PostgreSQL by portions, as the gateway does it.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import nats
import uvloop
from nats.js.errors import KeyWrongLastSequenceError
from nats.js.kv import KeyValue
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from chuishao.servers import NatsServer, PostgresServer
from gateway.adapters.buckets import PostgresBuckets
from gateway.application.allowances import Requests
from gateway.application.limits import Limits
from gateway.migrations import migrate

REQUESTS = 5_000
AT_ONCE = 16
LIMITS = Limits(requests_per_minute=1_000_000_000, burst=300)
"""The portions of the gateway, and a rate that refuses nothing."""

Take = Callable[[str], Awaitable[object]]


async def main(count: int) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory(prefix="chuishao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with (
            PostgresServer(folder / "postgres", durable=True) as postgres,
            NatsServer(folder / "nats") as broker,
        ):
            postgres.sql("CREATE SCHEMA gateway")
            await migrate(postgres.url(), role="postgres")
            await measure(postgres.url(), broker.url(), count)


async def measure(database_url: str, nats_url: str, count: int) -> None:
    """Each way: one request after another, then some at once; a single caller, then one of a hundred."""
    engine = create_async_engine(
        make_url(database_url).set(drivername="postgresql+asyncpg"),
        pool_size=AT_ONCE,
        pool_pre_ping=True,
        connect_args={"server_settings": {"search_path": "gateway"}},
    )
    client = await nats.connect(nats_url)
    kv = await client.jetstream().create_key_value(bucket="rates")
    buckets = PostgresBuckets(engine, LIMITS, 30.0)
    ways: Sequence[tuple[str, Take]] = [
        ("in the process, the floor", Requests(LIMITS).take),
        ("PostgreSQL, every request", lambda caller: buckets.take(caller, 1)),
        ("NATS key-value, every request", lambda caller: by_key(kv, caller)),
        ("PostgreSQL, by portions", Requests(LIMITS, buckets).take),
    ]
    say(f"{count:,} requests                     microseconds: median        p99   at once: per second")
    for way, take in ways:
        for callers in (1, 100):
            times = []
            for number in range(count):
                began = time.perf_counter()
                await take(f"caller-{number % callers}")
                times.append((time.perf_counter() - began) * 1e6)
            times.sort()
            rate = count / await at_once(take, count, callers)
            middle, slowest = times[count // 2], times[int(count * 0.99)]
            say(f"{way:32} callers {callers:3} {middle:15.1f} {slowest:10.1f} {rate:21,.0f}")
    await client.close()
    await engine.dispose()


async def at_once(take: Take, count: int, callers: int) -> float:
    """Seconds for all requests, some of them under way at any time."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await take(f"caller-{number % callers}")

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return time.perf_counter() - began


async def by_key(kv: KeyValue, caller: str) -> None:
    """Read and set again until nobody else has set it meanwhile."""
    while True:
        try:
            entry = await kv.get(caller)
            await kv.update(caller, str(int(entry.value or b"0") + 1).encode(), last=entry.revision)
            return
        except nats.js.errors.KeyNotFoundError:
            await kv.put(caller, b"1")
            return
        except KeyWrongLastSequenceError:
            continue


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS))
