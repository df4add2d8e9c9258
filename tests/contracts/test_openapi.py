"""The OpenAPI documents: fresh, and of every route that a service answers on."""

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

import contracts
from backbone.web import OPEN_PATHS, route_accesses
from chuishao.openapi_files import applications, openapi

FOLDER = Path(contracts.__file__).parent / "openapi"
SERVICES = ("accountability", "gateway", "intake", "routing")
NOT_TOLD = {("GET", "/metrics"), ("GET", "/graphql"), ("WEBSOCKET", "/graphql")}
"""Metrics have a format of their own; of GraphQL and its subscriptions schema.graphql tells."""
OPEN311 = "/open311/"
"""There errors have the form of that standard."""
VERBS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def made() -> Mapping[str, FastAPI]:
    """Every service's application, with nothing opened behind it."""
    return {name: app for name, app in applications().items() if isinstance(app, FastAPI)}


def document(service: str) -> dict[str, Any]:
    """The document as it is published."""
    found: dict[str, Any] = json.loads((FOLDER / f"{service}.json").read_text(encoding="utf-8"))
    return found


def operations(service: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything in a document."""
    for path, methods in document(service)["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def endpoints_written(service: str) -> set[tuple[str, str]]:
    """(module, function) of everything in the sources of a service that is decorated as a route."""
    found = set()
    root = Path(f"services/{service}/src")
    for file in (root / service / "entrypoints").rglob("*.py"):
        module = ".".join(file.relative_to(root).with_suffix("").parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and any(
                map(_a_route, node.decorator_list)
            ):
                found.add((module, node.name))
    return found


def _a_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in VERBS
        and isinstance(decorator.func.value, ast.Name)
    )


@pytest.mark.parametrize("service", SERVICES)
def test_is_what_the_service_answers_on(service: str, made: Mapping[str, FastAPI]) -> None:
    assert (FOLDER / f"{service}.json").read_text(encoding="utf-8") == openapi(made[service])


@pytest.mark.parametrize("service", SERVICES)
def test_tells_every_route_of_the_application(service: str, made: Mapping[str, FastAPI]) -> None:
    routes = {(each.method, each.path) for each in route_accesses(made[service])}

    assert {(method, path) for method, path, _ in operations(service)} == routes - NOT_TOLD


@pytest.mark.parametrize("service", SERVICES)
def test_forgets_no_route_that_somebody_wrote(service: str, made: Mapping[str, FastAPI]) -> None:
    answering = {
        (each.endpoint.__module__, each.endpoint.__name__)
        for each in iter_route_contexts(made[service].routes)
        if each.endpoint is not None
    }
    written = endpoints_written(service)

    assert len(written) > 10
    assert written <= answering


@pytest.mark.parametrize("service", SERVICES)
def test_says_which_routes_ask_for_a_token(service: str, made: Mapping[str, FastAPI]) -> None:
    asking = {(each.method, each.path) for each in route_accesses(made[service]) if each.authenticated}
    secured = {(method, path) for method, path, told in operations(service) if told.get("security")}

    assert secured - {("POST", "/graphql")} == asking
    assert not any(path in OPEN_PATHS for _, path in secured)


@pytest.mark.parametrize("service", SERVICES)
def test_tells_every_error_as_a_problem(service: str) -> None:
    for method, path, told in operations(service):
        for status in ("4XX", "5XX"):
            content = told["responses"][status]["content"]
            if path.startswith(OPEN311):
                assert set(content) == {"application/json", "text/xml"}, (method, path)
                continue
            problem = content.pop("application/problem+json")
            assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}, (method, path)
            assert set(content) <= {"text/html"}, (method, path)


@pytest.mark.parametrize("service", SERVICES)
async def test_names_the_refusing_rule_in_a_problem(service: str, made: Mapping[str, FastAPI]) -> None:
    transport = httpx.ASGITransport(app=made[service])
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        problem = (await client.post("/health/live", headers={"Accept-Language": "en"})).json()

    assert problem["code"] == "method-not-allowed"
    assert problem["rule"]["id"] == "input"
    assert problem["rule"]["text"] == problem["rule"]["text_en"]


@pytest.mark.parametrize("service", SERVICES)
def test_gives_every_operation_a_name_of_its_own(service: str) -> None:
    names = [told["operationId"] for _, _, told in operations(service)]

    assert len(names) == len(set(names))
