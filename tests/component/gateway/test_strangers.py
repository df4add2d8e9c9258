"""Whoever is not known is counted by address: floods without a proof, guessed keys, sockets that sit open."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from backbone.identity import IdentityUnavailable, Unauthenticated
from backbone.testing import serving
from gateway.application.allowances import AnonymousRateExceeded
from gateway.application.limits import Limits
from gateway.application.strangers import Strangers, address_of
from gateway.entrypoints.callers import Caller
from tests.component.gateway.board import CLERK, LEADER
from tests.component.gateway.house import HOME, House, opened
from tests.component.gateway.test_door import ME, code_of, listen, refusal, socket

SLOW = {"anonymous_per_minute": 6, "anonymous_burst": 3}
"""Three at once, then one in ten seconds."""


@asynccontextmanager
async def a_house(database: str, folder: Path, **limits: Any) -> AsyncIterator[House]:
    async with opened(database, folder, limits=Limits(**limits)) as house:
        yield house


def looked_at(house: House, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each bearer's word is looked at from here on."""
    counted: Counter[str] = Counter()
    by_bearer = house.callers.by_bearer

    async def counting(token: str) -> Caller:
        counted[token] += 1
        return await by_bearer(token)

    monkeypatch.setattr(house.callers, "by_bearer", counting)
    return counted


def guess() -> dict[str, str]:
    return {"Authorization": f"Bearer chuishao_{uuid4().hex}_guess"}


async def test_a_flood_of_nobody_is_held_back(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house:
        answers = [await house.browser.get("/login") for _ in range(5)]

        assert [each.status_code for each in answers] == [303, 303, 303, 429, 429]
        assert code_of(answers[4]) == (429, "anonymous-rate-exceeded")
        told = answers[4].json()
        assert told["params"] == {"most": 6, "seconds": 10}
        assert told["rule"]["id"] == "limit:anonymous-rate"
        assert answers[4].headers["retry-after"] == "10"
        assert answers[4].headers["ratelimit"] == '"address";r=0;t=10'


async def test_another_address_has_its_own(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house:
        elsewhere = httpx.ASGITransport(house.app, client=("192.0.2.7", 5))
        async with httpx.AsyncClient(transport=elsewhere, base_url=HOME) as other:
            for _ in range(4):
                await house.browser.get("/login")

            assert (await house.browser.get("/login")).status_code == 429
            assert (await other.get("/login")).status_code == 303


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
    ],
)
def test_all_addresses_of_one_network_are_one(peer: str, address: str) -> None:
    assert address_of({"client": (peer, 5)}) == address


def test_a_request_without_a_peer_has_an_address_as_well() -> None:
    assert address_of({}) == address_of({"client": None}) == ""


async def test_nobody_says_who_they_come_from(module_database: str, tmp_path: Path) -> None:
    async with (
        a_house(module_database, tmp_path, **SLOW) as house,
        serving(house.app) as url,
        httpx.AsyncClient(base_url=url) as attacker,
    ):
        pretended = [
            (await attacker.get("/login", headers={"X-Forwarded-For": f"192.0.2.{n}"})).status_code
            for n in range(4)
        ]

    assert pretended[3] == 429


