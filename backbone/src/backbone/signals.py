"""Signals between the replicas of a service over core NATS: small, quick, and harmless when lost."""

import asyncio
from collections.abc import AsyncIterator

from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from backbone.jetstream import Broker, BrokerUnavailable

QUEUE = 1_024
"""Most signals that wait for a slow listener; older ones give way."""
RETRY_SECONDS = 0.5


async def signal(broker: Broker, subject: str, body: bytes) -> bool:
    """Tell every replica that listens now; False when there is no connection."""
    try:
        await broker.client.publish(subject, body)
    except (BrokerUnavailable, NatsError, OSError):
        return False
    return True


async def signals(broker: Broker, subject: str) -> AsyncIterator[bytes]:
    """The signals on a subject for as long as it is iterated; subscribes again after every new connection."""
    waiting: asyncio.Queue[bytes] = asyncio.Queue()

    async def keep(message: Msg) -> None:
        if waiting.qsize() >= QUEUE:
            waiting.get_nowait()
        waiting.put_nowait(message.data)

    generation = -1
    subscription = None
    try:
        while True:
            if broker.connected and broker.generation != generation:
                try:
                    seen = broker.generation
                    subscription = await broker.client.subscribe(subject, cb=keep)
                    generation = seen
                except (BrokerUnavailable, NatsError, OSError):
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
            try:
                async with asyncio.timeout(RETRY_SECONDS):
                    body = await waiting.get()
            except TimeoutError:
                continue
            yield body
    finally:
        if subscription is not None and broker.connected and broker.generation == generation:
            await subscription.unsubscribe()
