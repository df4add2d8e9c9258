"""The relay carries the published log into JetStream, where the sequence is the seq."""

import asyncio
import json
from uuid import uuid4

import pytest

from backbone.eventstore.postgres import PostgresEventStore
from backbone.jetstream import Broker, StreamSettings, create_stream, stream_name, stream_state, subject
from backbone.outbox import envelope
from backbone.relay import Relay
from backbone.testing import eventually
from chuishao.servers import NatsServer
from tests.backbone.eventstore.appends import PostgresBed
from tests.backbone.messaging import carried, published, running, state_fact, state_facts

CASES = [f"case-{n}" for n in range(8)]


async def complete(broker: Broker, service: str, log: PostgresEventStore, first: int = 1) -> bool:
    """Whether the stream holds the log from ``first`` on and nothing else."""
    if not broker.connected:
        return False
    state = await stream_state(broker.jetstream, service)
    if state is None or state.last != (await log.published_head()).seq:
        return False
    expected = [row for row in await published(log) if row[0] >= first]
    return await carried(broker, service) == expected


async def test_gives_every_fact_the_sequence_of_its_seq(
    broker: Broker, service: str, log: PostgresEventStore
) -> None:
    async with running(Relay(log, broker, service).run):
        await state_facts(log, CASES, 10)

        await eventually(lambda: complete(broker, service, log))

    head = await log.published_head()
    (row,) = await log.published(16, 1)
    message = await broker.jetstream.get_msg(stream_name(service), seq=17)
    assert message.data == envelope(service, head.epoch, row)
    assert message.subject == f"ev.{service}.case.{row.case_id}"


async def test_begins_where_the_broker_stops(broker: Broker, service: str, log: PostgresEventStore) -> None:
    async with running(Relay(log, broker, service).run):
        await state_facts(log, CASES, 2)
        await eventually(lambda: complete(broker, service, log))
    await state_facts(log, CASES, 2)

    async with running(Relay(log, broker, service).run):
        await eventually(lambda: complete(broker, service, log))


async def test_harms_nothing_beside_a_second_relay(
    broker: Broker, service: str, log: PostgresEventStore, nats_url: str
) -> None:
    before = await log.published_head()
    async with (
        await Broker.open(nats_url, name="second") as other,
        running(Relay(log, broker, service).run, Relay(log, other, service).run),
    ):
        for _ in range(15):
            await state_facts(log, CASES, 4)

        await eventually(lambda: complete(broker, service, log), 15)

    # A message too many would have looked like a log that was set back.
    assert (await log.published_head()).epoch == before.epoch


async def test_publishes_again_what_was_purged_away_at_the_end(
    broker: Broker, service: str, log: PostgresEventStore
) -> None:
    async with running(Relay(log, broker, service).run):
        await state_facts(log, CASES, 3)
        await eventually(lambda: complete(broker, service, log))

        await broker.jetstream.purge_stream(stream_name(service))
        await state_facts(log, CASES, 1)

        # What is gone is not published twice: consumers read it from the log. What follows keeps its number.
        await eventually(lambda: complete(broker, service, log, first=25))


async def test_makes_a_deleted_stream_again_without_being_asked(
    broker: Broker, service: str, log: PostgresEventStore
) -> None:
    async with running(Relay(log, broker, service).run):
        await state_facts(log, CASES, 3)
        await eventually(lambda: complete(broker, service, log))

        await broker.jetstream.delete_stream(stream_name(service))

        await eventually(lambda: complete(broker, service, log))


async def test_fills_a_new_stream_with_the_latest_facts_only(
    broker: Broker, service: str, log: PostgresEventStore
) -> None:
    await state_facts(log, CASES, 3)

    async with running(Relay(log, broker, service, StreamSettings(keep=10)).run):
        await eventually(lambda: complete(broker, service, log, first=15))


async def test_replaces_a_stream_somebody_else_made(
    broker: Broker, service: str, log: PostgresEventStore
) -> None:
    await broker.jetstream.add_stream(name=stream_name(service), subjects=[f"ev.{service}.>"])
    await broker.jetstream.publish(f"ev.{service}.case.1", b"not ours")
    await state_facts(log, CASES, 1)

    async with running(Relay(log, broker, service).run):
        await eventually(lambda: complete(broker, service, log))


async def test_leaves_a_mark_where_a_fact_is_too_large_for_a_message(
    broker: Broker, service: str, log: PostgresEventStore
) -> None:
    await state_fact(log, "case-1", 1)
    await state_fact(log, "case-1", 2, text="x" * (broker.client.max_payload + 1))
    await state_fact(log, "case-1", 3)

    async with running(Relay(log, broker, service).run):

        async def arrived() -> bool:
            state = await stream_state(broker.jetstream, service)
            return state is not None and state.last == 3

        await eventually(arrived)

    message = await broker.jetstream.get_msg(stream_name(service), seq=2)
    (row,) = await log.published(1, 1)
    assert json.loads(message.data or b"{}") == {"id": str(row.id)}
    assert message.headers is not None
    assert message.headers["Chuishao-Elsewhere"] == "log"


