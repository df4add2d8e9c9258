"""Services that only state facts, and what carries them: the bed of the tests of relay and consumers."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from nats.errors import Error as NatsError

from backbone.eventstore import Append, Appended, EventStore, Meta, NewEvent, Outgoing, StreamAppend
from backbone.jetstream import Broker, BrokerUnavailable, stream_name
from backbone.outbox import BadEnvelope, read_envelope

FACT = "sample.case.noted.v1"
Worker = Callable[[asyncio.Event], Awaitable[None]]


def new_service() -> str:
    """A name no other test uses on the shared nats-server."""
    return f"s{uuid4().hex[:12]}"


async def state_fact(
    store: EventStore,
    case_id: str,
    n: int,
    *,
    after: Mapping[str, int] | None = None,
    text: str = "",
    type_: str = FACT,
) -> Appended:
    """Publish the n-th fact of a case, kept in a stream of its own."""
    data = json.dumps({"case_id": case_id, "n": n, "text": text})
    command_id = uuid4()
    event = NewEvent(uuid4(), type_, data)
    return await store.append(
        Append(
            command_id=command_id,
            request_hash=b"h" * 32,
            streams=(StreamAppend(f"fact-{command_id}", 0, (event,)),),
            meta=Meta("clerk-7", "township_clerk", "410923102", after=after or {}),
            published=(Outgoing(event.id, type_, case_id, data),),
        )
    )


async def state_facts(store: EventStore, cases: Sequence[str], rounds: int, *, text: str = "") -> None:
    """Facts 1 … rounds of every case, case by case in each round."""
    for n in range(1, rounds + 1):
        await asyncio.gather(*(state_fact(store, case_id, n, text=text) for case_id in cases))


@asynccontextmanager
async def running(*workers: Worker) -> AsyncIterator[None]:
    """Run workers until the block ends; what one raises fails the test."""
    stop = asyncio.Event()
    tasks = [asyncio.ensure_future(worker(stop)) for worker in workers]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.gather(*tasks)


async def carried(broker: Broker, service: str) -> list[tuple[int, UUID]]:
    """(sequence, id) of every message in a service's stream, one by one; empty while there is none."""
    try:
        info = await broker.jetstream.stream_info(stream_name(service))
        found = []
        for seq in range(info.state.first_seq, info.state.last_seq + 1):
            message = await broker.jetstream.get_msg(stream_name(service), seq=seq)
            found.append((seq, read_envelope(message.data or b"").id))
        return found
    except (NatsError, BrokerUnavailable, BadEnvelope):
        return []


async def published(store: EventStore) -> list[tuple[int, UUID]]:
    """(seq, id) of the whole published log."""
    rows: list[tuple[int, UUID]] = []
    while page := await store.published(rows[-1][0] if rows else 0):
        rows += [(row.seq, row.id) for row in page]
    return rows
