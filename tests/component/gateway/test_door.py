"""Attacks at the door: floods, huge bodies, endless work, sockets by the dozen."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError
from websockets.typing import Origin, Subprotocol

from backbone.testing import eventually, serving
from gateway.adapters.registered import RegisteredOperations
from gateway.application.allowances import Sockets, TooManySockets
from gateway.application.limits import Limits
from gateway.entrypoints.graphql.bounds import digest
from gateway.entrypoints.socket import nobody
from tests.component.gateway.board import CASE, CLERK, LEADER
from tests.component.gateway.house import HOME, House, opened

ME = "{ me { role } }"
LISTEN = "subscription { caseChanged { caseId } }"


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_connections_are_given_back() -> None:
    sockets = Sockets(Limits(connections=1, subscriptions=1))
    with sockets.connection() as first:
        first.belongs_to("a", nobody)
        first.belongs_to("a", nobody)
        with sockets.connection() as second, pytest.raises(TooManySockets, match="too-many-connections"):
            second.belongs_to("a", nobody)
    with sockets.connection() as third:
        third.belongs_to("a", nobody)
    with sockets.subscription("a"):
        with pytest.raises(TooManySockets, match="too-many-subscriptions"):
            sockets.subscription("a").__enter__()
        with sockets.subscription("b"):
            pass
    with sockets.subscription("a"):
        pass


@asynccontextmanager
async def a_house(database: str, folder: Path, **limits: Any) -> AsyncIterator[House]:
    async with opened(database, folder, limits=Limits(**limits)) as house:
        yield house


async def test_a_flood_of_one_token_is_held_back_alone(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, requests_per_minute=6, burst=3) as house:
        clerk, leader = house.identities.bearer(CLERK), house.identities.bearer(LEADER)

        answers = [await house.ask(ME, clerk) for _ in range(5)]

        assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
        assert code_of(answers[-1]) == (429, "rate-exceeded")
        assert answers[-1].headers["retry-after"] == "10"
        assert answers[-1].json()["params"] == {"most": 6, "seconds": 10}
        assert (await house.ask(ME, leader)).status_code == 200


async def test_a_session_is_held_back_like_a_token(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, requests_per_minute=1, burst=2) as house:
        await house.sign_in()

        answers = [await house.browser.get("/session") for _ in range(2)]

        assert [each.status_code for each in answers] == [200, 429]


async def test_a_body_that_is_too_large_is_not_read(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, body_bytes=1_000) as house:
        answer = await house.ask("{ me { role } }" + " " * 1_000, house.identities.bearer(CLERK))

        assert code_of(answer) == (413, "request-too-large")


async def test_a_query_that_is_too_long_is_not_read_at_all(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, characters=40) as house, serving(house.app) as url:
        long = "{ me { role } } #" + "x" * 40
        answer = await house.ask(long, house.identities.bearer(CLERK))

        assert code_of(answer) == (413, "query-too-long")
        assert answer.json()["params"] == {"asked": 57, "most": 40}
        async with socket(f"ws{url[4:]}/graphql", signed_in_by_word(house)) as made:
            payload = {"query": f"{LISTEN} # and more"}
            await made.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            assert await refusal(made) == "query-too-long"


DEEP = '{"query": "{ me { role } }", "variables": {"a": ' + "[" * 100_000 + "]" * 100_000 + "}}"


@pytest.mark.parametrize(
    "body",
    ["7", '"x"', "null", "true", DEEP, '{"query": 7}', '[{"query": "{ me { role } }"}]', "NaN", '"\\ud800"'],
    ids=["number", "text", "null", "true", "deep", "query", "batch", "NaN", "surrogate"],
)
async def test_a_body_that_asks_nothing_is_no_error_of_ours(
    module_database: str, tmp_path: Path, body: str
) -> None:
    async with a_house(module_database, tmp_path) as house:
        headers = house.identities.bearer(CLERK) | {"content-type": "application/json"}

        answer = await house.browser.post("/graphql", content=body, headers=headers)

        assert code_of(answer) == (422, "invalid-request")


@pytest.mark.parametrize("accept", ["*/*", "multipart/mixed;subscriptionSpec=1.0", "text/event-stream"])
async def test_nobody_listens_over_http(module_database: str, tmp_path: Path, accept: str) -> None:
    async with a_house(module_database, tmp_path) as house:
        headers = house.identities.bearer(CLERK) | {"accept": accept}

        (found,) = (await house.ask(LISTEN, headers)).json()["errors"]

        assert found["extensions"]["code"] == "subscriptions-need-a-socket"


@pytest.mark.parametrize("asked", [ME, 'mutation { deleteView(viewId: "1") }'])
async def test_a_link_asks_and_changes_nothing(module_database: str, tmp_path: Path, asked: str) -> None:
    async with a_house(module_database, tmp_path) as house:
        await house.sign_in()

        answer = await house.browser.get("/graphql", params={"query": asked})

        assert code_of(answer) == (422, "invalid-request")


async def test_work_without_end_is_stopped(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, request_seconds=0.05) as house:
        never = asyncio.Event()

        async def wait(*_: object, **__: object) -> None:
            await never.wait()

        house.services.read = wait  # type: ignore[method-assign]

        answer = await house.ask('{ suggestItems(text: "沟渠") { code } }', house.identities.bearer(CLERK))

        assert code_of(answer) == (504, "request-timed-out")
        assert answer.json()["params"] == {"seconds": 0.05}


async def test_a_registered_operation_is_asked_for_by_its_hash(module_database: str, tmp_path: Path) -> None:
    registered = RegisteredOperations({digest(ME): ME})
    async with opened(module_database, tmp_path, registered=registered) as house:

        async def by_hash(name: str) -> httpx.Response:
            body = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}}
            return await house.browser.post("/graphql", json=body, headers=house.identities.bearer(CLERK))

        assert (await by_hash(digest(ME))).json() == {"data": {"me": {"role": "township_clerk"}}}
        assert code_of(await by_hash(digest("{ me { unit { name } } }"))) == (404, "unknown-operation")


@pytest.fixture
async def listening(module_database: str, tmp_path: Path) -> AsyncIterator[tuple[House, str]]:
    """A house on a port, with room for two connections and two subscriptions of a token."""
    async with (
        a_house(module_database, tmp_path, connections=2, subscriptions=2) as house,
        serving(house.app) as url,
    ):
        yield house, url.replace("http://", "ws://") + "/graphql"


@asynccontextmanager
async def socket(
    url: str, said: Mapping[str, str] | None = None, **options: Any
) -> AsyncIterator[ClientConnection]:
    """An acknowledged connection."""
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(url, subprotocols=protocols, proxy=None, **options) as made:
        await made.send(json.dumps({"type": "connection_init", "payload": said or {}}))
        assert json.loads(await made.recv())["type"] == "connection_ack"
        yield made


async def listen(made: ClientConnection, name: str = "1") -> None:
    """Subscribe."""
    await made.send(json.dumps({"id": name, "type": "subscribe", "payload": {"query": LISTEN}}))


async def refusal(made: ClientConnection) -> str:
    """The code of the next error."""
    told = json.loads(await asyncio.wait_for(made.recv(), 10))
    assert told["type"] == "error", told
    return str(told["payload"][0]["extensions"]["code"])


async def subscribed(house: House, count: int) -> None:
    """Wait until so many subscriptions are open."""
    listeners = house.changes._listeners
    await eventually(lambda: len(listeners) == count)


async def test_a_token_has_so_many_connections(listening: tuple[House, str]) -> None:
    house, url = listening
    said = {"authorization": house.identities.bearer(CLERK)["Authorization"]}
    async with socket(url, said) as first, socket(url, said) as second:
        await listen(first)
        await listen(second)
        await subscribed(house, 2)
        async with socket(url, said) as third:
            await listen(third)
            assert await refusal(third) == "too-many-connections"


async def test_a_token_has_so_many_subscriptions(listening: tuple[House, str]) -> None:
    house, url = listening
    said = {"authorization": house.identities.bearer(CLERK)["Authorization"]}
    async with socket(url, said) as made:
        await listen(made, "1")
        await listen(made, "2")
        await subscribed(house, 2)
        await listen(made, "3")
        assert await refusal(made) == "too-many-subscriptions"
        await made.send(json.dumps({"id": "1", "type": "complete"}))
        await subscribed(house, 1)
        await listen(made, "4")
        await subscribed(house, 2)


async def test_a_session_listens_from_a_page_of_ours_alone(listening: tuple[House, str]) -> None:
    house, url = listening
    await house.sign_in()
    cookie = {"Cookie": f"__Host-chuishao-session={house.browser.cookies['__Host-chuishao-session']}"}
    async with socket(url, additional_headers=cookie, origin=Origin(HOME)) as made:
        await listen(made)
        await subscribed(house, 1)
    async with socket(url, additional_headers=cookie) as without_origin:
        await listen(without_origin)
        assert await refusal(without_origin) == "csrf-refused"


@pytest.mark.parametrize("said", [{}, {"authorization": "Bearer x"}, {"authorization": "x"}])
async def test_nobody_listens_without_a_token(listening: tuple[House, str], said: Mapping[str, str]) -> None:
    _, url = listening
    async with socket(url, said) as made:
        await listen(made)
        assert await refusal(made) in ("token-missing", "token-invalid")


async def test_a_subscription_is_weighed_like_a_query(listening: tuple[House, str]) -> None:
    house, url = listening
    said = {"authorization": house.identities.bearer(CLERK)["Authorization"]}
    aliases = " ".join(f"a{n}: caseId" for n in range(31))
    async with socket(url, said) as made:
        query = f"subscription {{ caseChanged {{ {aliases} }} }}"
        await made.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        assert await refusal(made) == "too-many-aliases"


async def test_whoever_signs_out_hears_nothing_more(
    listening: tuple[House, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.entrypoints.graphql.context.RENEWED_SECONDS", 0.0)
    house, url = listening
    await house.sign_in(LEADER)
    cookie = {"Cookie": f"__Host-chuishao-session={house.browser.cookies['__Host-chuishao-session']}"}
    async with socket(url, additional_headers=cookie, origin=Origin(HOME)) as made:
        await listen(made)
        await subscribed(house, 1)
        await house.browser.post("/logout", headers=house.page())
        for listener in house.changes._listeners:
            listener.tell(CASE, frozenset({LEADER.unit}), ())

        told = json.loads(await asyncio.wait_for(made.recv(), 10))

        assert told["payload"]["data"] is None
        assert told["payload"]["errors"][0]["extensions"]["code"] == "session-ended"


async def told_on(made: ClientConnection) -> dict[str, Any]:
    """The next message."""
    message: dict[str, Any] = json.loads(await asyncio.wait_for(made.recv(), 10))
    return message


async def test_a_connection_carries_so_many_subscriptions(module_database: str, tmp_path: Path) -> None:
    async with (
        a_house(module_database, tmp_path, subscriptions_per_connection=2) as house,
        serving(house.app) as url,
        socket(f"ws{url[4:]}/graphql", signed_in_by_word(house)) as made,
    ):
        await listen(made, "1")
        await listen(made, "2")
        await subscribed(house, 2)
        for name in ("3", "4", "3"):
            await listen(made, name)
            answer = await told_on(made)
            assert (answer["type"], answer["id"]) == ("error", name)
            [found] = answer["payload"]
            assert found["extensions"]["code"] == "too-many-on-connection"
            assert found["extensions"]["params"] == {"most": 2}
            assert found["message"] == "同一连接上最多同时有 2 个订阅；请结束不用的，或另开一个连接"
        await made.send(json.dumps({"id": "1", "type": "complete"}))
        await subscribed(house, 1)
        await listen(made, "3")
        await subscribed(house, 2)


async def test_each_subscription_counts_as_a_request(module_database: str, tmp_path: Path) -> None:
    async with (
        a_house(module_database, tmp_path, requests_per_minute=1, burst=3) as house,
        serving(house.app) as url,
        socket(f"ws{url[4:]}/graphql", signed_in_by_word(house)) as made,
    ):
        for name in ("1", "2", "3"):
            await listen(made, name)
            await subscribed(house, 1)
            await made.send(json.dumps({"id": name, "type": "complete"}))
            await subscribed(house, 0)
        await listen(made, "4")
        assert await refusal(made) == "rate-exceeded"


@pytest.mark.parametrize("asked", [ME, "subscription {", "subscription { nothing }"])
async def test_what_is_refused_counts_as_well(module_database: str, tmp_path: Path, asked: str) -> None:
    async with (
        a_house(module_database, tmp_path, requests_per_minute=1, burst=3) as house,
        serving(house.app) as url,
        socket(f"ws{url[4:]}/graphql", signed_in_by_word(house)) as made,
    ):
        codes = []
        for name in ("1", "2", "3", "4"):
            message = {"id": name, "type": "subscribe", "payload": {"query": asked}}
            await made.send(json.dumps(message))
            codes.append(await refusal(made))

        assert "rate-exceeded" not in codes[:3]
        assert codes[3] == "rate-exceeded"


@pytest.mark.parametrize("asked", [ME, 'mutation { deleteView(viewId: "1") }', "query a { me { role } }"])
async def test_nothing_goes_around_the_door_by_a_connection(listening: tuple[House, str], asked: str) -> None:
    house, url = listening
    async with socket(url, signed_in_by_word(house)) as made:
        await listen(made, "1")
        await subscribed(house, 1)
        await made.send(json.dumps({"id": "2", "type": "subscribe", "payload": {"query": asked}}))
        assert await refusal(made) == "socket-is-for-subscriptions"


@pytest.mark.parametrize("asked", ["subscription {", "subscription { nothing }", "", "{ 麦穗 }"])
async def test_what_is_not_understood_ends_no_connection(listening: tuple[House, str], asked: str) -> None:
    house, url = listening
    async with socket(url, signed_in_by_word(house)) as made:
        await made.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": asked}}))
        found = (await told_on(made))["payload"][0]
        assert (found["extensions"]["code"], found["message"]) == ("invalid-request", "请求内容不符合要求。")
        await listen(made, "2")
        await subscribed(house, 1)


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        "1",
        '{"type": []}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{ me }"}}',
        '{"type": "subscribe", "id": "1", "payload": "{ me }"}',
        '{"type": "subscribe", "id": "1", "payload": {"query": {}}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ me }", "variables": 1}}',
        '{"type": "complete", "id": {}}',
        "not JSON",
    ],
)
async def test_messages_without_form_end_their_connection_alone(
    listening: tuple[House, str], message: str
) -> None:
    house, url = listening
    async with socket(url, signed_in_by_word(house)) as other, socket(url) as made:
        await listen(other)
        await subscribed(house, 1)
        await made.send(message)
        with pytest.raises(ConnectionClosedError) as closed:
            await asyncio.wait_for(made.recv(), 10)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4400
        await subscribed(house, 1)


def signed_in_by_word(house: House) -> dict[str, str]:
    """What a clerk's connection says first."""
    return {"authorization": house.identities.bearer(CLERK)["Authorization"]}
