"""Sessions at the console: signing in and out, keeping a session alive, and pages that are not ours."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from backbone.identity import Actor
from gateway.entrypoints.cookies import Place
from tests.component.gateway.board import ADMINISTRATOR, CLERK, LEADER
from tests.component.gateway.house import HOME, House, opened

ME = "{ me { subject role } }"
NOBODY = Actor("nobody", "演示·无", "", "410923102")


@pytest.fixture
async def house(module_database: str, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(module_database, tmp_path) as made:
        yield made


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_whoever_signs_in_is_known_from_then_on(house: House) -> None:
    answer = await house.sign_in(LEADER)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    told = (await house.browser.get("/session")).json()
    assert (told["subject"], told["role_name"], told["unit"]) == (LEADER.subject, "镇街领导", LEADER.unit)
    asked = await house.ask(ME, house.page())
    assert asked.json() == {"data": {"me": {"subject": LEADER.subject, "role": "township_leader"}}}


async def test_comes_back_to_where_one_wanted_to_go(house: House) -> None:
    state = await house.begin("/cases/7?tab=clocks")

    answer = await house.browser.get("/callback", params={"code": "good", "state": state})

    assert answer.headers["location"] == "/cases/7?tab=clocks"


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:1"])
async def test_leads_nowhere_but_to_a_path_of_ours(house: House, elsewhere: str) -> None:
    state = await house.begin(elsewhere)

    answer = await house.browser.get("/callback", params={"code": "good", "state": state})

    assert answer.headers["location"] == "/"


async def test_a_session_that_somebody_else_chose_is_never_taken_over(house: House) -> None:
    house.browser.cookies.set("__Host-chuishao-session", "chosen", domain="chuishao.test")

    answer = await house.sign_in(LEADER)

    given = [
        each for each in answer.headers.get_list("set-cookie") if each.startswith("__Host-chuishao-session=")
    ]
    assert len(given) == 1
    assert "chosen" not in given[0]
    cookie = {"cookie": "__Host-chuishao-session=chosen"}
    house.browser.cookies.clear()
    assert code_of(await house.browser.get("/session", headers=cookie)) == (401, "session-ended")


async def test_a_form_on_another_site_does_nothing(house: House) -> None:
    await house.sign_in()
    body = '{"query": "mutation { deleteView(viewId: \\"1\\") }"}'

    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        headers = {"content-type": kind, "origin": "https://evil.test"}
        answer = await house.browser.post("/graphql", content=body, headers=headers)
        assert code_of(answer) == (403, "csrf-refused")


async def test_the_cookie_is_kept_from_scripts_and_from_plain_http(house: House) -> None:
    answer = await house.sign_in()

    cookies = {each.split("=")[0]: each for each in answer.headers.get_list("set-cookie")}
    session = cookies["__Host-chuishao-session"]
    for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert attribute in session
    assert "Domain" not in session
    assert "HttpOnly" not in cookies["__Host-chuishao-csrf"]


async def test_the_database_holds_neither_the_cookie_nor_a_token(house: House) -> None:
    await house.sign_in()

    (row,) = await house.rows("SELECT * FROM session")

    cookie = house.browser.cookies["__Host-chuishao-session"]
    kept = " ".join(str(each) for each in row)
    assert cookie not in kept
    assert house.provider.given[-1] not in kept
    assert LEADER.name not in kept
    assert bytes(row.id_hash) != cookie.encode()


async def test_windows_that_sign_in_at_once_do_not_hinder_each_other(house: House) -> None:
    first, second = await house.begin(), await house.begin()

    answers = [
        await house.browser.get("/callback", params={"code": "good", "state": each})
        for each in (first, second)
    ]

    assert [each.status_code for each in answers] == [303, 303]
    assert len(await house.rows("SELECT 1 FROM session WHERE ended_at IS NULL")) == 1


async def test_a_callback_nobody_began_is_refused(house: House) -> None:
    state = await house.begin()
    house.browser.cookies.clear()

    assert code_of(await house.browser.get("/callback", params={"code": "x", "state": state})) == (
        400,
        "login-expired",
    )
    assert await house.rows("SELECT * FROM session") == []


async def test_a_callback_with_another_state_is_refused(house: House) -> None:
    state = await house.begin()

    forged = state[:8] + "x" * (len(state) - 8)

    answer = await house.browser.get("/callback", params={"code": "x", "state": forged})
    assert code_of(answer) == (400, "login-expired")


async def test_a_provider_that_refuses_is_told(house: House) -> None:
    state = await house.begin()

    answer = await house.browser.get("/callback", params={"error": "access_denied", "state": state})
    assert code_of(answer) == (401, "login-failed")
    assert "access_denied" in answer.json()["detail"]
    bad = await house.browser.get("/callback", params={"code": "bad", "state": state})
    assert code_of(bad) == (401, "login-failed")


async def test_a_person_reads_a_page_and_no_problem_document(house: House) -> None:
    answer = await house.browser.get(
        "/callback", params={"error": "<script>", "state": "x"}, headers={"accept": "text/html"}
    )

    assert answer.headers["content-type"].startswith("text/html")
    assert "重新登录" in answer.text
    assert "<script>" not in answer.text


async def test_a_provider_that_is_away_is_told(house: House) -> None:
    house.provider.away = True

    assert code_of(await house.browser.get("/login")) == (503, "provider-unavailable")


async def test_by_another_name_of_this_host_one_is_led_to_the_right_one(house: House) -> None:
    answer = await house.browser.get("/login?return_to=/x", headers={"host": "localhost:8000"})

    assert answer.headers["location"] == f"{HOME}/login?return_to=%2Fx"


async def test_whoever_has_no_role_here_gets_no_session(house: House) -> None:
    house.provider.person = NOBODY
    state = await house.begin()

    answer = await house.browser.get("/callback", params={"code": "good", "state": state})

    assert code_of(answer) == (401, "token-invalid")
    assert await house.rows("SELECT * FROM session") == []
    assert house.provider.revoked == house.provider.given


async def test_a_page_elsewhere_can_do_nothing_with_the_cookie(house: House) -> None:
    await house.sign_in()

    for headers in (
        {},
        {"x-csrf-token": house.csrf},
        house.page(origin="https://evil.test"),
        house.page(origin="null"),
        {"origin": HOME},
        house.page(**{"x-csrf-token": "guess"}),
    ):
        assert code_of(await house.ask(ME, headers)) == (403, "csrf-refused")
        assert code_of(await house.browser.post("/logout", headers=headers)) == (403, "csrf-refused")
    assert (await house.browser.get("/session")).status_code == 200


async def test_the_proof_of_one_session_is_none_for_another(house: House) -> None:
    await house.sign_in(LEADER)
    earlier = house.csrf
    await house.sign_in(CLERK)

    assert code_of(await house.ask(ME, house.page(**{"x-csrf-token": earlier}))) == (403, "csrf-refused")


async def test_a_bearer_needs_no_proof(house: House) -> None:
    assert (await house.ask(ME, house.identities.bearer(CLERK))).status_code == 200


async def test_signing_out_ends_it_here_and_at_the_provider(house: House) -> None:
    await house.sign_in()
    cookie = house.browser.cookies["__Host-chuishao-session"]

    answer = await house.browser.post("/logout", headers=house.page())

    assert answer.json() == {"redirect": "https://id.test/logout?hint=identity"}
    assert house.provider.revoked == [house.provider.given[-1]]
    house.browser.cookies.set("__Host-chuishao-session", cookie)
    assert code_of(await house.browser.get("/session")) == (401, "session-ended")
    assert code_of(await house.ask(ME, house.page())) == (401, "session-ended")
    (row,) = await house.rows("SELECT tokens_sealed FROM session")
    assert row.tokens_sealed == ""


async def test_an_open_page_stays_open_when_a_session_has_ended(house: House) -> None:
    house.browser.cookies.set("__Host-chuishao-session", "made-up")

    assert (await house.browser.get("/health/live")).status_code == 200
    assert (await house.browser.get("/login")).status_code == 303
    assert code_of(await house.browser.get("/session")) == (401, "session-ended")


async def test_an_access_token_that_runs_out_is_renewed_once_for_all(house: House) -> None:
    await house.sign_in()
    await house.later(timedelta(minutes=5))

    answers = await asyncio.gather(*(house.browser.get("/session") for _ in range(5)))

    assert {each.status_code for each in answers} == {200}
    assert house.provider.refreshed == 1
    await house.later(timedelta(minutes=5))
    assert (await house.browser.get("/session")).status_code == 200
    assert house.provider.refreshed == 2


async def test_a_session_the_provider_does_not_renew_ends(house: House) -> None:
    await house.sign_in()
    house.provider.refuses = True
    await house.later(timedelta(minutes=5))

    assert code_of(await house.browser.get("/session")) == (401, "session-ended")
    house.provider.refuses = False
    assert code_of(await house.browser.get("/session")) == (401, "session-ended")


async def test_a_provider_that_is_away_ends_no_session(house: House) -> None:
    await house.sign_in()
    house.provider.away = True
    await house.later(timedelta(minutes=6))

    assert code_of(await house.browser.get("/session")) == (503, "provider-unavailable")
    house.provider.away = False
    assert (await house.browser.get("/session")).status_code == 200


async def test_a_session_nobody_uses_ends(house: House) -> None:
    await house.sign_in()
    await house.later(timedelta(hours=2, seconds=1))

    assert code_of(await house.browser.get("/session")) == (401, "session-ended")


async def test_a_session_ends_however_it_is_used(house: House) -> None:
    await house.sign_in()
    for _ in range(11):
        await house.later(timedelta(hours=1))
        assert (await house.browser.get("/session")).status_code == 200
    await house.later(timedelta(hours=1))

    assert code_of(await house.browser.get("/session")) == (401, "session-ended")


async def test_an_administrator_ends_every_session_of_a_person(house: House) -> None:
    await house.sign_in(LEADER)
    asked = {"subject": LEADER.subject}

    refused = await house.browser.post("/sessions/revoke", json=asked, headers=house.identities.bearer(CLERK))
    done = await house.browser.post(
        "/sessions/revoke", json=asked, headers=house.identities.bearer(ADMINISTRATOR)
    )

    assert code_of(refused) == (403, "not-permitted")
    assert done.json() == {"sessions": 1}
    assert code_of(await house.browser.get("/session")) == (401, "session-ended")


async def test_sessions_that_were_ended_are_over_on_every_replica(
    house: House, module_database: str, tmp_path: Path
) -> None:
    async with opened(module_database, tmp_path, beside=house) as other:
        await house.sign_in(LEADER)
        other.browser.cookies.update(house.browser.cookies)
        assert (await other.browser.get("/session")).status_code == 200

        await other.browser.post(
            "/sessions/revoke",
            json={"subject": LEADER.subject},
            headers=house.identities.bearer(ADMINISTRATOR),
        )

        for each in (house, other):
            assert code_of(await each.browser.get("/session")) == (401, "session-ended")
            assert code_of(await each.ask(ME, house.page())) == (401, "session-ended")
    told = await house.browser.get("/identity-records", headers=house.identities.bearer(ADMINISTRATOR))
    newest = told.json()[0]
    assert (newest["act"], newest["actor"], newest["about"]) == (
        "session-revoked",
        ADMINISTRATOR.subject,
        LEADER.subject,
    )


async def test_a_person_no_database_could_know_is_refused(house: House) -> None:
    refused = await house.browser.post(
        "/sessions/revoke", json={"subject": "a\0b"}, headers=house.identities.bearer(ADMINISTRATOR)
    )
    assert code_of(refused) == (422, "invalid-request")


async def test_the_record_tells_who_signed_in_and_out_and_is_final(house: House) -> None:
    await house.sign_in(LEADER)
    await house.browser.post("/logout", headers=house.page())

    told = await house.browser.get("/identity-records", headers=house.identities.bearer(ADMINISTRATOR))

    assert [(each["act"], each["actor"]) for each in told.json()] == [
        ("signed-out", LEADER.subject),
        ("signed-in", LEADER.subject),
    ]
    refused = await house.browser.get("/identity-records", headers=house.identities.bearer(CLERK))
    assert code_of(refused) == (403, "not-permitted")
    with pytest.raises(Exception, match="append-only"):
        await house.rows("DELETE FROM identity_record RETURNING 1")


@pytest.mark.parametrize("url", ["http://chuishao.test", "ftp://127.0.0.1", "https://", "https://x/y", "x"])
def test_a_public_address_without_https_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError):
        Place(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_on_this_machine_itself_plain_http_is_enough(url: str) -> None:
    assert Place(url).cookie("session") == "chuishao-session"
