"""The source tree as the rules see it: every package's modules, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SERVICES: Final = ("accountability", "gateway", "intake", "routing")
SOURCES: Final = {
    "backbone": ROOT / "backbone" / "src",
    "chuishao": ROOT / "deploy" / "local" / "src",
    "contracts": ROOT / "contracts" / "src",
    **{service: ROOT / "services" / service / "src" for service in SERVICES},
}
"""Package → the folder it is imported from."""


def modules(package: str, part: str = "") -> list[Path]:
    """The files of a package, or of one part of it such as `domain`."""
    return sorted((SOURCES[package] / package / part).rglob("*.py"))


def all_modules() -> Iterator[Path]:
    """The files of every package."""
    for package in SOURCES:
        yield from modules(package)


@cache
def parsed(path: Path) -> ast.Module:
    """A file as a syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
