"""Every service's permissions on nats-server are enough for its relay and its feeds, and for no more."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from nats.errors import TimeoutError as NatsTimeout

from backbone.jetstream import Broker, stream_name, stream_state
from backbone.subscription import Feed
from backbone.testing import eventually
from chuishao.servers import NatsServer
from tests.backbone.consumers.beds import Source
from tests.backbone.eventstore.appends import postgres_bed
from tests.backbone.messaging import running

CONFIGURATION = Path(__file__).parents[3] / "deploy/nats/nats.conf"
SERVICES = ("intake", "routing", "accountability", "gateway")


@pytest.fixture
def guarded_nats(server_folder: Path) -> Iterator[NatsServer]:
    """A nats-server as it is deployed; every password is the user's name."""
    with tempfile.TemporaryDirectory(dir=server_folder) as folder:
        server = NatsServer(
            Path(folder),
            configuration=CONFIGURATION,
            environment={f"{service.upper()}_NATS_PASSWORD": service for service in SERVICES},
        )
        with server:
            yield server


@pytest.fixture
async def intake(module_database: str) -> AsyncIterator[Source]:
    """Intake under its own name, which its permissions are for."""
    async with postgres_bed(module_database) as bed:
        yield Source("intake", bed)


async def test_a_service_relays_its_log_and_others_read_it(guarded_nats: NatsServer, intake: Source) -> None:
    async with (
        await Broker.open(guarded_nats.url("intake", "intake"), name="intake") as own,
        await Broker.open(guarded_nats.url("gateway", "gateway"), name="gateway") as others,
        running(intake.relay(own)),
    ):
        for n in range(1, 4):
            await intake.state("case-1", n)

        async def relayed() -> bool:
            state = await stream_state(others.jetstream, "intake")
            return state is not None and state.last == 3

        await eventually(relayed)
        feed = Feed(
            others,
            intake.log,
            "intake",
            consumer="test",
            epoch=(await intake.store.published_head()).epoch,
        )
        intake.log.cut = True
        seqs: list[int] = []
        async with asyncio.timeout(10):
            while len(seqs) < 3:
                seqs += [event.seq for event in await feed.next()]
        await feed.close()

        assert seqs == [1, 2, 3]


async def test_nobody_writes_into_anothers_stream(guarded_nats: NatsServer, intake: Source) -> None:
    async with (
        await Broker.open(guarded_nats.url("intake", "intake"), name="intake") as own,
        await Broker.open(guarded_nats.url("routing", "routing"), name="routing") as other,
        running(intake.relay(own)),
    ):
        await intake.state("case-1", 1)

        async def relayed() -> bool:
            state = await stream_state(own.jetstream, "intake")
            return state is not None and state.last == 1

        await eventually(relayed)
        with pytest.raises(NatsTimeout):
            await other.jetstream.publish("ev.intake.case.x", b"forged", timeout=0.3)
        with pytest.raises(NatsTimeout):
            await other.client.jetstream(timeout=0.3).delete_stream(stream_name("intake"))

        assert await relayed()
