"""批示: what the county leader wants done in a case; one stream per case."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from accountability.domain.refusals import require


@dataclass(frozen=True, slots=True)
class GiveInstruction:
    """By the county leader, to units of the case (none named: all of ``concerned``). Words are sealed."""

    by: str
    concerned: frozenset[str]
    to: tuple[str, ...]
    words: str


Command = GiveInstruction


@dataclass(frozen=True, slots=True)
class InstructionGiven:
    """``number`` counts from 1."""

    name: ClassVar[str] = "accountability.instruction.instruction-given.v1"
    number: int
    by: str
    to: tuple[str, ...]
    words: str


Event = InstructionGiven


@dataclass(frozen=True, slots=True)
class Instructions:
    """The last one is enough to tell a repeat."""

    last: InstructionGiven | None = None


INITIAL = Instructions()


def decide(command: Command, instructions: Instructions) -> list[Event]:
    """The facts that follow from a command; raises ``Refused`` with nothing changed."""
    require(len(command.concerned) > 0, "unknown-case")
    require(set(command.to) <= command.concerned, "unit-not-concerned")
    require(command.words != "", "instruction-needs-words")
    to = tuple(sorted(set(command.to) or command.concerned))
    last = instructions.last
    if last is not None and (last.to, last.words) == (to, command.words):
        return []
    return [InstructionGiven(last.number + 1 if last else 1, command.by, to, command.words)]


def evolve(instructions: Instructions, event: Event, at: datetime) -> Instructions:
    """The instructions after a fact."""
    return Instructions(event)
