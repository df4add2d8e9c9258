"""挂账、延期 over HTTP: permitted by role, once per key, bodies within limits."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from accountability.entrypoints.time_routes import SERVICE, extension_router, parking_router
from backbone.identity import Actor
from backbone.web import service_app
from contracts.catalogue import sentence
from tests.backbone.edge import SECRET, Identities, client_of
from tests.component.accountability.test_parking import hands, now
from tests.component.accountability.whistle_hands import (
    COUNTY_LEADER,
    SUPERVISOR,
    TOWN_LEADER,
    TRANSPORT_LEADER,
    WATER_LEADER,
    WATER_LIAISON,
    Hands,
)

__all__ = ["hands", "now"]

APPLICATION: dict[str, Any] = {
    "ground": "awaiting_funds",
    "plan": "上报省级立项",
    "milestones": [{"due": "2026-04-30", "words": "完成可研"}],
    "owner": "张建国",
    "sunset": "2026-06-30",
}
REASON = {"reason": "理由"}


@pytest.fixture
def identities(tmp_path: Path) -> Identities:
    """Tokens for everybody."""
    return Identities(tmp_path)


@pytest.fixture
async def client(hands: Hands, identities: Identities) -> AsyncIterator[httpx.AsyncClient]:
    app = service_app(
        SERVICE,
        store=hands.office.store,
        verifier=identities.verifier(),
        sentence=sentence,
        secret=SECRET,
        routers=[parking_router(hands.office.parkings), extension_router(hands.office.extensions)],
    )
    async with client_of(app) as opened:
        yield opened


class Asking:
    """People at the edge of accountability."""

    def __init__(self, client: httpx.AsyncClient, identities: Identities, hands: Hands) -> None:
        self._client, self._identities, self._hands = client, identities, hands

    async def ask(self, actor: Actor, verb: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {**self._identities.bearer(actor), "Idempotency-Key": key or str(uuid4())}
        path = f"/whistles/{self._hands.case}/{verb}"
        return await self._client.post(path, json=body or {}, headers=headers)

    async def done(self, actor: Actor, verb: str, body: Any = None) -> None:
        response = await self.ask(actor, verb, body)
        assert response.status_code == 200, response.text
        assert response.json()["id"] == self._hands.case
        await self._hands.settle()

    async def refused(self, actor: Actor, verb: str, body: Any = None) -> tuple[int, str]:
        response = await self.ask(actor, verb, body)
        problem = response.json()
        assert problem["title"] != problem["code"], "a refusal without a Chinese sentence"
        assert "{" not in problem["title"], "a sentence without its parameters"
        return response.status_code, problem["code"]


@pytest.fixture
def asking(client: httpx.AsyncClient, identities: Identities, hands: Hands) -> Asking:
    return Asking(client, identities, hands)


async def test_a_parking_goes_its_way(asking: Asking, hands: Hands) -> None:
    await asking.done(WATER_LEADER, "apply-for-parking", APPLICATION)
    await asking.done(TOWN_LEADER, "object-to-parking", REASON)
    await asking.done(SUPERVISOR, "approve-parking")
    await asking.done(WATER_LEADER, "review-parking", {"words": "进展顺利"})
    await asking.done(WATER_LIAISON, "reach-milestone", {"milestone": 1})
    await asking.done(WATER_LIAISON, "end-parking", REASON)
    assert await hands.names() == [
        "ParkingAppliedFor",
        "ParkingObjectedTo",
        "ParkingApproved",
        "ParkingReviewed",
        "MilestoneReached",
        "ParkingEnded",
    ]


async def test_a_parking_is_refused(asking: Asking, hands: Hands) -> None:
    await asking.done(WATER_LEADER, "apply-for-parking", APPLICATION)
    await asking.done(SUPERVISOR, "refuse-parking", REASON)
    assert (await hands.names())[-1] == "ParkingRefused"


async def test_an_extension_goes_its_way(asking: Asking, hands: Hands) -> None:
    await asking.done(WATER_LEADER, "apply-for-extension", {"amount": 3, "reason": "设备未到"})
    await asking.done(SUPERVISOR, "grant-extension")
    await asking.done(WATER_LEADER, "apply-for-extension", {"amount": 2, "reason": "设备仍未到"})
    await asking.done(COUNTY_LEADER, "refuse-extension", REASON)
    assert (await hands.names())[-1] == "ExtensionRefused"


async def test_a_request_sent_twice_counts_once(asking: Asking, hands: Hands) -> None:
    key = str(uuid4())
    first = await asking.ask(WATER_LEADER, "apply-for-parking", APPLICATION, key)
    again = await asking.ask(WATER_LEADER, "apply-for-parking", APPLICATION, key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    other = await asking.ask(WATER_LEADER, "apply-for-parking", {**APPLICATION, "plan": "另一方案"}, key)
    assert other.json()["code"] == "idempotency-key-reused"


@pytest.mark.parametrize(
    ("actor", "verb", "body"),
    [
        (WATER_LIAISON, "apply-for-parking", APPLICATION),
        (WATER_LEADER, "object-to-parking", REASON),
        (WATER_LEADER, "approve-parking", None),
        (TOWN_LEADER, "refuse-parking", REASON),
        (WATER_LIAISON, "review-parking", {"words": "顺利"}),
        (SUPERVISOR, "reach-milestone", {"milestone": 1}),
        (TOWN_LEADER, "end-parking", REASON),
        (WATER_LIAISON, "apply-for-extension", {"amount": 1, "reason": "忙"}),
        (WATER_LEADER, "grant-extension", None),
        (TOWN_LEADER, "refuse-extension", REASON),
    ],
)
async def test_another_role_is_not_permitted(asking: Asking, actor: Actor, verb: str, body: Any) -> None:
    assert await asking.refused(actor, verb, body) == (403, "not-permitted")


async def test_refusals_are_told_with_their_sentence(asking: Asking) -> None:
    far = {**APPLICATION, "sunset": "2027-06-30"}
    assert await asking.refused(WATER_LEADER, "apply-for-parking", far) == (422, "sunset-too-far")
    assert await asking.refused(TRANSPORT_LEADER, "apply-for-parking", APPLICATION) == (
        422,
        "only-the-lead-may",
    )
    assert await asking.refused(WATER_LEADER, "apply-for-extension", {"amount": 9, "reason": "忙"}) == (
        422,
        "extension-exceeds-the-original",
    )


@pytest.mark.parametrize(
    "body",
    [
        {**APPLICATION, "ground": "too_busy"},
        {**APPLICATION, "sunset": "someday"},
        {**APPLICATION, "plan": "长" * 2_001},
        {**APPLICATION, "photo": "x"},
        {**APPLICATION, "milestones": APPLICATION["milestones"] * 21},
    ],
)
async def test_a_body_beyond_its_limits_is_refused(asking: Asking, body: Any) -> None:
    assert await asking.refused(WATER_LEADER, "apply-for-parking", body) == (422, "invalid-request")
