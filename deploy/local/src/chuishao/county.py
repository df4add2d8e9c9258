"""The demo county's files as they are written: units, people, the responsibility list, whistles, letters."""

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[3] / "demo" / "nanle"
MARK: Final = "【演示数据】"
"""Opens every text of the demo county, wherever it is shown."""


@dataclass(frozen=True, slots=True)
class Person:
    """A development identity."""

    subject: str
    name: str
    role: str
    unit: str
    phone: str = ""


class County:
    """A folder of demonstration data; a file is read when it is first asked for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Subject → person."""
        people = [
            Person(each["sub"], each["name"], each["role"], each["unit"], each["phone"])
            for each in self._read(self._files["identities"])["identities"]
        ]
        return {person.subject: person for person in people}

    @cached_property
    def units(self) -> Sequence[Mapping[str, Any]]:
        """Townships, departments, vertical units, utilities and offices."""
        return [unit for name in self._files["units"] for unit in self._read(name)["unit"]]

    @cached_property
    def villages(self) -> Mapping[str, Sequence[Mapping[str, str]]]:
        """Township code → its villages, code and name."""
        villages: dict[str, list[Mapping[str, str]]] = {}
        for row in self._rows(self._files["villages"]):
            villages.setdefault(row["township_code"], []).append({"code": row["code"], "name": row["name"]})
        return villages

    @cached_property
    def grids(self) -> Sequence[Mapping[str, str]]:
        """The unit grids: code, name, township, villages (codes between blanks), worker and leader."""
        return self._rows(self._files["grids"])

    @cached_property
    def grid_items(self) -> Mapping[str, Any]:
        """The matters admitted to the grids, under ``item``."""
        return self._read(self._files["grid_items"])

    @cached_property
    def responsibility_list(self) -> Mapping[str, Any]:
        """The one version of the list, its lines under ``item``."""
        return self._read(self._files["responsibility_list"])

    @cached_property
    def whistles(self) -> Sequence[Mapping[str, Any]]:
        """The whistles with how far each is played."""
        whistles: list[Mapping[str, Any]] = self._read(self._files["whistles"])["whistle"]
        return whistles

    @cached_property
    def letters(self) -> Sequence[Mapping[str, Any]]:
        """The letters with how far each is played."""
        letters: list[Mapping[str, Any]] = self._read(self._files["letters"])["letter"]
        return letters

    def holder(self, role: str, unit: str | None = None, *, other_than: str = "") -> Person:
        """The first person of a role, in a unit if one is named; ``KeyError`` if there is none."""
        for person in self.people.values():
            if person.role == role and unit in (None, person.unit) and person.subject != other_than:
                return person
        raise KeyError(f"{role} of {unit}")

    @cached_property
    def _files(self) -> Mapping[str, Any]:
        files: Mapping[str, Any] = self._read("county.toml")["files"]
        return files

    def _rows(self, name: str) -> list[Mapping[str, str]]:
        lines = (self._folder / name).read_text(encoding="utf-8").splitlines()
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))

    def _read(self, name: str) -> dict[str, Any]:
        return tomllib.loads((self._folder / name).read_text(encoding="utf-8"))
