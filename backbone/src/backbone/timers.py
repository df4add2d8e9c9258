"""Timers: deadlines written by appends, claimed by any worker on the database's clock, fired as commands.

A worker claims by a short lease: the append of the firing writes the same row from another connection.
``fire`` runs under a command id that follows from the timer, so a claim that a dead worker left behind fires
again without a second effect. An append that cancels or moves the timer is enough; what it leaves is marked
fired here, and only the generation that was claimed.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import structlog
from prometheus_client import Counter, Histogram

from backbone.decider import Aggregate, CommandContext
from backbone.eventstore import EventStore, Meta, StoredEvent
from backbone.subscription import end, patiently, rest

log = structlog.get_logger()

WORKERS = 2
BATCH = 256
"""Most timers per claim."""
PARALLEL = 64
"""Most timers of one worker fired at the same time."""
LONGEST_SLEEP = 0.25
LEASE_SECONDS = 10.0
"""How long a claimed timer stays with a worker that no longer answers."""
PATIENCE_SECONDS = 0.25
"""How long later timers wait for an earlier one that is slow to fire."""
ORDER_SECONDS = 2.0
"""How long later timers are left alone while another worker has claimed earlier ones."""
AGAIN_SECONDS = 1.0
"""Pause before a timer that failed is fired again."""
_NAMESPACE = UUID("0b0d4d3c-7b0a-5a3f-8f0e-2f6d0f8f7a11")

_lateness = Histogram(
    "chuishao_timer_lateness_seconds",
    "Seconds between a timer's due time and its effect",
    ["service"],
    buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15, 60, 600, 3600, 86400),
)
_failures = Counter("chuishao_timer_failures", "Timers that did not fire at a try", ["service"])

# One claim at a time, so that each sees the others' claims.
_ONE_BY_ONE = "SELECT pg_advisory_xact_lock('deadline'::regclass::oid::bigint)"
# Of one key the earliest only. And while another worker is busy with earlier timers, later ones are left
# alone for a while: after downtime the past happens in its order.
_CLAIM = """
WITH due AS (
    SELECT d.key, d.name FROM deadline d
    WHERE d.fired_at IS NULL AND d.due_at <= (SELECT chuishao_now())
      AND (d.claimed_until IS NULL OR d.claimed_until < clock_timestamp())
      AND d.due_at < coalesce((
          SELECT date_trunc('second', min(c.due_at)) + interval '1 second' FROM (
              SELECT x.due_at, x.claimed_until FROM deadline x
              WHERE x.fired_at IS NULL AND x.due_at <= (SELECT chuishao_now()) ORDER BY x.due_at LIMIT 4096
          ) c WHERE c.claimed_until > clock_timestamp() + make_interval(secs => $3::float8)
      ), 'infinity')
      AND NOT EXISTS (
          SELECT FROM deadline e
          WHERE e.key = d.key AND e.fired_at IS NULL AND (e.due_at, e.name) < (d.due_at, d.name)
      )
    ORDER BY d.due_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE deadline t SET claimed_until = clock_timestamp() + make_interval(secs => $2::float8)
FROM due WHERE t.key = due.key AND t.name = due.name
RETURNING t.key, t.name, t.gen, t.due_at, chuishao_now() AS now
"""
_FIRED = (
    "UPDATE deadline t SET fired_at = chuishao_now(), claimed_until = NULL"
    " FROM unnest($1::text[], $2::text[], $3::bigint[]) f(key, name, gen)"
    " WHERE t.key = f.key AND t.name = f.name AND t.gen = f.gen AND t.fired_at IS NULL"
)
_AGAIN = (
    "UPDATE deadline SET claimed_until = clock_timestamp() + make_interval(secs => $4::float8)"
    " WHERE key = $1 AND name = $2 AND gen = $3 AND fired_at IS NULL"
)
_NEXT = (
    "SELECT extract(epoch FROM min(due_at) - chuishao_now())::float8 FROM deadline"
    " WHERE fired_at IS NULL AND claimed_until IS NULL"
)


Fire = Callable[[str, str, int, datetime, CommandContext], Awaitable[object]]
"""``fire(key, name, gen, due_at, command)`` has the effect, by ``execute(..., context=command)``."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A claimed timer; ``gen`` is the seq of the event that set it."""

    key: str
    name: str
    gen: int
    due_at: datetime
    now: datetime
    claimed: float
    """The loop's time at the claim, when the database's clock was ``now``."""


def command_context(service: str, key: str, name: str, gen: int, at: datetime) -> CommandContext:
    """Identity and cause of the command of a timer; the same for every try."""
    command_id = uuid5(_NAMESPACE, f"{service}/{key}/{name}/{gen}")
    return CommandContext(
        command_id=command_id,
        request_hash=hashlib.sha256(command_id.bytes).digest(),
        meta=Meta(actor=f"timer:{service}", role="service", unit=service),
        at=at,
    )


class Timers:
    """The workers of one process; any number of processes may run them."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        fire: Fire,
        *,
        service: str,
        workers: int = WORKERS,
        lease: float = LEASE_SECONDS,
    ) -> None:
        """``pool`` is the event store's. What ``fire`` raises makes the timer fire again a second later."""
        self._pool = pool
        self._fire = fire
        self._service = service
        self._workers = workers
        self._lease = lease

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; comes through every failure of the database."""
        async with asyncio.TaskGroup() as group:
            for n in range(self._workers):
                group.create_task(_Worker(self, n).run(stop), name=f"{self._service} timers {n}")

    async def claim(self, limit: int) -> Sequence[_Due]:
        """Timers that are due, in due order, for this worker alone."""
        order = self._lease - min(ORDER_SECONDS, self._lease)
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_ONE_BY_ONE)
            rows = await connection.fetch(_CLAIM, limit, self._lease, order)
        claimed = asyncio.get_running_loop().time()
        found = [_Due(key, name, gen, due_at, now, claimed) for key, name, gen, due_at, now in rows]
        return sorted(found, key=lambda due: (due.due_at, due.key, due.name))

    async def until_next(self) -> float:
        """Seconds until the next timer is due, at most ``LONGEST_SLEEP``."""
        seconds = await self._pool.fetchval(_NEXT)
        return LONGEST_SLEEP if seconds is None else min(max(seconds, 0.0), LONGEST_SLEEP)

    async def mark(self, fired: Sequence[_Due]) -> None:
        """Their effect is stored."""
        await self._pool.execute(
            _FIRED, [due.key for due in fired], [due.name for due in fired], [due.gen for due in fired]
        )

    async def attempt(self, due: _Due) -> bool:
        """Fire; whether that had its effect."""
        command = command_context(self._service, due.key, due.name, due.gen, due.now)
        try:
            await self._fire(due.key, due.name, due.gen, due.due_at, command)
        except Exception as error:
            _failures.labels(self._service).inc()
            log.warning(
                "timer did not fire", service=self._service, key=due.key, timer=due.name, exc_info=error
            )
            await patiently(lambda: self._pool.execute(_AGAIN, due.key, due.name, due.gen, AGAIN_SECONDS))
            return False
        since = asyncio.get_running_loop().time() - due.claimed
        late = (due.now - due.due_at + timedelta(seconds=since)).total_seconds()
        _lateness.labels(self._service).observe(late)
        return True


class _Worker:
    """Claims, and fires in due order; a slow timer is not waited for beyond ``PATIENCE_SECONDS``."""

    def __init__(self, timers: Timers, number: int) -> None:
        self._timers = timers
        self._number = number
        self._parallel = asyncio.Semaphore(PARALLEL)
        self._flying: set[asyncio.Task[None]] = set()
        self._fired: list[_Due] = []

    async def run(self, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set():
                try:
                    await self._round(stop)
                except Exception as error:
                    log.warning("timers begin again", worker=self._number, exc_info=error)
                    await rest(stop, LONGEST_SLEEP)
        finally:
            # What was claimed and not fired is claimed again when its lease is over.
            await end(*self._flying)

    async def _round(self, stop: asyncio.Event) -> None:
        room = BATCH - len(self._flying)
        claimed = await self._timers.claim(room) if room > 0 else ()
        # Times are judged in whole seconds: what is due in the same one fires together.
        for _, group in groupby(claimed, key=lambda due: due.due_at.replace(microsecond=0)):
            if stop.is_set():
                return
            tasks = [asyncio.create_task(self._one(due)) for due in group]
            self._flying.update(tasks)
            for task in tasks:
                task.add_done_callback(self._flying.discard)
            await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
            if len(self._fired) >= PARALLEL:
                await self._mark()
        await self._mark()
        if not claimed:
            await rest(stop, await self._timers.until_next() if room > 0 else LONGEST_SLEEP)

    async def _one(self, due: _Due) -> None:
        async with self._parallel:
            if await self._timers.attempt(due):
                self._fired.append(due)

    async def _mark(self) -> None:
        if self._fired:
            fired, self._fired = self._fired, []
            await patiently(lambda: self._timers.mark(fired))


@dataclass(frozen=True, slots=True)
class Differs:
    """A timer whose row is not what the log says: (generation, due) of each, None if there is none."""

    key: str
    name: str
    stored: tuple[int, datetime] | None
    derived: tuple[int, datetime] | None


async def differing(
    store: EventStore, pool: "asyncpg.Pool[asyncpg.Record]", aggregates: Sequence[Aggregate[Any, Any, Any]]
) -> list[Differs]:
    """Compare the timers of these aggregates with what a replay of the log gives; for a service at rest."""
    derived = await _derive(store, aggregates)
    rows = await pool.fetch("SELECT key, name, gen, due_at FROM deadline")
    stored = {(key, name): (gen, due_at) for key, name, gen, due_at in rows}
    return [
        Differs(key, name, stored.get((key, name)), derived.get((key, name)))
        for key, name in sorted(stored.keys() | derived.keys())
        if stored.get((key, name)) != derived.get((key, name))
    ]


async def _derive(
    store: EventStore, aggregates: Sequence[Aggregate[Any, Any, Any]]
) -> dict[tuple[str, str], tuple[int, datetime]]:
    timers: dict[tuple[str, str], tuple[int, datetime]] = {}
    states: dict[str, Any] = {}

    def take(append: list[StoredEvent]) -> None:
        stream = append[0].stream
        aggregate = next((each for each in aggregates if stream.startswith(f"{each.category}-")), None)
        if aggregate is None:
            return
        state = states.get(stream, aggregate.initial)
        events = []
        for stored in append:
            events.append(aggregate.codec.decode(stored.type, stored.data))
            state = aggregate.evolve(state, events[-1], stored.effective_at)
        states[stream] = state
        key = stream.removeprefix(f"{aggregate.category}-")
        for deadline in aggregate.deadlines(events, state, key):
            if deadline.at is None:
                timers.pop((deadline.key, deadline.name), None)
            else:
                timers[deadline.key, deadline.name] = (append[-1].seq, deadline.at)

    # What was appended together stands together, with one time.
    append: list[StoredEvent] = []
    after = 0
    while page := await store.read(after):
        for event in page:
            if append and (event.stream, event.recorded_at) != (append[0].stream, append[0].recorded_at):
                take(append)
                append = []
            append.append(event)
        after = page[-1].seq
    if append:
        take(append)
    return timers
