"""Freezing the published language: one JSON Schema and one sample per event, compared on every check."""

import json
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from contracts.events import REGISTER, Published

SAMPLE_MOMENT = datetime(2026, 5, 8, 2, 30, tzinfo=UTC)


def schema_text(model: type[Published]) -> str:
    """The JSON Schema of an event as it stands in its file."""
    return json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What in ``new`` would break readers or writers of ``old``; empty if only optional fields came."""
    found = []
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, shape in before.items():
        if name not in after:
            found.append(f"{name} is gone")
        elif _bare(after[name]) != _bare(shape):
            found.append(f"{name} has another shape")
    required = set(new.get("required", ())) - set(old.get("required", ()))
    found += [f"{name} is newly required" for name in sorted(required)]
    definitions = new.get("$defs", {})
    for name, shape in old.get("$defs", {}).items():
        if name not in definitions:
            found.append(f"{name} is gone")
        else:
            found += [f"{name}: {each}" for each in breaks(shape, definitions[name])]
            if "enum" in shape and shape["enum"] != definitions[name].get("enum"):
                found.append(f"{name} has other values")
    return found


def _bare(shape: Any) -> Any:
    """A shape without its words."""
    if isinstance(shape, Mapping):
        return {key: _bare(value) for key, value in shape.items() if key not in {"title", "description"}}
    if isinstance(shape, list):
        return [_bare(each) for each in shape]
    return shape


def sample_text(model: type[Published]) -> str:
    """A sample of an event with every field filled."""
    instance = model.model_validate(_object(model))
    return instance.model_dump_json(indent=2) + "\n"


def _object(model: type[BaseModel]) -> dict[str, Any]:
    return {name: _value(name, field.annotation) for name, field in model.model_fields.items()}


def _value(name: str, annotation: Any) -> Any:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return arguments[0]
    if origin in (typing.Union, types.UnionType):
        return _value(name, next(each for each in arguments if each is not type(None)))
    if origin is tuple:
        return [_value(name, arguments[0])]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _object(annotation)
    simple: dict[Any, Any] = {
        bool: True,
        int: 1,
        float: 0.5,
        datetime: SAMPLE_MOMENT.isoformat(),
        date: SAMPLE_MOMENT.date().isoformat(),
        str: _text(name),
    }
    if annotation not in simple:
        raise TypeError(f"{name}: no sample for {annotation}")
    return simple[annotation]


def _text(name: str) -> str:
    if name.endswith("_sealed"):
        return "sealed:v1:case/2f6c2a3e-6a8e-5c57-9d0b-7a1f0f0f0f0f:c2FtcGxl"
    if name in {"case_id", "assignment_id", "clock_id", "issue_id"}:
        return "2f6c2a3e-6a8e-5c57-9d0b-7a1f0f0f0f0f"
    return name.replace("_", "-")


def freeze(folder: Path, *, check: bool) -> list[str]:
    """Write what is new (or, with ``check``, only compare); returns one line per complaint.

    A change that breaks an event already frozen is always a complaint: it needs a new version.
    """
    complaints: list[str] = []
    wanted: dict[Path, str] = {}
    for name, model in sorted(REGISTER.items()):
        path = folder / "schemas" / f"{name}.json"
        wanted[path] = schema_text(model)
        if path.exists():
            found = breaks(json.loads(path.read_text(encoding="utf-8")), model.model_json_schema())
            complaints += [f"{name} is frozen: {each}; give it a new version" for each in found]
        sample = folder / "samples" / f"{name}.json"
        if not sample.exists():
            wanted[sample] = sample_text(model)
    complaints += write_or_compare(wanted, check=check or bool(complaints))
    for path in sorted((folder / "schemas").glob("*.json")):
        if path not in wanted:
            complaints.append(f"{path.name} is frozen but no event has this name any more")
    return complaints


def write_or_compare(wanted: Mapping[Path, str], *, check: bool) -> list[str]:
    """Write files, or name those that differ from what is wanted."""
    complaints = []
    for path, text in wanted.items():
        present = path.read_text(encoding="utf-8") if path.exists() else None
        if present == text:
            continue
        if check:
            complaints.append(
                f"{path.name} is {'missing' if present is None else 'out of date'}: run make contracts"
            )
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return complaints
