"""The smallest request that has the form of each route and field, made from the published documents."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

import contracts
from backbone.identity import SERVICE_ROLE, Actor
from tests.backbone.edge import Identities

YUANCUN, HANZHANG = "410923102", "410923101"
WATER, POWER = "water-resources", "power-supply"
OFFICE = "burden-reduction-office"
_HOME = {
    "resident": (YUANCUN, HANZHANG),
    "grid_worker": (YUANCUN, HANZHANG),
    "township_clerk": (YUANCUN, HANZHANG),
    "township_leader": (YUANCUN, HANZHANG),
    "department_liaison": (WATER, POWER),
    "duty_officer": (WATER, POWER),
    "department_leader": (WATER, POWER),
    "establishment_office": ("establishment-office", ""),
    "county_leader": ("county-leadership", ""),
    "discipline": ("discipline-inspection", ""),
}
"""The right unit and a wrong one; the others work in the office."""
_WORDS: Final[dict[str, Any]] = {
    "date-time": "2026-03-02T12:00:00+08:00",
    "date": "2026-03-02",
    "time": "08:30:00",
    "binary": "",
}


def somebody(role: str, *, elsewhere: bool = False) -> Actor:
    """A person with a role, of the unit the cases are with or of another."""
    here, there = _HOME.get(role, (OFFICE, ""))
    unit = there if elsewhere else here
    return Actor(f"{role}-{unit}", f"演示·{role}", role, unit)


def bearer(identities: Identities, actor: Actor | None) -> dict[str, str]:
    """The headers of somebody's command, or of nobody's."""
    headers = {"Idempotency-Key": str(uuid4())}
    if actor is None:
        return headers
    if actor.role == SERVICE_ROLE:
        return headers | identities.service("routing").headers()
    return headers | identities.bearer(actor)


class Document:
    """The OpenAPI document of a service."""

    def __init__(self, service: str) -> None:
        file = Path(contracts.__file__).parent / "openapi" / f"{service}.json"
        self._document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    def routes(self) -> Iterator[tuple[str, str]]:
        """(method, path) of every operation."""
        for path, methods in self._document["paths"].items():
            for method in methods:
                yield method.upper(), path

    def parts(self, method: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        """(body, query) of a request to a route."""
        told = self._document["paths"].get(path, {}).get(method.lower(), {})
        content = told.get("requestBody", {}).get("content", {})
        body = self.value(content.get("application/json", {}).get("schema", {}))
        query = {
            each["name"]: str(self.value(each["schema"], each["name"]))
            for each in told.get("parameters", ())
            if each["in"] == "query" and each.get("required")
        }
        return body, query

    def value(self, schema: dict[str, Any], name: str = "") -> Any:
        """The smallest value of a schema."""
        if "$ref" in schema:
            found: dict[str, Any] = self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            return self.value(found, name)
        if name in _KNOWN:
            return _KNOWN[name]
        for choice in ("const", "enum", "anyOf", "oneOf", "allOf"):
            if choice in schema:
                chosen = schema[choice] if choice == "const" else schema[choice][0]
                return chosen if choice in ("const", "enum") else self.value(chosen, name)
        match schema.get("type"):
            case "object":
                wanted = schema.get("required", ())
                return {each: self.value(schema["properties"][each], each) for each in wanted}
            case "array":
                items = schema.get("prefixItems") or [schema.get("items", {})] * schema.get("minItems", 0)
                return [self.value(each) for each in items]
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return False
            case "string":
                return _text(schema)
        return {}


_KNOWN: Final[dict[str, Any]] = {
    "township": YUANCUN,
    "village": f"{YUANCUN}201",
    "period": "2026-02",
    "clocks": str(uuid4()),
    "departments": [WATER],
    "townships": [YUANCUN],
}
"""Values that mean something, by their names."""


_LIKELY: Final = (WATER, YUANCUN, "2026-02", "C3", "08:30", "91350100M000100Y43", f"case/{uuid4()}")


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") == "uuid":
        return str(uuid4())
    if "pattern" in schema:
        return next(each for each in _LIKELY if re.search(schema["pattern"], each))
    known = _WORDS.get(schema.get("format", ""))
    return known if isinstance(known, str) else "字" * max(1, schema.get("minLength", 1))


async def ask(
    client: httpx.AsyncClient,
    headers: dict[str, str],
    method: str,
    path: str,
    asked: tuple[Any, dict[str, str]],
) -> httpx.Response:
    """Ask a route, with a body if it takes one."""
    body, query = asked
    content = {"json": body} if method == "POST" else {}
    return await client.request(method, path, params=query, headers=headers, **content)


def told(answer: httpx.Response) -> tuple[int, Any]:
    """An answer without what differs from request to request."""
    if "json" not in answer.headers.get("content-type", ""):
        return answer.status_code, answer.content
    content = answer.json()
    if isinstance(content, list) and content and "code" in content[0]:
        content = content[0]  # Open311 tells errors in a list
    if isinstance(content, dict):
        content.pop("trace", None)
    return answer.status_code, content


def operation_text(schema: GraphQLSchema, kind: str, field: str, known: dict[str, str]) -> str:
    """A document that asks for one field with the fewest arguments and one leaf; ``known`` are arguments."""
    root = {
        "query": schema.query_type,
        "mutation": schema.mutation_type,
        "subscription": schema.subscription_type,
    }
    described = root[kind]
    assert described is not None
    found = described.fields[field]
    arguments = ", ".join(
        f"{name}: {known.get(f'{field}.{name}') or known.get(name) or literal(each.type)}"
        for name, each in found.args.items()
        if name in known or is_required_argument(each)
    )
    return f"{kind} {{ {field}{f'({arguments})' if arguments else ''} {selection(found)} }}"


def selection(field: GraphQLField, depth: int = 4) -> str:
    """One leaf of a field's type, or nothing if it is one itself."""
    named = get_named_type(field.type)
    if is_leaf_type(named) or not is_composite_type(named):
        return ""
    fields = getattr(named, "fields", {})
    for name, each in fields.items():
        if is_leaf_type(get_named_type(each.type)) and not any(map(is_required_argument, each.args.values())):
            return f"{{ {name} }}"
    if depth:
        for name, each in fields.items():
            if not any(map(is_required_argument, each.args.values())) and selection(each, depth - 1):
                return f"{{ {name} {selection(each, depth - 1)} }}"
    return "{ __typename }"


def literal(kind: GraphQLInputType) -> str:
    """The smallest literal of an input type."""
    match kind:
        case GraphQLNonNull():
            return literal(kind.of_type)
        case GraphQLList():
            return f"[{literal(kind.of_type)}]"
        case GraphQLEnumType():
            return str(next(iter(kind.values)))
        case GraphQLInputObjectType():
            wanted = {name: each for name, each in kind.fields.items() if is_required_input_field(each)}
            return "{" + ", ".join(f"{name}: {literal(each.type)}" for name, each in wanted.items()) + "}"
        case GraphQLScalarType():
            return _LITERALS.get(kind.name, '"字"')
    raise TypeError(f"no literal for {kind}")


_LITERALS: Final = {
    "Int": "1",
    "Float": "1.0",
    "Boolean": "true",
    "ID": f'"{uuid4()}"',
    "UUID": f'"{uuid4()}"',
    "Date": '"2026-03-02"',
    "DateTime": '"2026-03-02T12:00:00+08:00"',
    "JSON": "{}",
}
