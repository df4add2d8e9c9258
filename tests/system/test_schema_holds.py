"""What the GraphQL schema allows is asked for, made up by schemathesis, as several people and as nobody."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
import requests
import schemathesis
from graphql import parse_value
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import contracts
from contracts.catalogue import catalogue, sentence
from tests.component.who_may import table
from tests.system.county import CLERK, OFFICE, POWER, YUANCUN, County
from tests.system.launched import Launched

SCHEMA = Path(contracts.__file__).parent / "schema.graphql"
BOUNDED = settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""Few requests for each field, the same ones each time."""
PARTS = 4
"""Each has its own time."""
PEOPLE = (table.CLERK, table.LIAISON, table.SUPERVISOR)
PLACES = {"township": YUANCUN, "department": POWER, "duty": POWER}
DOCUMENTS = ("{}", "[]", "1", '{clock: "C3"}', '{clock: "C3", limits: {ordinary: {working_days: 0}}}')
"""For the scalar JSON, which says nothing of its form."""
NAMES_A_CASE: Final = re.compile(r'\b(caseId|with|whistle|case): "(?:[^"\\]|\\.)*"')
UNFORESEEN = {"internal-error", "service-unavailable", "service-unreachable"}


class Asker:
    """Asks a running system and keeps what is wrong about its answers."""

    def __init__(self, launcher: Launched, cases: list[str]) -> None:
        self.system, self.cases = launcher.system, cases
        self.asked = 0
        self.wrong: list[str] = []
        self._http = requests.Session()
        self._http.trust_env = False
        self._catalogue = catalogue()

    def headers(self, role: str | None) -> dict[str, str]:
        """Somebody of a role, new each time: what is made up is more than one may ask in a minute."""
        if role is None:
            return {}
        unit = PLACES.get(role.partition("_")[0], OFFICE)
        token = self.system.token(role, unit, name="演示", subject=f"{role}-{uuid4()}")
        return {"Authorization": f"Bearer {token}"}

    def ask(self, query: str, role: str | None, label: str) -> None:
        """Ask once."""
        self.asked += 1
        answer = self._http.post(
            f"{self.system.url}/graphql", json={"query": query}, headers=self.headers(role), timeout=60
        )
        try:
            self._check(answer, role)
        except AssertionError as problem:
            self.wrong.append(f"{label} as {role}: {problem}\n{query}")

    def _check(self, answer: requests.Response, role: str | None) -> None:
        told: dict[str, Any] = answer.json()
        if role is None:
            assert (answer.status_code, told["code"]) == (401, "token-missing"), told
            return
        assert answer.status_code == 200, told
        for error in told.get("errors", ()):
            more = error.get("extensions", {})
            assert more.get("code") in self._catalogue, error
            assert more["code"] not in UNFORESEEN, error
            assert error["message"] == sentence(more["code"], "zh", more["params"]), error
            assert "{" not in error["message"], error


@pytest.fixture(scope="module")
def asker(server_folder: Path) -> Iterator[Asker]:
    """A system of its own, with a whistle that has gone out and a letter."""
    schemathesis.graphql.scalar("JSON", st.sampled_from(DOCUMENTS).map(parse_value))
    with Launched(server_folder / "made-up-graphql") as launcher:
        system = launcher.ready().system

        async def begun() -> list[str]:
            async with County(system) as county:
                await county.register()
                whistle = await county.dispatched(now=True)
                letter = await county.do(CLERK, "submitLetter", title="报表", text="一周填三遍")
                return [whistle["caseId"], letter["caseId"]]

        yield Asker(launcher, asyncio.run(begun()))


def exercise(operation: Any, asker: Asker, roles: list[str | None]) -> None:
    """Ask one field a few times, of cases that are there where one is named; the roles take turns."""
    turns = [roles[::2], roles[1::2]]

    @BOUNDED
    @given(case=operation.as_strategy())
    def made_up(case: Any) -> None:
        turns.reverse()
        for number, role in enumerate(turns[0]):
            known = json.dumps(asker.cases[number % len(asker.cases)])
            asker.ask(NAMES_A_CASE.sub(rf"\1: {known}", case.body), role, operation.label)

    made_up()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_field_answers_in_codes_and_our_own_words(asker: Asker, part: int) -> None:
    found = schemathesis.graphql.from_path(SCHEMA).get_all_operations()
    operations: list[Any] = [each.ok() for each in found][part::PARTS]  # type: ignore[union-attr]
    asker.wrong.clear()
    before = asker.asked
    for operation in operations:
        may = table.of_graphql()[operation.label.partition(".")[2]].roles
        exercise(operation, asker, list(dict.fromkeys((*PEOPLE, may[0], None))))
    assert not asker.wrong, "\n\n".join(asker.wrong)
    assert asker.asked - before >= 4 * len(operations) > 100
