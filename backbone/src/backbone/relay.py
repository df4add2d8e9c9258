"""The relay: carries the published log of one service into JetStream, where the sequence is the seq.

It keeps no checkpoint and elects no leader. It asks the broker for the last sequence, publishes the rows
after it as compare-and-sets, and after any doubt forgets what it knew and asks again. So a lost tail, a wiped
store, a late duplicate or a second relay end in a refused message or a second publication, never in a hole.
"""

import asyncio
import random
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

import orjson
import structlog
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from prometheus_client import Counter, Gauge

from backbone.eventstore import EventStore, PublishedEvent
from backbone.jetstream import (
    ELSEWHERE,
    EPOCH,
    TRACEPARENT,
    TYPE,
    VERSION,
    Broker,
    StreamSettings,
    StreamState,
    create_stream,
    delete_stream,
    stream_name,
    stream_state,
    subject,
)
from backbone.outbox import envelope
from backbone.subscription import rest

log = structlog.get_logger()

PIPELINE = 500
"""Most rows per pipeline."""
ACK_SECONDS = 5.0
"""Longest wait for the acknowledgement of a pipeline."""
POLL_SECONDS = 0.05
"""Longest sleep while another process may have published."""
CHECK_SECONDS = 1.0
"""How often an idle relay asks whether the broker still holds what it held."""
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
STUCK = 3
"""Refusals without progress after which a stream counts as broken, e.g. its folder was deleted under it."""
_HEADER_BYTES = 4096

_published = Counter("chuishao_relay_published", "Facts acknowledged by JetStream", ["service"])
_refused = Counter("chuishao_relay_refusals", "Pipelines that JetStream did not take", ["service"])
_position = Gauge("chuishao_relay_position", "Last published seq that JetStream holds", ["service"])


class RelayedLog(EventStore, Protocol):
    """A log whose epoch can be ended, for when it was restored to an earlier state."""

    async def new_epoch(self, old: UUID) -> None:
        """Begin a new epoch unless another one than ``old`` has begun already."""
        ...


class Refused(Exception):
    """JetStream did not take the pipeline."""