@pytest.mark.parametrize("word", ["Bearer chuishao_x_y", "Bearer x", "Basic eDp5"])
async def test_guesses_are_held_back_and_looked_at_no_more(
    module_database: str, tmp_path: Path, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house:
        counted = looked_at(house, monkeypatch)

        answers = [await house.ask(ME, {"Authorization": word}) for _ in range(6)]

        assert [each.status_code for each in answers] == [401, 401, 401, 429, 429, 429]
        assert code_of(answers[5]) == (429, "anonymous-rate-exceeded")
        assert counted.total() == 3


async def test_guesses_at_once_are_held_back_as_well(
    module_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house:
        counted = looked_at(house, monkeypatch)

        answers = await asyncio.gather(*(house.ask(ME, guess()) for _ in range(20)))

        assert Counter(each.status_code for each in answers) == {401: 3, 429: 17}
        assert counted.total() == 3


async def test_a_guessed_session_costs_like_a_guessed_key(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house:
        answers = []
        for _ in range(4):
            house.browser.cookies.set("__Host-chuishao-session", uuid4().hex)
            answers.append(await house.browser.get("/session"))

        assert [each.status_code for each in answers][3] == 429


async def test_a_page_that_is_not_ours_costs_too(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house:
        house.browser.cookies.set("__Host-chuishao-session", "a session")

        answers = [await house.browser.post("/logout") for _ in range(4)]

        assert [code_of(each) for each in answers][2:] == [
            (403, "csrf-refused"),
            (429, "anonymous-rate-exceeded"),
        ]


async def test_a_lucky_guess_is_not_told_from_an_address_that_has_guessed_too_much(
    module_database: str, tmp_path: Path
) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house:
        at_work = house.identities.bearer(LEADER)
        assert (await house.ask(ME, at_work)).status_code == 200
        for _ in range(4):
            await house.ask(ME, guess())

        assert (await house.ask(ME, house.identities.bearer(CLERK))).status_code == 429
        assert (await house.ask(ME, at_work)).status_code == 200, "who is at work there goes on"


async def test_good_proofs_cost_their_address_nothing(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, anonymous_per_minute=1, anonymous_burst=1) as house:
        tokens = [house.identities.token(CLERK, lifetime=300 + n) for n in range(5)]
        answers = [await house.ask(ME, {"Authorization": f"Bearer {each}"}) for each in tokens]

        assert [each.status_code for each in answers] == [200] * 5
        assert len(set(tokens)) == 5


async def found() -> str:
    return "somebody"


async def wrong() -> str:
    raise Unauthenticated("token-invalid")


async def away() -> str:
    raise IdentityUnavailable


async def test_what_could_not_be_looked_at_costs_nothing() -> None:
    strangers = Strangers(Limits(anonymous_per_minute=1, anonymous_burst=1))
    for _ in range(3):
        with pytest.raises(IdentityUnavailable):
            await strangers.let_in("a", "token", away)

    assert await strangers.let_in("a", "token", found) == "somebody"


async def test_what_is_good_no_more_costs_again() -> None:
    strangers = Strangers(Limits(anonymous_per_minute=1, anonymous_burst=1))
    await strangers.let_in("a", "token", found)
    with pytest.raises(Unauthenticated):
        await strangers.let_in("a", "token", wrong)

    with pytest.raises(AnonymousRateExceeded):
        await strangers.let_in("a", "token", found)


async def test_every_answer_tells_what_is_left(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, requests_per_minute=6, burst=3, **SLOW) as house:
        clerk = house.identities.bearer(CLERK)

        first, second = await house.ask(ME, clerk), await house.ask("{", clerk)
        nobody = await house.browser.get("/login")
        wrong = await house.ask(ME, guess())
        last = [await house.ask(ME, clerk) for _ in range(2)][1]

        assert first.headers["ratelimit-policy"] == '"caller";q=3;w=30'
        assert first.headers["ratelimit"] == '"caller";r=2;t=10'
        assert second.headers["ratelimit"] == '"caller";r=1;t=20'
        assert nobody.headers["ratelimit-policy"] == '"address";q=3;w=30'
        assert nobody.headers["ratelimit"].startswith('"address";r=2;')
        assert wrong.headers["ratelimit"].startswith('"address";r=1;')
        assert last.status_code == 429
        assert last.headers["ratelimit"] == f'"caller";r=0;t={last.headers["retry-after"]}'


def waiting(house: House) -> Counter[str]:
    """Connections that have not said whose they are."""
    return house.callers.strangers._waiting


@asynccontextmanager
async def silent(url: str) -> AsyncIterator[ClientConnection]:
    """A connection on which nothing is said."""
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as made:
        yield made


async def end_of(made: ClientConnection) -> tuple[int, str]:
    """How it is closed."""
    with pytest.raises(ConnectionClosed) as closed:
        await asyncio.wait_for(made.recv(), 30)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code, closed.value.rcvd.reason


async def test_a_connection_without_a_word_is_not_waited_for(module_database: str, tmp_path: Path) -> None:
    async with (
        a_house(module_database, tmp_path, introduction_seconds=0.05) as house,
        serving(house.app) as url,
        silent(f"ws{url[4:]}/graphql") as made,
    ):
        assert await end_of(made) == (4401, "token-missing")
        assert not waiting(house)


@pytest.mark.parametrize("said", [{}, {"authorization": "Bearer nonsense"}])
async def test_a_connection_of_nobody_known_is_not_kept(
    module_database: str, tmp_path: Path, said: Mapping[str, str]
) -> None:
    async with (
        a_house(module_database, tmp_path, introduction_seconds=0.05) as house,
        serving(house.app) as url,
        connect(
            f"ws{url[4:]}/graphql", subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None
        ) as made,
    ):
        await made.send(json.dumps({"type": "connection_init", "payload": said}))
        await made.recv()

        assert await end_of(made) == (4401, "token-missing")


async def test_so_many_connections_of_an_address_may_wait(module_database: str, tmp_path: Path) -> None:
    async with (
        a_house(module_database, tmp_path, anonymous_connections=2) as house,
        serving(house.app) as http,
        AsyncExitStack() as open_ones,
    ):
        url, said = (
            f"ws{http[4:]}/graphql",
            {"authorization": house.identities.bearer(CLERK)["Authorization"]},
        )
        await open_ones.enter_async_context(socket(url, said))
        assert not waiting(house), "whoever is known waits no more"
        for _ in range(2):
            await open_ones.enter_async_context(silent(url))
        with pytest.raises(InvalidStatus) as refused:
            await open_ones.enter_async_context(silent(url))
        answer = refused.value.response
        assert answer.status_code == 429
        told = json.loads(answer.body)
        assert told["code"] == "too-many-anonymous-connections"
        assert told["rule"]["id"] == "limit:anonymous-connections"
        assert answer.headers["retry-after"]
    assert not waiting(house)


async def test_opening_connections_costs_an_address(module_database: str, tmp_path: Path) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house, serving(house.app) as http:
        for _ in range(3):
            async with silent(f"ws{http[4:]}/graphql"):
                pass
        with pytest.raises(InvalidStatus) as refused:
            async with silent(f"ws{http[4:]}/graphql"):
                pass

    assert refused.value.response.status_code == 429
    assert json.loads(refused.value.response.body)["code"] == "anonymous-rate-exceeded"


async def test_guesses_on_a_connection_cost_like_any_other(
    module_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_house(module_database, tmp_path, **SLOW) as house, serving(house.app) as http:
        counted = looked_at(house, monkeypatch)
        async with socket(f"ws{http[4:]}/graphql", {"authorization": guess()["Authorization"]}) as made:
            codes = []
            for name in ("1", "2", "3"):
                await listen(made, name)
                codes.append(await refusal(made))

        assert codes[-2:] == ["anonymous-rate-exceeded"] * 2
        assert counted.total() == 2, "one when it came, one when it first asked"
