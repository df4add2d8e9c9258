"""The connection to NATS, and one JetStream stream per service whose sequence is the published seq."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.errors import NotFoundError

log = structlog.get_logger()

EPOCH = "Chuishao-Epoch"
TYPE = "Chuishao-Type"
VERSION = "Chuishao-Version"
_UNSAFE = re.compile(r"[^0-9A-Za-z_-]")
ELSEWHERE = "Chuishao-Elsewhere"
"""Marks the place of a fact too large for a message; its text is read from the owner's log."""
TRACEPARENT = "traceparent"

RECONNECT_SECONDS = 0.1
"""Pause between two tries to reach a server."""
API_SECONDS = 5.0
"""Longest wait for an answer of JetStream."""


class BrokerUnavailable(Exception):
    """There is no connection to NATS now."""


def stream_name(service: str) -> str:
    """``EV_INTAKE`` for intake."""
    return f"EV_{service.upper()}"


def subject(service: str, type_: str, case_id: str) -> str:
    """``ev.<service>.<aggregate>.<case>``; the aggregate is the second word of the wire name."""
    words = type_.split(".")
    aggregate = words[1] if len(words) > 1 else "fact"
    return f"ev.{service}.{_token(aggregate)}.{_token(case_id)}"


def _token(word: str) -> str:
    return _UNSAFE.sub("_", word) or "_"


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """How much of the log JetStream keeps; whatever it has dropped is read from the owner's log."""

    replicas: int = 1
    """1 on one machine, 3 in a cluster."""
    keep: int = 200_000
    """Facts published again after the stream was lost, the latest ones."""
    max_bytes: int = 256 * 1024**2
    max_age: float = 0.0
    """Seconds; 0 keeps messages until ``max_bytes`` is reached."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """What the broker holds of a service's log."""

    epoch: UUID | None
    """None if somebody else made the stream."""
    previous: UUID | None
    """The epoch before this one, if the log was restored from a backup."""
    branch: int
    """The last seq that ``previous`` and this epoch have in common."""
    first: int
    last: int
    """The last seq; ``first - 1`` if the stream is empty."""


class Broker:
    """A connection that never gives up: what needs it waits or does without, nothing has to be restarted."""

    def __init__(self, servers: Sequence[str], name: str, options: dict[str, Any]) -> None:
        self._servers = list(servers)
        self._name = name
        self._options = options
        self._client: Client | None = None
        self._closing = asyncio.Event()
        self._connected = asyncio.Event()
        self._supervisor = asyncio.create_task(self._supervise(), name=f"nats {name}")
        self.generation = 0
        """Grows with every connection made: whoever sees it grown forgets what it believed of the server."""

    @classmethod
    async def open(
        cls, servers: str | Sequence[str], *, name: str, patience: float = 2.0, **options: Any
    ) -> Self:
        """Connect; return after ``patience`` seconds at the latest, connected or not.

        ``options`` are those of ``nats.connect``, e.g. ``user_credentials`` or ``tls``.
        """
        broker = cls([servers] if isinstance(servers, str) else servers, name, options)
        if not await broker.wait_connected(patience):
            log.warning("nats unreachable, going on without", client=name)
        return broker

    @property
    def connected(self) -> bool:
        """Whether there is a connection right now."""
        return self._client is not None and self._client.is_connected

    @property
    def client(self) -> Client:
        """The connected client; ``BrokerUnavailable`` while there is none."""
        if self._client is None or not self._client.is_connected:
            raise BrokerUnavailable
        return self._client

    @property
    def jetstream(self) -> JetStreamContext:
        """JetStream on the connected client; ``BrokerUnavailable`` while there is none."""
        return self.client.jetstream(timeout=API_SECONDS)

    async def wait_connected(self, timeout: float) -> bool:
        """Whether there is a connection, after at most ``timeout`` seconds."""
        if not self.connected:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._connected.wait()
        return self.connected

    async def close(self) -> None:
        """Disconnect for good."""
        self._closing.set()
        if self._client is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(2):
                    await self._client.close()
        self._supervisor.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._supervisor

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _supervise(self) -> None:
        # The library reconnects by itself, except after some errors, e.g. a refused login: then anew.
        while not self._closing.is_set():
            closed = asyncio.Event()
            self._client = Client()
            try:
                await self._connect(self._client, closed)
                await closed.wait()
            except (OSError, NatsError, TimeoutError) as error:
                log.warning("nats connection failed", client=self._name, exc_info=error)
            finally:
                self._connected.clear()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _connect(self, client: Client, closed: asyncio.Event) -> None:
        told: set[str] = set()

        async def failed(error: Exception) -> None:
            # Once per kind and connection: an unreachable server would fill the log.
            kind = type(error).__name__
            if kind not in told:
                told.add(kind)
                log.warning("nats error", client=self._name, kind=kind)

        async def connected() -> None:
            told.clear()
            self.generation += 1
            self._connected.set()
            log.info("nats connected", client=self._name)

        async def disconnected() -> None:
            self._connected.clear()
            if not self._closing.is_set():
                log.warning("nats disconnected", client=self._name)

        async def gone() -> None:
            closed.set()

        await client.connect(
            servers=self._servers,
            name=self._name,
            error_cb=failed,
            reconnected_cb=connected,
            disconnected_cb=disconnected,
            closed_cb=gone,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]  # seconds; fractions are slept too
            connect_timeout=2,
            ping_interval=5,
            max_outstanding_pings=2,
            # A publisher that meets a full buffer during a disconnection must not wait for ever.
            flush_timeout=API_SECONDS,
            **self._options,
        )
        await connected()


async def stream_state(jetstream: JetStreamContext, service: str) -> StreamState | None:
    """What the broker holds of a service's log; None if there is no stream."""
    try:
        return _state(await jetstream.stream_info(stream_name(service)))
    except NotFoundError:
        return None


async def create_stream(
    jetstream: JetStreamContext,
    service: str,
    epoch: UUID,
    first: int,
    settings: StreamSettings,
    *,
    previous: UUID | None = None,
    branch: int = 0,
) -> StreamState:
    """Make the stream whose next message gets sequence ``first``; raises if there is one that differs."""
    metadata = {"epoch": str(epoch), "branch": str(branch)}
    if previous is not None:
        metadata["previous"] = str(previous)
    config = StreamConfig(
        name=stream_name(service),
        subjects=[f"ev.{service}.>"],
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.OLD,
        storage=StorageType.FILE,
        num_replicas=settings.replicas,
        max_bytes=settings.max_bytes,
        max_age=settings.max_age,
        allow_direct=True,
        first_seq=first,
        metadata=metadata,
    )
    return _state(await jetstream.add_stream(config))


async def delete_stream(jetstream: JetStreamContext, service: str) -> None:
    """Remove the stream if it is there; the log itself is in PostgreSQL."""
    with contextlib.suppress(NotFoundError):
        await jetstream.delete_stream(stream_name(service))


def _state(info: StreamInfo) -> StreamState:
    metadata = info.config.metadata or {}
    try:
        epoch = UUID(metadata["epoch"])
        previous = UUID(metadata["previous"]) if "previous" in metadata else None
        branch = int(metadata.get("branch", "0"))
    except (KeyError, ValueError):
        epoch, previous, branch = None, None, 0
    return StreamState(epoch, previous, branch, info.state.first_seq, info.state.last_seq)
