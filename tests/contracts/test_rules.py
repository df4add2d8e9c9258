"""Every refusal names the rule that refuses, and the rules keep their names."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contracts.catalogue import catalogue
from contracts.permissions import ALLOWED, ROLES
from contracts.rules import NO_REFUSALS, placeholders, rule_ids, rule_told, rules
from tests.architecture.tree import ROOT, SERVICES, modules, parsed

SLUG = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
SPEAKERS = frozenset({"Sentence", "no_rules", "rule_told", "say", "sentence", "then_refused"})
"""They take a slug to say it, and refuse nothing."""
DERIVED = frozenset({"permission:services", "permission:key"})
"""Rules that the permission table leads to, beside its rows."""

RELEASED = Path(__file__).with_name("released_rules.txt")
"""Names that people and programs know: add to them, and take none away."""


def _sources() -> Iterator[ast.Module]:
    for package in ("backbone", "contracts", *SERVICES):
        for path in modules(package):
            yield parsed(path)


@cache
def refusers() -> frozenset[str]:
    """What takes or has a slug: functions with such a parameter, exceptions with such an attribute."""
    found = {"Fault"}
    for module in _sources():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if any(each.arg in ("slug", "unknown") for each in (*node.args.args, *node.args.kwonlyargs)):
                    found.add(node.name)
            elif isinstance(node, ast.ClassDef) and any(
                isinstance(each, ast.Attribute) and each.attr == "slug" and isinstance(each.ctx, ast.Store)
                for each in ast.walk(node)
            ):
                found.add(node.name)
    return frozenset(found - SPEAKERS - {"__init__"})


def _strings(*nodes: ast.AST) -> Iterator[str]:
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def _refused(node: ast.AST) -> Iterator[str]:
    """The slugs that a call refuses with, or that a class or a table of statuses has."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in refusers():
            yield from _strings(*node.args)
    elif isinstance(node, ast.ClassDef):
        yield from _assigned(node, "slug")
    elif isinstance(node, ast.Module):
        yield from _assigned(node, "_HTTP_SLUGS")
        yield from _assigned(node, "STATUSES")


def _assigned(within: ast.ClassDef | ast.Module, name: str) -> Iterator[str]:
    for each in within.body:
        if isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None:
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            if any(getattr(target, "id", "") == name for target in targets):
                yield from _strings(each.value)


@cache
def refusals() -> frozenset[str]:
    """Every slug that a service or the edge refuses with."""
    found = {each for module in _sources() for node in ast.walk(module) for each in _refused(node)}
    return frozenset(each for each in found if SLUG.fullmatch(each) and each in catalogue())


@cache
def written() -> frozenset[str]:
    """Every text that stands in the sources."""
    return frozenset(each for module in _sources() for each in _strings(module))


def test_are_found_in_the_sources() -> None:
    assert {"require", "error", "Refusal", "Refused", "_claim", "TooMuch"} <= refusers()
    assert {
        "not-permitted",
        "not-found",
        "unknown-view",
        "too-many-connections",
        "query-too-deep",
        "machine-key-invalid",
        "return-window-over",
    } <= refusals()
    assert len(refusals()) > 450


@pytest.mark.parametrize("slug", sorted(refusals()))
def test_a_refusal_has_one_rule_or_is_none(slug: str) -> None:
    assert (slug in rule_ids()) is not (slug in NO_REFUSALS)


def _expected(node: ast.AST) -> Iterator[str]:
    """The refusal that a test expects: ``then_refused(slug)``, or a status with a code."""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "then_refused":
        yield from _strings(*node.args[:1])
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
        status, code = node.elts
        if isinstance(status, ast.Constant) and isinstance(status.value, int) and status.value >= 400:
            yield from _strings(code)


@cache
def refusals_tested() -> frozenset[str]:
    """Every refusal that a test has seen, however its slug came about."""
    paths = [*(ROOT / "tests/domain").rglob("*.py"), *(ROOT / "tests/component").rglob("*.py")]
    found = {each for path in paths for node in ast.walk(parsed(path)) for each in _expected(node)}
    return frozenset(found & set(catalogue()))


def test_what_a_test_was_refused_with_has_a_rule_too() -> None:
    assert len(refusals_tested()) > 250
    assert refusals_tested() <= set(rule_ids()) | NO_REFUSALS


@pytest.mark.parametrize("slug", sorted(NO_REFUSALS))
def test_what_is_no_refusal_has_no_rule(slug: str) -> None:
    assert slug in written()
    assert rule_told(slug, "zh", {}) is None


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_rule_is_used_and_has_words_in_both_languages(name: str) -> None:
    rule = rules()[name]
    assert set(rule.refuses) <= written() & set(catalogue()), "a rule for what nobody refuses"
    assert rule.refuses or name in DERIVED
    assert re.search("[一-鿿]", rule.zh)
    assert rule.en.isascii()
    assert rule.en
    assert placeholders(rule.zh) == placeholders(rule.en)
    assert not rule.zh.endswith("。")
    assert not rule.en.endswith(".")


@pytest.mark.parametrize("slug", sorted(rule_ids()))
def test_the_refusal_knows_the_value_its_rule_tells(slug: str) -> None:
    rule = rules()[rule_ids()[slug]]
    if rule.id != "permission":
        assert placeholders(rule.zh) <= placeholders(catalogue()[slug]["zh"])


def test_names_are_kept() -> None:
    assert sorted(rules()) == RELEASED.read_text(encoding="utf-8").split()


def test_a_limit_tells_its_value() -> None:
    told = rule_told("query-too-deep", "en", {"asked": 13, "most": 12})

    assert told == {
        "id": "limit:depth",
        "text": "A query is at most 12 levels deep",
        "text_en": "A query is at most 12 levels deep",
    }


def test_a_record_tells_its_version_if_the_refusal_knows_it() -> None:
    known = rule_told("sunset-too-far", "zh", {"most": 180, "rules_version": 3})
    unknown = rule_told("sunset-too-far", "zh", {"most": 180})

    assert known is not None
    assert known["id"] == "case-rules:3"
    assert unknown is not None
    assert unknown["id"] == "case-rules"


@pytest.mark.parametrize("operation", sorted(ALLOWED))
def test_a_permission_is_told_as_its_row_of_the_table(operation: str) -> None:
    barred = next(iter(set(ROLES) - ALLOWED[operation]), "nobody")

    told = rule_told("not-permitted", "zh", {"role": barred, "operation": operation})

    assert told is not None
    assert told["id"] == f"permission:{operation}"
    assert f"operation-{operation}" in catalogue(), "an operation has words"
    what, _, roles = told["text"].partition("”限")
    assert what == f"“{catalogue()[f'operation-{operation}']['zh']}"
    assert set(roles.removesuffix("办理").split("、")) == {ROLES[role] for role in ALLOWED[operation]}


def test_a_role_that_may_was_stopped_by_its_key() -> None:
    told = rule_told("not-permitted", "zh", {"role": "township_leader", "operation": "sign-whistle"})

    assert told is not None
    assert told["id"] == "permission:key"


def test_a_path_between_services_is_no_row_of_the_table() -> None:
    told = rule_told("not-permitted", "zh", {"operation": "/published/head"})

    assert told is not None
    assert told["id"] == "permission:services"
