"""The published language: frozen schemas, readable samples, one sentence per word that people see."""

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

import contracts
from contracts.catalogue import catalogue, sentence
from contracts.events import REGISTER, Published
from contracts.events.accountability import ClockKind
from contracts.freeze import breaks, freeze
from contracts.permissions import ALLOWED, ROLES, NotPermitted, allowed, may, permit

FOLDER = Path(contracts.__file__).parent
NAME = re.compile(r"^(intake|routing|accountability)\.[a-z-]+\.[a-z-]+\.v[0-9]+$")


@pytest.mark.parametrize("name", sorted(REGISTER))
def test_is_called_service_aggregate_fact_version(name: str) -> None:
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", sorted(REGISTER))
def test_an_old_sample_can_still_be_read(name: str) -> None:
    sample = (FOLDER / "samples" / f"{name}.json").read_text(encoding="utf-8")

    read = REGISTER[name].model_validate_json(sample)

    assert json.loads(read.model_dump_json(exclude_unset=True)) == json.loads(sample)


@pytest.mark.parametrize("name", sorted(REGISTER))
def test_ignores_fields_of_a_later_version(name: str) -> None:
    sample = json.loads((FOLDER / "samples" / f"{name}.json").read_text(encoding="utf-8"))

    assert REGISTER[name].model_validate({**sample, "of-tomorrow": 1}).case_id == sample["case_id"]


def test_every_schema_is_as_frozen() -> None:
    assert freeze(FOLDER, check=True) == []


def test_a_new_optional_field_keeps_the_version() -> None:
    old = _schema("routing.assignment.feedback-given.v1")
    new = copy.deepcopy(old)
    new["properties"]["mood"] = {"default": None, "type": "string"}

    assert breaks(old, new) == []


def test_a_new_required_field_needs_a_new_version() -> None:
    old = _schema("routing.assignment.feedback-given.v1")
    new = copy.deepcopy(old)
    new["properties"]["mood"] = {"type": "string"}
    new["required"].append("mood")

    assert breaks(old, new) == ["mood is newly required"]


def test_a_field_that_is_gone_or_changed_needs_a_new_version() -> None:
    old = _schema("routing.assignment.feedback-given.v1")
    new = copy.deepcopy(old)
    del new["properties"]["unit"]
    new["properties"]["first"] = {"type": "string"}

    assert sorted(breaks(old, new)) == ["first has another shape", "unit is gone"]


def test_another_value_of_a_nested_field_needs_a_new_version() -> None:
    old = _schema("routing.dispatch.dispatch-issued.v1")
    new = copy.deepcopy(old)
    new["$defs"]["Assigned"]["properties"]["part"]["enum"] = ["lead", "assist", "observer"]

    assert breaks(old, new) == ["Assigned: part has another shape"]


def test_every_field_of_free_text_is_sealed() -> None:
    open_words = {"text", "title", "content", "sentence", "handler", "phone", "details", "comment", "answer"}

    named = {name: open_words & set(_fields(model)) for name, model in REGISTER.items()}

    assert {name: words for name, words in named.items() if words} == {
        # the responsibility list and the list of matters for the grids are public
        "intake.grid-network.grid-network-published.v1": {"title"},
        "routing.responsibility-list.responsibility-list-published.v1": {"title"},
    }


@pytest.mark.parametrize("slug", sorted(catalogue()))
def test_every_sentence_stands_in_both_languages_with_the_same_parameters(slug: str) -> None:
    texts = catalogue()[slug]

    assert set(texts) == {"zh", "en"}
    assert re.search("[一-鿿]", texts["zh"])
    shared = [
        {re.sub("_(zh|en)$", "", each) for each in re.findall(r"{(\w+)}", text)} for text in texts.values()
    ]
    assert shared[0] == shared[1]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_has_a_name(role: str) -> None:
    assert sentence(f"role-{role.replace('_', '-')}") == ROLES[role]


@pytest.mark.parametrize("kind", get_args(ClockKind))
def test_every_clock_has_a_name(kind: str) -> None:
    slug = f"clock-{kind.lower()}"

    assert sentence(slug) != slug


def test_an_unknown_slug_shows_itself() -> None:
    assert sentence("no-such-slug") == "no-such-slug"


def test_a_missing_parameter_leaves_its_place_standing() -> None:
    assert "{most}" in sentence("page-too-large", "en", {"asked": 7})


def test_a_role_may_only_what_the_table_says() -> None:
    assert allowed("township_leader", "sign-whistle")
    assert not allowed("township_clerk", "sign-whistle")
    assert not allowed("establishment_office", "close-out-whistle")
    with pytest.raises(KeyError):
        allowed("township_clerk", "fly")


@dataclass(frozen=True)
class Somebody:
    """Whoever asks."""

    role: str


def test_whoever_may_not_is_refused_by_role_and_operation() -> None:
    permit(Somebody("township_leader"), "sign-whistle")

    with pytest.raises(NotPermitted) as refused:
        permit(Somebody("township_clerk"), "sign-whistle")
    assert (refused.value.status, refused.value.slug) == (403, "not-permitted")
    assert refused.value.params == {"role": "township_clerk", "operation": "sign-whistle"}


@dataclass(frozen=True)
class Machine(Somebody):
    """A machine client with a scope."""

    operations: frozenset[str] | None


def test_a_machine_may_what_its_scope_and_its_role_allow() -> None:
    machine = Machine("township_leader", frozenset({"sign-whistle", "confirm-dispatch"}))

    assert may(machine, "sign-whistle")
    assert not may(machine, "withdraw-whistle")
    assert not may(machine, "confirm-dispatch")


def test_no_role_is_named_that_does_not_exist() -> None:
    assert set().union(*ALLOWED.values()) <= set(ROLES)


def _schema(name: str) -> dict[str, Any]:
    return REGISTER[name].model_json_schema()


def _fields(model: type[Published]) -> list[str]:
    schema = model.model_json_schema()
    return [
        *schema["properties"],
        *(name for each in schema.get("$defs", {}).values() for name in each["properties"]),
    ]
