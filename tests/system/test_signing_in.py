"""Somebody signs in with a browser at the development provider, and is known by cookie from then on."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from chuishao.system import System

LEADER = "leader-410923102"


@pytest.fixture
async def browser(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has signed in as the leader on duty of Yuancun."""
    async with httpx.AsyncClient(trust_env=False, timeout=30.0) as made:
        sent = (await made.get(f"{system.url}/login")).headers["location"]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
        chosen = await made.post(sent.partition("?")[0], data=asked | {"sub": LEADER})
        arrived = await made.get(chosen.headers["location"])
        assert (arrived.status_code, arrived.headers["location"]) == (303, "/")
        yield made


def page(system: System, browser: httpx.AsyncClient) -> dict[str, str]:
    """What a page of the gateway sends along."""
    return {"origin": system.url, "x-csrf-token": browser.cookies["chuishao-csrf"]}


async def test_reads_and_asks_the_deciding_services_by_cookie(
    system: System, browser: httpx.AsyncClient
) -> None:
    query = (
        '{ me { subject unit { name } } cases(first: 1) { totalCount } suggestItems(text: "沟渠") { code } }'
    )

    answer = await browser.post(f"{system.url}/graphql", json={"query": query}, headers=page(system, browser))

    data = answer.json()["data"]
    assert data["me"]["subject"] == LEADER
    assert data["cases"]["totalCount"] > 0
    assert data["suggestItems"] is not None


async def test_is_among_the_people_of_the_unit_by_name(system: System, browser: httpx.AsyncClient) -> None:
    query = "{ me { name } people { edges { node { subject name role unitCode openSessions } } } }"

    answer = await browser.post(f"{system.url}/graphql", json={"query": query}, headers=page(system, browser))

    data = answer.json()["data"]
    people = {edge["node"]["subject"]: edge["node"] for edge in data["people"]["edges"]}
    assert (people[LEADER]["name"], people[LEADER]["role"]) == (data["me"]["name"], "TOWNSHIP_LEADER")
    assert people[LEADER]["openSessions"] > 0
    assert {each["unitCode"] for each in people.values()} == {LEADER.removeprefix("leader-")}


async def test_listens_by_cookie(system: System, browser: httpx.AsyncClient) -> None:
    cookie = {"Cookie": f"chuishao-session={browser.cookies['chuishao-session']}"}
    async with connect(
        f"{system.url.replace('http://', 'ws://')}/graphql",
        subprotocols=[Subprotocol("graphql-transport-ws")],
        additional_headers=cookie,
        origin=Origin(system.url),
        proxy=None,
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        query = {"query": "subscription { caseChanged { caseId } }"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": query}))
        await socket.send(json.dumps({"type": "ping"}))
        assert json.loads(await asyncio.wait_for(socket.recv(), 10))["type"] == "pong"


async def test_signs_out(system: System, browser: httpx.AsyncClient) -> None:
    cookie = browser.cookies["chuishao-session"]

    answer = await browser.post(f"{system.url}/logout", headers=page(system, browser))

    assert "/logout?" in answer.json()["redirect"]
    browser.cookies.set("chuishao-session", cookie, domain="127.0.0.1")
    refused = await browser.get(f"{system.url}/session")
    assert (refused.status_code, refused.json()["code"]) == (401, "session-ended")
