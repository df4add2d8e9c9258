"""Facts per second through relay, feed, reactor and projector, each beside its floor in the same run.

Run by ``make bench`` or ``python tests/bench/bench_relay.py [FACTS]``; PostgreSQL with fsync and nats-server
are its own. The floors do the same work by hand: messages published as compare-and-sets from memory, messages
pulled without reading them, commands executed and rows inserted without any log behind them.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import uvloop
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, insert, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from backbone.decider import Aggregate, Codec, CommandContext, execute
from backbone.eventstore import Append, Meta, NewEvent, Outgoing, StreamAppend, ddl
from backbone.eventstore.postgres import PostgresEventStore
from backbone.jetstream import Broker, StreamSettings, create_stream, delete_stream, stream_name, stream_state
from backbone.outbox import Delivered, envelope
from backbone.projector import Projector, slots_ddl
from backbone.reactor import Contexts, Reactor
from backbone.relay import Relay
from backbone.subscription import Feed, StoreOwnerLog
from chuishao.servers import NatsServer, PostgresServer

FACTS = 20_000
EFFECTS = 4_000
"""Facts that are reacted to, and that are applied."""
DATA = json.dumps({"case_id": str(uuid4()), "text": "暴雨后沟渠堵塞,两村农田积水" * 4}, ensure_ascii=False)
FILL = """
    INSERT INTO bench.published (seq, event_id, type, case_id, data, meta, hash, recorded_at)
    SELECT n, gen_random_uuid(), 'bench.case.raised.v1', 'case-' || n % 500, '{data}',
        '{{"actor":"clerk-7","after":{{"routing":17}},"role":"township_clerk","unit":"410923102"}}', '',
        clock_timestamp()
    FROM generate_series(1, {facts}) n;
    UPDATE bench.log_head SET published_seq = {facts};
