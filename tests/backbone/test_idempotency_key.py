"""The Idempotency-Key: one command, whoever repeats it, and another one for another request."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from backbone.decider import Aggregate, Codec, execute
from backbone.eventstore.memory import MemoryEventStore
from backbone.identity import Actor
from backbone.web import Accepted, CurrentCall, Refusal, accepted, command_context
from backbone.web.callers import canonical
from tests.backbone.edge import CLERK, KEY, OFFICER, OTHER_KEY, SECRET, Identities, an_app, client_of


@dataclass(frozen=True, slots=True)
class NoteAdded:
    name: ClassVar[str] = "sample.note.note-added.v1"
    text: str


class Note(BaseModel):
    text: str
    urgent: bool = False


def decide(command: str, _state: int) -> list[NoteAdded]:
    return [NoteAdded(command)]


def evolve(state: int, _event: NoteAdded, _at: datetime) -> int:
    return state + 1


NOTES: Aggregate[str, NoteAdded, int] = Aggregate(
    "note", 0, decide, evolve, Codec(NoteAdded), lambda event, _state, key: [(event.name, key, "{}")]
)


@pytest.fixture
def store() -> MemoryEventStore:
    return MemoryEventStore()


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    return Identities(tmp_path)


@pytest.fixture
async def client(store: MemoryEventStore, identities: Identities) -> AsyncIterator[httpx.AsyncClient]:
    router = APIRouter()

    @router.post("/notes/{note}/add")
    async def add(note: str, body: Note, call: CurrentCall) -> Accepted:
        context = call.context("add-note", body)
        handled = await execute(store, NOTES, note, body.text, context, {"id": note})
        return accepted("sample", handled.appended)

    async with client_of(an_app(identities, store=store, routers=[router])) as each:
        yield each


async def add(
    client: httpx.AsyncClient,
    headers: dict[str, str],
    key: str | UUID | None = KEY,
    *,
    note: str = "1",
    **body: Any,
) -> httpx.Response:
    if key is not None:
        headers = {**headers, "Idempotency-Key": str(key)}
    return await client.post(f"/notes/{note}/add", json=body or {"text": "积水"}, headers=headers)


async def test_a_command_answers_where_its_effect_can_be_read(
    client: httpx.AsyncClient, identities: Identities
) -> None:
    response = await add(client, identities.bearer(CLERK))

    assert response.json() == {"service": "sample", "published_seq": 1, "id": "1"}


async def test_a_repeat_answers_the_same_and_adds_nothing(
    client: httpx.AsyncClient, identities: Identities, store: MemoryEventStore
) -> None:
    first = await add(client, identities.bearer(CLERK))
    await add(client, identities.bearer(CLERK), OTHER_KEY)
    again = await add(client, identities.bearer(CLERK))

    assert again.json() == first.json()
    assert len(store.events) == 2


async def test_a_repeat_may_spell_out_what_is_the_default(
    client: httpx.AsyncClient, identities: Identities, store: MemoryEventStore
) -> None:
    await add(client, identities.bearer(CLERK), text="积水")
    again = await add(client, identities.bearer(CLERK), urgent=False, text="积水")

    assert again.status_code == 200
    assert len(store.events) == 1


@pytest.mark.parametrize(
    ("who", "note", "text"),
    [(CLERK, "1", "另一件事"), (CLERK, "2", "积水"), (OFFICER, "1", "积水")],
    ids=["another body", "another path", "another person"],
)
async def test_the_same_key_for_another_request_is_refused(
    client: httpx.AsyncClient,
    identities: Identities,
    store: MemoryEventStore,
    who: Actor,
    note: str,
    text: str,
) -> None:
    await add(client, identities.bearer(CLERK))

    response = await add(client, identities.bearer(who), note=note, text=text)

    assert (response.status_code, response.json()["code"]) == (422, "idempotency-key-reused")
    assert len(store.events) == 1


async def test_a_key_is_required(client: httpx.AsyncClient, identities: Identities) -> None:
    response = await add(client, identities.bearer(CLERK), None)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency-key-missing")


@pytest.mark.parametrize("key", ["1", "not a uuid", "0" * 64])
async def test_a_key_is_a_uuid(client: httpx.AsyncClient, identities: Identities, key: str) -> None:
    response = await add(client, identities.bearer(CLERK), key)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency-key-invalid")


async def test_who_and_why_are_kept_without_the_name(
    client: httpx.AsyncClient, identities: Identities, store: MemoryEventStore
) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    await add(client, {**identities.bearer(CLERK), "traceparent": parent})

    meta = store.events[0].meta
    assert '"actor":"clerk-1"' in meta.replace(" ", "")
    assert "0af7651916cd43dd8448eb211c80319c" in meta
    assert CLERK.name not in meta


@pytest.mark.parametrize("text", ["积\0水", "\0"])
async def test_text_that_no_database_keeps_is_an_invalid_request(
    client: httpx.AsyncClient, identities: Identities, store: MemoryEventStore, text: str
) -> None:
    response = await add(client, identities.bearer(CLERK), text=text)

    assert (response.status_code, response.json()["code"]) == (422, "invalid-request")
    assert store.events == []


async def test_a_written_backslash_is_good_text(client: httpx.AsyncClient, identities: Identities) -> None:
    assert (await add(client, identities.bearer(CLERK), text="\\u0000")).status_code == 200


def test_a_command_id_cannot_be_chosen_by_the_caller() -> None:
    timers_command = uuid4()

    context = command_context(CLERK, timers_command, "add-note", None, path="/", secret=SECRET)

    assert context.command_id != timers_command
    assert context.command_id == (
        command_context(OFFICER, timers_command, "other", None, path="/x", secret=SECRET).command_id
    )


def test_a_request_hash_cannot_be_guessed_without_the_secret() -> None:
    body = {"text": "13800000000"}

    mine = command_context(CLERK, KEY, "add-note", body, path="/", secret=SECRET)
    theirs = command_context(CLERK, KEY, "add-note", body, path="/", secret=b"a guess of the secret")

    assert len(mine.request_hash) == 32
    assert mine.request_hash != theirs.request_hash


def test_parts_of_a_request_do_not_run_into_each_other() -> None:
    one = command_context(CLERK, KEY, "add", None, path="note/1", secret=SECRET)
    other = command_context(CLERK, KEY, "addnote", None, path="/1", secret=SECRET)

    assert one.request_hash != other.request_hash


def test_the_order_of_names_does_not_matter() -> None:
    assert canonical({"b": 1, "a": [True, None]}) == canonical({"a": [True, None], "b": 1})


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        canonical({"text": "\ud800"})
    assert refusal.value.slug == "invalid-request"
