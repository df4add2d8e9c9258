"""deploy/nats/nats.conf: a service publishes its own events, reads everybody's, and may do nothing else."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import StreamConfig

from chuishao.environment import SERVICES
from chuishao.launcher import DEPLOY_FOLDER
from chuishao.processes import LOOPBACK
from chuishao.servers import NatsServer


@pytest.fixture(scope="module")
def guarded(server_folder: Path) -> Iterator[NatsServer]:
    folder = server_folder / "guarded-nats"
    environment = {f"{service.upper()}_NATS_PASSWORD": f"n-{service}" for service in SERVICES}
    with NatsServer(
        folder, configuration=DEPLOY_FOLDER / "nats" / "nats.conf", environment=environment
    ) as server:
        yield server


class Refusals(list[str]):
    """What the server has refused a client, in its own words."""

    async def note(self, error: Exception) -> None:
        self.append(str(error))


async def connected(server: NatsServer, service: str, refusals: Refusals | None = None) -> Client:
    noting = Refusals() if refusals is None else refusals
    return await nats.connect(
        server.url(service, f"n-{service}"), error_cb=noting.note, allow_reconnect=False
    )


@pytest.mark.parametrize("password", ["n-routing", ""])
async def test_a_wrong_password_is_refused(guarded: NatsServer, password: str) -> None:
    reader, writer = await asyncio.open_connection(LOOPBACK, guarded.port)
    await reader.readline()
    writer.write(b"CONNECT %s\r\nPING\r\n" % json.dumps({"user": "intake", "pass": password}).encode())
    assert b"Authorization Violation" in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("service", ["intake", "routing", "accountability"])
async def test_a_service_keeps_its_own_stream(guarded: NatsServer, service: str) -> None:
    client = await connected(guarded, service)
    jetstream = client.jetstream()
    name = f"EV_{service.upper()}"
    await jetstream.add_stream(StreamConfig(name=name, subjects=[f"ev.{service}.>"]))
    acknowledged = await jetstream.publish(f"ev.{service}.case.1", b"fact")
    assert (acknowledged.stream, acknowledged.seq) == (name, 1)
    await jetstream.delete_stream(name)
    await client.close()


async def test_everybody_reads_what_intake_says(guarded: NatsServer) -> None:
    writer = await connected(guarded, "intake")
    await writer.jetstream().add_stream(StreamConfig(name="EV_INTAKE", subjects=["ev.intake.>"]))
    await writer.jetstream().publish("ev.intake.whistle.1", b"signed")
    for service in SERVICES:
        reader = await connected(guarded, service)
        subscription = await reader.jetstream().pull_subscribe("ev.intake.>", stream="EV_INTAKE")
        assert [message.data for message in await subscription.fetch(1, timeout=5)] == [b"signed"]
        await reader.close()
    await writer.jetstream().delete_stream("EV_INTAKE")
    await writer.close()


@pytest.mark.parametrize(
    ("service", "subject"),
    [
        ("routing", "ev.intake.whistle.1"),
        ("gateway", "ev.intake.whistle.1"),
        ("intake", "anything.else"),
        ("routing", "$JS.API.STREAM.CREATE.EV_INTAKE"),
        ("routing", "$JS.API.STREAM.DELETE.EV_INTAKE"),
        ("gateway", "$JS.API.STREAM.PURGE.EV_ROUTING"),
    ],
)
async def test_nobody_speaks_for_another(guarded: NatsServer, service: str, subject: str) -> None:
    refusals = Refusals()
    client = await connected(guarded, service, refusals)
    with pytest.raises(NatsTimeout):
        await client.request(subject, b"", timeout=0.5)
    await asyncio.wait_for(client.flush(), 5)
    assert any(
        "permissions violation" in refusal.lower() and subject.lower() in refusal.lower()
        for refusal in refusals
    )
    await client.close()