"""
VIEW = MetaData(schema="view")
ROWS = Table(
    "rows", VIEW, Column("seq", BigInteger, primary_key=True), Column("case_id", Text, nullable=False)
)


@dataclass(frozen=True, slots=True)
class Fact:
    """The command and the event of the effects."""

    name: ClassVar[str] = "bench.note.noted.v1"
    seq: int


async def main(facts: int) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory(prefix="chuishao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "postgres").mkdir()
        with (
            PostgresServer(folder / "postgres", durable=True) as postgres,
            NatsServer(folder / "nats") as nats,
        ):
            for schema in ("bench", "follower"):
                postgres.sql(f"CREATE ROLE {schema} LOGIN PASSWORD 'bench'; CREATE SCHEMA {schema}")
                postgres.sql(f"ALTER ROLE {schema} SET search_path = {schema}")
                postgres.sql(ddl(schema, schema))
            for statement in slots_ddl("follower", "rows", "follower"):
                postgres.sql(statement)
            postgres.sql(FILL.format(data=DATA, facts=facts))
            postgres.sql("ANALYZE; CHECKPOINT")
            await measure(postgres, nats, facts)


async def measure(postgres: PostgresServer, nats: NatsServer, facts: int) -> None:
    """Each part after its floor."""
    own, other = (postgres.url(user=user, password="bench") for user in ("bench", "follower"))
    async with (
        await PostgresEventStore.open(own, service="bench") as store,
        await PostgresEventStore.open(other, service="follower") as follower,
        await Broker.open(nats.url(), name="bench") as broker,
    ):
        say(f"{facts:,} facts, fsync {postgres.sql('SHOW fsync')}          floor        ours   of floor")
        await relay(store, broker, facts)
        await feed(store, broker, facts)
        await owner(store, facts)
        await reactor(store, follower, broker)
        url = make_url(other).set(drivername="postgresql+asyncpg")
        engine = create_async_engine(url)
        await projector(store, engine, broker)
        await engine.dispose()
        await latency(store, broker)


async def relay(store: PostgresEventStore, broker: Broker, facts: int) -> None:
    """From the log into JetStream; the floor publishes ready envelopes from memory."""
    head = await store.published_head()
    bodies = [envelope("bench", head.epoch, row) for row in await store.published(0, facts)]
    await create_stream(broker.jetstream, "bench", head.epoch, 1, StreamSettings())
    begun = time.perf_counter()
    for start in range(0, facts, 500):
        for seq in range(start, min(start + 500, facts)):
            headers = {"Nats-Expected-Last-Sequence": str(seq), "Chuishao-Epoch": str(head.epoch)}
            last = seq + 1 in (start + 500, facts)
            send = broker.client.request if last else broker.client.publish
            await send("ev.bench.case.x", bodies[seq], headers=headers)
    floor = facts / (time.perf_counter() - begun)
    await delete_stream(broker.jetstream, "bench")

    async def full() -> bool:
        state = await stream_state(broker.jetstream, "bench")
        return state is not None and state.last == facts

    show("relay", floor, facts / await until(full, Relay(store, broker, "bench").run))


async def feed(store: PostgresEventStore, broker: Broker, facts: int) -> None:
    """From JetStream into the process; the floor pulls the messages and reads none."""
    came = asyncio.Event()
    count = 0

    async def receive(message: Msg) -> None:
        nonlocal count
        count += message.headers is None or "Status" not in message.headers
        if count % 500 == 0 or count == facts:
            came.set()

    inbox = broker.client.new_inbox()
    subscription = await broker.client.subscribe(inbox, cb=receive)
    config = ConsumerConfig(ack_policy=AckPolicy.NONE, mem_storage=True)
    consumer = await broker.jetstream.add_consumer(stream_name("bench"), config)
    ask = f"$JS.API.CONSUMER.MSG.NEXT.{stream_name('bench')}.{consumer.name}"
    begun = time.perf_counter()
    while count < facts:
        came.clear()
        await broker.client.publish(ask, b'{"batch":500}', reply=inbox)
        await came.wait()
    floor = facts / (time.perf_counter() - begun)
    await subscription.unsubscribe()

    reader = Feed(broker, StoreOwnerLog(store, "bench"), "bench", consumer="bench")
    begun = time.perf_counter()
    while reader.position < facts:
        await reader.next()
    show("feed", floor, facts / (time.perf_counter() - begun))
    await reader.close()


async def owner(store: PostgresEventStore, facts: int) -> None:
    """Straight from the owner's log, as rebuilds read; the floor selects the rows."""
    begun = time.perf_counter()
    for start in range(0, facts, 500):
        await store.published(start, 500)
    floor = facts / (time.perf_counter() - begun)
    log = StoreOwnerLog(store, "bench")
    begun = time.perf_counter()
    for start in range(0, facts, 500):
        await log.published(start, 500)
    show("owner's log", floor, facts / (time.perf_counter() - begun))


async def reactor(store: PostgresEventStore, follower: PostgresEventStore, broker: Broker) -> None:
    """A command per fact; the floor executes the same commands, as many at a time."""
    notes: Aggregate[Fact, Fact, int] = Aggregate(
        category="note",
        initial=0,
        decide=lambda command, _: [command],
        evolve=lambda state, _event, _at: state + 1,
        codec=Codec(Fact),
        publish=lambda *_: (),
    )
    gate = asyncio.Semaphore(16)

    async def floor_one(n: int) -> None:
        async with gate:
            await follower.now()
            context = CommandContext(uuid4(), b"h" * 32, Meta("a", "service", "u"))
            await execute(follower, notes, f"floor-{n}", Fact(n), context)

    begun = time.perf_counter()
    await asyncio.gather(*(floor_one(n) for n in range(EFFECTS)))
    floor = EFFECTS / (time.perf_counter() - begun)

    async def react(event: Delivered, command: Contexts) -> None:
        if event.seq <= EFFECTS:
            await execute(follower, notes, str(event.seq), Fact(event.seq), command(0))

    following = Reactor(
        "follow",
        service="follower",
        sources={"bench": StoreOwnerLog(store, "bench")},
        store=follower,
        broker=broker,
        react=react,
    )

    async def done() -> bool:
        return await following.consumed_up_to("bench") >= EFFECTS

    show("reactor", floor, EFFECTS / await until(done, following.run))


