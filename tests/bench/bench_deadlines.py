"""From the second of a deadline to the stated breach, for many at once, beside commands without timers.

Run by ``make bench`` or ``python tests/bench/bench_deadlines.py [DUE [OPEN]]``; PostgreSQL with fsync and
nats-server are its own. Everything is accountability's: the clocks are ledgers started by commands (those
that are only open are copies of one), timers fire them, the detector asks intake and routing for their heads
and waits until the follower has consumed them. Emergencies that a leader signs in the last second before
(``SIGNED``) reach the follower while the others fall due: they may not be called breaches. The floor states
breaches by commands alone, without timers, sources or lag guard.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

import uvloop

from accountability.adapters.rule_streams import PostgresRuleStreams
from accountability.adapters.sources import FollowedSource
from accountability.application.deadlines import Detector, LagGuard
from accountability.application.following import Follower
from accountability.application.publishing import CLOCK, clock_id
from accountability.application.rules import Rules
from accountability.bootstrap import install_rules
from accountability.domain.clock import ClockBreached, ClockStopped, FallDue, StartClock
from accountability.domain.moments import SECOND, instant
from accountability.domain.rulebook import Rulebook
from accountability.domain.terms import ClockKind, Profile
from backbone.decider import CommandContext, execute
from backbone.eventstore import Append, Meta, Outgoing, ddl
from backbone.eventstore.postgres import PostgresEventStore
from backbone.jetstream import Broker, StreamSettings
from backbone.reactor import Reactor
from backbone.relay import Relay
from backbone.subscription import StoreOwnerLog
from backbone.timers import Timers
from chuishao.servers import NatsServer, PostgresServer
from contracts.events import intake
from contracts.events.intake import WhistleIssue

DUE, OPEN = 10_000, 100_000
SIGNED = 1_000
"""Clocks that are stopped in the last second."""
FLOOR = 2_000
LIMIT = timedelta(hours=24)
"""C14, which reminds nobody and has one rung: what fires is the deadline alone."""
AT_ONCE = 128
STARTED_PER_SECOND = 150
"""What even a busy machine manages, so that all clocks run before the second comes."""
T = TypeVar("T")
SPACE = UUID("33333333-3333-5333-8333-333333333333")
CLERK = Meta("clerk-7", "township_clerk", "410923102")
SEALED = "sealed:v1:case/1:c2FtcGxl"
COPIES = (
    """
    INSERT INTO accountability.event
    SELECT head.seq + n, 'clock-' || md5('open ' || n)::uuid, 1, gen_random_uuid(), type, schema_version,
        data, meta, hash, occurred_at, event.recorded_at
    FROM accountability.event, accountability.log_head head, generate_series(1, {count}) n
    WHERE stream = 'clock-{model}'
    """,
    """
    INSERT INTO accountability.stream_head
    SELECT 'clock-' || md5('open ' || n)::uuid, 1, '' FROM generate_series(1, {count}) n
    """,
    """
    INSERT INTO accountability.deadline
    SELECT md5('open ' || n)::uuid::text, name, gen + n, due_at + n * interval '0.1 seconds'
    FROM accountability.deadline, generate_series(1, {count}) n WHERE key = '{model}'
    """,
    "UPDATE accountability.log_head SET seq = seq + {count}",
)
SERVICES = ("accountability", "intake", "routing")


async def main(due: int, waiting: int) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory(prefix="chuishao-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "postgres").mkdir()
        with (
            PostgresServer(folder / "postgres", durable=True) as postgres,
            NatsServer(folder / "nats") as nats,
        ):
            for schema in SERVICES:
                postgres.sql(f"CREATE ROLE {schema} LOGIN PASSWORD 'bench'; CREATE SCHEMA {schema}")
                postgres.sql(f"ALTER ROLE {schema} SET search_path = {schema}")
                postgres.sql(ddl(schema, schema))
            await measure(postgres, nats, due, waiting)


async def measure(postgres: PostgresServer, nats: NatsServer, due: int, waiting: int) -> None:
    """The floor, then the same through timers and lag guard."""
    async with AsyncExitStack() as stack:
        stores = {
            service: await stack.enter_async_context(
                await PostgresEventStore.open(postgres.url(user=service, password="bench"), service=service)
            )
            for service in SERVICES
        }
        broker = await stack.enter_async_context(await Broker.open(nats.url(), name="bench"))
        store = stores["accountability"]
        await install_rules(store)
        rules = Rules(store, PostgresRuleStreams(store))
        book = await rules.current()
        say(f"{waiting:,} open clocks, fsync {postgres.sql('SHOW fsync')}: seconds from due to stated breach")
        say("                            due     median        p99       last     per second")
        show("commands alone, the floor", await floor(store, book))
        await open_clocks(postgres, store, book, waiting - due)
        postgres.sql("ANALYZE; CHECKPOINT")
        logs = {name: StoreOwnerLog(stores[name], name) for name in ("intake", "routing")}
        reactor = Reactor(
            "clocks",
            service="accountability",
            sources=logs,
            store=store,
            broker=broker,
            react=Follower(store, rules).react,
        )
        guard = LagGuard({name: FollowedSource(name, each, reactor) for name, each in logs.items()})
        relays = [Relay(stores[name], broker, name, StreamSettings()) for name in SERVICES]
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for run in (reactor.run, *(each.run for each in relays)):
                group.create_task(run(stop))
            times = await fall_due(store, stores["intake"], Detector(store, guard), book, due)
            stop.set()
        show("timers, guard, ledger", times)
        await check(postgres, due)


async def floor(store: PostgresEventStore, book: Rulebook) -> list[float]:
    """Breaches stated by commands alone."""
    now = await store.now()
    keys = [await started(store, book, case(f"floor {n}"), now - LIMIT - SECOND) for n in range(FLOOR)]
    begun = time.perf_counter()
    finished: list[float] = []

    async def breach(key: str) -> None:
        await execute(store, CLOCK, key, FallDue(now), context())
        finished.append(time.perf_counter() - begun)

    await together(breach, keys)
    # Their rows are due: they are taken away, so that the measurement has its own alone.
    assert await store.pool.fetchval("SELECT count(*) FROM deadline") == 0
    return finished


async def open_clocks(
    postgres: PostgresServer, store: PostgresEventStore, book: Rulebook, count: int
) -> None:
    """Clocks that are due in the hours to come."""
    model = await started(store, book, case("open"), await store.now())
    for statement in COPIES:
        postgres.sql(statement.format(model=model, count=count - 1))


async def fall_due(
    store: PostgresEventStore,
    intake_store: PostgresEventStore,
    detector: Detector,
    book: Rulebook,
    due: int,
) -> list[float]:
    """How long after its second each deadline was called a breach, in seconds."""
    moment = instant(await store.now()) + timedelta(seconds=10 + (due + SIGNED) / STARTED_PER_SECOND)
    signed = [case(f"signed {number}") for number in range(SIGNED)]
    cases = [*signed, *(case(f"due {number}") for number in range(due))]
    late_by_name = {clock_id(each, "C14", each, 1) for each in cases[SIGNED:]}

    async def one(each: str) -> None:
        await started(store, book, each, moment - LIMIT)

    await together(one, cases)
    left = (moment - await store.now()).total_seconds()
    assert left > 1, "the machine is too busy for so many clocks"
    offset = (await store.now()).timestamp() - time.time()
    lateness: list[float] = []
    done = asyncio.Event()

    async def fire(key: str, name: str, gen: int, due_at: datetime, command: CommandContext) -> None:
        await detector.fire(key, name, gen, due_at, command)
        if key in late_by_name:
            lateness.append(time.time() + offset - due_at.timestamp())
            if len(lateness) == due:
                done.set()

    timers = asyncio.create_task(Timers(store.pool, fire, service="accountability").run(done))
    await asyncio.sleep(max(0.0, (moment - await store.now()).total_seconds() - 1.0))
    await sign(intake_store, signed)
    await timers
    return lateness


async def sign(store: PostgresEventStore, cases: Iterable[str]) -> None:
    """The leader on duty signs, in one append."""
    facts = tuple(
        Outgoing(
            uuid4(),
            intake.WhistleSigned.NAME,
            each,
            intake.WhistleSigned(
                case_id=each,
                number="NL-2026-000001",
                township="410923102",
                village="410923102201",
                kind="emergency",
                ground="cross_department",
                text_sealed=SEALED,
                issues=(WhistleIssue(issue_id="i1", text_sealed=SEALED),),
                departments=("water-resources",),
                raised_by_sealed=SEALED,
                emergency=True,
                signed_by_sealed=SEALED,
            ).model_dump_json(exclude_none=True),
        )
        for each in cases
    )
    await store.append(Append(uuid4(), b"h" * 32, (), CLERK, published=facts))


async def started(store: PostgresEventStore, book: Rulebook, case_id: str, at: datetime) -> str:
    """A clock of an emergency that waits for its signature; answers its key."""
    key = clock_id(case_id, "C14", case_id, 1)
    start = StartClock(ClockKind.C14, case_id, case_id, "410923102", 1, at, book, profile=Profile.EMERGENCY)
    await execute(store, CLOCK, key, start, context())
    return key


async def check(postgres: PostgresServer, due: int) -> None:
    """Each was breached once, and nobody who signed in time."""
    count = "SELECT count(*) || ' ' || count(DISTINCT stream) FROM accountability.event WHERE type = '{}'"
    breached = postgres.sql(count.format(ClockBreached.name)).strip()
    stopped = postgres.sql(count.format(ClockStopped.name)).strip()
    assert breached == f"{due + FLOOR} {due + FLOOR}", breached
    assert stopped == f"{SIGNED} {SIGNED}", stopped
    say(f"each of {due:,} breached once; {SIGNED:,} signed in the last second: no breach")


async def together(work: Callable[[T], Awaitable[object]], keys: Iterable[T]) -> None:
    """So many side by side."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(key: T) -> None:
        async with gate:
            await work(key)

    await asyncio.gather(*(one(key) for key in keys))


def case(name: str) -> str:
    """The id of a case."""
    return str(uuid5(SPACE, name))


def context() -> CommandContext:
    """A command of its own."""
    return CommandContext(uuid4(), b"h" * 32, CLERK)


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
