"""One source's facts in order without holes, from JetStream, or from the owner's log where that fails."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from prometheus_client import Gauge

from backbone.eventstore import StoreUnavailable
from backbone.jetstream import ELSEWHERE, Broker, BrokerUnavailable, StreamState, stream_name, stream_state
from backbone.outbox import BadEnvelope, Delivered, read_envelope
from backbone.subscription.owner_log import OwnerLog, OwnerUnavailable

log = structlog.get_logger()

BATCH = 256
"""Messages asked for at once; twice as many may be on their way."""
EXPIRES_SECONDS = 15.0
HEARTBEAT_SECONDS = 0.5
SILENCE_SECONDS = 2.0
"""Without message and heartbeat for so long a subscription is taken for dead."""
HEAD_SECONDS = 2.0
"""How often a reader without news asks the owner whether there is some."""
DIRECT_SECONDS = 0.25
"""How often the owner's log is read while JetStream cannot be."""
REOPEN_SECONDS = 0.5
"""Pause before JetStream is tried again."""
PAGE = 500

_lag = Gauge("chuishao_consumer_lag", "Facts published but not consumed", ["consumer", "source"])


class EpochChanged(Exception):
    """The owner's log was set back: positions beyond ``branch`` belong to facts that are gone."""

    def __init__(self, source: str, epoch: UUID, branch: int) -> None:
        super().__init__(f"{source}: epoch {epoch} from {branch}")
        self.source, self.epoch, self.branch = source, epoch, branch


class _Doubt(Exception):
    """The subscription may be dead; a new one is made from the position."""


