"""What the packages need is what is locked, by hash and without a word about where it comes from."""

import re
import tomllib
from typing import Any

import pytest

from tests.architecture.tree import ROOT, SOURCES

LOCAL = {f"chuishao-{package}" for package in SOURCES if package != "chuishao"}
FURTHER = {"flit-core"}
"""Needed to install the packages, by none of them to run."""


def normal(requirement: str) -> str:
    """The canonical name in a requirement, without extras and version."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=;]", requirement, maxsplit=1)[0]).lower()


def declared(package: str) -> set[str]:
    """What a package says it needs, without our own packages."""
    project: dict[str, Any] = tomllib.loads(
        (SOURCES[package].parent / "pyproject.toml").read_text(encoding="utf-8")
    )
    return {normal(each) for each in project["project"]["dependencies"]} - LOCAL


def wanted(text: str) -> tuple[set[str], set[str]]:
    """requirements.in: what the product needs, and what only tests and checks need."""
    product, _, tests = text.partition("# tests\n")
    return _names(product), _names(tests)


def _names(lines: str) -> set[str]:
    return {normal(line) for line in lines.splitlines() if line and not line.startswith("#")}


def locked(text: str) -> dict[str, list[str]]:
    """requirements.lock: pinned name → its hashes."""
    found: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", text):
        if (pinned := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", entry)) is not None:
            found[normal(pinned[1])] = re.findall(r"--hash=sha256:[0-9a-f]{64}", entry)
    return found


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("package", sorted(SOURCES))
def test_everything_a_package_needs_is_asked_for(package: str) -> None:
    assert declared(package) - wanted(read("requirements.in"))[0] == set()


def test_nothing_is_asked_for_that_no_package_needs() -> None:
    needed = set().union(*(declared(package) for package in SOURCES))
    assert wanted(read("requirements.in"))[0] - needed == FURTHER


def test_everything_asked_for_is_locked_by_hash() -> None:
    pins = locked(read("requirements.lock"))
    product, tests = wanted(read("requirements.in"))
    assert (product | tests) - set(pins) == set()
    assert [name for name, hashes in pins.items() if not hashes] == []


def test_the_lock_names_no_place() -> None:
    lock = read("requirements.lock")
    assert re.findall(r"https?://|--index-url|--extra-index-url|--find-links| @ ", lock) == []


def test_make_is_the_only_list_of_packages_beside_the_tree() -> None:
    (listed,) = re.findall(r"^PACKAGES := (.*)$", read("Makefile"), re.MULTILINE)
    assert {ROOT / path / "src" for path in listed.split()} == set(SOURCES.values())


def test_a_pin_without_hash_is_noticed() -> None:
    assert locked("a==1 \\\n    --hash=sha256:" + "0" * 64 + "\nb[x]==2 ; python_version > '3'\n") == {
        "a": ["--hash=sha256:" + "0" * 64],
        "b": [],
    }


def test_sections_are_told_apart() -> None:
    assert wanted("# the services\nfastapi\nsqlalchemy[asyncio]\n\n# tests\nPyTest\n") == (
        {"fastapi", "sqlalchemy"},
        {"pytest"},
    )
