"""No limit has a way around it: by mutation, subscription, fragment, hash, connection or another spelling."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from backbone.testing import serving
from backbone.web.serve import MAX_MESSAGE_BYTES
from gateway.adapters.registered import RegisteredOperations
from gateway.application.limits import Limits
from gateway.entrypoints.graphql.bounds import digest
from gateway.entrypoints.graphql.schema import build_schema
from gateway.projections.case_queries import LARGEST_PAGE
from tests.component.gateway.board import CASE, CLERK, LEADER, Board
from tests.component.gateway.house import House, opened
from tests.component.gateway.test_door import LISTEN, ME, code_of, refusal, socket
from tests.component.gateway.test_query_limits import limited, refused


def paged() -> Iterator[tuple[str, str, str]]:
    """(type, field, argument) of everything that can be asked for by pages."""
    for name, kind in build_schema(production=False)._schema.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field, told in kind.fields.items():
                yield from ((name, field, each) for each in ("first", "last") if each in told.args)


def test_pages_are_found() -> None:
    found = set(paged())

    assert ("Query", "cases", "first") in found
    assert len(found) > 10


@pytest.mark.parametrize(("kind", "field", "argument"), sorted(paged()))
async def test_no_list_gives_a_larger_page(board: Board, kind: str, field: str, argument: str) -> None:
    asked = f"{field}({argument}: {LARGEST_PAGE + 1}) {{ __typename }}"
    query = f"query {{ ...a }} fragment a on {kind} {{ {asked} }}"

    found = await refused(board, query)

    assert found["code"] == "page-too-large"
    assert found["rule"]["id"] == "limit:page"
    assert str(LARGEST_PAGE) in found["rule"]["text"]


@pytest.mark.parametrize(
    ("limit", "attack", "code"),
    [
        ({"depth": 2}, "{payload} {{ case {{ clocks {{ unit {{ name }} }} }} }}", "query-too-deep"),
        ({"aliases": 1}, "{payload} {{ a: caseId b: caseId }}", "too-many-aliases"),
        (
            {"cost": 15},
            "{payload} {{ case {{ clocks {{ kind state due original: due unit {{ code name }} }} }} }}",
            "query-too-costly",
        ),
        ({"repeats": 2}, "{payload} {{ caseId caseId caseId }}", "too-many-repeats"),
        ({"tokens": 12}, "{payload} {{ caseId stale caseId stale caseId stale caseId }}", "too-many-tokens"),
    ],
    ids=["depth", "aliases", "cost", "repeats", "tokens"],
)
async def test_a_command_is_weighed_by_what_it_wants_to_see(
    board: Board, limit: Mapping[str, int], attack: str, code: str
) -> None:
    limited(board, **limit)
    command = attack.format(payload=f'closeOut(caseId: "{CASE}")')

    found = await refused(board, f"mutation {{ {command} }}")

    assert found["code"] == code
    assert found["rule"]["id"].startswith("limit:")
    assert board.services.sent == [], "and nothing is done"


async def test_the_operation_that_is_not_named_is_weighed_too(board: Board) -> None:
    aliases = " ".join(f"a{n}: role" for n in range(31))

    found = await refused(board, f"query small {{ me {{ role }} }} query large {{ me {{ {aliases} }} }}")

    assert found["code"] == "too-many-aliases"


@pytest.mark.parametrize(
    "query",
    [
        "{ a: __schema { types { name } } }",
        "{ me { role } ...a } fragment a on Query { __schema { types { name } } }",
        '{ ... { __type(name: "Case") { name } } }',
        "query small { me { role } } query large { __schema { types { name } } }",
        "query ($no: Boolean = false) { me { role } __schema @include(if: $no) { types { name } } }",
    ],
    ids=["alias", "fragment", "inline", "other operation", "left out"],
)
async def test_production_tells_its_schema_in_no_disguise(board: Board, query: str) -> None:
    found = await refused(board, query)

    assert found["code"] == "introspection-off"
    assert found["rule"]["id"] == "introspection"


async def test_a_registered_operation_is_weighed_like_any_other(board: Board) -> None:
    heavy = "{ cases(first: 100) { edges { node { caseId clocks { kind state due unit { code name } } } } } }"
    registered = RegisteredOperations({digest(heavy): heavy}, only=True)
    board.schema = build_schema(production=True, registered=registered)

    assert (await refused(board, heavy))["code"] == "query-too-costly"


@asynccontextmanager
async def a_house(
    database: str, folder: Path, registered: RegisteredOperations | None = None, **limits: Any
) -> AsyncIterator[House]:
    async with opened(database, folder, limits=Limits(**limits), registered=registered) as house:
        yield house


async def test_the_hash_of_a_registered_operation_opens_no_door_to_another(
    module_database: str, tmp_path: Path
) -> None:
    registered = RegisteredOperations({digest(ME): ME}, only=True)
    async with a_house(module_database, tmp_path, registered) as house:
        other = {
            "query": "{ me { unit { name } } }",
            "extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(ME)}},
        }
        answer = await house.browser.post("/graphql", json=other, headers=house.identities.bearer(CLERK))

        (found,) = answer.json()["errors"]
        assert found["extensions"]["code"] == "only-registered-operations"
        assert found["extensions"]["rule"]["id"] == "registered-operations"


async def asked_on(made: ClientConnection, query: str) -> str:
    """The code with which a subscription is refused."""
    await made.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
    return await refusal(made)


@asynccontextmanager
async def connected(house: House) -> AsyncIterator[ClientConnection]:
    said = {"authorization": house.identities.bearer(CLERK)["Authorization"]}
    async with (
        serving(house.app, ws_max_size=MAX_MESSAGE_BYTES) as url,
        socket(f"ws{url[4:]}/graphql", said) as made,
    ):
        yield made


@pytest.mark.parametrize(
    ("limit", "query", "code"),
    [
        ({"depth": 2}, "{ caseChanged { clocks { unit { unit { name } } } } }", "query-too-deep"),
        ({"aliases": 1}, "{ caseChanged { a: caseId b: caseId } }", "too-many-aliases"),
        (
            {"cost": 20},
            "{ caseChanged { clocks { kind state due unit { code name } } timeline { title type } } }",
            "query-too-costly",
        ),
        ({"repeats": 2}, "{ caseChanged { caseId caseId caseId } }", "too-many-repeats"),
        ({"tokens": 10}, "{ caseChanged { caseId number caseId number caseId } }", "too-many-tokens"),
    ],
    ids=["depth", "aliases", "cost", "repeats", "tokens"],
)
async def test_a_subscription_keeps_each_limit(
    module_database: str, tmp_path: Path, limit: Mapping[str, int], query: str, code: str
) -> None:
    async with a_house(module_database, tmp_path, None, **limit) as house, connected(house) as made:
        assert await asked_on(made, f"subscription {query}") == code


async def test_a_refused_subscription_names_its_rule(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, aliases=1) as house, connected(house) as made:
        query = "subscription { caseChanged { a: caseId b: caseId } }"
        await made.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        (found,) = json.loads(await asyncio.wait_for(made.recv(), 30))["payload"]

    assert found["extensions"]["rule"] == {
        "id": "limit:aliases",
        "text": "查询至多用1个别名",
        "text_en": "A query uses at most 1 aliases",
    }


async def test_a_connection_runs_registered_subscriptions_alone(module_database: str, tmp_path: Path) -> None:
    registered = RegisteredOperations({digest(ME): ME}, only=True)
    async with a_house(module_database, tmp_path, registered) as house, connected(house) as made:
        assert await asked_on(made, LISTEN) == "only-registered-operations"


@pytest.mark.parametrize("filling", ["x", "水"], ids=["that compresses well", "of many bytes"])
async def test_a_message_that_is_too_large_ends_its_connection(
    module_database: str, tmp_path: Path, filling: str
) -> None:
    async with a_house(module_database, tmp_path) as house, connected(house) as made:
        await made.send(json.dumps({"type": "ping", "payload": {"a": filling * MAX_MESSAGE_BYTES}}))
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(made.recv(), 30)

        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_a_body_in_pieces_is_counted_as_it_comes(module_database: str, tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"query": "'
        for _ in range(20):
            yield b"x" * 100

    async with a_house(module_database, tmp_path, body_bytes=1_000) as house:
        headers = house.identities.bearer(CLERK) | {"content-type": "application/json"}
        answer = await house.browser.post("/graphql", content=pieces(), headers=headers)

    assert code_of(answer) == (413, "request-too-large")
    assert answer.json()["params"] == {"most": 1_000}
    assert answer.json()["rule"]["id"] == "limit:body"


async def test_files_are_not_sent_to_graphql(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path) as house:
        parts = {"operations": json.dumps({"query": ME}), "map": "{}"}
        answer = await house.browser.post(
            "/graphql", data=parts, files={"0": b"x"}, headers=house.identities.bearer(CLERK)
        )

    assert answer.status_code in (415, 422)


async def test_a_command_without_end_is_stopped(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, request_seconds=0.05) as house:
        never = asyncio.Event()

        async def wait(*_: object, **__: object) -> None:
            await never.wait()

        house.services.command = wait  # type: ignore[assignment,method-assign]
        query = f'mutation {{ signWhistle(caseId: "{CASE}") {{ stale }} }}'
        answer = await house.ask(query, house.identities.bearer(LEADER))

    assert code_of(answer) == (504, "request-timed-out")
    assert answer.json()["rule"]["id"] == "limit:time"


async def test_no_spelling_of_a_token_has_a_rate_of_its_own(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, requests_per_minute=1, burst=1) as house:
        token = house.identities.token(CLERK)
        head, payload, signature = token.split(".")
        last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        spellings = [
            *(f"Bearer {token}{each}" for each in ("=", "==", "!", "A", ".", " ")),
            *(f"Bearer {head}.{payload}.{signature[:-1]}{each}" for each in last),
            f"bearer {token}",
            f"BEARER {token}",
            f"Bearer  {token}",
            f"Bearer {head}.{payload}=.{signature}",
            f"Bearer {head}=.{payload}.{signature}",
            f"Bearer {head}.{payload}.{signature[:40]}%{signature[40:]}",
        ]
        answers = [(await house.ask(ME, {"Authorization": each})).status_code for each in spellings]

    assert answers.count(200) == 1, "one token has one bucket"
    assert set(answers) == {200, 401, 429}
