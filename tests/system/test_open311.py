"""A plain Open311 client with one address and a key: discovery, services, a report, until it is closed."""

from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import uuid4
from xml.etree import ElementTree

import httpx
import pytest

from backbone.testing import eventually
from chuishao.system import System
from tests.system.county import OFFICE, WAIT_SECONDS, YUANCUN

NAME, PHONE, EMAIL = ("芦花", "穆"), "13812345678", "mu@reeds.test"
WORDS: Final = "村东头排水沟倒塌,雨后积水没过脚面 <急> & “请看”"
REPLY: Final = "网格员已清淤并竖起警示牌"


class PlainClient:
    """Does what the standard says in one of its formats, and knows nothing of Chuishao."""

    def __init__(self, http: httpx.AsyncClient, discovery: str, format: str, key: str) -> None:
        self._http, self._discovery, self._format, self._key = http, discovery, format, key

    async def endpoint(self) -> str:
        """The address of the API that discovery names."""
        found = self._read(await self._http.get(f"{self._discovery}.{self._format}"))
        media_type = {"json": "application/json", "xml": "text/xml"}[self._format]
        (endpoint,) = found["endpoints"]
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert media_type in endpoint["formats"]
        return str(endpoint["url"])

    async def services(self) -> list[dict[str, Any]]:
        """What may be reported."""
        found: list[dict[str, Any]] = self._read(await self._get("services"))
        return found

    async def definition(self, code: str) -> list[dict[str, Any]]:
        """What a report of a service may say beside."""
        found: list[dict[str, Any]] = self._read(await self._get(f"services/{code}"))["attributes"]
        return found

    async def file(self, **form: str) -> dict[str, Any]:
        """File a report."""
        answer = await self._http.post(
            f"{await self.endpoint()}/requests.{self._format}", data={"api_key": self._key, **form}
        )
        (filed,) = self._read(answer)
        return dict(filed)

    async def requests(self, **query: str) -> list[dict[str, Any]]:
        """Reports as the list tells them."""
        found: list[dict[str, Any]] = self._read(await self._get("requests", api_key=self._key, **query))
        return found

    async def request(self, number: str) -> dict[str, Any]:
        """One report."""
        (found,) = self._read(await self._get(f"requests/{number}", api_key=self._key))
        return dict(found)

    async def _get(self, path: str, **query: str) -> httpx.Response:
        return await self._http.get(f"{await self.endpoint()}/{path}.{self._format}", params=query)

    def _read(self, answer: httpx.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json() if self._format == "json" else spark(ElementTree.fromstring(answer.content))


def spark(element: ElementTree.Element) -> Any:
    """XML as the JSON it stands for: an element whose children all have its singular is a list."""
    if not len(element):
        return element.text
    kinds = {each.tag for each in element}
    if len(kinds) == 1 and kinds & {"service", "attribute", "value", "endpoint", "format", "request"}:
        return [spark(each) for each in element]
    return {each.tag: spark(each) for each in element}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30.0) as made:
        yield made


async def key(system: System, http: httpx.AsyncClient) -> str:
    """The key that an administrator has issued for a client of citizens' reports."""
    wanted = {
        "name": "市民随手拍",
        "role": "resident",
        "unit": YUANCUN,
        "operations": ["file-grid-report", "read-service-requests"],
    }
    token = system.token("administrator", OFFICE)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    answer = await http.post(f"{system.url}/machine-clients", json=wanted, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


async def found_by_the_grid(system: System, http: httpx.AsyncClient, number: str) -> dict[str, Any]:
    """The report as the grid worker of Yuancun sees it."""
    query = """query ($n: String) { cases(filter: { number: $n }) { edges { node {
        caseId text ... on GridReport { item village grid reporter phone email } } } } }"""
    data = await graphql(system, http, query, n=number)
    (edge,) = data["cases"]["edges"]
    return dict(edge["node"])


async def graphql(system: System, http: httpx.AsyncClient, query: str, **variables: str) -> dict[str, Any]:
    """What the grid worker is answered."""
    token = system.token("grid_worker", YUANCUN)
    answer = await http.post(
        f"{system.url}/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"Bearer {token}"},
    )
    told = answer.json()
    assert "errors" not in told, told
    return dict(told["data"])


@pytest.mark.parametrize("format", ["xml", "json"])
async def test_files_a_report_and_reads_until_it_is_closed(
    system: System, http: httpx.AsyncClient, format: str
) -> None:
    client = PlainClient(http, f"{system.url}/open311/discovery", format, await key(system, http))

    drainage = next(each for each in await client.services() if "沟渠" in each["service_name"])
    assert str(drainage["metadata"]).lower() == "true"
    village = next(
        each for each in await client.definition(drainage["service_code"]) if each["code"] == "village"
    )
    place = next(each for each in village["values"] if each["name"].startswith("元村镇"))

    form = {
        "service_code": drainage["service_code"],
        "attribute[village]": place["key"],
        "address_string": "村东头",
        "description": f"{WORDS} {format}",
        "first_name": NAME[0],
        "last_name": NAME[1],
        "phone": PHONE,
        "email": EMAIL,
    }
    number = (await client.file(**form))["service_request_id"]
    assert (await client.file(**form))["service_request_id"] == number, "sent again it is the same report"

    async def readable() -> bool:
        return number in [each["service_request_id"] for each in await client.requests(status="open")]

    await eventually(readable, WAIT_SECONDS)
    request = await client.request(number)
    assert (request["status"], request["service_code"]) == ("open", drainage["service_code"])
    assert request["description"].startswith(f"{WORDS} {format}")
    assert (request["address"], request["address_id"]) == (place["name"], place["key"])

    seen = await found_by_the_grid(system, http, number)
    assert (seen["reporter"], seen["phone"], seen["email"]) == ("穆芦花", PHONE, EMAIL)
    assert (seen["item"], seen["village"]) == (drainage["service_code"], place["key"])
    assert seen["grid"], "it goes to the grid of the village"
    await graphql(
        system,
        http,
        "mutation ($id: ID!, $reply: String!) { closeGridReport(caseId: $id, reply: $reply) { caseId } }",
        id=seen["caseId"],
        reply=REPLY,
    )

    async def closed() -> bool:
        return bool((await client.request(number))["status"] == "closed")

    await eventually(closed, WAIT_SECONDS)
    ended = await client.request(number)
    assert (ended["status_notes"], ended["updated_datetime"] >= ended["requested_datetime"]) == (REPLY, True)
    told = str([await client.requests(), ended])
    assert not any(each in told for each in ("芦花", PHONE, EMAIL))
