"""Every refusal of accountability has a slug, a sentence in both languages and a test."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import accountability
from contracts.catalogue import catalogue

ROOT = Path(__file__).parents[3]
DOMAIN = Path(accountability.__file__).parent / "domain"
SENTENCES = ROOT / "contracts/src/contracts/messages/accountability.toml"


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
    assert "no-policy-in-force" in _slugs()
    assert len(_slugs()) >= 35


@pytest.mark.parametrize("slug", _slugs())
def test_has_a_sentence_in_both_languages(slug: str) -> None:
    assert catalogue()[slug]["zh"]
    assert catalogue()[slug]["en"]


@pytest.mark.parametrize("slug", _slugs())
def test_appears_in_a_test_of_its_own(slug: str) -> None:
    tests = [path for path in Path(__file__).parent.glob("test_*.py") if path != Path(__file__)]
    assert any(f'"{slug}"' in path.read_text(encoding="utf-8") for path in tests)


def test_has_both_languages_for_every_sentence_of_the_service() -> None:
    sentences = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    assert all(set(texts) == {"zh", "en"} for texts in sentences.values())
