"""Every route of accountability and of the gateway, and every export, as every role on a running system."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tests.component.who_may import table
from tests.component.who_may.asking import Document, ask, told
from tests.system.county import OFFICE, POWER, WELL, YUANCUN, ZHANGGUOTUN, County, Person, whistle

RIGHT = {"township": YUANCUN, "department": POWER}
WRONG = {"township": ZHANGGUOTUN, "department": "ecology-environment"}
ELSEWHERE = {
    "establishment_office": "establishment-office",
    "county_leader": "county-leadership",
    "discipline": "discipline-inspection",
}
OVER_ANOTHER_WAY = {("GET", "/graphql"), ("WEBSOCKET", "/graphql")}


def person(role: str, units: dict[str, str]) -> Person:
    """Somebody with a role, of these units where the role has one of its own."""
    if role in (*table.TOWNSHIP, "resident", "grid_worker"):
        return Person(role, units["township"])
    if role in (*table.RESPONDERS, "department_leader"):
        return Person(role, units["department"])
    return Person(role, ELSEWHERE.get(role, OFFICE))


@dataclass
class Asking:
    """People who ask the routes of one service of the county."""

    county: County
    service: str
    document: Document

    async def asked(self, who: Person | None, method: str, path: str, ids: dict[str, str]) -> tuple[int, Any]:
        """What somebody is told on a route."""
        headers = {"Idempotency-Key": str(uuid4())} | (self.county.bearer(who) if who else {})
        address = self.county.system.urls[self.service] + path.format(**ids)
        return told(await ask(self.county.http, headers, method, address, self.document.parts(method, path)))


def routes(service: str) -> Iterator[tuple[str, str, table.Rule]]:
    """Every route that the table knows and that can be asked for like this."""
    for (method, path), rule in table.of_routes(service).items():
        if (method, path) not in OVER_ANOTHER_WAY:
            yield method, path, rule


def ids(case: str) -> dict[str, str]:
    """Path parameters: a case, and for the rest something that is not there."""
    nothing = str(uuid4())
    others = {"clock_id": nothing, "client_id": nothing, "number": "9999", "year": "2025", "clock": "C3"}
    others |= {"matter": nothing, "attachment_id": nothing, "token": "x" * 43}
    others |= {"format": "json", "service_request_id": "NL-WG-2099-000001", "service_code": "none"}
    return {"case": case, "case_id": case, "period": "2025-02", **others}


@pytest.fixture(params=["accountability", "gateway"])
def asking(request: pytest.FixtureRequest, county: County) -> Asking:
    """The people of the county, who know the documents."""
    return Asking(county, request.param, Document(request.param))


def test_the_documents_and_the_table_tell_the_same_routes() -> None:
    for service in ("accountability", "gateway"):
        known = {(method, path) for method, path, _ in routes(service)}
        open_ones = {tuple(each.split()) for each in table.OPEN}
        assert known == set(Document(service).routes()) - open_ones, service


async def test_every_route_answers_every_role_as_the_table_says(asking: Asking) -> None:
    await asking.county.clocks.ordinary_morning()
    case = (await asking.county.dispatched(whistle(("机井变压器烧毁", WELL), departments=[POWER])))["caseId"]
    wrong: list[tuple[object, ...]] = []
    for method, path, rule in routes(asking.service):
        nobody, said = await asking.asked(None, method, path, ids(case))
        if (nobody, said["code"]) not in ((401, "token-missing"), (403, "api-key-missing")):
            wrong.append((path, "nobody", nobody, said))
        for role in table.PEOPLE:
            status, content = await asking.asked(person(role, RIGHT), method, path, ids(case))
            refused = status == 403 and content["code"] == "not-permitted"
            if refused == (role in rule.roles) or status >= 500:
                wrong.append((path, role, status, content))
    assert not wrong, "\n".join(map(str, wrong))


async def test_another_units_case_is_answered_like_none(asking: Asking) -> None:
    await asking.county.clocks.ordinary_morning()
    case = (await asking.county.dispatched(whistle(("机井变压器烧毁", WELL), departments=[POWER])))["caseId"]
    wrong: list[tuple[object, ...]] = []
    for method, path, rule in routes(asking.service):
        if "{case" not in path or "{case_id}/replay" in path:
            continue
        for role in set(rule.roles) & set(table.OF_A_UNIT):
            stranger = person(role, WRONG)
            of_it = await asking.asked(stranger, method, path, ids(case))
            if of_it[0] != 404 or of_it != await asking.asked(stranger, method, path, ids(str(uuid4()))):
                wrong.append((path, role, *of_it))
    assert not wrong, "\n".join(map(str, wrong))