async def projector(store: PostgresEventStore, engine: AsyncEngine, broker: Broker) -> None:
    """A row per fact; the floor inserts the same rows in transactions of 20 ms."""
    bare = Table("rows", MetaData(), Column("seq", BigInteger), Column("case_id", Text))
    async with engine.connect() as connection:
        await connection.exec_driver_sql("CREATE TEMPORARY TABLE rows (seq bigint PRIMARY KEY, case_id text)")
        await connection.commit()
        n, begun = 0, time.perf_counter()
        while n < EFFECTS:
            over = time.perf_counter() + 0.02
            async with connection.begin():
                while n < EFFECTS and time.perf_counter() < over:
                    n += 1
                    await connection.execute(insert(bare).values(seq=n, case_id="case-1"))
        floor = EFFECTS / (time.perf_counter() - begun)

    async def apply(connection: AsyncConnection, event: Delivered) -> None:
        if event.seq <= EFFECTS:
            await connection.execute(insert(ROWS).values(seq=event.seq, case_id=event.case_id))

    reading = Projector(
        "rows",
        service="follower",
        version=1,
        sources={"bench": StoreOwnerLog(store, "bench")},
        engine=engine,
        broker=broker,
        metadata=VIEW,
        apply=apply,
    )
    await reading.prepare()

    async def done() -> bool:
        return await reading.position("bench") >= EFFECTS

    show("projector", floor, EFFECTS / await until(done, reading.run))


async def latency(store: PostgresEventStore, broker: Broker) -> None:
    """From the answer of an append to its delivery through relay and JetStream, 16 writers."""
    head = await store.published_head()
    reader = Feed(
        broker, StoreOwnerLog(store, "bench"), "bench", consumer="bench", position=head.seq, epoch=head.epoch
    )
    answered: dict[int, float] = {}
    delivered: dict[int, float] = {}
    wanted = 1_600

    async def read(stop: asyncio.Event) -> None:
        while len(delivered) < wanted:
            for event in await reader.next():
                delivered[event.seq] = time.perf_counter()

    async def write() -> None:
        for _ in range(wanted // 16):
            command_id = uuid4()
            event = NewEvent(uuid4(), "bench.case.raised.v1", DATA)
            effect = (StreamAppend(f"bench-{command_id}", 0, (event,)),)
            fact = Outgoing(event.id, event.type, f"case-{command_id}", DATA)
            appended = await store.append(
                Append(command_id, b"h" * 32, effect, Meta("a", "service", "u"), (fact,))
            )
            answered[appended.published_seq] = time.perf_counter()

    async def done() -> bool:
        return len(delivered) == wanted

    async def write_all(stop: asyncio.Event) -> None:
        await asyncio.gather(*(write() for _ in range(16)))

    await until(done, Relay(store, broker, "bench").run, read, write_all)
    await reader.close()
    times = sorted(max(delivered[seq] - moment, 0.0) for seq, moment in answered.items())
    middle, slowest = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
    say(f"answer to delivery, 16 writers: median {middle:.1f} ms, p99 {slowest:.1f} ms")


async def until(
    done: Callable[[], Awaitable[bool]], *workers: Callable[[asyncio.Event], Awaitable[Any]]
) -> float:
    """Seconds until the workers have done it."""
    stop = asyncio.Event()
    begun = time.perf_counter()
    tasks = [asyncio.ensure_future(worker(stop)) for worker in workers]
    while not await done():
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(0.005)
    seconds = time.perf_counter() - begun
    stop.set()
    await asyncio.gather(*tasks)
    return seconds


def show(part: str, floor: float, ours: float) -> None:
    """One line of the table."""
    say(f"{part:24} {floor:14,.0f}/s {ours:9,.0f}/s {ours / floor:9.0%}")


def say(line: str) -> None:
    """A line at once, also into a pipe."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else FACTS))