class Feed:
    """Reads one source from a position on; the position is the caller's, nothing is acknowledged."""

    def __init__(
        self,
        broker: Broker | None,
        owner_log: OwnerLog,
        source: str,
        *,
        consumer: str,
        position: int = 0,
        epoch: UUID | None = None,
    ) -> None:
        """Without a broker the owner's log alone is read. ``epoch`` is None for a consumer's first time."""
        self._broker = broker
        self._log = owner_log
        self._source = source
        self._consumer = consumer
        self.position = position
        """The last seq handed out."""
        self.epoch = epoch
        """Set as soon as the owner has been reached."""
        self.head = position
        """The last published seq known of."""
        self._pull: _Pull | None = None
        self._reopen_at = 0.0
        self._ask_at = 0.0
        self._busy = True
        self._told: str | None = None

    async def next(self, limit: int = PAGE) -> Sequence[Delivered]:
        """The next facts, at least one, in order from ``position + 1`` without a hole.

        Waits as long as it takes; raises ``EpochChanged`` only. Cancelling it loses nothing.
        """
        while True:
            try:
                events = await self._some(limit)
                self._told = None
            except (OwnerUnavailable, StoreUnavailable, OSError) as error:
                self._tell("owner's log not reached", error)
                await asyncio.sleep(DIRECT_SECONDS)
                continue
            self.head = max(self.head, self.position)
            if events:
                return events

    def count_lag(self, consumed: int) -> None:
        """Show how far what is consumed is behind what is published."""
        _lag.labels(self._consumer, self._source).set(max(self.head - consumed, 0))

    async def close(self) -> None:
        """End the subscription."""
        await self._drop()

    async def _some(self, limit: int) -> Sequence[Delivered]:
        now = asyncio.get_running_loop().time
        if self.epoch is None:
            self.epoch = (await self._log.head()).epoch
        if self._pull is None and self._broker is not None and now() >= self._reopen_at:
            await self._open()
        if self._pull is not None:
            try:
                messages = await self._pull.take(limit, HEARTBEAT_SECONDS)
                if messages:
                    self._ask_at = now() + HEAD_SECONDS
                    return await self._in_order(messages)
            except (_Doubt, BrokerUnavailable, NatsError, OSError) as error:
                self._tell("subscription made anew", error)
                self._reopen_at = now() + REOPEN_SECONDS
                await self._drop()
            if now() < self._ask_at:
                return ()
            self._ask_at = now() + HEAD_SECONDS
        elif not self._busy:
            await asyncio.sleep(DIRECT_SECONDS)
        events = await self._from_owner()
        self._busy = bool(events)
        return events

    async def _from_owner(self) -> Sequence[Delivered]:
        """Whatever the owner has beyond the position, whether or not JetStream has it."""
        head = await self._log.head()
        if head.epoch != self.epoch:
            await self._change_epoch(head.epoch)
        if head.seq < self.position:
            self._tell("position beyond the owner's log", seq=head.seq, position=self.position)
            return ()
        self.head = head.seq
        if head.seq == self.position:
            return ()
        return await self._page(PAGE)

    async def _page(self, limit: int) -> Sequence[Delivered]:
        events = await self._log.published(self.position, min(limit, PAGE))
        for n, event in enumerate(events, start=1):
            if event.seq != self.position + n or event.service != self._source:
                raise OwnerUnavailable("the owner's log has a hole")
            if event.epoch != self.epoch:
                await self._change_epoch(event.epoch)
        if events:
            self.position = events[-1].seq
        return events

    async def _in_order(self, messages: "deque[_Message]") -> Sequence[Delivered]:
        """The run of messages that follows the position; a hole before it is read from the owner first."""
        assert self._pull is not None
        events: list[Delivered] = []
        while messages:
            message = messages[0]
            if message.seq > self.position + 1 or (
                message.seq == self.position + 1 and message.event is None
            ):
                if events:
                    break
                self._pull.put_back(messages)
                return await self._page(max(1, message.seq - self.position))
            messages.popleft()
            if message.seq == self.position + 1 and message.event is not None:
                self.position = message.seq
                self.head = max(self.head, message.seq + message.pending)
                events.append(message.event)
        self._pull.put_back(messages)
        return events

    async def _open(self) -> None:
        assert self._broker is not None
        try:
            jetstream = self._broker.jetstream
            state = await stream_state(jetstream, self._source)
            if state is None or state.epoch is None:
                raise _Doubt("no stream")
            if state.epoch != self.epoch:
                if (await self._log.head()).epoch == state.epoch:
                    self._branch_off(state)
                raise _Doubt("stream of another epoch")
            info = await jetstream.add_consumer(
                stream_name(self._source),
                ConsumerConfig(
                    deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                    opt_start_seq=self.position + 1,
                    ack_policy=AckPolicy.NONE,
                    inactive_threshold=60.0,
                    mem_storage=True,
                    num_replicas=1,
                ),
            )
            assert self.epoch is not None
            self._pull = await _Pull.open(self._broker, self._source, self.epoch, info.name)
        except (_Doubt, BrokerUnavailable, NatsError, OSError) as error:
            self._tell("no subscription", error)
            self._reopen_at = asyncio.get_running_loop().time() + REOPEN_SECONDS

    async def _change_epoch(self, epoch: UUID) -> None:
        """The owner says another epoch; where it parted from ours is told by the stream made for it."""
        if self._broker is not None:
            with suppress(BrokerUnavailable, NatsError, OSError):
                state = await stream_state(self._broker.jetstream, self._source)
                if state is not None and state.epoch == epoch:
                    self._branch_off(state)
        raise OwnerUnavailable("another epoch, and no stream that tells where it began")

    def _branch_off(self, state: StreamState) -> None:
        assert state.epoch is not None
        log.error(
            "owner's log was set back", consumer=self._consumer, source=self._source, branch=state.branch
        )
        # From an epoch further back nothing certain is known: all is read again, and repeats add nothing.
        raise EpochChanged(self._source, state.epoch, state.branch if state.previous == self.epoch else 0)

    async def _drop(self) -> None:
        if self._pull is not None:
            pull, self._pull = self._pull, None
            await pull.close()

    def _tell(self, what: str, error: Exception | None = None, **fields: int) -> None:
        # Once until it works again: a broken broker would fill the log.
        if self._told != what:
            self._told = what
            log.warning(what, consumer=self._consumer, source=self._source, exc_info=error, **fields)


class _Message:
    """A message with its place; ``event`` is None where the owner's log has to be read instead."""

    __slots__ = ("event", "pending", "seq")

    def __init__(self, seq: int, pending: int, event: Delivered | None) -> None:
        self.seq, self.pending, self.event = seq, pending, event


