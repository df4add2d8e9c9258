"""A plain GraphQL client, as anybody may take one, plays a whistle from draft to closing as three people."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

from backbone.testing import eventually
from tests.system.county import CLERK, LEADER, POWER, SECRET_PHONE, County, Person, burnt_well, liaison

STATE = "{ caseId case { state } }"


@contextlib.asynccontextmanager
async def client(county: County, person: Person) -> AsyncIterator[Any]:
    """A session of somebody over HTTP."""
    transport = HTTPXAsyncTransport(
        f"{county.system.url}/graphql", headers=county.bearer(person), trust_env=False, timeout=30.0
    )
    async with Client(transport=transport, fetch_schema_from_transport=False) as session:
        yield session


@contextlib.asynccontextmanager
async def listening(county: County, person: Person, case_id: str) -> AsyncIterator[list[str]]:
    """The states somebody is told of one case, over graphql-transport-ws."""
    told: list[str] = []
    url = county.system.url.replace("http://", "ws://", 1) + "/graphql"
    transport = WebsocketsTransport(
        url,
        init_payload={"authorization": county.bearer(person)["Authorization"]},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
        connect_args={"proxy": None},
    )
    wanted = gql(f'subscription {{ caseChanged(caseId: "{case_id}") {{ state }} }}')

    async with Client(transport=transport, fetch_schema_from_transport=False) as session:

        async def listen() -> None:
            async for change in session.subscribe(wanted):
                told.append(change["caseChanged"]["state"])

        ear = asyncio.create_task(listen())
        try:
            yield told
        finally:
            ear.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ear


async def test_plays_a_whistle_from_draft_to_closing_with_three_identities(county: County) -> None:
    await county.clocks.ordinary_morning()
    async with (
        client(county, CLERK) as clerk,
        client(county, LEADER) as leader,
        client(county, liaison(POWER)) as department,
    ):
        draft = gql(f"mutation ($whistle: WhistleInput!) {{ draftWhistle(whistle: $whistle) {STATE} }}")
        draft.variable_values = {"whistle": burnt_well()}
        drafted = await clerk.execute(draft)
        case_id = drafted["draftWhistle"]["caseId"]
        assert drafted["draftWhistle"]["case"]["state"] == "DRAFT"

        async def does(session: Any, verb: str, words: str = "") -> None:
            await session.execute(gql(f'mutation {{ {verb}(caseId: "{case_id}"{words}) {STATE} }}'))

        async def stands(session: Any, state: str) -> None:
            asked = gql(f'{{ case(caseId: "{case_id}") {{ state settling }} }}')

            async def settled() -> bool:
                found = (await session.execute(asked))["case"]
                return bool(found == {"state": state, "settling": False})

            await eventually(settled, 60.0, interval=0.1)

        async with listening(county, CLERK, case_id) as told:
            await does(clerk, "submitWhistle")
            await does(leader, "signWhistle", ", dispatch: NOW")
            await stands(department, "DISPATCHED")
            await does(department, "reportIn", f', handler: "赵", phone: "{SECRET_PHONE}"')
            await stands(clerk, "HANDLING")
            await does(department, "conclude", ', sentence: "变压器已更换"')
            await stands(clerk, "AWAITING_CONFIRMATION")
            await does(clerk, "closeOut")
            await stands(leader, "CLOSED")
            await eventually(lambda: "CLOSED" in told, 30.0)
