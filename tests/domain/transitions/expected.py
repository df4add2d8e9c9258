"""Reads the hand-written table of transitions beside it, and spreads its patterns over the states there are.

A line is four columns with two blanks or more between them: number, from, command, to. A state is a base with
flags: ``out, at work``. In ``from``, ``…`` allows any further flags, ``no X`` excludes one, and ``/`` stands
between alternatives. In ``to``, ``=`` is the same state, ``…`` keeps the flags of before, ``no X`` drops one.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tests.domain.transitions.explore import Row

TABLE: Final = Path(__file__).with_name("expected.txt")

Move = tuple[str, str, str]
"""(state, command, new state)."""


class Unreadable(Exception):
    """A line that says nothing of any state."""


def sections(text: str) -> Mapping[str, list[tuple[str, ...]]]:
    """Subject's key → its lines, split into columns; ``#`` begins a comment."""
    found: dict[str, list[tuple[str, ...]]] = {}
    key = ""
    for line in text.splitlines():
        stripped = line.split("#")[0].strip()
        if stripped.startswith("["):
            key = stripped.strip("[]")
            found[key] = []
        elif stripped:
            columns = tuple(re.split(r"\s{2,}", stripped))
            if len(columns) != 4:
                raise Unreadable(f"[{key}] {stripped}: {len(columns)} columns")
            found[key].append(columns)
    return found


def expected(lines: Iterable[tuple[str, ...]], states: Iterable[str]) -> dict[Move, str]:
    """Every move the lines allow among the states → its number."""
    known = sorted(states)
    moves: dict[Move, str] = {}
    for number, begin, command, end in lines:
        begins = [state for state in known if any(_fits(state, each) for each in begin.split(" / "))]
        if not begins:
            raise Unreadable(f"{number} {command}: no state is {begin}")
        for state in begins:
            moves[state, command, _after(state, end)] = number
    return moves


def generated(rows: Iterable[Row]) -> set[Move]:
    """Every move the domain allows."""
    return {(row.state, row.command, row.to) for row in rows if row.moves}


def differences(rows: Iterable[Row], lines: Iterable[tuple[str, ...]]) -> list[str]:
    """What the table has and the domain has not, and the other way round, each in a sentence."""
    rows = list(rows)
    wanted, found = expected(lines, {row.state for row in rows}), generated(rows)
    return [
        *(f"missing: {wanted[move]} {_told(move)}" for move in sorted(wanted.keys() - found)),
        *(f"surplus: {_told(move)}" for move in sorted(found - wanted.keys())),
    ]


def _told(move: Move) -> str:
    return f"{move[0]} → {move[1]} → {move[2]}"


def _parts(state: str) -> tuple[str, list[str]]:
    base, *flags = state.split(", ")
    return base, flags


def _fits(state: str, pattern: str) -> bool:
    base, flags = _parts(state)
    wanted, asked = _parts(pattern)
    banned = [flag.removeprefix("no ") for flag in asked if flag.startswith("no ")]
    needed = [flag for flag in asked if flag != "…" and not flag.startswith("no ")]
    if base != wanted or any(flag in flags for flag in banned):
        return False
    return set(needed) <= set(flags) if "…" in asked else flags == needed


def _after(state: str, end: str) -> str:
    if end == "=":
        return state
    base, asked = _parts(end)
    flags = [flag for flag in asked if flag != "…" and not flag.startswith("no ")]
    if "…" in asked:
        dropped = [flag.removeprefix("no ") for flag in asked if flag.startswith("no ")]
        flags += [flag for flag in _parts(state)[1] if flag not in dropped and flag not in flags]
    return ", ".join([base, *sorted(flags, key=_ORDER.index)])


_ORDER: Final = [
    *(
        "provisional",
        "at work",
        "parked",
        "withdrawal asked",
        "shared",
        "unappraised",
        "appealed",
        "appeal turned down",
    ),
    *("emergency unsigned", "return refused", "agreed", "reconsidering", "reconsidered", "second time"),
    *("red proposed", "red declined", "heard", "cleared", "waiting", "declined", "special day"),
]
"""Flags in the order in which states are written."""
