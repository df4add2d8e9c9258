"""Open311 begins without a key: discovery, the admitted items as services, and villages to choose from."""

from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gateway.application.limits import Limits
from tests.component.gateway.board import Board
from tests.component.gateway.reporting import HOME, VILLAGE, App, code_of, network, opened, prepared


@pytest.fixture
async def app(board: Board, tmp_path: Path) -> AsyncIterator[App]:
    await prepared(board)
    async with opened(board, tmp_path, jurisdiction_id="nanle.test") as made:
        yield made


async def test_discovery_leads_to_the_endpoint(app: App) -> None:
    told = (await app.get("discovery.json")).json()

    assert told["changeset"] == told["endpoints"][0]["changeset"] == "2026-05-08T02:03:00+00:00"
    assert told["endpoints"] == [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": f"{HOME}/open311/v2",
            "changeset": "2026-05-08T02:03:00+00:00",
            "type": "test",
            "formats": ["application/json", "text/xml"],
        }
    ]
    assert "减负办" in told["contact"]
    assert "file-grid-report" in told["key_service"]


async def test_discovery_is_the_same_in_xml(app: App) -> None:
    answer = await app.get("discovery.xml")

    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    document = ElementTree.fromstring(answer.content)
    assert document.tag == "discovery"
    assert document.findtext("endpoints/endpoint/url") == f"{HOME}/open311/v2"
    assert [each.text for each in document.findall("endpoints/endpoint/formats/format")] == [
        "application/json",
        "text/xml",
    ]


async def test_the_changeset_grows_with_the_admitted_list(app: App) -> None:
    before = (await app.get("discovery.json")).json()["changeset"]
    await app.board.tell(network(("roads", "道路"), version=2))

    assert (await app.get("discovery.json")).json()["changeset"] > before
    assert [each["service_code"] for each in (await app.get("v2/services.json")).json()] == ["roads"]


async def test_services_are_the_admitted_items(app: App) -> None:
    told = (await app.get("v2/services.json", jurisdiction_id="nanle.test")).json()

    assert told[0] == {
        "service_code": "roads",
        "service_name": "道路积水、破损",
        "description": "道路积水、破损：上报到所在村（社区）的网格，由包保领导处置并回告。",
        "metadata": True,
        "type": "realtime",
        "keywords": "道路积水, 破损",
        "group": "网格上报",
    }
    assert [each["service_code"] for each in told] == ["roads", "sanitation"]


async def test_services_are_the_same_in_xml_and_in_english(app: App) -> None:
    answer = await app.http.get("/open311/v2/services.xml", headers={"Accept-Language": "en"})

    document = ElementTree.fromstring(answer.content)
    assert [each.tag for each in document] == ["service", "service"]
    assert document.findtext("service/service_name") == "道路积水、破损"
    assert (document.findtext("service/metadata"), document.findtext("service/group")) == (
        "true",
        "Grid reports",
    )


async def test_there_are_no_services_before_a_list_is_published(board: Board, tmp_path: Path) -> None:
    async with opened(board, tmp_path) as app:
        assert (await app.get("v2/services.json")).json() == []
        assert (await app.get("discovery.json")).json()["changeset"] == "1970-01-01T00:00:00+00:00"


async def test_a_service_offers_the_villages_and_says_what_belongs_elsewhere(app: App) -> None:
    told = (await app.get("v2/services/roads.json")).json()

    village, elsewhere = told["attributes"]
    assert (told["service_code"], village["code"], village["datatype"]) == (
        "roads",
        "village",
        "singlevaluelist",
    )
    assert (village["variable"], village["required"]) == (True, False)
    assert village["values"][0] == {"key": VILLAGE, "name": "元村镇古寺郎村委会"}
    assert elsewhere["variable"] is False
    assert "110" in elsewhere["description"]
    document = ElementTree.fromstring((await app.get("v2/services/roads.xml")).content)
    assert document.tag == "service_definition"
    assert document.findtext("attributes/attribute/values/value/key") == VILLAGE


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("v2/services/fly.json", {}, (404, "unknown-service-code")),
        ("v2/services/fly.xml", {}, (404, "unknown-service-code")),
        ("v2/services.json", {"jurisdiction_id": "elsewhere.test"}, (404, "unknown-jurisdiction")),
        ("discovery.xml", {"jurisdiction_id": "elsewhere.test"}, (404, "unknown-jurisdiction")),
        ("v2/tokens/1.json", {}, (404, "not-found")),
        ("v2/services.yaml", {}, (400, "invalid-request")),
    ],
)
async def test_what_is_not_there_is_told_in_the_form_of_the_standard(
    app: App, path: str, query: dict[str, str], expected: tuple[int, str]
) -> None:
    assert code_of(await app.get(path, **query)) == expected


async def test_an_empty_field_is_like_none(app: App) -> None:
    assert (await app.get("v2/services.json", jurisdiction_id="")).status_code == 200


async def test_a_flood_of_strangers_is_held_back(board: Board, tmp_path: Path) -> None:
    async with opened(board, tmp_path, limits=Limits(anonymous_burst=2, anonymous_per_minute=1)) as app:
        answers = [await app.get("v2/services.json") for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert code_of(answers[2]) == (429, "anonymous-rate-exceeded")
    assert answers[2].headers["retry-after"]
