"""Keys of other systems: issued by administrators, scoped, seen in use, revoked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from gateway.application.commands import ServiceUnreachable
from tests.component.gateway.board import ADMINISTRATOR, CASE, CLERK, YUANCUN
from tests.component.gateway.house import House, opened

ME = "{ me { subject role } }"


@pytest.fixture
async def house(module_database: str, tmp_path: Path) -> AsyncIterator[House]:
    async with opened(module_database, tmp_path) as made:
        yield made


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def issue(house: House, key: object = None, **changes: Any) -> httpx.Response:
    """Ask for a machine client."""
    wanted = {
        "name": "城管平台",
        "role": "township_clerk",
        "unit": YUANCUN,
        "operations": ["raise-whistle"],
        "days": 30,
    }
    headers = house.identities.bearer(ADMINISTRATOR) | {"idempotency-key": str(key or uuid4())}
    return await house.browser.post("/machine-clients", json=wanted | changes, headers=headers)


async def key_of(house: House, **changes: Any) -> dict[str, str]:
    """The header of a new machine client."""
    issued = await issue(house, **changes)
    assert issued.status_code == 201, issued.text
    return {"Authorization": f"Bearer {issued.json()['key']}"}


async def clients(house: House) -> list[dict[str, Any]]:
    """The list as an administrator sees it."""
    answer = await house.browser.get("/machine-clients", headers=house.identities.bearer(ADMINISTRATOR))
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_a_machine_is_let_in_as_itself(house: House) -> None:
    header = await key_of(house)

    told = (await house.ask(ME, header)).json()["data"]["me"]

    assert told["role"] == "township_clerk"
    assert told["subject"].startswith("machine:")


async def test_the_services_are_given_a_token_and_never_the_key(house: House) -> None:
    header = await key_of(house)
    house.services.refusal = ServiceUnreachable("intake")
    whistle = (
        "mutation { raiseWhistle(whistle: { kind: PUBLIC_APPEAL, ground: CROSS_DEPARTMENT,"
        ' village: "410923102201", text: "沟渠堵塞", departments: ["water-resources"] }) { caseId } }'
    )

    await house.ask(whistle, header)

    (token,) = house.services.tokens
    actor = await house.identities.verifier().verify(token)
    assert (actor.role, actor.operations) == ("township_clerk", frozenset({"raise-whistle"}))


async def test_a_machine_may_nothing_outside_its_scope(house: House) -> None:
    header = await key_of(house)

    answer = await house.ask(f'{{ case(caseId: "{CASE}") {{ caseId }} }}', header)

    assert answer.json()["errors"][0]["extensions"]["code"] == "not-permitted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "administrator"}, "machine-role-invalid"),
        ({"role": "service"}, "machine-role-invalid"),
        ({"role": "mayor"}, "machine-role-invalid"),
        ({"operations": ["sign-whistle"]}, "machine-scope-invalid"),
        ({"operations": ["fly"]}, "machine-scope-invalid"),
        ({"operations": []}, "invalid-request"),
        ({"unit": "atlantis"}, "unknown-unit"),
        ({"days": 0}, "machine-lifetime-invalid"),
        ({"days": 367}, "machine-lifetime-invalid"),
    ],
)
async def test_what_nobody_may_lend_is_not_issued(house: House, changes: Any, code: str) -> None:
    assert code_of(await issue(house, **changes)) == (422, code)
    assert await clients(house) == []


async def test_only_administrators_issue_see_and_revoke(house: House) -> None:
    clerk = house.identities.bearer(CLERK) | {"idempotency-key": str(uuid4())}
    wanted = {"name": "x", "role": "auditor", "unit": YUANCUN, "operations": ["read-cases"]}

    answers = [
        await house.browser.post("/machine-clients", json=wanted, headers=clerk),
        await house.browser.get("/machine-clients", headers=clerk),
        await house.browser.post(f"/machine-clients/{uuid4()}/revoke", headers=clerk),
    ]

    assert [code_of(each) for each in answers] == [(403, "not-permitted")] * 3


async def test_a_key_is_shown_once(house: House) -> None:
    key = uuid4()
    first = await issue(house, key)

    again = await issue(house, key)

    assert code_of(again) == (409, "machine-client-issued-already")
    (row,) = await house.rows("SELECT * FROM machine_client")
    assert first.json()["key"].rpartition("_")[2] not in " ".join(str(each) for each in row)


async def test_a_revoked_key_counts_no_more(house: House) -> None:
    header = await key_of(house)
    await house.ask(ME, header)
    (client,) = await clients(house)
    administrator = house.identities.bearer(ADMINISTRATOR)

    for _ in range(2):
        answer = await house.browser.post(f"/machine-clients/{client['id']}/revoke", headers=administrator)
        assert answer.status_code == 204

    assert code_of(await house.ask(ME, header)) == (401, "machine-key-invalid")
    (client,) = await clients(house)
    assert client["revoked_by"] == ADMINISTRATOR.subject
    told = (await house.browser.get("/identity-records", headers=administrator)).json()
    assert [each["act"] for each in told] == ["machine-client-revoked", "machine-client-issued"]


async def test_there_is_nothing_to_revoke_where_no_client_is(house: House) -> None:
    answer = await house.browser.post(
        f"/machine-clients/{uuid4()}/revoke", headers=house.identities.bearer(ADMINISTRATOR)
    )

    assert code_of(answer) == (404, "unknown-machine-client")


async def test_a_key_ends_by_itself(house: House) -> None:
    header = await key_of(house, days=1)
    await house.later(timedelta(days=1))

    assert code_of(await house.ask(ME, header)) == (401, "machine-key-invalid")


async def test_its_last_use_is_seen(house: House) -> None:
    header = await key_of(house)
    assert (await clients(house))[0]["used_at"] is None

    await house.ask(ME, header)

    assert (await clients(house))[0]["used_at"] is not None


@pytest.mark.parametrize("key", ["chuishao_", "chuishao_" + "0" * 32 + "_" + "x" * 43, "chuishao_x_y"])
async def test_a_made_up_key_is_refused(house: House, key: str) -> None:
    answer = await house.ask(ME, {"Authorization": f"Bearer {key}"})

    assert code_of(answer) == (401, "machine-key-invalid")


async def test_the_right_client_with_another_secret_is_refused(house: House) -> None:
    header = await key_of(house)
    client, _, secret = header["Authorization"].rpartition("_")
    other = secret[::-1]

    assert code_of(await house.ask(ME, {"Authorization": f"{client}_{other}"})) == (
        401,
        "machine-key-invalid",
    )
