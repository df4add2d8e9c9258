"""Every route of routing asks who is there, and is one the gateway and the loader know."""

from backbone.eventstore.memory import MemoryEventStore
from backbone.sealing import MemoryKeyRing
from backbone.web import OPEN_PATHS, route_accesses
from routing.adapters.open_dispatches import ReadOpenDispatches
from routing.bootstrap import routing
from routing.entrypoints.http import application
from tests.backbone.edge import SECRET, Identities
from tests.component.routing.service import ARRIVAL, WATER, WATER_LIAISON, Desk, OfficeHours

ASSIGNMENT = "/dispatches/{case}/assignments/{unit}"
DISPUTE_VERBS = [
    "",
    "/settled",
    "/{case}/accept",
    "/{case}/not-accept",
    "/{case}/negotiate",
    "/{case}/coordinate",
    "/{case}/statements",
    "/{case}/hearings",
    "/{case}/agree",
    "/{case}/rule",
    "/{case}/refer-up",
    "/{case}/request-reconsideration",
    "/{case}/decide-reconsideration",
]
REVIEW_VERBS = [
    "",
    "/{case}/start",
    "/{case}/hearings",
    "/{case}/decide",
    "/{case}/issue",
    "/{case}/evaluate",
    "/{case}/cite",
]


def test_asks_for_a_token_on_every_route(identities: Identities) -> None:
    store = MemoryEventStore()
    parts = routing(store, MemoryKeyRing(), OfficeHours(), ReadOpenDispatches(store))
    accesses = route_accesses(application(parts, identities.verifier(), SECRET))
    assert {each.path for each in accesses if not each.authenticated} == OPEN_PATHS
    assert {each.path for each in accesses if each.method == "POST"} == {
        "/dispatches/{case}/confirm",
        "/dispatches/{case}/correct",
        f"{ASSIGNMENT}/report-in",
        f"{ASSIGNMENT}/give-feedback",
        f"{ASSIGNMENT}/conclude",
        f"{ASSIGNMENT}/report-in-and-conclude",
        f"{ASSIGNMENT}/request-return",
        f"{ASSIGNMENT}/accept-return",
        f"{ASSIGNMENT}/refuse-return",
        f"{ASSIGNMENT}/release",
        "/dispatches/{case}/withdraw",
        "/dispatches/{case}/consent-to-withdrawal",
        "/dispatches/{case}/refuse-withdrawal",
        "/dispatches/{case}/not-accept",
        "/dispatches/{case}/decide-appeal",
        *(f"/disputes{each}" for each in DISPUTE_VERBS),
        *(f"/task-down-reviews{each}" for each in REVIEW_VERBS),
        "/dispatches/{case}/corrections",
        "/dispatches/{case}/corrections/{correction}/approve",
        "/dispatches/{case}/corrections/{correction}/decline",
        "/dispatches/{case}/merge",
        f"{ASSIGNMENT}/ask-to-countersign",
        f"{ASSIGNMENT}/countersign",
        "/responsibility-list/versions",
        "/responsibility-list/preview",
        "/units",
        "/units/{unit}/rename",
        "/units/{unit}/merge",
        "/units/{unit}/end",
    }


async def test_answers_nobody_without_a_good_token(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    path = f"/dispatches/{case}/assignments/{WATER}/report-in"
    key = {"Idempotency-Key": "0f6cbb9e-57e5-4d5e-8a57-8a07a3f4b1aa"}
    expired = key | desk.identities.expired(WATER_LIAISON)
    without = await desk.client.post(path, json=ARRIVAL, headers=key)
    late = await desk.client.post(path, json=ARRIVAL, headers=expired)
    assert (without.status_code, without.json()["code"]) == (401, "token-missing")
    assert (late.status_code, late.json()["code"]) == (401, "token-expired")
    assert (await desk.client.get("/responsibility-list/suggest", params={"text": "沟渠"})).status_code == 401
    assert len(await desk.published(case)) == 1


async def test_asks_for_a_key_of_every_command(desk: Desk) -> None:
    case = await desk.dispatched("SL-01")
    path = f"/dispatches/{case}/assignments/{WATER}/report-in"
    response = await desk.client.post(path, json=ARRIVAL, headers=desk.identities.bearer(WATER_LIAISON))
    assert (response.status_code, response.json()["code"]) == (400, "idempotency-key-missing")


async def test_knows_no_case_by_another_name(desk: Desk) -> None:
    response = await desk.post(WATER_LIAISON, f"/dispatches/no-uuid/assignments/{WATER}/report-in", ARRIVAL)
    assert (response.status_code, response.json()["code"]) == (422, "invalid-request")