class _Pull:
    """A pull consumer without acknowledgements; it is thrown away at the slightest doubt."""

    def __init__(self, broker: Broker, source: str, epoch: UUID, consumer: str) -> None:
        self._generation = broker.generation
        self._broker = broker
        self._client: Client = broker.client
        self._source, self._epoch = source, epoch
        self._stream, self._name = stream_name(source), consumer
        self._ask = f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{consumer}"
        self._inbox = self._client.new_inbox()
        self._messages: deque[_Message] = deque()
        self._news = asyncio.Event()
        self._credit = 0
        self._doubt: str | None = None
        self._heard = asyncio.get_running_loop().time()
        self._subscription: Subscription | None = None

    @classmethod
    async def open(cls, broker: Broker, source: str, epoch: UUID, consumer: str) -> "_Pull":
        pull = cls(broker, source, epoch, consumer)
        pull._subscription = await pull._client.subscribe(
            pull._inbox, cb=pull._receive, pending_msgs_limit=8 * BATCH
        )
        return pull

    async def take(self, limit: int, timeout: float) -> "deque[_Message]":
        """Up to ``limit`` messages; none after ``timeout`` seconds, ``_Doubt`` if there may be more."""
        if self._credit < BATCH:
            request = {
                "batch": BATCH,
                "expires": int(EXPIRES_SECONDS * 1e9),
                "idle_heartbeat": int(HEARTBEAT_SECONDS * 1e9),
            }
            self._credit += BATCH
            async with asyncio.timeout(SILENCE_SECONDS):
                await self._client.publish(self._ask, orjson.dumps(request), reply=self._inbox)
        if not self._messages:
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._news.wait()
        if self._messages:
            taken = self._messages
            self._messages = deque()
            while len(taken) > limit:
                self._messages.appendleft(taken.pop())
            return taken
        if self._doubt is not None:
            raise _Doubt(self._doubt)
        if self._broker.generation != self._generation or not self._broker.connected:
            raise _Doubt("reconnected")
        if asyncio.get_running_loop().time() - self._heard > SILENCE_SECONDS:
            raise _Doubt("silence")
        return deque()

    def put_back(self, messages: "deque[_Message]") -> None:
        """Messages that were taken too early."""
        self._messages.extendleft(reversed(messages))

    async def close(self) -> None:
        """Forget the subscription; the server removes its consumer by itself if it cannot be told."""
        with suppress(BrokerUnavailable, NatsError, OSError):
            async with asyncio.timeout(1):
                if self._subscription is not None:
                    await self._subscription.unsubscribe()
                if self._doubt is None and self._broker.generation == self._generation:
                    await self._broker.jetstream.delete_consumer(self._stream, self._name)

    async def _receive(self, message: Msg) -> None:
        self._heard = asyncio.get_running_loop().time()
        status = None if message.headers is None else message.headers.get("Status")
        if status is None:
            self._credit -= 1
            self._messages.append(self._parse(message))
        elif status == "408":
            assert message.headers is not None
            self._credit -= int(message.headers.get("Nats-Pending-Messages", BATCH))
        elif status != "100":
            self._doubt = f"status {status}"
        if status != "100":
            self._news.set()

    def _parse(self, message: Msg) -> _Message:
        # $JS.ACK.<stream>.<consumer>.<delivered>.<stream seq>.<consumer seq>.<time>.<pending>, or with domain
        # and account before the stream and a token at the end.
        tokens = message.reply.split(".")
        seq, pending = (tokens[5], tokens[8]) if len(tokens) == 9 else (tokens[7], tokens[10])
        if message.headers is not None and ELSEWHERE in message.headers:
            return _Message(int(seq), int(pending), None)
        try:
            event = read_envelope(message.data)
        except BadEnvelope:
            return _Message(int(seq), int(pending), None)
        genuine = event.seq == int(seq) and event.epoch == self._epoch and event.service == self._source
        return _Message(int(seq), int(pending), event if genuine else None)
