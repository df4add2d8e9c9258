"""Durable appends per second of the event store beside bare INSERTs, on one PostgreSQL with fsync.

Run by ``make bench`` or ``python tests/bench/bench_eventstore.py [SECONDS]``; one run measures all of a line.
Every append is one command with one event, one published fact and its answer, hashed and numbered; one in
twenty goes for a stream of another client and mostly loses. The floor is one INSERT of such an event per
commit, without number, hash, published fact or command log.
"""

import asyncio
import hashlib
import itertools
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import asyncpg
import uvloop

from backbone.eventstore import Append, Conflict, Meta, NewEvent, Outgoing, StreamAppend, ddl, verify
from backbone.eventstore.postgres import PostgresEventStore
from chuishao.servers import PostgresServer
from chuishao.wheels import postgres_binaries, unprivileged_user

CLIENTS = (1, 16, 64)
SECONDS = 4.0
DATA = json.dumps(
    {"case_id": str(uuid4()), "kind": "ordinary", "text": "暴雨后沟渠堵塞,两村农田积水" * 4},
    ensure_ascii=False,
    separators=(",", ":"),
    sort_keys=True,
)
META = Meta(actor="clerk-7", role="township_clerk", unit="410923102", after={"routing": 17})
BARE = """
    CREATE TABLE public.bare (
        id bigserial PRIMARY KEY, stream text, version int, event_id uuid, type text, data text, meta text,
        recorded_at timestamptz DEFAULT clock_timestamp(), UNIQUE (stream, version)
    )
"""
INSERT = (
    "INSERT INTO public.bare (stream, version, event_id, type, data, meta)"
    " VALUES ('bench-' || gen_random_uuid(), 1, gen_random_uuid(), 'bench.case.raised.v1',"
    " '{data}', '{meta}')"
)


async def main(seconds: float) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory(prefix="chuishao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with PostgresServer(folder / "postgres", durable=True, settings={"max_connections": "300"}) as server:
            await measure(server, folder, seconds)


async def measure(server: PostgresServer, folder: Path, seconds: float) -> None:
    """Floors and store in turn for each number of clients, each with an empty checkpoint behind it."""
    # One iteration: pgbench counts the time its clients take to prove their password.
    server.sql("SET scram_iterations = 1; CREATE ROLE bench LOGIN PASSWORD 'bench'")
    server.sql("CREATE SCHEMA bench AUTHORIZATION postgres")
    server.sql("ALTER ROLE bench SET search_path = bench")
    server.sql(BARE)
    server.sql("GRANT INSERT ON bare TO bench; GRANT USAGE ON SEQUENCE bare_id_seq TO bench")
    connection = await asyncpg.connect(server.url())
    await connection.execute(ddl("bench", "bench"))
    await connection.close()
    say(f"fsync {server.sql('SHOW fsync')}, synchronous_commit {server.sql('SHOW synchronous_commit')}")
    say("per second     INSERT, pgbench   INSERT, asyncpg   append   of pgbench   conflicts      p99")
    url = server.url(user="bench", password="bench")
    async with await PostgresEventStore.open(url, service="bench") as store:
        for clients in CLIENTS:
            server.sql("CHECKPOINT")
            floor = pgbench(url, folder, clients, seconds)
            server.sql("CHECKPOINT")
            own = await bare(url, clients, seconds)
            server.sql("CHECKPOINT")
            stored, lost, slowest = await appends(store, clients, seconds)
            say(
                f"{clients:4} clients {floor:16,.0f} {own:17,.0f} {stored / seconds:8,.0f}"
                f" {stored / seconds / floor:12.0%} {lost:11,} {slowest * 1000:5.1f} ms"
            )
        begun = time.perf_counter()
        broken = [each async for each in verify(store)]
        rows = int(server.sql("SELECT seq FROM bench.log_head"))
        say(f"verify: {rows / (time.perf_counter() - begun):,.0f} events/s, {len(broken)} of {rows:,} broken")


async def appends(store: PostgresEventStore, clients: int, seconds: float) -> tuple[int, int, float]:
    """(stored, conflicts, 99th percentile in seconds) of clients that wait for each answer."""
    lost = 0
    times: list[float] = []
    streams = [f"bench-{uuid4()}" for _ in range(clients)]
    versions = dict.fromkeys(streams, 0)
    chance = random.Random(1)

    async def append(client: int) -> None:
        nonlocal lost
        stream = chance.choice(streams) if chance.random() < 0.05 else streams[client]
        event = NewEvent(uuid4(), "bench.case.raised.v1", DATA)
        fact = Outgoing(event.id, event.type, stream.removeprefix("bench-"), DATA)
        command_id = uuid4()
        effect = (StreamAppend(stream, versions[stream], (event,)),)
        request = hashlib.sha256(command_id.bytes).digest()
        begun = time.perf_counter()
        try:
            await store.append(Append(command_id, request, effect, META, (fact,)))
        except Conflict:
            lost += 1
        else:
            times.append(time.perf_counter() - begun)
            versions[stream] += 1
            if versions[stream] >= 8 and stream == streams[client]:
                streams[client] = f"bench-{uuid4()}"
                versions[streams[client]] = 0

    await closed_loop(append, clients, seconds)
    times.sort()
    return len(times), lost, times[int(len(times) * 0.99)]


async def bare(url: str, clients: int, seconds: float) -> float:
    """INSERTs per second over asyncpg, a connection per client."""
    connections = [await asyncpg.connect(url) for _ in range(clients)]
    prepared = [await each.prepare(insert()) for each in connections]
    count = itertools.count()

    async def one(client: int) -> None:
        await prepared[client].fetch()
        next(count)

    await closed_loop(one, clients, seconds)
    for each in connections:
        await each.close()
    return next(count) / seconds


async def closed_loop(call: Callable[[int], Awaitable[None]], clients: int, seconds: float) -> None:
    """Each client calls again as soon as it was answered, until the time is over."""
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        while time.perf_counter() < end:
            await call(number)

    await asyncio.gather(*map(client, range(clients)))


def pgbench(url: str, folder: Path, clients: int, seconds: float) -> float:
    """INSERTs per second of PostgreSQL's own load generator with prepared statements."""
    script = folder / "insert.sql"
    script.write_text(insert() + ";\n", encoding="utf-8")
    done = subprocess.run(
        [
            postgres_binaries(unprivileged_user()) / "pgbench",
            *("-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(max(1, round(seconds)))),
            *("-f", script, url),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    rate = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    if rate is None:
        raise ValueError(done.stdout)
    return float(rate[1])


def insert() -> str:
    """The bare INSERT with the data of an append."""
    return INSERT.replace("{data}", DATA).replace("{meta}", '{"actor":"clerk-7","unit":"410923102"}')


def say(line: str) -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
