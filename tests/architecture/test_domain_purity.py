"""A domain decides from what it is given: no clock, no chance, no waiting, no files, nobody else's code."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SERVICES, modules, parsed

PURE_MODULES = frozenset(
    {
        "__future__",
        "abc",
        "bisect",
        "collections",
        "collections.abc",
        "dataclasses",
        "datetime",
        "decimal",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "string",
        "types",
        "typing",
        "unicodedata",
        "uuid",
        "zoneinfo",
    }
)
"""What of the standard library answers the same for the same arguments, for ever."""

IMPURE_ATTRIBUTES = frozenset(
    {"fromtimestamp", "getnode", "now", "today", "utcfromtimestamp", "utcnow", "uuid1", "uuid4"}
)
IMPURE_NAMES = frozenset({"__import__", "breakpoint", "eval", "exec", "globals", "input", "open", "print"})


def impurities(tree: ast.Module, service: str) -> list[str]:
    """What in a domain module depends on more than its arguments, one sentence each."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found += [f"imports {name.name}" for name in names if not _is_pure(name.name, service)]
            case ast.ImportFrom(module=module, level=level) if level or not _is_pure(module or "", service):
                found.append(f"imports {'.' * level}{module or ''}")
            case ast.ImportFrom(module="uuid" | "datetime", names=names):
                found += [f"uses {name.name}" for name in names if name.name in IMPURE_ATTRIBUTES]
            case ast.AsyncFunctionDef() | ast.AsyncFor() | ast.AsyncWith() | ast.Await():
                found.append("waits")
            case ast.Attribute(attr=attribute) if attribute in IMPURE_ATTRIBUTES:
                found.append(f"uses {attribute}")
            case ast.Name(id=name) if name in IMPURE_NAMES:
                found.append(f"uses {name}")
            case ast.Global():
                found.append("keeps global state")
            case _:
                pass
    return found


def _is_pure(module: str, service: str) -> bool:
    own = f"{service}.domain"
    return module in PURE_MODULES or module == own or module.startswith(f"{own}.")


def domain_modules() -> list[tuple[str, Path]]:
    return [(service, path) for service in SERVICES for path in modules(service, "domain")]


def test_every_service_has_a_domain() -> None:
    assert {service for service, _ in domain_modules()} == set(SERVICES)


@pytest.mark.parametrize(
    ("service", "path"),
    [pytest.param(*found, id=str(found[1].relative_to(ROOT))) for found in domain_modules()],
)
def test_is_pure(service: str, path: Path) -> None:
    assert impurities(parsed(path), service) == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("import time", "imports time"),
        ("import random", "imports random"),
        ("import asyncio", "imports asyncio"),
        ("from pathlib import Path", "imports pathlib"),
        ("import pydantic", "imports pydantic"),
        ("from intake.application import ports", "imports intake.application"),
        ("from routing.domain import unit", "imports routing.domain"),
        ("from . import refusals", "imports ."),
        ("from uuid import uuid4", "uses uuid4"),
        ("uuid.uuid1()", "uses uuid1"),
        ("datetime.now(UTC)", "uses now"),
        ("date.today()", "uses today"),
        ("clock = datetime.utcnow", "uses utcnow"),
        ("open('holidays.csv')", "uses open"),
        ("async def decide(): ...", "waits"),
        ("def decide():\n    global last", "keeps global state"),
    ],
)
def test_impurity_is_noticed(line: str, complaint: str) -> None:
    assert complaint in impurities(ast.parse(line), "intake")


@pytest.mark.parametrize(
    "line", ["from datetime import datetime, time", "from uuid import uuid5", "import intake.domain.whistle"]
)
def test_pure_code_is_left_alone(line: str) -> None:
    assert impurities(ast.parse(line), "intake") == []
