"""A running system as the command line meets it: it answers what a test says, and keeps what was asked."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import pytest

from chuishao.cli import main
from chuishao.client import Refused
from chuishao.county import Person


@dataclass
class Answering:
    """Stands for ``Client``: ``answers`` by method and path, a ``Refused`` among them is raised."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Any, str]] = field(default_factory=list)
    """Method and path, body, and who asked."""

    def __call__(self, _system: object) -> Self:
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def read(self, service: str, path: str, person: Person) -> Any:
        """A GET."""
        return self._answer(f"GET {service} {path}", None, person)

    async def ask(self, service: str, path: str, person: Person, body: Mapping[str, object]) -> Any:
        """A POST that changes nothing."""
        return self._answer(f"POST {service} {path}", body, person)

    async def command(
        self, service: str, path: str, body: Mapping[str, object], person: Person, key: UUID
    ) -> Any:
        """A POST with a key."""
        assert isinstance(key, UUID)
        return self._answer(f"POST {service} {path}", body, person)

    def _answer(self, what: str, body: Any, person: Person) -> Any:
        self.asked.append((what, body, person.subject))
        answer = self.answers[what]
        if isinstance(answer, Refused):
            raise answer
        return answer


@dataclass(frozen=True)
class Ran:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@dataclass
class Line:
    """The command line over a system that answers as a test says."""

    system: Answering
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> Ran:
        """Run one command to its end."""
        self.monkeypatch.setattr(sys, "argv", ["chuishao", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        told = self.capsys.readouterr()
        return Ran(code, told.out, told.err)
