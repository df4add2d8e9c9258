"""Every refusal of routing has a slug, a sentence in both languages and a test."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import routing
from contracts.catalogue import catalogue
from routing.domain.dispatch.facts import Reason

ROOT = Path(__file__).parents[3]
DOMAIN = Path(routing.__file__).parent / "domain"


def _strings(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _slugs() -> list[str]:
    """The slug of every ``require(…, slug)`` and ``Refused(slug)`` in the domain."""
    found: set[str] = set()
    for path in DOMAIN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id == "require":
                    found.update(_strings(node.args[1]))
                elif node.func.id == "Refused":
                    found.update(_strings(node.args[0]))
    return sorted(found)


def test_is_found_in_the_domain() -> None:
    assert "unknown-case" in _slugs()
    assert len(_slugs()) >= 30


@pytest.mark.parametrize("slug", _slugs())
def test_has_a_sentence_in_both_languages(slug: str) -> None:
    assert catalogue()[slug]["zh"]
    assert catalogue()[slug]["en"]


@pytest.mark.parametrize("slug", _slugs())
def test_appears_in_a_test_of_its_own(slug: str) -> None:
    tests = [path for path in (ROOT / "tests/domain/routing").glob("test_*.py") if path != Path(__file__)]
    assert any(f'"{slug}"' in path.read_text(encoding="utf-8") for path in tests)


def test_is_the_only_use_of_its_sentence() -> None:
    """Sentences nobody can hear any more are taken out of routing's part of the catalogue."""
    file = ROOT / "contracts/src/contracts/messages/routing.toml"
    spoken = set(tomllib.loads(file.read_text(encoding="utf-8")))
    assert spoken - set(_slugs()) == {*get_args(Reason), "dispatched-leaving-out"}
