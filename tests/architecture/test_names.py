"""One idea has one name: events, modules and test files are called what they are."""

import ast
import re
from pathlib import Path

import pytest

from contracts.events import REGISTER
from tests.architecture.tree import ROOT, SERVICES, SOURCES, all_modules, modules, parsed

MEANINGLESS = frozenset({"base", "common", "core", "helper", "helpers", "misc", "shared", "util", "utils"})

WORD = r"[a-z]+(?:-[a-z]+)*"
EVENT_NAME = re.compile(
    rf"(?P<service>{'|'.join(SERVICES)})\.(?P<aggregate>{WORD})\.(?P<fact>{WORD})\.v(?P<version>[1-9])"
)
PAST = re.compile(
    r"-(?:[a-z]+ed|begun|bound|drawn|frozen|given|heard|lost|made|put|sent|set|taken|withdrawn)(?:-[a-z]+)?$"
)
STATES_ENTERED = frozenset({"reminder-due", "whistle-awaiting-confirmation", "whistle-handling"})
"""Facts named after the state that is entered; nothing more is to be added here."""

TEST_FILE = re.compile(r"test_[a-z0-9]+(?:_[a-z0-9]+)*\.py")


def private_events() -> list[tuple[str, str, str]]:
    """(service, class, wire name) of every event a domain declares."""
    found = []
    for service in SERVICES:
        for path in modules(service, "domain"):
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.ClassDef):
                    found += [(service, node.name, name) for name in _wire_names(node)]
    return found


def _wire_names(declared: ast.ClassDef) -> list[str]:
    return [
        str(statement.value.value)
        for statement in declared.body
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and statement.target.id == "name"
        and ast.unparse(statement.annotation) == "ClassVar[str]"
        and isinstance(statement.value, ast.Constant)
    ]


def complaints(service: str, class_name: str, name: str) -> list[str]:
    """What is wrong with an event's names."""
    parts = EVENT_NAME.fullmatch(name)
    if parts is None:
        return ["not service.aggregate.past-tense-fact.vN"]
    found = []
    if parts["service"] != service:
        found.append(f"declared in {service}")
    if not PAST.search(f"-{parts['fact']}") and parts["fact"] not in STATES_ENTERED:
        found.append("not in the past tense")
    expected = "".join(word.capitalize() for word in parts["fact"].split("-"))
    if class_name != expected + ("" if parts["version"] == "1" else f"V{parts['version']}"):
        found.append(f"the class is called {class_name}")
    return found


def test_private_events_are_found() -> None:
    assert {service for service, _, _ in private_events()} >= {"accountability", "intake", "routing"}


@pytest.mark.parametrize(("service", "class_name", "name"), private_events())
def test_private_event_is_a_past_fact(service: str, class_name: str, name: str) -> None:
    assert complaints(service, class_name, name) == []


@pytest.mark.parametrize("name", sorted(REGISTER))
def test_published_event_is_a_past_fact(name: str) -> None:
    model = REGISTER[name]
    assert complaints(model.__module__.split(".")[2], model.__name__, name) == []


@pytest.mark.parametrize(
    ("service", "class_name", "name"),
    [
        ("intake", "WhistleSigned", "whistle-signed"),
        ("intake", "WhistleSigned", "intake.whistle.whistle-signed"),
        ("intake", "WhistleSigned", "intake.whistle.whistle_signed.v1"),
        ("intake", "SignWhistle", "intake.whistle.sign-whistle.v1"),
        ("routing", "WhistleSigned", "intake.whistle.whistle-signed.v1"),
        ("intake", "Signed", "intake.whistle.whistle-signed.v1"),
        ("intake", "WhistleSigned", "intake.whistle.whistle-signed.v2"),
    ],
)
def test_another_name_is_noticed(service: str, class_name: str, name: str) -> None:
    assert complaints(service, class_name, name) != []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [*all_modules(), *(ROOT / "tests").rglob("*.py")]
    parts = {(path, part) for path in named for part in path.relative_to(ROOT).with_suffix("").parts}
    assert {str(path) for path, part in parts if part.removeprefix("test_") in MEANINGLESS} == set()


def test_every_package_is_looked_at() -> None:
    declared = {path.parent for path in ROOT.glob("*/pyproject.toml")}
    declared |= {path.parent for path in ROOT.glob("*/*/pyproject.toml")}
    assert {folder / "src" for folder in declared} == set(SOURCES.values())


def is_test_code(path: Path) -> bool:
    """Whether a file holds tests, however it is called."""
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        for node in ast.walk(parsed(path))
    )


def test_every_test_is_in_a_file_that_pytest_collects() -> None:
    tests = [path for path in (ROOT / "tests").rglob("*.py") if is_test_code(path)]
    assert len(tests) > 3
    assert [str(path) for path in tests if not TEST_FILE.fullmatch(path.name)] == []


def test_every_test_file_holds_a_test() -> None:
    assert [str(path) for path in (ROOT / "tests").rglob("test_*.py") if not is_test_code(path)] == []
