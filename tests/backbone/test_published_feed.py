"""``GET /published``: the log that other services read to fill holes and to rebuild."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid5

import httpx
import pytest

from backbone.eventstore import Append, Meta, Outgoing
from backbone.eventstore.memory import MemoryEventStore
from backbone.outbox import BATCH_TYPE, read_envelopes
from backbone.subscription import HttpOwnerLog
from backbone.testing import serving
from tests.backbone.edge import CLERK, Identities, an_app, client_of

NAMESPACE = UUID(int=7)


@pytest.fixture
async def store() -> MemoryEventStore:
    store = MemoryEventStore()
    for number in range(1, 6):
        fact = Outgoing(
            uuid5(NAMESPACE, f"fact-{number}"),
            "sample.note.note-added.v1",
            f"case-{number % 2}",
            f'{{"case_id":"case-{number % 2}","number":{number}}}',
        )
        await store.append(
            Append(
                command_id=uuid5(NAMESPACE, str(number)),
                request_hash=b"h" * 32,
                streams=(),
                meta=Meta(actor="clerk-1", role="township_clerk", unit="410923102", after={"intake": number}),
                published=(fact,),
            )
        )
    return store


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    return Identities(tmp_path)


@pytest.fixture
async def client(store: MemoryEventStore, identities: Identities) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(an_app(identities, store=store)) as client:
        client.headers.update(identities.service().headers())
        yield client


async def test_a_page_is_a_batch_in_order(client: httpx.AsyncClient, store: MemoryEventStore) -> None:
    response = await client.get("/published", params={"after": 1, "limit": 3})

    facts = read_envelopes(response.content)
    assert response.headers["content-type"] == BATCH_TYPE
    assert [fact.seq for fact in facts] == [2, 3, 4]
    assert [fact.data["number"] for fact in facts] == [2, 3, 4]
    assert {(fact.service, fact.epoch) for fact in facts} == {("sample", store.epoch)}
    assert [dict(fact.after) for fact in facts] == [{"intake": 2}, {"intake": 3}, {"intake": 4}]


async def test_the_end_is_an_empty_page(client: httpx.AsyncClient) -> None:
    assert read_envelopes((await client.get("/published", params={"after": 5})).content) == []


async def test_one_case_can_be_asked_for(client: httpx.AsyncClient) -> None:
    response = await client.get("/published", params={"case": "case-1"})

    assert [fact.seq for fact in read_envelopes(response.content)] == [1, 3, 5]


async def test_the_head_tells_epoch_position_and_clock(
    client: httpx.AsyncClient, store: MemoryEventStore
) -> None:
    head = (await client.get("/published/head")).json()

    assert head == {"epoch": str(store.epoch), "seq": 5, "now": "2026-01-01T00:00:00Z"}


async def test_a_consumer_reads_it_through_its_owner_log(
    store: MemoryEventStore, identities: Identities
) -> None:
    async with (
        serving(an_app(identities, store=store)) as url,
        HttpOwnerLog(url, identities.service().token) as owner,
    ):
        facts = await owner.published(after=2, limit=2)
        head = await owner.head()
        of_one_case = await owner.published(after=0, case_id="case-0")

    assert [fact.seq for fact in facts] == [3, 4]
    assert head == await store.published_head()
    assert [fact.seq for fact in of_one_case] == [2, 4]


@pytest.mark.parametrize("path", ["/published", "/published/head"])
async def test_a_person_may_not_read_it(client: httpx.AsyncClient, identities: Identities, path: str) -> None:
    response = await client.get(path, headers=identities.bearer(CLERK))

    assert (response.status_code, response.json()["code"]) == (403, "not-permitted")


@pytest.mark.parametrize("path", ["/published", "/published/head"])
async def test_nobody_may_read_it(client: httpx.AsyncClient, path: str) -> None:
    del client.headers["authorization"]

    assert (await client.get(path)).status_code == 401


@pytest.mark.parametrize(
    "params",
    [{"after": -1}, {"after": 2**63}, {"limit": 0}, {"limit": 1_001}, {"case": "a\0b"}, {"after": "x"}],
    ids=str,
)
async def test_a_page_out_of_bounds_is_an_invalid_request(
    client: httpx.AsyncClient, params: dict[str, str | int]
) -> None:
    response = await client.get("/published", params=params)

    assert (response.status_code, response.json()["code"]) == (422, "invalid-request")
