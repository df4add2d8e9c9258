"""A feed gives a source's facts in order and without holes, whatever the broker holds."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest

from backbone.jetstream import Broker, StreamSettings, create_stream, stream_name, stream_state
from backbone.outbox import Delivered, envelope
from backbone.subscription import EpochChanged, Feed
from backbone.testing import eventually
from tests.backbone.consumers.beds import Source
from tests.backbone.messaging import running, state_facts

CASES = [f"case-{n}" for n in range(8)]


@pytest.fixture
async def feed(intake: Source, broker: Broker) -> AsyncIterator[Feed]:
    """Reads intake from the beginning."""
    opened = Feed(broker, intake.log, intake.name, consumer="test")
    yield opened
    await opened.close()


async def read(feed: Feed, upto: int) -> list[int]:
    """The seqs of the next facts, up to one."""
    seqs: list[int] = []
    async with asyncio.timeout(15):
        while not seqs or seqs[-1] < upto:
            seqs += [event.seq for event in await feed.next()]
    return seqs


async def test_gives_what_is_relayed(feed: Feed, intake: Source, broker: Broker) -> None:
    async with running(intake.relay(broker)):
        await state_facts(intake.store, CASES, 10)
        assert await read(feed, 80) == list(range(1, 81))
        await state_facts(intake.store, CASES, 10)
        assert await read(feed, 160) == list(range(81, 161))


async def test_reads_a_hole_from_the_owners_log(feed: Feed, intake: Source, broker: Broker) -> None:
    async with running(intake.relay(broker)):
        await state_facts(intake.store, CASES, 3)
        await eventually(lambda: relayed(broker, intake, 24))
    for gone in (1, 2, 7, 8, 9, 24):
        await broker.jetstream.delete_msg(stream_name(intake.name), gone)
    await state_facts(intake.store, CASES, 1)
    async with running(intake.relay(broker)):
        assert await read(feed, 32) == list(range(1, 33))

    assert intake.log.pages >= 2


async def relayed(broker: Broker, source: Source, seq: int) -> bool:
    """Whether the broker holds the source's log up to a seq."""
    state = await stream_state(broker.jetstream, source.name)
    return state is not None and state.last >= seq


async def test_waits_at_a_hole_until_the_owner_answers(intake: Source, broker: Broker) -> None:
    async with running(intake.relay(broker)):
        await state_facts(intake.store, CASES, 1)
        await eventually(lambda: relayed(broker, intake, 8))
        await broker.jetstream.delete_msg(stream_name(intake.name), 3)
        # The epoch is known, so that nothing but the hole needs the owner.
        known = Feed(
            broker,
            intake.log,
            intake.name,
            consumer="test",
            epoch=(await intake.store.published_head()).epoch,
        )
        intake.log.cut = True
        assert await read(known, 2) == [1, 2]
        waiting = asyncio.create_task(read(known, 8))
        await eventually(lambda: intake.log.refusals > 1)
        assert known.position == 2

        intake.log.cut = False
        assert await waiting == list(range(3, 9))
        await known.close()


async def test_reads_what_is_too_large_for_a_message_from_the_owner(
    feed: Feed, intake: Source, broker: Broker
) -> None:
    await intake.state("case-1", 1)
    await intake.state("case-1", 2, text="x" * (broker.client.max_payload + 1))
    await intake.state("case-1", 3)
    async with running(intake.relay(broker)):
        await eventually(lambda: relayed(broker, intake, 3))
        events: list[Delivered] = []
        while feed.position < 3:
            events += await feed.next()

    assert [len(event.data["text"]) for event in events] == [0, broker.client.max_payload + 1, 0]


async def test_believes_no_message_that_is_not_of_the_log(feed: Feed, intake: Source, broker: Broker) -> None:
    await state_facts(intake.store, CASES, 1)
    head = await intake.store.published_head()
    rows = await intake.store.published(0)
    await create_stream(broker.jetstream, intake.name, head.epoch, 1, StreamSettings())
    bodies = [
        b"",
        b"not JSON",
        b'{"specversion":"1.0"}',
        envelope("another", head.epoch, rows[3]),
        envelope(intake.name, uuid4(), rows[4]),
        envelope(intake.name, head.epoch, rows[0]),
        envelope(intake.name, head.epoch, rows[6]),
        envelope(intake.name, head.epoch, rows[7]),
    ]
    for body in bodies:
        await broker.jetstream.publish(f"ev.{intake.name}.case.x", body)

    events: list[Delivered] = []
    async with asyncio.timeout(15):
        while feed.position < 8:
            events += await feed.next()

    assert [(event.seq, event.id) for event in events] == [(row.seq, row.id) for row in rows]


async def test_subscribes_anew_when_its_consumer_is_gone(feed: Feed, intake: Source, broker: Broker) -> None:
    async with running(intake.relay(broker)):
        await state_facts(intake.store, CASES, 1)
        await read(feed, 8)
        await eventually(lambda: consumers(broker, intake))
        waiting = asyncio.create_task(read(feed, 16))
        (name,) = await consumers(broker, intake)
        await broker.jetstream.delete_consumer(stream_name(intake.name), name)
        await state_facts(intake.store, CASES, 1)

        assert await waiting == list(range(9, 17))


async def consumers(broker: Broker, source: Source) -> Sequence[str]:
    """The broker's consumers of a source."""
    return [each.name for each in await broker.jetstream.consumers_info(stream_name(source.name))]


async def test_leaves_no_consumer_behind(intake: Source, broker: Broker) -> None:
    feed = Feed(broker, intake.log, intake.name, consumer="test")
    async with running(intake.relay(broker)):
        await state_facts(intake.store, CASES, 1)
        await eventually(lambda: relayed(broker, intake, 8))
        await read(feed, 8)
        waiting = asyncio.create_task(read(feed, 9))
        await eventually(lambda: consumers(broker, intake))
        await intake.state("case-1", 2)
        await waiting

        await feed.close()

        assert await consumers(broker, intake) == []


async def test_says_where_a_restored_log_parted(intake: Source, broker: Broker) -> None:
    old, head = uuid4(), await intake.store.published_head()
    await create_stream(
        broker.jetstream, intake.name, head.epoch, 1, StreamSettings(), previous=old, branch=17
    )
    feed = Feed(broker, intake.log, intake.name, consumer="test", position=20, epoch=old)

    with pytest.raises(EpochChanged) as changed:
        await asyncio.wait_for(feed.next(), 10)

    assert (changed.value.source, changed.value.epoch, changed.value.branch) == (intake.name, head.epoch, 17)


async def test_begins_anew_when_it_missed_an_epoch(intake: Source, broker: Broker) -> None:
    head = await intake.store.published_head()
    await create_stream(
        broker.jetstream, intake.name, head.epoch, 1, StreamSettings(), previous=uuid4(), branch=17
    )
    feed = Feed(broker, intake.log, intake.name, consumer="test", position=20, epoch=uuid4())

    with pytest.raises(EpochChanged) as changed:
        await asyncio.wait_for(feed.next(), 10)

    assert changed.value.branch == 0
