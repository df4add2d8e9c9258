"""Somebody signs out at the identity provider, and the provider tells the gateway so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from gateway.application.provider import Logout
from gateway.entrypoints.provider_logout import PATH
from tests.component.gateway.board import ADMINISTRATOR, CLERK, LEADER
from tests.component.gateway.house import House, opened

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def house(module_database: str, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(module_database, tmp_path) as made:
        yield made


async def told(house: House, *, subject: str | None = None, session: str | None = None) -> httpx.Response:
    """What the provider is answered when it tells of a logout."""
    token = f"token-{len(house.provider.logouts)}"
    house.provider.logouts[token] = Logout(f"jti of {token}", subject, session)
    return await house.browser.post(PATH, data={"logout_token": token})


async def ended(house: House) -> bool:
    """Whether the browser's session has ended."""
    return (await house.browser.get("/session")).status_code == 401


async def test_ends_the_session_it_names(house: House) -> None:
    await house.sign_in(LEADER)

    answer = await told(house, session="sid-1")

    assert (answer.status_code, answer.headers["cache-control"], answer.content) == (200, "no-store", b"")
    assert await ended(house)
    (row,) = await house.rows("SELECT tokens_sealed FROM session")
    assert row.tokens_sealed == ""


async def test_gives_back_the_refresh_token(house: House) -> None:
    await house.sign_in(LEADER)

    await told(house, session="sid-1")

    assert house.provider.revoked == [house.provider.given[-1]]


async def test_leaves_other_sessions_alone(house: House) -> None:
    await house.sign_in(LEADER)

    for subject, session in (
        (None, "sid-2"),
        (f"id-of-{CLERK.subject}", None),
        (f"id-of-{CLERK.subject}", "sid-1"),
        (LEADER.subject, None),  # the provider's own name of somebody counts, not the mapped one
    ):
        assert (await told(house, subject=subject, session=session)).status_code == 200

    assert not await ended(house)


async def test_ends_every_session_of_a_person(house: House) -> None:
    cookies = []
    for session in ("sid-1", "sid-2", None):
        house.provider.session = session
        house.browser.cookies.clear()
        await house.sign_in(LEADER)
        cookies.append(house.browser.cookies["__Host-chuishao-session"])

    await told(house, subject=f"id-of-{LEADER.subject}")

    for cookie in cookies:
        house.browser.cookies.clear()
        house.browser.cookies.set("__Host-chuishao-session", cookie)
        assert await ended(house)


async def test_counts_once(house: House) -> None:
    await house.sign_in(LEADER)
    await told(house, subject=f"id-of-{LEADER.subject}")
    await house.sign_in(LEADER)

    again = await house.browser.post(PATH, data={"logout_token": "token-0"})

    assert (again.status_code, again.json()["code"]) == (400, "logout-token-invalid")
    assert not await ended(house)


async def test_is_remembered_for_a_day(house: House) -> None:
    await told(house, session="sid-9")
    await house.later(timedelta(hours=23))
    await house.sign_in(LEADER)
    assert len(await house.rows("SELECT 1 FROM provider_logout")) == 1

    await house.later(timedelta(hours=2))
    await house.sign_in(LEADER)

    assert await house.rows("SELECT 1 FROM provider_logout") == []


async def test_reaches_somebody_who_is_just_arriving(house: House) -> None:
    async def leave() -> None:
        house.provider.before_redeeming = None
        assert (await told(house, session="sid-1")).status_code == 200

    house.provider.before_redeeming = leave
    state = await house.begin()

    answer = await house.browser.get("/callback", params={"code": "good", "state": state})

    assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")
    assert "__Host-chuishao-session" not in house.browser.cookies
    assert await house.rows("SELECT 1 FROM session") == []
    assert house.provider.revoked == house.provider.given


async def test_stands_in_the_record(house: House) -> None:
    await house.sign_in(LEADER)
    await told(house, session="sid-1")

    answer = await house.browser.get("/identity-records", headers=house.identities.bearer(ADMINISTRATOR))

    newest = answer.json()[0]
    assert (newest["act"], newest["actor"], newest["about"]) == (
        "signed-out-at-provider",
        "provider",
        LEADER.subject,
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"logout_token=unknown", FORM),
        (b"", FORM),
        (b"logout_token=token-0&logout_token=token-0", FORM),
        (b"token=token-0", FORM),
        (b"logout_token=token-0", "text/plain"),
        (b'{"logout_token": "token-0"}', "application/json"),
        (b"&".join(b"a=1" for _ in range(100)), FORM),
        (b"logout_token=\xff", FORM),
    ],
)
async def test_what_is_no_logout_token_ends_nothing(house: House, body: bytes, kind: str) -> None:
    await house.sign_in(LEADER)
    house.provider.logouts["token-0"] = Logout("1", f"id-of-{LEADER.subject}", None)

    answer = await house.browser.post(PATH, content=body, headers={"content-type": kind})

    assert (answer.status_code, answer.json()["code"]) == (400, "logout-token-invalid")
    assert not await ended(house)


async def test_fails_where_the_keys_of_the_provider_cannot_be_had(house: House) -> None:
    await house.sign_in(LEADER)
    house.provider.away = True

    answer = await told(house, session="sid-1")

    assert (answer.status_code, answer.json()["code"]) == (400, "provider-unavailable")
    house.provider.away = False
    assert (await house.browser.post(PATH, data={"logout_token": "token-0"})).status_code == 200
    assert await ended(house)
