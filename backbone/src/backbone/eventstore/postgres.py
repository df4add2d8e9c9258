"""The event store on PostgreSQL: commands waiting in this process are appended as one group per call."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar, cast
from uuid import UUID

import asyncpg
import stamina

from backbone.eventstore.admission import admit
from backbone.eventstore.group import APPEND, Group
from backbone.eventstore.model import (
    Append,
    Appended,
    Conflict,
    Fenced,
    Head,
    KeyReused,
    PublishedEvent,
    StoredEvent,
    StoreUnavailable,
)
from backbone.eventstore.schema import quoted
from backbone.reading import TogetherReader

T = TypeVar("T")

GROUP = 500
"""Most commands per call."""
WAITING = 10_000
"""Most commands that may wait; more are turned away at once."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.5
"""Seconds between two tries to reach the database."""

_TRANSIENT = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.InvalidCachedStatementError,
)
_SESSION = {
    "lock_timeout": "5s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "15s",
    "jit": "off",
}
_WRITER = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
"""One plan for good, by the keys: a plan made while a table was small would be kept when it is large."""
_CONNECT_TIMEOUT = 5.0
_CALL_TIMEOUT = 20.0
"""Seconds after which a silent connection counts as lost; later than the server's own limits."""

_EVENT = (
    "SELECT seq, stream, version, event_id, type, schema_version, data, meta, occurred_at, recorded_at, hash"
    " FROM event"
)
_STREAMS = f"""
    SELECT wanted.n, e.* FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS wanted (stream, after, n)
    CROSS JOIN LATERAL ({_EVENT} WHERE stream = wanted.stream AND version > wanted.after OFFSET 0) e
    ORDER BY wanted.n, e.version
"""
_ANSWERED = (
    "SELECT command_id, request_hash, seq, published_seq, answer FROM command_log WHERE command_id = ANY($1)"
)
_PUBLISHED = "SELECT seq, event_id, type, case_id, data, meta, occurred_at, recorded_at FROM published"


@dataclass(slots=True)
class _Waiting:
    append: Append
    answer: asyncio.Future[Appended]
    give_up_at: float


