"""An open subscription ends with its caller's session, key or token, even where nothing happens."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from backbone.testing import serving
from gateway.application.provider import Logout
from gateway.entrypoints.provider_logout import PATH
from tests.component.gateway.board import ADMINISTRATOR, CLERK, LEADER, YUANCUN
from tests.component.gateway.house import HOME, House, opened
from tests.component.gateway.test_door import listen, socket, subscribed

WATCHED = 0.05


@pytest.fixture
async def listening(module_database: str, tmp_path: Path) -> AsyncIterator[tuple[House, str]]:
    async with (
        opened(module_database, tmp_path, watched_seconds=WATCHED) as house,
        serving(house.app) as url,
    ):
        yield house, f"ws{url[4:]}/graphql"


@asynccontextmanager
async def signed_in(house: House, url: str) -> AsyncIterator[ClientConnection]:
    """A connection that listens by the browser's session."""
    cookie = {"Cookie": f"__Host-chuishao-session={house.browser.cookies['__Host-chuishao-session']}"}
    async with socket(url, additional_headers=cookie, origin=Origin(HOME)) as made:
        await listen(made)
        await subscribed(house, 1)
        yield made


async def end_of(made: ClientConnection) -> tuple[int, str]:
    """How a connection on which nothing is told is closed."""
    with pytest.raises(ConnectionClosed) as closed:
        await asyncio.wait_for(made.recv(), 30)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


async def test_ends_when_its_session_is_ended_here(listening: tuple[House, str]) -> None:
    house, url = listening
    await house.sign_in(LEADER)
    async with signed_in(house, url) as made:
        await house.browser.post("/logout", headers=house.page())

        assert await end_of(made) == (4401, "session-ended")
        await subscribed(house, 0)


async def test_ends_when_the_provider_tells_of_a_logout_and_others_go_on(
    listening: tuple[House, str],
) -> None:
    house, url = listening
    await house.sign_in(LEADER)
    bearer = {"authorization": house.identities.bearer(CLERK)["Authorization"]}
    async with signed_in(house, url) as made, socket(url, bearer) as other:
        house.provider.logouts["token"] = Logout("jti", f"id-of-{LEADER.subject}", None)
        assert (await house.browser.post(PATH, data={"logout_token": "token"})).status_code == 200

        assert await end_of(made) == (4401, "session-ended")
        await other.send(json.dumps({"type": "ping"}))
        assert json.loads(await other.recv()) == {"type": "pong"}


async def test_listening_keeps_no_session_alive(listening: tuple[House, str]) -> None:
    house, url = listening
    await house.sign_in(LEADER)
    async with signed_in(house, url) as made:
        await house.later(timedelta(hours=2, seconds=1))

        assert await end_of(made) == (4401, "session-ended")


async def test_ends_when_its_key_is_revoked(listening: tuple[House, str]) -> None:
    house, url = listening
    administrator = house.identities.bearer(ADMINISTRATOR)
    wanted = {"name": "x", "role": "township_clerk", "unit": YUANCUN, "operations": ["read-cases"]}
    issued = await house.browser.post(
        "/machine-clients", json=wanted, headers=administrator | {"idempotency-key": str(uuid4())}
    )
    async with socket(url, {"authorization": f"Bearer {issued.json()['key']}"}) as made:
        await listen(made)
        await subscribed(house, 1)
        await house.browser.post(f"/machine-clients/{issued.json()['id']}/revoke", headers=administrator)

        assert await end_of(made) == (4401, "machine-key-invalid")


async def test_ends_with_its_token(listening: tuple[House, str]) -> None:
    house, url = listening
    token = house.identities.token(CLERK, lifetime=-2)  # within the leeway for the clocks of others
    async with socket(url, {"authorization": f"Bearer {token}"}) as made:
        await listen(made)

        assert await end_of(made) == (4401, "token-expired")


async def test_a_caller_counts_from_the_first_message_on(module_database: str, tmp_path: Path) -> None:
    async with opened(module_database, tmp_path) as house, serving(house.app) as url:
        said = {"authorization": house.identities.bearer(CLERK)["Authorization"]}
        async with socket(f"ws{url[4:]}/graphql", said):
            assert sum(house.callers.sockets._connections.values()) == 1
        assert not house.callers.sockets._subscriptions