async def test_begins_a_new_epoch_when_the_broker_is_ahead_of_the_log(
    broker: Broker, service: str, log: PostgresEventStore, bed: PostgresBed
) -> None:
    async with running(Relay(log, broker, service).run):
        await state_facts(log, CASES, 3)
        await eventually(lambda: complete(broker, service, log))
    before = await log.published_head()

    await set_back(bed, to=20)
    async with running(Relay(log, broker, service).run):
        await eventually(lambda: complete(broker, service, log))

    head = await log.published_head()
    state = await stream_state(broker.jetstream, service)
    assert head.epoch != before.epoch
    assert state is not None
    assert (state.epoch, state.previous, state.branch) == (head.epoch, before.epoch, 20)


async def test_notices_that_a_restored_log_has_gone_on_differently(
    broker: Broker, service: str, log: PostgresEventStore, bed: PostgresBed
) -> None:
    async with running(Relay(log, broker, service).run):
        await state_facts(log, CASES, 3)
        await eventually(lambda: complete(broker, service, log))
    before = await log.published_head()

    await set_back(bed, to=20)
    await state_facts(log, CASES, 2)
    async with running(Relay(log, broker, service).run):
        await eventually(lambda: complete(broker, service, log))

    state = await stream_state(broker.jetstream, service)
    assert state is not None
    assert (state.previous, state.branch, state.last) == (before.epoch, 20, 36)


@pytest.mark.parametrize("harm", ["killed", "wiped", "killed and wiped"])
async def test_ends_in_the_same_state_when_the_server_is_harmed_at_work(
    nats_server: NatsServer, service: str, log: PostgresEventStore, harm: str
) -> None:
    before = await log.published_head()
    async with (
        await Broker.open(nats_server.url(), name="test") as broker,
        running(Relay(log, broker, service).run),
    ):
        # More than the server keeps in one file: without its folder it cannot begin the next.
        writing = asyncio.create_task(state_facts(log, CASES, 25, text="x" * 60_000))
        await eventually(lambda: begun(broker, service))
        if "killed" in harm:
            await asyncio.to_thread(nats_server.kill)
        if "wiped" in harm:
            await asyncio.to_thread(nats_server.wipe)
        if "killed" in harm:
            await asyncio.to_thread(nats_server.start)
        await writing

        await eventually(lambda: complete(broker, service, log), 20)

    assert (await log.published_head()).epoch == before.epoch


async def begun(broker: Broker, service: str) -> bool:
    """Whether the stream holds something."""
    state = await stream_state(broker.jetstream, service)
    return state is not None and state.last > 0


async def test_waits_for_a_server_that_is_not_there_yet(
    nats_server: NatsServer, service: str, log: PostgresEventStore
) -> None:
    nats_server.kill()
    async with await Broker.open(nats_server.url(), name="test", patience=0.1) as broker:
        assert not broker.connected
        async with running(Relay(log, broker, service).run):
            await state_facts(log, CASES, 1)
            await asyncio.to_thread(nats_server.start)

            await eventually(lambda: complete(broker, service, log), 10)


async def test_refuses_a_second_stream_with_other_settings(broker: Broker, service: str) -> None:
    await create_stream(broker.jetstream, service, uuid4(), 1, StreamSettings())

    with pytest.raises(Exception, match="already in use"):
        await create_stream(broker.jetstream, service, uuid4(), 5, StreamSettings())


@pytest.mark.parametrize(
    ("type_", "case_id", "expected"),
    [
        ("intake.whistle.whistle-signed.v1", "a-b", "ev.intake.whistle.a-b"),
        ("nonsense", "a-b", "ev.intake.fact.a-b"),
        ("intake.whistle.whistle-signed.v1", "a.b *>\n", "ev.intake.whistle.a_b____"),
        ("intake.whistle.whistle-signed.v1", "", "ev.intake.whistle._"),
    ],
)
def test_names_a_subject_without_the_brokers_own_signs(type_: str, case_id: str, expected: str) -> None:
    assert subject("intake", type_, case_id) == expected


async def set_back(bed: PostgresBed, *, to: int) -> None:
    """As a restore from a backup leaves the published log: the same rows up to ``to``, the same epoch."""
    async with bed.owner.transaction():
        await bed.owner.execute("ALTER TABLE published DISABLE TRIGGER append_only")
        await bed.owner.execute("DELETE FROM published WHERE seq > $1", to)
        await bed.owner.execute("ALTER TABLE published ENABLE ALWAYS TRIGGER append_only")
        await bed.owner.execute(
            "UPDATE log_head SET published_seq = $1,"
            " published_tip = (SELECT hash FROM published WHERE seq = $1)",
            to,
        )
