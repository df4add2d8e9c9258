"""What the documents allow is asked for, made up by schemathesis: nothing breaks, and answers are as told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

import contracts
from tests.component.who_may import table
from tests.system.county import OFFICE, POWER, YUANCUN
from tests.system.launched import Launched

FOLDER = Path(contracts.__file__).parent
SERVICES = ("accountability", "gateway", "intake", "routing")
HELD = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
BOUNDED = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""Few requests for each operation, the same ones each time."""
PATIENCE = 60
"""Seconds for an answer: what is looked for is a wrong one, not a slow one."""
PLACES = {"township": YUANCUN, "department": POWER, "duty": POWER}


@pytest.fixture(scope="module")
def launcher(server_folder: Path) -> Iterator[Launched]:
    """A system of its own: what is made up may rename its units and publish lists."""
    with Launched(server_folder / "made-up") as launcher:
        yield launcher.ready()


def headers(launcher: Launched, role: str) -> dict[str, str]:
    """Somebody of a role, with a key for a command."""
    unit = PLACES.get(role.partition("_")[0], OFFICE)
    person = role if role != table.SERVICE else table.ADMINISTRATOR
    token = launcher.system.token(person, unit, name="演示", subject=f"{person}-{uuid4()}")
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}


def exercise(operation: Any, launcher: Launched, url: str, role: str) -> None:
    """Ask one operation a few times; raises what is wrong about an answer."""

    @BOUNDED
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        answer = case.call(base_url=url, headers=headers(launcher, role), timeout=PATIENCE)
        case.validate_response(answer, checks=HELD)

    asked()


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_answers_as_its_document_says(service: str, launcher: Launched) -> None:
    schema = schemathesis.openapi.from_path(FOLDER / "openapi" / f"{service}.json")
    rules, wrong = table.of_routes(service), []
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        rule = rules.get((operation.method.upper(), operation.path))
        role = rule.roles[0] if rule else table.CLERK
        try:
            exercise(operation, launcher, launcher.system.urls[service], role)
        except Exception as problem:
            wrong.append(f"{operation.method} {operation.path} as {role}: {problem}")
    assert not wrong, "\n\n".join(wrong)
