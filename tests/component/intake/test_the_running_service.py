"""Intake as it is started: settings, database, NATS, the logs it follows, and the calendar it asks."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

import httpx
import nats
import pytest
from fastapi import APIRouter
from nats.js.errors import NotFoundError
from pydantic import AwareDatetime

from backbone.eventstore import Append, Meta, Outgoing
from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from backbone.jetstream import stream_name
from backbone.outbox import Delivered, read_envelope, read_envelopes
from backbone.testing import eventually, serving
from backbone.web import CurrentActor, service_app
from chuishao.database import create_roles, login
from chuishao.environment import OWNER, SERVICES, role_of
from contracts.events import Published, intake
from intake.adapters.keys import MasterKeyError
from intake.entrypoints.service import opened
from intake.migrations import migrate
from intake.settings import Settings
from tests.backbone.edge import ISSUER, SECRET, Identities, sentence
from tests.component.intake.service import CLERK, FIREWORKS, FLOOD, LEADER
from tests.component.intake.test_confirming import issued, lead_concluded, reported_in

TUESDAY_MORNING = "2026-03-03T00:30:00Z"
PASSWORD = "only for this test"


@dataclass
class Running:
    """The service on a port, with what it follows in the hands of the test."""

    url: str
    client: httpx.AsyncClient
    identities: Identities
    routing: MemoryEventStore

    async def post(self, actor: Actor, path: str, body: object) -> httpx.Response:
        headers = {**self.identities.bearer(actor), "Idempotency-Key": str(uuid4())}
        return await self.client.post(self.url + path, json=body, headers=headers)

    async def told_by_routing(self, *facts: Published) -> None:
        outgoing = tuple(Outgoing(uuid4(), each.NAME, each.case_id, each.model_dump_json()) for each in facts)
        meta = Meta("desk", "office_dispatcher", "burden-reduction-office")
        await self.routing.append(Append(uuid4(), b"f" * 32, (), meta, published=outgoing))


def calendar_router() -> APIRouter:
    router = APIRouter()

    @router.get("/openings")
    async def openings(actor: CurrentActor, at: AwareDatetime) -> dict[str, object]:
        """Closed until Tuesday morning, and told to services only."""
        assert actor.role == "service"
        assert at.tzinfo is not None
        return {"open": False, "next_opening": TUESDAY_MORNING, "provisional": False}

    return router


def stand_in(
    name: str, store: MemoryEventStore, identities: Identities, *routers: APIRouter
) -> AbstractAsyncContextManager[str]:
    """Another service as far as intake needs it."""
    app = service_app(
        name,
        store=store,
        verifier=identities.verifier(),
        sentence=sentence,
        secret=SECRET,
        routers=routers,
    )
    return serving(app)


@pytest.fixture
async def settings(
    tmp_path: Path, identities: Identities, fresh_database: str, nats_url: str
) -> AsyncIterator[Settings]:
    """As the launcher gives them; the other services are still to be named."""
    roles = (OWNER, *(role_of(service) for service in SERVICES))
    await create_roles(fresh_database, dict.fromkeys(roles, PASSWORD))
    await migrate(login(fresh_database, OWNER, PASSWORD))
    identities.service_key.save(tmp_path / "intake.jwk")
    (tmp_path / "master").write_text(token_urlsafe(32), encoding="ascii")
    yield Settings.model_validate(
        {
            "database_url": login(fresh_database, role_of("intake"), PASSWORD),
            "nats_url": nats_url,
            "jwks": str(identities.jwks),
            "issuer": ISSUER,
            "service_key": tmp_path / "intake.jwk",
            "request_secret": token_urlsafe(32),
            "master_key": tmp_path / "master",
            "routing_url": "http://127.0.0.1:1",
            "accountability_url": "http://127.0.0.1:1",
        }
    )
    broker = await nats.connect(nats_url)
    with suppress(NotFoundError):
        await broker.jetstream().delete_stream(stream_name("intake"))
    await broker.close()


@pytest.fixture
async def running(settings: Settings, identities: Identities) -> AsyncIterator[Running]:
    """The service, with a routing and a calendar beside it."""
    routing_log = MemoryEventStore()
    async with (
        stand_in("routing", routing_log, identities) as routing_url,
        stand_in("accountability", MemoryEventStore(), identities, calendar_router()) as accountability_url,
        opened(
            settings.model_copy(update={"routing_url": routing_url, "accountability_url": accountability_url})
        ) as app,
        serving(app) as url,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        yield Running(url, client, identities, routing_log)


async def test_is_ready_and_asks_the_calendar_with_its_own_token(running: Running) -> None:
    ready = await running.client.get(running.url + "/health/ready")
    assert ready.status_code == 200
    case = (await running.post(LEADER, "/whistles", FLOOD)).json()["id"]
    facts = await published_of(running, case)
    signed = intake.WhistleSigned.model_validate(facts[-1].data)
    assert signed.dispatch_at == datetime.fromisoformat(TUESDAY_MORNING)


async def test_relays_what_it_published(running: Running, nats_url: str) -> None:
    case = (await running.post(CLERK, "/whistles", FIREWORKS)).json()["id"]
    broker = await nats.connect(nats_url)

    async def last_message() -> Delivered | None:
        with suppress(NotFoundError):
            message = await broker.jetstream().get_last_msg(
                stream_name("intake"), f"ev.intake.whistle.{case}"
            )
            return read_envelope(message.data or b"")
        return None

    raised = await eventually(last_message, timeout=10)
    await broker.close()
    assert raised is not None
    assert (raised.type, raised.case_id) == (intake.WhistleRaised.NAME, case)
    assert raised.actor == CLERK.subject


async def test_follows_routing_until_the_township_can_close_out(running: Running) -> None:
    case = (await running.post(LEADER, "/whistles", {**FLOOD, "dispatch": "now"})).json()["id"]
    await running.told_by_routing(
        issued(case), reported_in(case, "water-resources", "lead"), lead_concluded(case)
    )

    async def awaiting() -> bool:
        return (await published_of(running, case))[-1].type == intake.WhistleAwaitingConfirmation.NAME

    await eventually(awaiting, timeout=10)
    closed = await running.post(CLERK, f"/whistles/{case}/close-out", {})
    assert closed.status_code == 200
    last = (await published_of(running, case))[-1]
    assert last.type == intake.WhistleClosed.NAME
    assert last.after == {"routing": 3}


async def test_does_not_start_with_another_master_key(
    running: Running, settings: Settings, tmp_path: Path
) -> None:
    await running.post(CLERK, "/whistles", FLOOD)
    (tmp_path / "other").write_text(token_urlsafe(32), encoding="ascii")
    with pytest.raises(MasterKeyError):
        async with opened(settings.model_copy(update={"master_key": tmp_path / "other"})):
            pass


@pytest.mark.parametrize("content", ["", "too short", "十" * 43])
async def test_does_not_start_with_a_file_that_holds_no_key(
    settings: Settings, tmp_path: Path, content: str
) -> None:
    (tmp_path / "other").write_text(content, encoding="utf-8")
    with pytest.raises(MasterKeyError):
        async with opened(settings.model_copy(update={"master_key": tmp_path / "other"})):
            pass


async def published_of(running: Running, case: str) -> Sequence[Delivered]:
    """The case as other services read it."""
    headers = running.identities.service("gateway").headers()
    response = await running.client.get(f"{running.url}/published?case={case}", headers=headers)
    return read_envelopes(response.content)
