"""The catalogue of user-facing sentences: one slug, one Chinese and one English sentence."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Slug → {"zh": …, "en": …}, from all files in ``messages``; a slug given twice is an error."""
    return tables("messages")


def tables(folder: str) -> Mapping[str, Any]:
    """Name → table, from all TOML files of a folder of this package; a name given twice is an error."""
    found: dict[str, Any] = {}
    for file in sorted(files("contracts").joinpath(folder).iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".toml"):
            continue
        for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in found:
                raise ValueError(f"{name} stands twice in {folder}")
            found[name] = table
    return found


def sentence(slug: str, language: str = "zh", params: Mapping[str, object] | None = None) -> str:
    """The sentence of a slug in ``zh`` or ``en``, parameters filled in; unknown slugs show themselves."""
    texts = catalogue().get(slug)
    if texts is None:
        return slug
    text = texts.get(language) or texts["zh"]
    return text.format_map(_Lenient(params or {}))


class _Lenient(dict[str, object]):
    """Leaves a placeholder standing when its parameter was not given, so an error never hides an error."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