class PostgresEventStore:
    """One service's log in its own schema; any number of processes may hold one.

    A command answered was flushed to disk. While the database is away, callers wait ``patience`` seconds and
    then get ``StoreUnavailable``; a command sent but not answered is sent again under its id and stored once.
    """

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        connect: Callable[[], Any],
        service: str,
        patience: float,
    ) -> None:
        self.pool = pool
        """Connections for reading and for consumers' own transactions; keep no session state on them."""
        self.service = service
        self._connect = connect
        self._patience = patience
        self._waiting: deque[_Waiting] = deque()
        self._called = asyncio.Event()
        self._closing = False
        self._published = 0
        self._news = asyncio.Event()
        self._streams = TogetherReader(self._load_all, _away)
        self._answers = TogetherReader(self._answered_all, _away)
        self._times = TogetherReader(self._now_all, _away)
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._statement: Any = None
        self._writer = asyncio.create_task(self._write(), name=f"{service} writer")

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        service: str,
        schema: str | None = None,
        patience: float = 10.0,
        pool_size: int = 8,
    ) -> Self:
        """Connect as the service's role; ``schema`` if the role's own search path does not lead there.

        ``dsn`` is ``postgresql://user:password@host:port/database``, ``patience`` is in seconds.
        """
        settings = {**_SESSION, "application_name": f"chuishao {service}"}
        if schema is not None:
            settings["search_path"] = quoted(schema)

        async def connect() -> "asyncpg.Connection[asyncpg.Record]":
            return await asyncpg.connect(dsn, server_settings=settings | _WRITER, timeout=_CONNECT_TIMEOUT)

        pool = await asyncpg.create_pool(
            dsn,
            min_size=0,
            max_size=pool_size,
            server_settings=settings,
            timeout=_CONNECT_TIMEOUT,
            command_timeout=_CALL_TIMEOUT,
            reset=_keep,
        )
        try:
            await _patiently(lambda: pool.fetch("SELECT 1"), service, patience)
        except BaseException:
            await pool.close()
            raise
        return cls(pool, connect, service, patience)

    async def close(self) -> None:
        """Append what still waits, then disconnect."""
        self._closing = True
        self._called.set()
        await self._writer
        self._disconnect()
        try:
            async with asyncio.timeout(5):
                await self.pool.close()
        except TimeoutError:
            self.pool.terminate()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def append(self, append: Append) -> Appended:
        """Store all of it or none; raises ``Conflict``, ``KeyReused``, ``Fenced`` or ``StoreUnavailable``."""
        admit(append)
        if self._closing or len(self._waiting) >= WAITING:
            raise StoreUnavailable(
                f"{self.service}: {'closed' if self._closing else 'too many commands wait'}"
            )
        loop = asyncio.get_running_loop()
        waiting = _Waiting(append, loop.create_future(), loop.time() + self._patience)
        self._waiting.append(waiting)
        self._called.set()
        return await waiting.answer

    async def answered(self, command_id: UUID, request_hash: bytes) -> Appended | None:
        """The stored answer of a command already taken; raises ``KeyReused`` for another body."""
        stored = await self._answers.get(command_id)
        if stored is None:
            return None
        first_hash, appended = stored
        if first_hash != request_hash:
            raise KeyReused(command_id)
        return appended

    async def load(self, stream: str, after_version: int = 0) -> list[StoredEvent]:
        """The stream's events in version order; empty if it does not exist."""
        return await self._streams.get((stream, after_version))

    async def read(self, after: int, limit: int = 500) -> list[StoredEvent]:
        """Log rows with ``seq > after`` in order, without gaps."""
        rows = await self._fetch(f"{_EVENT} WHERE seq > $1 ORDER BY seq LIMIT $2", after, limit)
        return [StoredEvent(*row) for row in rows]

    async def published(
        self, after: int, limit: int = 500, case_id: str | None = None
    ) -> list[PublishedEvent]:
        """Published rows with ``seq > after`` in order, of one case if given."""
        if case_id is None:
            rows = await self._fetch(f"{_PUBLISHED} WHERE seq > $1 ORDER BY seq LIMIT $2", after, limit)
        else:
            rows = await self._fetch(
                f"{_PUBLISHED} WHERE seq > $1 AND case_id = $3 ORDER BY seq LIMIT $2", after, limit, case_id
            )
        return [PublishedEvent(*row) for row in rows]

    async def published_head(self) -> Head:
        """Epoch, last published seq and the clock, read under the head lock."""
        rows = await self._fetch("SELECT epoch, seq, clock FROM published_head()")
        return Head(*rows[0])

    async def new_epoch(self, old: UUID) -> None:
        """Begin a new epoch, unless another than ``old`` has begun: the log was set back by a restore."""
        await self._fetch(
            "UPDATE log_head SET epoch = gen_random_uuid() WHERE epoch = $1 RETURNING epoch", old
        )

    async def now(self) -> datetime:
        """The database's clock (UTC-aware), the only clock of the service."""
        return await self._times.get(None)

    async def wake(self, seen: int, timeout: float) -> None:
        """Return when this process published something beyond ``seen``, or after the timeout (seconds)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while self._published <= seen:
                    await self._news.wait()

    async def _load_all(self, wanted: Sequence[tuple[str, int]]) -> list[list[StoredEvent]]:
        found: list[list[StoredEvent]] = [[] for _ in wanted]
        for n, *row in await self._fetch(_STREAMS, *map(list, zip(*wanted, strict=True))):
            found[n - 1].append(StoredEvent(*row))
        return found

    async def _answered_all(self, commands: Sequence[UUID]) -> list[tuple[bytes, Appended] | None]:
        rows = await self._fetch(_ANSWERED, list(commands))
        known = {row[0]: (row[1], Appended(row[2], row[3], row[4], repeated=True)) for row in rows}
        return [known.get(each) for each in commands]

    async def _now_all(self, asked: Sequence[None]) -> list[datetime]:
        rows = await self._fetch("SELECT chuishao_now()")
        return [cast(datetime, rows[0][0])] * len(asked)

    async def _fetch(self, query: str, *arguments: Any) -> "list[asyncpg.Record]":
        return await _patiently(lambda: self.pool.fetch(query, *arguments), self.service, self._patience)

    async def _write(self) -> None:
        pause = FIRST_PAUSE
        while True:
            group = self._take()
            if not group:
                if self._closing:
                    return
                self._called.clear()
                await self._called.wait()
                continue
            try:
                await self._send(group)
                pause = FIRST_PAUSE
            except Exception as error:
                if not _transient(error):
                    await self._send_singly(group, error)
                    continue
                self._disconnect()
                self._wait_on(group, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        while self._waiting and len(group) < GROUP:
            waiting = self._waiting.popleft()
            if not waiting.answer.done():
                group.append(waiting)
        return group

    def _wait_on(self, group: Sequence[_Waiting], error: Exception) -> None:
        """Back to the front of the queue, but for those whose patience is over."""
        self._waiting.extendleft(reversed(group))
        now = asyncio.get_running_loop().time()
        for waiting in self._waiting:
            if not waiting.answer.done() and (self._closing or waiting.give_up_at <= now):
                unavailable = StoreUnavailable(f"{self.service}: {error}")
                unavailable.__cause__ = error
                waiting.answer.set_exception(unavailable)

    async def _send_singly(self, group: Sequence[_Waiting], error: Exception) -> None:
        """One command spoils the call for all in it: each gets a call of its own, and the bad one fails."""
        if len(group) == 1:
            if not group[0].answer.done():
                group[0].answer.set_exception(error)
            return
        for n, waiting in enumerate(group):
            try:
                await self._send([waiting])
            except Exception as own:
                if _transient(own):
                    self._waiting.extendleft(reversed(group[n:]))
                    return
                await self._send_singly([waiting], own)

    async def _send(self, group: Sequence[_Waiting]) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
            self._statement = None
        if self._statement is None:
            self._statement = await self._connection.prepare(APPEND)
        columns = Group()
        for waiting in group:
            columns.add(waiting.append)
        rows = await self._statement.fetch(*columns.arguments(), timeout=_CALL_TIMEOUT)
        heads = list(columns.streams)
        for waiting, row in zip(group, rows, strict=True):
            if waiting.answer.done():
                continue
            outcome, seq, published_seq, answer, head, actual = row
            match outcome:
                case "stored" | "repeated":
                    waiting.answer.set_result(Appended(seq, published_seq, answer, outcome == "repeated"))
                case "conflict":
                    stream = heads[head - 1]
                    expected = next(s.expected for s in waiting.append.streams if s.stream == stream)
                    waiting.answer.set_exception(Conflict(stream, expected, actual))
                case "reused":
                    waiting.answer.set_exception(KeyReused(waiting.append.command_id))
                case _:
                    at = waiting.append.checkpoint
                    waiting.answer.set_exception(
                        Fenced(f"{at} is not the place or the lease of the consumer")
                    )
        latest = max((row["r_published"] or 0 for row in rows), default=0)
        if latest > self._published:
            self._published = latest
            self._news.set()
            self._news = asyncio.Event()

    def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection, self._statement = self._connection, None, None
            connection.terminate()


def _transient(error: Exception) -> bool:
    """Whether the same call may succeed later; asyncpg's own ``DataError`` is an ``InterfaceError`` too."""
    return isinstance(error, _TRANSIENT) and not isinstance(error, ValueError)


def _away(error: Exception) -> bool:
    return isinstance(error, StoreUnavailable)


async def _patiently(call: Callable[[], Awaitable[T]], service: str, patience: float) -> T:
    """The call's result, tried again for up to ``patience`` seconds while the database is away."""
    with contextlib.suppress(*_TRANSIENT):
        return await call()  # almost always: the retrying caller alone would cost 60 µs of every read
    again = stamina.AsyncRetryingCaller(
        attempts=None,
        timeout=patience,
        wait_initial=FIRST_PAUSE,
        wait_max=LONGEST_PAUSE,
        wait_jitter=FIRST_PAUSE,
    )
    try:
        return await again(_transient, call)
    except Exception as error:
        if _transient(error):
            raise StoreUnavailable(f"{service}: {error}") from error
        raise


async def _keep(connection: object) -> None:
    """Instead of a reset query per release: the connections hold no session state."""
