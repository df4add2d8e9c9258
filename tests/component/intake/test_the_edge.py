"""Every route of intake asks who is there, and is the one the gateway and the importer know."""

from backbone.eventstore.memory import MemoryEventStore
from backbone.web import OPEN_PATHS, route_accesses
from intake.bootstrap import intake
from intake.entrypoints.http import application
from tests.backbone.edge import SECRET, Identities
from tests.component.intake.service import (
    CLERK,
    FLOOD,
    BlobsInMemory,
    Calendar,
    Desk,
    KeysInMemory,
    NumbersInMemory,
)


def test_asks_for_a_token_on_every_route(identities: Identities) -> None:
    parts = intake(MemoryEventStore(), KeysInMemory(), NumbersInMemory(), Calendar(), BlobsInMemory())
    accesses = route_accesses(application(parts, identities.verifier(), SECRET))
    assert {each.path for each in accesses if not each.authenticated} == OPEN_PATHS
    assert {each.path for each in accesses if each.method == "POST"} == {
        "/whistles",
        "/whistles/record",
        "/whistles/{case}/judge-adopted-issues",
        "/whistles/drafts",
        "/whistles/{id}/revise",
        "/whistles/{id}/submit",
        "/whistles/{id}/send-back",
        "/whistles/{id}/discard",
        "/whistles/{id}/sign",
        "/whistles/{id}/close-out",
        "/whistles/{id}/rework",
        "/whistles/{id}/withdraw",
        "/whistles/{id}/appeal",
        "/whistles/{id}/raise-again",
        "/letters",
        "/letters/record",
        "/letters/{id}/respond",
        "/letters/{id}/resolve",
        "/letters/{id}/not-accept",
        "/letters/{id}/release",
        "/letters/{id}/hand-over",
        "/letters/{id}/report",
        "/letters/{id}/refer-up",
        "/letters/{id}/appraise",
        "/letters/{id}/promote",
        "/letters/{id}/read-back",
        "/letters/{id}/read-back/appraise",
        "/letters/{id}/corrections",
        "/letters/{id}/corrections/{correction}/approve",
        "/letters/{id}/corrections/{correction}/decline",
        "/grid-reports",
        "/grid-reports/record",
        "/grid-reports/network",
        "/grid-reports/{id}/close",
        "/grid-reports/{id}/reply",
        "/grid-reports/{id}/route-away",
        "/grid-reports/{id}/promote",
        "/enterprises",
        "/enterprises/{id}/assign-officer",
        "/enterprises/{id}/relieve-officer",
        "/enterprises/{id}/end",
        "/cases/{id}/attachments",
        "/cases/{id}/attachments/{attachment}/remove",
        "/keys",
        "/keys/erase",
    }


async def test_answers_nobody_without_a_good_token(desk: Desk) -> None:
    key = {"Idempotency-Key": "0f6cbb9e-57e5-4d5e-8a57-8a07a3f4b1aa"}
    without = await desk.client.post("/whistles", json=FLOOD, headers=key)
    expired = await desk.client.post("/whistles", json=FLOOD, headers=key | desk.identities.expired(CLERK))
    assert (without.status_code, without.json()["code"]) == (401, "token-missing")
    assert (expired.status_code, expired.json()["code"]) == (401, "token-expired")
    assert await desk.published() == []


async def test_asks_for_a_key_of_every_command(desk: Desk) -> None:
    response = await desk.client.post("/whistles", json=FLOOD, headers=desk.identities.bearer(CLERK))
    assert (response.status_code, response.json()["code"]) == (400, "idempotency-key-missing")
    assert await desk.published() == []
