"""The rules that refuse: every refusal names the sentence of the regulation or product that is its ground.

A rule has a stable id and stands in the files beside this module, with the slugs of the refusals it is the
ground of. Workflow rules bear the numbers of the transitions (W4, A1, C10), the others names; after a colon
stands the part that is meant: a row of the permission table (``permission:sign-whistle``), the version of a
record that administrators keep (``case-rules:3``), a limit (``limit:depth``).
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from contracts.catalogue import sentence, tables
from contracts.permissions import ALLOWED

NO_REFUSALS: Final = frozenset(
    {
        "calendar-unavailable",
        "identity-unavailable",
        "internal-error",
        "keys-unavailable",
        "login-not-configured",
        "mail-not-configured",
        "provider-unavailable",
        "reconsideration-window-unknown",
        "service-unavailable",
        "service-unreachable",
    }
)
"""Something is away, not set up or broken: no rule refuses, and the same request may be good later."""

PERMISSION: Final = "permission"
VERSION: Final = "rules_version"
"""The parameter by which a refusal names the version of the record that refuses; 0: the default one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as the files have it; its words may have placeholders for a refusal's parameters."""

    id: str
    zh: str
    en: str
    refuses: tuple[str, ...]
    record: bool = False
    """Whether the rule is a record that administrators keep by versions."""


@cache
def rules() -> Mapping[str, Rule]:
    """Id → rule; an id that stands twice is an error."""
    return {name: _rule(name, written) for name, written in tables("rules").items()}


@cache
def rule_ids() -> Mapping[str, str]:
    """Refusal's slug → id of its rule."""
    found: dict[str, str] = {}
    for rule in rules().values():
        for slug in rule.refuses:
            if slug in found:
                raise ValueError(f"{slug} is refused by {found[slug]} and {rule.id}")
            found[slug] = rule.id
    return found


def rule_told(slug: str, language: str, params: Mapping[str, object]) -> Mapping[str, str] | None:
    """The rule of a refusal: ``id``, ``text`` in ``zh`` or ``en``, ``text_en``; None where none refuses."""
    name = rule_ids().get(slug)
    if name is None:
        return None
    rule = rules()[name]
    if name == PERMISSION:
        return _permission(rule, language, params)
    version = params.get(VERSION) if rule.record else None
    return _told(f"{name}:{version}" if version else name, rule, language, params)


def _permission(rule: Rule, language: str, params: Mapping[str, object]) -> Mapping[str, str]:
    operation = str(params.get("operation", ""))
    roles = ALLOWED.get(operation)
    if roles is None:
        return _told(f"{PERMISSION}:services", rules()[f"{PERMISSION}:services"], language, params)
    if params.get("role") in roles:
        # The role may: then the key of a machine client was not issued for it.
        return _told(f"{PERMISSION}:key", rules()[f"{PERMISSION}:key"], language, params)
    told = {
        each: rule_text(
            rule,
            each,
            {
                "what": sentence(f"operation-{operation}", each),
                "roles": ("、" if each == "zh" else ", ").join(_role(role, each) for role in sorted(roles)),
            },
        )
        for each in ("zh", "en")
    }
    return {"id": f"{PERMISSION}:{operation}", "text": told[language], "text_en": told["en"]}


def _role(role: str, language: str) -> str:
    return sentence(f"role-{role.replace('_', '-')}", language)


def _told(name: str, rule: Rule, language: str, params: Mapping[str, object]) -> Mapping[str, str]:
    return {
        "id": name,
        "text": rule_text(rule, language, params),
        "text_en": rule_text(rule, "en", params),
    }


def rule_text(rule: Rule, language: str, params: Mapping[str, object]) -> str:
    """A rule's words in ``zh`` or ``en``, its placeholders filled in."""
    text = rule.en if language == "en" else rule.zh
    return text.format_map({**dict.fromkeys(placeholders(text), "…"), **params})


def placeholders(text: str) -> frozenset[str]:
    """The names that stand in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _rule(name: str, written: Mapping[str, Any]) -> Rule:
    return Rule(
        name, written["zh"], written["en"], tuple(written["refuses"]), bool(written.get("record", False))
    )
