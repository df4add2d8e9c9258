"""compose.yaml: the same system from containers, as Docker Compose itself reads it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backbone.claims import ClaimMapping
from chuishao.environment import SERVICES, Ground, environment_of
from contracts.permissions import PEOPLE
from tests.architecture.tree import ROOT

OF_ONES_OWN_PROVIDER = {f"{service.upper()}_CLAIMS" for service in SERVICES} | {
    "GATEWAY_PRODUCTION",
    "GATEWAY_OIDC_CLIENT_ID",
    "GATEWAY_OIDC_CLIENT_SECRET",
    "GATEWAY_OIDC_SCOPES",
    "GATEWAY_TRUSTED_PROXIES",
}
"""What the launcher does not give: its development provider needs no mapping and no secret, and no proxy
stands before it."""
PROVIDER = {"CHUISHAO_ISSUER": "https://id.test", "CHUISHAO_JWKS": "https://id.test/jwks"}


def compose(*arguments: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Docker Compose on the tree's file with these variables and no others but PATH and HOME."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [Path(sys.executable).with_name("docker-compose"), "--file", ROOT / "compose.yaml", *arguments],
        env=inherited | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    """What `chuishao compose-env` prints."""
    printed = subprocess.run(
        [Path(sys.executable).with_name("chuishao"), "compose-env"],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("=", 1) for line in printed.stdout.splitlines())


@pytest.fixture(scope="module")
def services(secrets: dict[str, str]) -> dict[str, Any]:
    """The resolved services of compose.yaml."""
    answer = compose("config", "--format", "json", variables=secrets | PROVIDER)
    assert answer.returncode == 0, answer.stderr
    assert "not set" not in answer.stderr
    resolved: dict[str, Any] = json.loads(answer.stdout)["services"]
    return resolved


def test_has_both_servers_the_preparation_and_the_four_services(services: dict[str, Any]) -> None:
    assert set(services) == {"postgres", "nats", "prepare", *SERVICES}
    assert services["postgres"]["image"] == "postgres:18"
    assert {services[name]["image"] for name in ("prepare", *SERVICES)} == {"chuishao"}


def test_tells_of_everything_that_goes_on_whether_it_is_healthy(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"prepare"}


def test_starts_in_order(services: dict[str, Any]) -> None:
    def waits_for(name: str) -> dict[str, str]:
        return {other: how["condition"] for other, how in services[name].get("depends_on", {}).items()}

    ground = {"prepare": "service_completed_successfully", "nats": "service_healthy"}
    assert waits_for("prepare") == {"postgres": "service_healthy"}
    for name in ("intake", "routing", "accountability"):
        assert waits_for(name) == ground
    assert waits_for("gateway") == ground | dict.fromkeys(
        ("intake", "routing", "accountability"), "service_healthy"
    )


def test_opens_only_the_gateway_and_only_on_loopback(services: dict[str, Any]) -> None:
    opened = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert set(opened) == {"gateway"}
    assert [port["host_ip"] for port in opened["gateway"]] == ["127.0.0.1"]


@pytest.mark.parametrize("service", SERVICES)
def test_gives_a_service_what_the_launcher_gives_it(services: dict[str, Any], service: str) -> None:
    anything = dict.fromkeys(SERVICES, "")
    ground = Ground(
        database_urls=anything,
        nats_urls=anything,
        service_urls=dict.fromkeys(SERVICES, "http://127.0.0.1:1"),
        jwks=Path(),
        issuer="",
        service_keys=dict.fromkeys(SERVICES, Path()),
        request_secrets=anything,
        master_key=Path(),
        machine_key=Path(),
        discovery_url="",
    )
    given = set(services[service]["environment"]) - OF_ONES_OWN_PROVIDER
    assert given == set(environment_of(service, ground))
    assert services[service]["command"] == ["python", "-m", service]


def test_maps_groups_to_roles_by_a_file_that_can_be_read() -> None:
    mapping = ClaimMapping.load(ROOT / "deploy" / "identity" / "claims.toml", PEOPLE)

    read = mapping.read({"sub": "p1", "name": "王", "groups": ["/吹哨/元村镇/经办"]})

    assert (read.role, read.unit) == ("township_clerk", "410923102")


def test_needs_every_secret(secrets: dict[str, str]) -> None:
    for name in (*secrets, *PROVIDER):
        given = {other: value for other, value in (secrets | PROVIDER).items() if other != name}
        answer = compose("config", "--quiet", variables=given)
        assert answer.returncode != 0
        assert f"required variable {name} is missing a value" in answer.stderr


def test_the_image_is_built_from_what_is_there() -> None:
    copied = [
        line.split()[1]
        for line in (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY ") and "--from" not in line
    ]
    assert copied
    assert [path for path in copied if not (ROOT / path).exists()] == []
    allowed = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert [path for path in copied if f"!{path}" not in allowed] == []


def test_the_image_holds_every_package() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    packages = [path.parent for path in ROOT.glob("*/pyproject.toml")] + [
        path.parent for path in ROOT.glob("*/*/pyproject.toml")
    ]
    assert len(packages) == 7
    assert [path for path in packages if f"./{path.relative_to(ROOT)}" not in dockerfile] == []