class Relay:
    """Publishes what the service has decided; any number may run at the same time."""

    def __init__(
        self, store: RelayedLog, broker: Broker, service: str, settings: StreamSettings | None = None
    ) -> None:
        self._store = store
        self._broker = broker
        self._service = service
        self._settings = settings or StreamSettings()
        self._stuck_at = (0, 0)
        self._pause = FIRST_PAUSE

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; comes through every failure of the broker and the database."""
        while not stop.is_set():
            try:
                if await self._broker.wait_connected(CHECK_SECONDS):
                    await self._carry(stop)
            except Exception as error:
                # Whatever it was: nothing is believed any longer, and the next round asks.
                log.warning("relay asks again", service=self._service, exc_info=error)
                await rest(stop, self._pause * random.uniform(0.5, 1.5))
                self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _carry(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        generation = self._broker.generation
        client, jetstream = self._broker.client, self._broker.jetstream
        epoch, last = await self._settle(jetstream)
        asked = loop.time()
        while not stop.is_set() and self._broker.generation == generation:
            rows = await self._store.published(last, PIPELINE)
            if rows:
                await self._publish(client, epoch, last, rows)
                last = rows[-1].seq
                self._pause = FIRST_PAUSE
                self._stuck_at = (0, 0)
                _published.labels(self._service).inc(len(rows))
                _position.labels(self._service).set(last)
            if loop.time() - asked >= CHECK_SECONDS:
                epoch, last = await self._settle(jetstream)
                asked = loop.time()
            if not rows:
                await self._store.wake(last, POLL_SECONDS)

    async def _publish(self, client: Client, epoch: UUID, last: int, rows: Sequence[PublishedEvent]) -> None:
        largest = client.max_payload - _HEADER_BYTES
        async with asyncio.timeout(ACK_SECONDS):
            for row in rows[:-1]:
                body, headers = _message(self._service, epoch, row, largest)
                await client.publish(subject(self._service, row.type, row.case_id), body, headers=headers)
            row = rows[-1]
            body, headers = _message(self._service, epoch, row, largest)
            try:
                answer = await client.request(
                    subject(self._service, row.type, row.case_id), body, timeout=ACK_SECONDS, headers=headers
                )
            except NoRespondersError as error:
                raise Refused("no stream") from error
        ack = orjson.loads(answer.data)
        if ack.get("seq") != row.seq or ack.get("stream") != stream_name(self._service):
            _refused.labels(self._service).inc()
            at, times = self._stuck_at
            self._stuck_at = (last, times + 1 if at == last else 1)
            raise Refused(f"wanted {row.seq}, got {ack}")

    async def _settle(self, jetstream: JetStreamContext) -> tuple[UUID, int]:
        """(epoch, last sequence) of a stream that holds this log and nothing else, made if necessary."""
        while True:
            # In this order: the log's head can only have grown since, unless the log was set back.
            state = await stream_state(jetstream, self._service)
            head = await self._store.published_head()
            first = max(1, head.seq - self._settings.keep + 1)
            if state is None:
                log.info("stream made", service=self._service, first=first)
                state = await create_stream(jetstream, self._service, head.epoch, first, self._settings)
                return head.epoch, state.last
            if state.epoch is None:
                log.error("stream of another maker replaced", service=self._service)
                await delete_stream(jetstream, self._service)
            elif state.epoch != head.epoch:
                branch = await self._branch(jetstream, state, head.seq)
                log.error("stream of another epoch replaced", service=self._service, branch=branch)
                await delete_stream(jetstream, self._service)
                state = await create_stream(
                    jetstream,
                    self._service,
                    head.epoch,
                    first,
                    self._settings,
                    previous=state.epoch,
                    branch=branch,
                )
                return head.epoch, state.last
            elif state.last > head.seq or not await self._alike(jetstream, state, state.last):
                log.error(
                    "log was set back: new epoch", service=self._service, seq=head.seq, broker=state.last
                )
                await self._store.new_epoch(head.epoch)
            elif self._stuck_at[0] == state.last and self._stuck_at[1] >= STUCK:
                log.error("stream takes nothing any more, replaced", service=self._service, last=state.last)
                self._stuck_at = (0, 0)
                await delete_stream(jetstream, self._service)
            else:
                _position.labels(self._service).set(state.last)
                return head.epoch, state.last

    async def _alike(self, jetstream: JetStreamContext, state: StreamState, seq: int) -> bool:
        """Whether log and stream have the same fact at a seq; what the stream has dropped is not doubted."""
        if seq < max(state.first, 1):
            return True
        try:
            message = await jetstream.get_msg(stream_name(self._service), seq=seq)
        except NotFoundError:
            return True
        rows = await self._store.published(seq - 1, 1)
        try:
            found = orjson.loads(message.data or b"{}").get("id")
        except (ValueError, AttributeError):
            found = None
        return bool(rows) and str(rows[0].id) == found

    async def _branch(self, jetstream: JetStreamContext, state: StreamState, head: int) -> int:
        """The last sequence up to which log and stream agree, by bisection: they part once and for all."""
        agreed, parted = 0, min(state.last, head) + 1
        while parted - agreed > 1:
            middle = (agreed + parted) // 2
            if await self._alike(jetstream, state, middle):
                agreed = middle
            else:
                parted = middle
        return agreed


def _message(service: str, epoch: UUID, row: PublishedEvent, largest: int) -> tuple[bytes, dict[str, str]]:
    body = envelope(service, epoch, row)
    headers = {
        "Nats-Expected-Last-Sequence": str(row.seq - 1),
        EPOCH: str(epoch),
        TYPE: row.type,
        VERSION: row.type.rpartition(".v")[2],
    }
    traceparent = orjson.loads(row.meta).get("traceparent")
    if traceparent:
        headers[TRACEPARENT] = traceparent
    if len(body) > largest:
        headers[ELSEWHERE] = "log"
        body = orjson.dumps({"id": str(row.id)})
    return body, headers
